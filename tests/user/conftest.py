"""What tests of a person's use share."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

DOCUMENT = """\
apiVersion: backburn/v1
kind: ServiceLevelObjectives
metadata: {service: shop, owner: sre}
source: {data: [log.csv], by: [path]}
objectives:
"""
OBJECTIVE = """\
  - {name: promise-%d, sli: {kind: ratio, good: "path LIKE '%%/p%%t%%/%d%%'"}, target: 50%%, window: all}
"""


@pytest.fixture(scope="session")
def long_log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with `slo.yaml` and `log-*.csv`, which take some seconds to read.

    There are many files, which their first and last lines tell apart.
    """
    place = tmp_path_factory.mktemp("long")
    promises = "".join(OBJECTIVE % (number, number) for number in range(12))
    (place / "slo.yaml").write_text(DOCUMENT + promises, encoding="utf-8")
    rows = "".join(f"2026-06-01T10:{row // 1000 % 60:02}:00Z,200,/path/{row % 100}\n" for row in range(100_000))
    for number in range(60):
        first, last = (f"2026-06-01T{hour}:00:00Z,200,/file/{number}\n" for hour in ("09", "11"))
        text = f"timestamp,status,path\n{first}{rows}{last}"
        (place / f"log-{number:02}.csv").write_text(text, encoding="utf-8")
    return place

"""Columns of JSON lines that only late lines have."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyarrow.parquet as pq
import pytest
from shell import run

import backburn
from backburn.errors import DataError

if TYPE_CHECKING:
    from pathlib import Path

LINE = '{"timestamp":"2026-06-01T10:00:00Z","status":200,"note":"' + "x" * 1000 + '"}\n'
LATE = '{"timestamp":"2026-06-01T10:00:30Z","status":503,"error":{"code":5}}\n'


def document(good: str) -> dict[str, Any]:
    sli = {"kind": "ratio", "bad": good, "unparsable": "bad"}
    return {
        "apiVersion": "backburn/v1",
        "kind": "ServiceLevelObjectives",
        "metadata": {"service": "shop"},
        "objectives": [{"name": "ratio", "sli": sli, "target": "50%", "window": "all"}],
    }


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """More lines than are looked at before reading, and then one with another key."""
    path = tmp_path_factory.mktemp("late") / "log.json"
    path.write_text(LINE * 4_500 + LATE, encoding="utf-8")
    return path


def test_a_late_column_is_found_when_somebody_asks_for_it(log: Path) -> None:
    found = backburn.evaluate(document('"error.code" IS NOT NULL'), log).results[0]
    assert (found.bad, found.valid) == (1, 4_501)


def test_a_column_that_no_line_has_is_an_error_with_the_nearest_one(log: Path) -> None:
    with pytest.raises(DataError, match=r"no column 'error\.cod'.*did you mean 'error\.code'\?"):
        backburn.evaluate(document('"error.cod" IS NOT NULL'), log)


def test_nothing_is_lost_by_converting(log: Path, tmp_path: Path) -> None:
    backburn.convert(log, tmp_path / "log.parquet")
    table = pq.read_table(tmp_path / "log.parquet", columns=["error.code"])
    assert table.column(0).to_pylist()[-1] == "5"
    assert table.column(0).null_count == 4_500


def test_a_pipe_says_of_what_its_columns_are(log: Path, tmp_path: Path) -> None:
    (tmp_path / "slo.yaml").write_text(
        "apiVersion: backburn/v1\nkind: ServiceLevelObjectives\nmetadata: {service: shop, owner: sre}\n"
        "source: {by: [error.code]}\n"
        "objectives: [{name: availability, sli: {kind: availability}, target: 50%, window: all}]\n",
        encoding="utf-8",
    )
    outcome = run(f"cat {log} | backburn evaluate slo.yaml -", tmp_path)
    assert outcome.exit == 3
    assert "columns are those of the first 4 MiB; save it to a file" in outcome.stderr
    outcome = run(f"cat {log} | backburn convert - -o log.parquet", tmp_path)
    assert outcome.exit == 3
    assert "its columns are known when all of it was read" in outcome.stderr
    assert "save it to a file and convert that" in outcome.stderr

"""A reader that has seen enough is no error."""

from __future__ import annotations

from pathlib import Path

import pytest
from shell import run

DOCUMENT = """\
apiVersion: backburn/v1
kind: ServiceLevelObjectives
metadata: {service: shop, owner: sre}
source: {data: [log.csv], by: [user]}
objectives:
  - {name: availability, sli: {kind: availability}, target: 50%, window: all}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A document with so many series that its results fill any pipe."""
    rows = (f"2026-06-01T10:{row % 60:02}:00Z,200,user-{row:06}\n" for row in range(20_000))
    (tmp_path / "log.csv").write_text("timestamp,status,user\n" + "".join(rows), encoding="utf-8")
    (tmp_path / "slo.yaml").write_text(DOCUMENT, encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize("form", ["table", "json", "ndjson", "csv", "md"])
def test_a_closed_pipe_is_quiet(folder: Path, form: str) -> None:
    outcome = run(f"backburn evaluate slo.yaml --quiet --format {form} | head -c 100", folder)
    assert outcome.stderr == ""
    assert len(outcome.stdout) == 100


def test_a_pipe_that_is_closed_from_the_start_is_quiet(folder: Path) -> None:
    outcome = run("(sleep 0.1; backburn schema; echo left $? >&2) | true", folder)
    assert outcome.stderr.startswith("left ")
    assert outcome.stderr.count("\n") == 1


def test_a_closed_stderr_does_not_matter(folder: Path) -> None:
    outcome = run("backburn evaluate slo.yaml --format csv 2>&-", folder)
    assert outcome.exit == 0
    assert outcome.stdout.count("\n") == 20_001


def test_a_full_stdout_is_a_data_error(folder: Path) -> None:
    if not Path("/dev/full").exists():
        pytest.skip("this system has no /dev/full")
    outcome = run("backburn evaluate slo.yaml --format csv > /dev/full", folder)
    assert outcome.exit == 3
    assert "no space left on device" in outcome.stderr.lower()
    assert "Traceback" not in outcome.stderr

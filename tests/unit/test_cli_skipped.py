"""What lies outside the asked time is not read, and every verb says so: four days, each in four row groups."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner, Result
from made_logs import document

import backburn
from backburn.cli.program import program

if TYPE_CHECKING:
    from pathlib import Path

START = datetime(2026, 6, 1, tzinfo=UTC)
SPAN: dict[str, Any] = {"start": "2026-06-02T00:00:00Z", "end": "2026-06-02T06:00:00Z"}
ASKED = ("--start", SPAN["start"], "--end", SPAN["end"])
# A folder may be dated in any zone, and an hour of silence is filled: what is near is read.
SKIPPED = {"files": 1, "row_groups": 3 + 2 + 4}
SENTENCE = "not read, outside the asked time: 1 file and 9 row groups"
DOCUMENT = """\
apiVersion: backburn/v1
kind: ServiceLevelObjectives
metadata: {service: shop, owner: sre}
source: {data: [logs]}
objectives: [{name: availability, sli: {kind: availability}, target: 90%, window: all}]
"""


def invoke(*words: object) -> Result:
    return CliRunner().invoke(program, [str(word) for word in words])


@pytest.fixture
def logs(tmp_path: Path) -> Path:
    """A row an hour in folders named by their date."""
    for day in range(4):
        begin = START + timedelta(days=day)
        folder = tmp_path / "logs" / f"date={begin:%Y-%m-%d}"
        folder.mkdir(parents=True)
        times = pa.array([begin + timedelta(hours=hour) for hour in range(24)], pa.timestamp("us", "UTC"))
        table = pa.table({"timestamp": times, "status": [200] * 24, "day": [day] * 24})
        pq.write_table(table, folder / "log.parquet", row_group_size=6)
    return tmp_path / "logs"


def test_evaluate_says_what_was_not_read(logs: Path, spec_file: Any) -> None:
    spec = spec_file(DOCUMENT)
    envelope = json.loads(invoke("evaluate", spec, *ASKED, "--format", "json").stdout)
    assert envelope["data"]["skipped"] == SKIPPED
    assert len(envelope["data"]["files"]) == 3
    assert list(envelope["data"]) == ["files", "rows", "ignored", "rejected", "rejects", "skipped", "start", "end"]
    assert invoke("evaluate", spec, *ASKED).stdout.splitlines()[1:3] == [SENTENCE, ""]
    whole = invoke("evaluate", spec).stdout
    assert "not read" not in whole
    assert json.loads(invoke("evaluate", spec, "--format", "json").stdout)["data"]["skipped"] == {
        "files": 0,
        "row_groups": 0,
    }
    assert backburn.evaluate(spec, **SPAN).data.skipped.to_dict() == SKIPPED
    assert backburn.plan(spec, logs, **SPAN).skipped.to_dict() == SKIPPED


def test_documents_that_read_the_same_files_skip_them_once(logs: Path) -> None:
    specs = [backburn.load_spec(write(logs, name)) for name in ("one", "two")]
    assert backburn.evaluate(specs, logs, **SPAN).data.skipped.to_dict() == SKIPPED
    data = backburn.evaluate([specs[0], specs[0]], [logs], **SPAN).data
    assert (data.skipped.to_dict(), data.rows) == (SKIPPED, 6)


def write(logs: Path, name: str) -> Path:
    path = logs.parent / f"{name}.yaml"
    path.write_text(DOCUMENT.replace("service: shop", f"service: {name}"), encoding="utf-8")
    return path


def test_a_rollup_remembers_and_merging_adds_up(logs: Path, spec_file: Any, tmp_path: Path) -> None:
    spec = spec_file(DOCUMENT)
    first, second, both = (tmp_path / name for name in ("first", "second", "both"))
    assert invoke("rollup", spec, *ASKED, "-o", first).stdout.splitlines()[1:3] == [SENTENCE, ""]
    later = ("--start", "2026-06-04T12:00:00Z")
    left = invoke("rollup", spec, logs / "date=2026-06-01", logs / "date=2026-06-04", *later, "-o", second)
    assert left.stdout.splitlines()[1] == "not read, outside the asked time: 1 file and 1 row group"
    merged = invoke("merge", first, second, "-o", both, "--format", "json")
    assert json.loads(merged.stdout)["data"]["skipped"] == {"files": 2, "row_groups": 10}
    assert invoke("merge", second, first, "-o", both).stdout.splitlines()[1] == (
        "not read, outside the asked time: 2 files and 10 row groups"
    )
    envelope = json.loads(invoke("evaluate", spec, both, "--format", "json").stdout)
    assert envelope["data"]["skipped"] == {"files": 2, "row_groups": 10}


def test_rows_in_memory_are_never_skipped() -> None:
    table = {"timestamp": ["2026-06-01T00:00:00Z", "2026-06-02T00:00:00Z"], "status": [200, 200]}
    data = backburn.evaluate(document(), table, **SPAN).data
    assert (data.rows, data.skipped.to_dict()) == (1, {"files": 0, "row_groups": 0})

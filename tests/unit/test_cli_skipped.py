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


@pytest.fixture(autouse=True)
def wide(monkeypatch: pytest.MonkeyPatch) -> None:
    """The paths of temporary files are long, and are not to be folded."""
    monkeypatch.setenv("COLUMNS", "200")


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


def test_a_row_without_a_time_is_rejected_wherever_it_stands(tmp_path: Path) -> None:
    times: list[datetime | None] = [START + timedelta(days=day) for day in range(12)]
    times[10] = None
    path = tmp_path / "log.parquet"
    table = pa.table({"timestamp": pa.array(times, pa.timestamp("us", "UTC")), "status": [200] * 12})
    pq.write_table(table, path, row_group_size=3)
    data = backburn.evaluate(document(source={"max_rejected": "100%"}), path, start=START, end=SPAN["start"]).data
    # Of three row groups outside the asked time the last is read all the same: nobody knows when its row was.
    assert (data.rows, data.rejected, data.skipped.row_groups) == (1, 1, 2)


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


def test_inspect_says_of_every_file_what_would_be_skipped(logs: Path) -> None:
    lines = invoke("inspect", logs, *ASKED, "--rows", "1").stdout.splitlines()
    told = [line for line in lines if "outside the asked time" in line]
    assert told == [
        "outside the asked time: 3 of 4 row groups",
        "outside the asked time: 2 of 4 row groups",
        "outside the asked time: 4 of 4 row groups",
        "outside the asked time, by the date of its folder",
        SENTENCE,
    ]
    results = json.loads(invoke("inspect", logs, *ASKED, "--format", "json").stdout)["results"]
    skipped = [one["skipped"] for one in results]
    assert [one["row_groups"] for one in skipped] == [3, 2, 4, 0]
    assert [one["files"] for one in skipped] == [0, 0, 0, 1]
    assert {one["skipped"] for one in json.loads(invoke("inspect", logs, "--format", "json").stdout)["results"]} == {
        None
    }


def test_inspect_says_when_nothing_would_be_skipped(logs: Path) -> None:
    lines = invoke("inspect", logs / "date=2026-06-01", "--start", SPAN["start"][:8] + "01T00:00:00Z").stdout
    assert "all of it would be read" in lines.splitlines()
    assert lines.splitlines()[-1] == "nothing would be skipped"
    assert "would be" not in invoke("inspect", logs).stdout


def renamed(path: Path, **names: str) -> Path:
    table = pq.read_table(path, partitioning=None)
    pq.write_table(table.rename_columns([names.get(name, name) for name in table.column_names]), path, row_group_size=6)
    return path


def test_inspect_finds_the_column_of_times_or_is_told(logs: Path, tmp_path: Path) -> None:
    log = renamed(logs / "date=2026-06-01" / "log.parquet", timestamp="seen")
    skipped = {"files": 0, "row_groups": 2}
    for time in (None, "seen"):
        (file,) = backburn.inspect(log, start="2026-06-01T13:00:00Z", time=time).files
        assert file.skipped is not None
        assert file.skipped.to_dict() == skipped
    with pytest.raises(backburn.DataError, match="no column 'made'"):
        backburn.inspect(log, start="2026-06-01T13:00:00Z", time="made")
    other = renamed(logs / "date=2026-06-02" / "log.parquet", timestamp="made")
    with pytest.raises(backburn.UsageError, match=r"which column .* several do: made, seen; name it with `time`"):
        backburn.inspect([log, other], start="2026-06-01T13:00:00Z")
    text = tmp_path / "log.csv"
    text.write_text("when,status\n2026-06-01T00:00:00Z,200\n", encoding="utf-8")
    with pytest.raises(backburn.UsageError, match=r"none has a type of times; name it with `time`"):
        backburn.inspect(text, start="2026-06-01T13:00:00Z")
    (file,) = backburn.inspect(text, start="2026-06-01T13:00:00Z", time="when").files
    assert file.skipped is not None
    assert file.skipped.to_dict() == {"files": 0, "row_groups": 0}


def test_inspect_does_not_choose_rows_of_rollups(logs: Path, tmp_path: Path) -> None:
    saved = tmp_path / "saved.rollup"
    backburn.rollup(document(), logs).save(str(saved))
    log, counted = backburn.inspect([logs / "date=2026-06-01", saved], **SPAN).files
    assert log.skipped is not None
    assert (log.skipped.row_groups, counted.skipped) == (3, None)
    with pytest.raises(backburn.UsageError, match="a rollup has none; leave them out"):
        backburn.inspect(saved, **SPAN)


def test_a_column_of_times_without_a_time_is_a_mistake(logs: Path) -> None:
    left = invoke("inspect", logs, "--time", "timestamp")
    assert left.exit_code == 2
    assert "start and end choose rows by" in left.stderr

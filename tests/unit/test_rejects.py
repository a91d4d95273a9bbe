"""`rejects`: every record that cannot be used, with its place and the reason."""

from __future__ import annotations

import csv
import gzip
import json
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

import backburn
from backburn.errors import DataError, DataNotFoundError, SpecError, UsageError

if TYPE_CHECKING:
    from pathlib import Path

LINES = [
    "timestamp,status,duration",
    "2026-06-01T10:00:00Z,200,0.1",
    "yesterday,200,0.1",
    "2026-06-01T10:00:30Z,200",
    '2026-06-01T10:00:40Z,503,"a ""b"",\nc"',
    "2026-06-01T10:01:00Z,gone,0.2",
]
FOUND: list[dict[str, Any]] = [
    {"line": 3, "reason": "unreadable time", "value": "yesterday"},
    {"line": 4, "reason": "wrong number of fields", "value": "2026-06-01T10:00:30Z,200"},
    {"line": 5, "objective": "fast", "reason": "unparsable duration", "value": 'a "b",\\nc'},
]


def document(**source: Any) -> dict[str, Any]:
    return {
        "apiVersion": "backburn/v1",
        "kind": "ServiceLevelObjectives",
        "metadata": {"service": "shop"},
        "source": {"columns": {"duration": {"column": "duration", "unit": "s"}}, "max_rejected": "100%", **source},
        "objectives": [
            # A status that is none counts as bad here, so it is not rejected.
            {"name": "availability", "sli": {"kind": "availability"}, "target": "50%", "window": "all"},
            {"name": "fast", "sli": {"kind": "latency", "threshold": "300ms"}, "target": "50%", "window": "all"},
        ],
    }


@pytest.fixture
def log(tmp_path: Path) -> Path:
    path = tmp_path / "log.csv"
    path.write_text("\n".join(LINES) + "\n", encoding="utf-8")
    return path


def lines(path: Path) -> list[dict[str, Any]]:
    text = path.read_text(encoding="utf-8")
    return sorted((json.loads(line) for line in text.splitlines()), key=lambda one: (one.get("line"), one["reason"]))


def test_lines_of_json_hold_each_with_its_place(log: Path, tmp_path: Path) -> None:
    file = tmp_path / "rejects.ndjson"
    evaluation = backburn.evaluate(document(), log, rejects=file)
    assert lines(file) == [{"file": str(log), **one} for one in FOUND]
    assert evaluation.data.rejected == 2


def test_csv_has_the_same(log: Path, tmp_path: Path) -> None:
    file = tmp_path / "rejects.csv"
    backburn.rollup(document(), log, rejects=file)
    with file.open(encoding="utf-8", newline="") as opened:
        rows = list(csv.DictReader(opened))
    keys = ("line", "row", "objective", "reason", "value")
    found = [{key: str(one.get(key, "")) for key in keys} for one in FOUND]
    assert sorted(rows, key=lambda row: int(row["line"])) == [{"file": str(log), **one} for one in found]


def test_they_are_there_when_they_are_too_many(log: Path, tmp_path: Path) -> None:
    file = tmp_path / "rejects.ndjson"
    with pytest.raises(DataError, match="look at them all") as told:
        backburn.evaluate(document(max_rejected="1%"), log, rejects=file)
    assert "--rejects FILE" in str(told.value.remedy)
    assert len(lines(file)) == 3


def test_rows_in_memory_are_told_by_their_number(tmp_path: Path) -> None:
    times = ["2026-06-01T10:00:00Z", None, "2026-06-01T10:00:30Z"]
    table = pa.table({"timestamp": times, "status": [200, 200, 503], "duration": [0.1, 0.2, 0.3]})
    file = tmp_path / "rejects.jsonl"
    backburn.evaluate(document(), table, rejects=file)
    told = {"file": "a pyarrow Table", "row": 1, "reason": "null timestamp", "value": "null"}
    assert lines(file) == [told]


def test_converting_tells_what_is_no_row(log: Path, tmp_path: Path) -> None:
    file = tmp_path / "rejects.ndjson"
    backburn.convert(log, tmp_path / "rows.parquet", rejects=file)
    assert lines(file) == [{"file": str(log), **FOUND[1]}]


@given(bad=st.lists(st.booleans(), min_size=1, max_size=60), threads=st.integers(1, 3))
def test_none_is_left_out(bad: list[bool], threads: int, tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("rejects")
    rows = [f"{'never' if one else '2026-06-01T10:00:00Z'},200,0.{at}" for at, one in enumerate(bad)]
    for half, name in ((rows[::2], "a.csv"), (rows[1::2], "b.csv")):
        (folder / name).write_text("\n".join([LINES[0], *half, "2026-06-01T10:00:00Z,200,0.5", ""]), encoding="utf-8")
    file = folder / "rejects.ndjson"
    counted = backburn.rollup(document(), folder / "*.csv", threads=threads, rejects=file)
    assert len(lines(file)) == json.loads(counted.facts())["rejected"] == sum(bad)


def test_a_scan_that_fails_leaves_no_file(log: Path, tmp_path: Path) -> None:
    (tmp_path / "log.csv.gz").write_bytes(gzip.compress(log.read_bytes() * 2000)[:-9])
    with pytest.raises(DataError, match="ends too early") as held:
        backburn.evaluate(document(), tmp_path / "log.csv.gz", rejects=tmp_path / "rejects.csv")
    assert held.value.file is not None
    assert sorted(path.name for path in tmp_path.iterdir()) == ["log.csv", "log.csv.gz"]


def test_what_cannot_be_is_refused(log: Path, tmp_path: Path) -> None:
    with pytest.raises(SpecError, match=r"end its name with .csv or .ndjson"):
        backburn.evaluate(document(), log, rejects=tmp_path / "rejects.txt")
    with pytest.raises(DataNotFoundError, match="no such directory"):
        backburn.evaluate(document(), log, rejects=tmp_path / "none" / "rejects.csv")
    counted = backburn.rollup(document(), log)
    with pytest.raises(UsageError, match="a rollup has but a few examples"):
        backburn.evaluate(document(), counted, rejects=tmp_path / "rejects.csv")
    two = [backburn.load_specs(path)[0] for path in _two(tmp_path)]
    with pytest.raises(UsageError, match="the rejects of 2 documents do not go into one file"):
        backburn.evaluate(two, log, rejects=tmp_path / "rejects.csv")


def _two(folder: Path) -> list[Path]:
    paths = []
    for service in ("shop", "cart"):
        path = folder / f"{service}.yaml"
        path.write_text(json.dumps(document() | {"metadata": {"service": service}}), encoding="utf-8")
        paths.append(path)
    return paths

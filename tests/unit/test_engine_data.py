from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from made_logs import document, objective, write_log

import backburn

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def logs(tmp_path: Path) -> Path:
    folder = tmp_path / "logs"
    folder.mkdir()
    write_log(folder / "a.parquet", [{"at": minute} for minute in range(10)])
    write_log(folder / "b.parquet", [{"at": minute, "status": 500} for minute in range(10, 15)])
    return folder


def rows(data: Any, **options: Any) -> int:
    return backburn.evaluate(document(), data, **options).data.rows


def test_a_path_a_glob_a_directory_and_a_list_name_data(logs: Path) -> None:
    assert rows(logs / "a.parquet") == 10
    assert rows(str(logs / "a.parquet")) == 10
    assert rows(f"{logs}/*.parquet") == 15
    assert rows(logs) == 15
    assert rows([logs / "a.parquet", logs / "b.parquet"]) == 15


def test_the_documents_own_data_is_relative_to_its_file(logs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = logs.parent / "slo.yaml"
    path.write_text(
        "apiVersion: backburn/v1\nkind: ServiceLevelObjectives\nmetadata: {service: shop, owner: team}\n"
        "source: {data: [logs/a.parquet]}\n"
        "objectives: [{name: availability, sli: {kind: availability}, target: 99%, window: all}]\n"
    )
    monkeypatch.chdir("/")
    assert backburn.evaluate(path).data.rows == 10
    assert backburn.evaluate(path, logs / "b.parquet").data.rows == 5
    (logs / "a.parquet").unlink()
    with pytest.raises(backburn.DataNotFoundError, match=r"relative to the folder of '.*slo.yaml'"):
        backburn.evaluate(path)
    with pytest.raises(backburn.DataNotFoundError) as given:
        backburn.evaluate(path, logs / "a.parquet")
    assert "relative" not in str(given.value)


def test_without_any_data_the_remedy_is_named() -> None:
    with pytest.raises(backburn.UsageError, match=r"does not say where its rows are.*source: \{data"):
        backburn.evaluate(document())


def test_a_rollup_is_as_good_as_its_logs(logs: Path, tmp_path: Path) -> None:
    whole = backburn.evaluate(document(), logs)
    counted = backburn.rollup(document(), logs)
    saved = tmp_path / "without-an-ending"
    counted.save(str(saved))
    for data in (counted, saved, [counted]):
        assert backburn.evaluate(document(), data).results == whole.results


def test_logs_and_rollups_merge(logs: Path, tmp_path: Path) -> None:
    backburn.rollup(document(), logs / "a.parquet").save(str(tmp_path / "a.rollup"))
    both = backburn.evaluate(document(), [tmp_path / "a.rollup", logs / "b.parquet"])
    assert both.results == backburn.evaluate(document(), logs).results


def test_a_directory_may_hold_both(logs: Path, tmp_path: Path) -> None:
    backburn.rollup(document(), logs / "a.parquet").save(str(tmp_path / "a.rollup"))
    (logs / "a.parquet").unlink()
    (tmp_path / "a.rollup").rename(logs / "a.rollup")
    assert rows(logs) == 15
    assert rows(f"{logs}/*") == 15


def test_rows_are_never_counted_twice(logs: Path, tmp_path: Path) -> None:
    saved = tmp_path / "all.rollup"
    backburn.rollup(document(), logs).save(str(saved))
    with pytest.raises(backburn.RollupMismatchError, match="counted twice"):
        rows([saved, logs / "b.parquet"])


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"source": {"step": "5m"}}, "in steps of 1m, not in steps of 5m"),
        ({"source": {"by": ["status"]}}, "by nothing, not by status"),
        ({"source": {"exclude": [{"when": "status = 429", "reason": "limits"}]}}, "excluding nothing, not .* limits"),
        ({"source": {"where": "status > 0"}}, "other columns, predicates or thresholds"),
        ({"objectives": [objective(name="other")]}, "'other' was never counted: the rollup holds availability"),
    ],
)
def test_a_rollup_of_something_else_is_refused(logs: Path, tmp_path: Path, changes: dict[str, Any], words: str) -> None:
    saved = tmp_path / "all.rollup"
    backburn.rollup(document(), logs).save(str(saved))
    with pytest.raises(backburn.RollupMismatchError, match=words) as raised:
        backburn.evaluate(document(**changes), saved)
    assert "backburn rollup" in str(raised.value)


def test_a_rollup_cannot_be_cut_by_time(logs: Path) -> None:
    counted = backburn.rollup(document(), logs)
    with pytest.raises(backburn.UsageError, match="a rollup has none"):
        backburn.evaluate(document(), counted, start="2025-10-01T00:05:00Z")


def test_start_and_end_choose_rows(logs: Path) -> None:
    assert rows(logs, start="2025-10-01T00:05:00Z", end="2025-10-01T02:12:00+02:00") == 7


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"start": "2025-10-01T00:00:30Z"}, "not on a step of 1m; use 2025-10-01T00:00:00Z or 2025-10-01T00:01:00Z"),
        ({"start": "2025-10-01T00:00:00"}, "names no zone"),
        ({"end": "yesterday"}, "'yesterday' is not a time"),
        ({"start": "2025-10-02T00:00:00Z", "end": "2025-10-01T00:00:00Z"}, "is not before"),
        ({"threads": 0}, "threads: 0 is too few"),
    ],
)
def test_wrong_options_are_explained(logs: Path, options: dict[str, Any], words: str) -> None:
    with pytest.raises(backburn.UsageError, match=words):
        rows(logs, **options)


@pytest.mark.parametrize("data", [7, object(), [7]])
def test_what_holds_no_rows_is_refused(data: Any) -> None:
    with pytest.raises(backburn.UsageError, match=r"cannot be read; give a path, a glob, a directory, a Rollup"):
        rows(data)


@pytest.mark.parametrize("data", [[], "", [""]])
def test_no_data_at_all_is_an_error(data: Any) -> None:
    with pytest.raises(backburn.UsageError, match="empty"):
        rows(data)


def test_inspecting_says_what_files_are(logs: Path, tmp_path: Path) -> None:
    (file,) = backburn.inspect(logs / "a.parquet", rows=2).files
    assert (file.format, file.rows, len(file.first)) == ("parquet", 10, 2)
    assert "status" in {column.name for column in file.columns}
    saved = tmp_path / "all.rollup"
    backburn.rollup(document(), logs).save(str(saved))
    inspection = backburn.inspect(saved)
    (file,) = inspection.files
    assert (file.format, file.rows) == ("rollup", 15)
    assert file.facts is not None
    assert inspection.to_dict()["results"][0]["end"] == "2025-10-01T00:14:00Z"


def test_inspecting_wants_files(logs: Path) -> None:
    with pytest.raises(backburn.UsageError, match="a Rollup is not a file"):
        backburn.inspect(backburn.rollup(document(), logs))
    with pytest.raises(backburn.UsageError, match="rows: -1"):
        backburn.inspect(logs, rows=-1)

"""Plan, scan and merge, as somebody uses them who has processes or machines of their own."""

from __future__ import annotations

import multiprocessing
import pickle
from concurrent.futures import ProcessPoolExecutor
from dataclasses import FrozenInstanceError
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pytest
from made_logs import document, objective, write_log

import backburn

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def logs(tmp_path: Path) -> Path:
    """Two days in their folders: one file in three row groups, and one in text."""
    import pyarrow.parquet as pq

    first, second = tmp_path / "date=2025-10-01", tmp_path / "date=2025-10-05"
    first.mkdir()
    second.mkdir()
    whole = write_log(first / "log.parquet", [{"at": minute * 20, "status": 200 + minute} for minute in range(30)])
    pq.write_table(pq.read_table(whole, partitioning=None), whole, row_group_size=10)
    lines = "".join(f"2025-10-05T00:{minute:02}:00Z,503\n" for minute in range(60))
    (second / "log.csv").write_text(f"timestamp,status\n{lines}", encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize("method", ["spawn", "forkserver"])
def test_processes_count_what_one_call_counts(logs: Path, method: str) -> None:
    plan = backburn.plan(document(), logs)
    with ProcessPoolExecutor(2, mp_context=multiprocessing.get_context(method)) as pool:
        counted = backburn.merge(pool.map(backburn.scan, plan.tasks))
    assert counted == backburn.rollup(document(), logs)
    assert backburn.evaluate(document(), counted).results == backburn.evaluate(document(), logs).results


def test_a_plan_says_what_is_read_and_what_is_not(logs: Path) -> None:
    everything = backburn.plan(document(), logs)
    assert [(task.format, task.rows) for task in everything.tasks] == [
        ("parquet", 10),
        ("parquet", 10),
        ("parquet", 10),
        ("csv", None),
    ]
    assert everything.skipped.to_dict() == {"files": 0, "row_groups": 0}
    part = backburn.plan(document(), logs, end="2025-10-01T03:00:00Z")
    assert part.skipped.to_dict() == {"files": 1, "row_groups": 1}
    assert repr(part) == "Plan(3 tasks, skipped: files=1, row_groups=1)"
    described = part.to_dict()
    assert described["skipped"] == part.skipped.to_dict()
    assert [task["rows"] for task in described["tasks"]] == [10, 10, 0]
    assert described["tasks"][0]["file"] == str(logs / "date=2025-10-01" / "log.parquet")
    with pytest.raises(FrozenInstanceError):
        part.tasks = ()  # type: ignore[misc]


def test_a_large_text_file_is_several_tasks(tmp_path: Path) -> None:
    log = tmp_path / "log.csv"
    lines = "".join(f"2025-10-{1 + row % 20:02}T00:00:00Z,{200 + row % 400},{row:040}\n" for row in range(160_000))
    log.write_text(f"timestamp,status,request\n{lines}", encoding="utf-8")
    plan = backburn.plan(document(), log)
    assert len(plan.tasks) == 2
    assert sum(task.bytes for task in plan.tasks) == log.stat().st_size
    parts = [backburn.scan(task) for task in reversed(plan.tasks)]
    assert backburn.merge(parts) == backburn.rollup(document(), log)


def test_durations_are_kept_as_saved_rollups_keep_them(logs: Path) -> None:
    spec = document(
        source={"columns": {"duration": {"column": "duration_ms", "unit": "ms"}}},
        objectives=[objective(sli={"kind": "latency", "threshold": "1ms"})],
    )
    plan = backburn.plan(spec, logs / "date=2025-10-01")
    assert backburn.merge(map(backburn.scan, plan.tasks)) == backburn.rollup(spec, logs / "date=2025-10-01")


def test_a_log_without_rows_is_planned_all_the_same(tmp_path: Path) -> None:
    (tmp_path / "log.csv").write_text("timestamp,status\n", encoding="utf-8")
    plan = backburn.plan(document(), tmp_path)
    assert backburn.merge(map(backburn.scan, plan.tasks)) == backburn.rollup(document(), tmp_path)


def test_the_documents_own_data_is_planned_from_anywhere(logs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = logs / "slo.yaml"
    path.write_text(
        "apiVersion: backburn/v1\nkind: ServiceLevelObjectives\nmetadata: {service: shop, owner: team}\n"
        "source: {data: [date=*]}\n"
        "objectives: [{name: availability, sli: {kind: availability}, target: 99%, window: all}]\n"
    )
    monkeypatch.chdir(logs)
    plan = backburn.plan("slo.yaml", by="status", step="5m")
    wanted = backburn.rollup("slo.yaml", by="status", step="5m")
    monkeypatch.chdir("/")
    assert backburn.merge(map(backburn.scan, plan.tasks)) == wanted
    for log in logs.glob("*/*"):
        log.unlink()
    with pytest.raises(backburn.DataNotFoundError, match=r"relative to the folder of '.*slo.yaml'"):
        backburn.plan(path)


def test_a_file_that_changed_since_it_was_planned_is_refused(logs: Path) -> None:
    log = logs / "date=2025-10-05" / "log.csv"
    (task,) = backburn.plan(document(), log).tasks
    with log.open("a", encoding="utf-8") as file:
        file.write("2025-10-05T02:00:00Z,200\n")
    with pytest.raises(backburn.DataError, match="has changed since it was planned"):
        backburn.scan(pickle.loads(pickle.dumps(task)))  # noqa: S301 - our own.


def test_only_logs_can_be_planned(logs: Path, tmp_path: Path) -> None:
    table = pa.table({"timestamp": ["2025-10-01T00:00:00Z"], "status": [200]})
    with pytest.raises(backburn.UsageError, match=r"a pyarrow Table cannot be planned.*backburn\.rollup"):
        backburn.plan(document(), table)
    counted = backburn.rollup(document(), logs)
    saved = tmp_path / "saved.rollup"
    counted.save(str(saved))
    with pytest.raises(backburn.UsageError, match=r"the given rollup is a rollup, .* no rows to plan; .*merge it"):
        backburn.plan(document(), [logs / "date=2025-10-05", counted])
    with pytest.raises(backburn.UsageError, match=r"saved.rollup is a rollup, .* no rows to plan"):
        backburn.plan(document(), saved)


def test_merging_takes_rollups_and_the_paths_of_saved_ones(logs: Path, tmp_path: Path) -> None:
    first, second = (backburn.rollup(document(), logs / day) for day in ("date=2025-10-01", "date=2025-10-05"))
    saved = tmp_path / "second.rollup"
    second.save(str(saved))
    both = first.merge(second)
    assert backburn.merge([first, saved]) == backburn.merge([str(saved), first]) == both
    assert backburn.merge([both]) == both
    with pytest.raises(backburn.RollupMismatchError, match="twice"):
        backburn.merge([both, saved])


def test_the_empty_rollup_changes_nothing_and_answers_nothing(logs: Path) -> None:
    empty, counted = backburn.merge([]), backburn.rollup(document(), logs)
    assert backburn.merge([empty, counted, empty]) == counted
    assert pickle.loads(pickle.dumps(empty)) == empty  # noqa: S301 - our own.
    with pytest.raises(backburn.RollupMismatchError, match="never counted: the rollup holds nothing"):
        backburn.evaluate(document(), empty)


@pytest.mark.parametrize("wrong", ["a.parquet", 7, None])
def test_merging_wants_several(wrong: Any) -> None:
    with pytest.raises(backburn.UsageError, match=r"merge wants several rollups.*give a list"):
        backburn.merge(wrong)


def test_merging_wants_rollups() -> None:
    with pytest.raises(backburn.UsageError, match="merge: a int is no rollup; give a list"):
        backburn.merge([7])  # type: ignore[list-item]

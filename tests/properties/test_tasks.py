"""To plan, to scan every task and to merge gives what one call gives: whatever the files, the split and the order."""

from __future__ import annotations

import json
import pickle
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import event, given
from hypothesis import strategies as st
from properties.documents import document, moment
from properties.files import as_read, ending_of, write
from properties.strategies import cases

import backburn

if TYPE_CHECKING:
    from oracle.rows import Row
    from oracle.spec import Spec


@pytest.mark.parametrize("schema", ["plain", "arrow", "csv", "ndjson"])
@given(case=cases(), row_group=st.integers(1, 7), threads=st.integers(1, 3), data=st.data())
def test_the_tasks_of_a_plan_count_what_one_call_counts(
    schema: str, case: tuple[list[list[Row]], Spec], row_group: int, threads: int, data: st.DataObject
) -> None:
    sources, spec = case
    start = None if spec.start is None else moment(spec.start)
    end = None if spec.end is None else moment(spec.end)
    with tempfile.TemporaryDirectory() as folder:
        for number, rows in enumerate(sources):
            read = [as_read(row, schema) for row in rows]
            write(read, Path(folder) / f"{number}.{ending_of(schema)}", schema=schema, row_group=row_group)
        plan = backburn.plan(document(spec), folder, start=start, end=end, threads=threads)
        whole = backburn.rollup(document(spec), folder, start=start, end=end, threads=threads)
        tasks = data.draw(st.permutations(plan.tasks))
        parts = [backburn.scan(pickle.loads(pickle.dumps(task))) for task in tasks]  # noqa: S301 - our own.
        cut = data.draw(st.integers(0, len(parts)))
        halves = [backburn.merge(parts[:cut]), backburn.merge(parts[cut:])]
    event(f"{min(len(plan.tasks), 5)} tasks, {min(plan.skipped.row_groups, 2)} row groups skipped")
    for merged in (backburn.merge(parts), backburn.merge(halves), halves[0].merge(halves[1])):
        assert merged == whole
        assert json.loads(merged.facts()) == json.loads(whole.facts())
    facts = json.loads(whole.facts())
    assert plan.skipped.to_dict() == {"files": facts["files_skipped"], "row_groups": facts["row_groups_skipped"]}
    assert {task.file for task in plan.tasks} == {source["name"] for source in facts["sources"]}

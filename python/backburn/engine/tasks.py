"""The three steps from files to a Rollup, for those who take them elsewhere: plan, scan each task, merge."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from backburn._rust import Rollup, Task
from backburn.engine import counting
from backburn.engine.data import relative_paths, resolve
from backburn.engine.recording import recording
from backburn.engine.request import request
from backburn.engine.skipped import Skipped
from backburn.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import datetime

    from backburn.engine.data import DataArgument
    from backburn.model.spec import Spec

__all__ = ["Plan", "merge", "plan", "scan"]


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Plan:
    """What is to be read, in tasks that can be scanned in any order and place, and what need not be read at all."""

    tasks: tuple[Task, ...]
    skipped: Skipped

    def to_dict(self) -> dict[str, Any]:
        """Give the plan as plain values; `rows` is None where only reading tells."""
        tasks = [
            {"file": task.file, "format": task.format, "bytes": task.bytes, "rows": task.rows} for task in self.tasks
        ]
        return {"tasks": tasks, "skipped": self.skipped.to_dict()}

    def __repr__(self) -> str:
        skipped = f"files={self.skipped.files}, row_groups={self.skipped.row_groups}"
        return f"Plan({len(self.tasks)} tasks, skipped: {skipped})"


def plan(
    spec: Spec,
    data: DataArgument | Sequence[DataArgument] | None = None,
    *,
    start: str | datetime | None = None,
    end: str | datetime | None = None,
    threads: int | None = None,
) -> Plan:
    """Cut the logs of a spec into tasks; only files can be planned, for only they can be read elsewhere."""
    from backburn import _rust

    span = counting.asked_span(spec, start, end)
    found = resolve(spec, data)
    for stream in found.streams:
        remedy = "count it here with `backburn.rollup`, and merge that with what the tasks count"
        raise UsageError(f"{stream.name} cannot be planned, for its rows are in the memory of this process", remedy)
    for name, _ in found.rollups:
        remedy = "plan the logs alone, and merge it with what their tasks count"
        raise UsageError(f"{name} is a rollup, and has no rows to plan", remedy)
    asked = request(spec, start=span[0], end=span[1], histogram=recording(spec, [], keep=True))
    text = json.dumps(asked, ensure_ascii=False)
    with relative_paths(spec, data):
        tasks, files, row_groups = _rust.plan(text, list(found.logs), counting.workers(threads))
    return Plan(tasks=tuple(tasks), skipped=Skipped(files=files, row_groups=row_groups))


def scan(task: Task) -> Rollup:
    r"""Count the rows of one task of a plan, on one thread.

    Tasks and rollups pickle, so that any pool of threads, processes or machines that see the same files will do:

        with ProcessPoolExecutor(mp_context=multiprocessing.get_context("spawn")) as pool:
            counted = backburn.merge(pool.map(backburn.scan, backburn.plan("slo.yaml").tasks))

    >>> import backburn, pathlib, tempfile
    >>> log = pathlib.Path(tempfile.mkdtemp()) / "requests.csv"
    >>> _ = log.write_text("timestamp,status\n2025-10-01T00:00:00Z,200\n2025-10-01T00:00:30Z,503\n")
    >>> spec = {
    ...     "apiVersion": "backburn/v1",
    ...     "kind": "ServiceLevelObjectives",
    ...     "metadata": {"service": "shop"},
    ...     "objectives": [
    ...         {"name": "availability", "sli": {"kind": "availability"}, "target": "99.9%", "window": "all"}
    ...     ],
    ... }
    >>> [scan(task) for task in backburn.plan(spec, log).tasks]
    [Rollup(rows=2, indicators=[availability])]

    Raises:
        DataError: the file cannot be read, or is not as it was when it was planned.
    """
    return task.run()


def merge(rollups: Iterable[Rollup | str | os.PathLike[str]]) -> Rollup:
    """Put rollups together, in whatever order; each is a Rollup or the path of a saved one.

    Of none it gives the empty rollup, which changes nothing that it is merged with, and which nothing can be asked of.

    >>> merge([])
    Rollup(rows=0, indicators=[])

    Raises:
        RollupMismatchError: two of them count the same rows, or different things under one name.
    """
    from backburn import _rust

    return _rust.merge(list(_loaded(rollups)))


def _loaded(rollups: Iterable[object]) -> Iterator[Rollup]:
    remedy = "give a list of Rollups, or of the paths of saved ones"
    if isinstance(rollups, (Rollup, str, bytes, os.PathLike)) or not hasattr(rollups, "__iter__"):
        raise UsageError(f"merge wants several rollups, not one {type(rollups).__name__}", remedy)
    for one in rollups:
        if isinstance(one, Rollup):
            yield one
        elif isinstance(one, (str, os.PathLike)):
            yield Rollup.load(os.fspath(one))
        else:
            raise UsageError(f"merge: a {type(one).__name__} is no rollup", remedy, value=repr(one))

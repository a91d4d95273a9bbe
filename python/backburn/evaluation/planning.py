"""`plan`: the first of the three steps to a Rollup, for threads, processes and machines of one's own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backburn.engine import tasks
from backburn.engine.request import with_overrides
from backburn.evaluation.specs import as_spec

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from backburn.engine.data import DataArgument
    from backburn.engine.tasks import Plan
    from backburn.evaluation.specs import SpecArgument

__all__ = ["plan"]


def plan(
    spec: SpecArgument,
    data: DataArgument | Sequence[DataArgument] | None = None,
    *,
    start: str | datetime | None = None,
    end: str | datetime | None = None,
    by: Sequence[str] | str | None = None,
    step: str | None = None,
    format: str | None = None,
    threads: int | None = None,
) -> Plan:
    r"""Cut the logs that a specification is about into tasks, which can be counted wherever their files can be read.

    To scan every task and to merge what they count gives what `rollup` gives, in any order:

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
    >>> planned = plan(spec, log)
    >>> (len(planned.tasks), planned.skipped.files, planned.skipped.row_groups)
    (1, 0, 0)
    >>> backburn.merge(map(backburn.scan, planned.tasks)) == backburn.rollup(spec, log)
    True

    Args:
        spec: a path, a dict or a Spec; one document.
        data: a path, glob, directory, or a list of these; replaces `source.data`. Rows in memory cannot be planned.
        start: the first moment to read (RFC 3339 text or a zoned datetime, on a step).
        end: the moment after the last one to read.
        by: the labels of a series, in place of `source.by`.
        step: the width of a cell, in place of `source.step`.
        format: the format of the logs, in place of `source.format`.
        threads: how many threads open files; as many as there are processors unless given.

    Raises:
        UsageError: an argument is wrong, or data is no log.
        SpecError: the document is.
        DataError: a file cannot be read, or lacks a column.
    """
    chosen = with_overrides(as_spec(spec), by=by, step=step, format=format)
    return tasks.plan(chosen, data, start=start, end=end, threads=threads)

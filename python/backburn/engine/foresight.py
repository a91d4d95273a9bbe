"""What of some files would not have to be read for an asked time, before anyone says what to count in them."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from typing import TYPE_CHECKING

from backburn.engine.skipped import Skipped
from backburn.engine.tasks import plan
from backburn.errors import UsageError
from backburn.model.columns import Columns, Timestamp
from backburn.model.spec import Source, Spec
from backburn.units import Duration

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from backburn.engine.inspection import InspectedFile

__all__ = ["foresee"]

_USUAL = "timestamp"
"""What a specification that names no column reads times from."""


def foresee(
    files: Sequence[InspectedFile],
    *,
    start: str | datetime | None,
    end: str | datetime | None,
    time: str | None,
    format: str | None,
) -> Mapping[str, Skipped]:
    """Say of each log, by its name, what a scan for `[start, end)` would skip: all of it, or some of its row groups.

    It is the plan of a scan by one-minute steps that counts nothing, with the times of the column `time`.
    """
    logs = [file for file in files if file.facts is None]
    if not logs:
        remedy = "leave them out: what a rollup covers is shown anyway"
        raise UsageError("start and end choose rows, and a rollup has none", remedy)
    column = _times(logs) if time is None else time
    spec = Spec(
        name="inspect",
        service=None,
        source=Source(
            format=format,
            columns=Columns(timestamp=Timestamp(column=column)),
            step=Duration.parse("1m"),
            max_rejected=Decimal(1),
        ),
        objectives=(),
        min_coverage=Decimal(0),
    )
    row_groups = Counter[str]()
    planned = plan(spec, [file.file for file in logs], start=start, end=end)
    for task in planned.tasks:
        row_groups[task.file] += task.row_groups_skipped
    return {
        file.file: Skipped(files=int(file.file not in row_groups), row_groups=row_groups[file.file]) for file in logs
    }


def _times(logs: Sequence[InspectedFile]) -> str:
    """Find the column of the times: the usual one, or else the only one whose type says that it holds times."""
    names = [{column.name for column in log.columns} for log in logs]
    if all(_USUAL in held for held in names):
        return _USUAL
    typed = {column.name for log in logs for column in log.columns if column.type.startswith("Timestamp")}
    if len(typed) == 1:
        return typed.pop()
    known = f"several do: {', '.join(sorted(typed))}" if typed else "none has a type of times"
    raise UsageError(f"it is not clear which column start and end choose rows by; {known}", "name it with `time`")

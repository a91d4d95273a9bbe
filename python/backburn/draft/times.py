"""Which column says when requests happened, how its times are written, and which moment they mark."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import chain, pairwise
from typing import TYPE_CHECKING, Literal

from backburn.draft.guess import SECONDS, Guess, clock_of, known_of, listed, number_of, values_of, word_of
from backburn.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from backburn.engine.inspection import InspectedFile

__all__ = ["timestamp_of"]

_TIMES = (
    *("timestamp", "ts", "eventtime", "datetime", "time", "timelocal", "timeiso8601", "date", "msec"),
    *("endtimeunixnano", "starttimeunixnano", "endtime", "starttime"),
)
_COMMON_LOG = re.compile(r"\d\d/[A-Z][a-z]{2}/\d{4}:\d\d:\d\d:\d\d [+-]\d{4}")
_ISO = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d([.,]\d+)?)?\s*(?P<zone>Z|[+-]\d\d:?\d\d)?", re.IGNORECASE)
_SLASHED = re.compile(r"\d{4}/\d\d/\d\d \d\d:\d\d:\d\d")
_DATE = re.compile(r"\d{4}-\d\d-\d\d")


def timestamp_of(file: InspectedFile, names: Sequence[str], duration: Guess | None) -> Guess:
    """Find the column with the time, by its name, its type or what it holds."""
    typed = [column.name for column in file.columns if column.type.startswith(("Timestamp", "Date"))]
    name = next(chain(known_of(names, _TIMES), typed, _written_times(file, names)), None)
    if name is None:
        raise DataError(
            "no column looks like a time",
            f"write the specification yourself: `columns: {{timestamp: NAME}}` with one of {listed(names)}",
            file=file.file,
        )
    values = values_of(file, name)
    if name in typed:
        column = next(column for column in file.columns if column.name == name)
        zone = None if '"' in column.type else "UTC"
        if column.marks == "start" and duration is not None:
            why = "it holds times, which mark the start in this format"
            return Guess(column=name, why=why, timezone=zone, marks="start")
        return Guess(column=name, why="it holds times", timezone=zone)
    if not values:
        raise DataError(f"the column '{name}' has no times in the first rows", file=file.file, field=name)
    marks, order = _marks(file, name, duration)
    if number := number_of(values[0]):
        unit = clock_of(number)
        why = f"numbers like {values[0]} count {unit} since 1970{order}"
        return Guess(column=name, unit=unit, marks=marks, why=why)
    guess = _written(file, name, values[0])
    return replace(guess, marks=marks, why=guess.why + order)


def _written_times(file: InspectedFile, names: Sequence[str]) -> Iterable[str]:
    """Find columns of no known name whose text looks like times, and after them those of days."""
    held = {name: values_of(file, name) for name in names}
    for forms in ((_COMMON_LOG, _ISO, _SLASHED), (_DATE,)):
        for name, values in held.items():
            if values and any(all(form.fullmatch(value) for value in values) for form in forms):
                yield name


def _written(file: InspectedFile, name: str, value: str) -> Guess:
    """Tell how a time is written as text."""
    if _COMMON_LOG.fullmatch(value):
        return Guess(column=name, format="%d/%b/%Y:%H:%M:%S %z", why=f"times look like {value}")
    if iso := _ISO.fullmatch(value):
        return Guess(column=name, timezone=None if iso.group("zone") else "UTC", why=f"times look like {value}")
    if _DATE.fullmatch(value):
        raise DataError(
            f"the column '{name}' holds days without a time of day",
            f"write the hour too, such as {value}T00:00:00Z",
            file=file.file,
            field=name,
            value=value,
        )
    if _SLASHED.fullmatch(value):
        return Guess(column=name, format="%Y/%m/%d %H:%M:%S", timezone="UTC", why=f"times look like {value}")
    raise DataError(
        f"it is not clear how the times in column '{name}' are written",
        "write the specification yourself, with `columns: {timestamp: {column: ..., format: ...}}`",
        file=file.file,
        field=name,
        value=value,
    )


def _marks(file: InspectedFile, name: str, duration: Guess | None) -> tuple[Literal["start", "end"], str]:
    """Tell by its name, or from the order of the rows, whether a log wrote starts: rows are written at the end."""
    if any(column.name == name and column.marks == "start" for column in file.columns) and duration is not None:
        return "start", "; in this format it marks the start"
    if duration is None or duration.unit is None:
        return "end", ""
    if word_of(name).startswith("start"):
        return "start", "; its name says that it marks the start"
    pairs = ((number_of(row.get(name)), number_of(row.get(duration.column))) for row in file.first)
    known = [(start, lasted) for start, lasted in pairs if start is not None and lasted is not None]
    if not known:
        return "end", ""
    scale = SECONDS[duration.unit] / SECONDS[clock_of(known[0][0])]
    starts = [start for start, _ in known]
    ends = [start + lasted * scale for start, lasted in known]
    if _steps_back(ends) < _steps_back(starts):
        return "start", "; rows are in the order of this time plus the duration, so it marks the start"
    return "end", ""


def _steps_back(moments: Sequence[float]) -> int:
    return sum(later < earlier for earlier, later in pairwise(moments))

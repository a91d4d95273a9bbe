"""Which columns of a log play which role, and why: by name first, then by type and magnitude."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Literal

from backburn.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from backburn.engine.inspection import InspectedFile
    from backburn.model.spec import TimeUnit

__all__ = ["Guess", "Roles", "roles_of"]

_TIMES = ("timestamp", "ts", "eventtime", "datetime", "time", "timelocal", "timeiso8601", "date", "msec", "starttime")
_STATUSES = (
    "status",
    "statuscode",
    "httpstatus",
    "httpstatuscode",
    "responsecode",
    "scstatus",
    "elbstatuscode",
    "code",
)
_DURATIONS = ("duration", "elapsed", "requesttime", "responsetime", "requestduration", "latency", "took", "timetaken")
_SUCCESSES = ("success", "succeeded", "issuccess", "ok")
_LABELS = (
    *("service", "servicename", "app", "application", "component", "job", "label"),
    *("vhost", "virtualhost", "servername", "host", "hostname", "endpoint", "operation"),
)
_UNIT_ENDINGS: tuple[tuple[str, TimeUnit], ...] = (
    *(("milliseconds", "ms"), ("millis", "ms"), ("ms", "ms"), ("microseconds", "us"), ("micros", "us")),
    *(("us", "us"), ("nanoseconds", "ns"), ("nanos", "ns"), ("ns", "ns"), ("seconds", "s"), ("secs", "s"), ("s", "s")),
)
# Names whose unit their makers fix: JMeter writes milliseconds, nginx and its kin seconds.
_KNOWN_UNITS: dict[str, TimeUnit] = {"elapsed": "ms", "requesttime": "s", "responsetime": "s"}
_COMMON_LOG = re.compile(r"\d\d/[A-Z][a-z]{2}/\d{4}:\d\d:\d\d:\d\d [+-]\d{4}")
_ISO = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d([.,]\d+)?)?\s*(?P<zone>Z|[+-]\d\d:?\d\d)?", re.IGNORECASE)
_SLASHED = re.compile(r"\d{4}/\d\d/\d\d \d\d:\d\d:\d\d")
_EPOCHS: tuple[tuple[float, TimeUnit], ...] = ((1e11, "s"), (1e14, "ms"), (1e17, "us"), (float("inf"), "ns"))
_TRUE_FALSE = frozenset({"true", "false"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Guess:
    """A column for a role, how it is read, and the reason in words."""

    column: str
    why: str
    unit: TimeUnit | None = None
    format: str | None = None
    timezone: str | None = None
    marks: Literal["start", "end"] = "end"


@dataclass(frozen=True, slots=True, kw_only=True)
class Roles:
    """The columns of a log by the role that they seem to play; `labels` are candidates for `by`, the best first."""

    timestamp: Guess
    status: Guess | None
    duration: Guess | None
    success: Guess | None
    labels: tuple[str, ...]


def roles_of(file: InspectedFile) -> Roles:
    """Guess the roles of a file's columns."""
    names = [column.name for column in file.columns]
    duration = _duration(file, names)
    timestamp = _timestamp(file, names, duration)
    taken = {guess.column for guess in (timestamp, duration) if guess is not None}
    status = _first(names, _STATUSES, taken)
    success = _first(names, _SUCCESSES, taken)
    flags = _values(file, success) if success is not None else []
    return Roles(
        timestamp=timestamp,
        status=None if status is None else Guess(column=status, why=f"'{status}' is what statuses are called"),
        duration=duration,
        success=Guess(column=success, why=f"'{success}' holds true and false")
        if success is not None and flags and {flag.lower() for flag in flags} <= _TRUE_FALSE
        else None,
        labels=tuple(_all([*names, *file.partitions], _LABELS)),
    )


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower())


def _by_word(names: Sequence[str]) -> dict[str, str]:
    """Tell which name a word means: the first that is this word, else the first that ends with it behind a dot."""
    last = {_plain(name.rpartition(".")[2]): name for name in reversed(names)}
    return last | {_plain(name): name for name in reversed(names)}


def _all(names: Sequence[str], known: Sequence[str]) -> Iterable[str]:
    """Sort those of the names that are known by how well they are."""
    plain = _by_word(names)
    return (plain[word] for word in known if word in plain)


def _first(names: Sequence[str], known: Sequence[str], taken: set[str]) -> str | None:
    return next((name for name in _all(names, known) if name not in taken), None)


def _values(file: InspectedFile, column: str) -> list[str]:
    found = (row.get(column) for row in file.first)
    return [value for value in found if value is not None and value not in {"", "-"}]


def _duration(file: InspectedFile, names: Sequence[str]) -> Guess | None:
    types = {column.name: column for column in file.columns}
    words = _by_word(names)
    bare = {_without_unit(word)[0]: name for word, name in words.items()}
    for word in _DURATIONS:
        name = bare.get(word)
        if name is None:
            continue
        known = types[name]
        if known.unit is not None:
            return Guess(column=name, why=f"the format says that it is in {known.unit}")
        if known.type.startswith("Duration"):
            return Guess(column=name, why="its type says its unit")
        unit, why = _duration_unit(name, _values(file, name))
        if unit is not None:
            return Guess(column=name, unit=unit, why=why)
    return None


def _without_unit(plain: str) -> tuple[str, TimeUnit | None]:
    for ending, unit in _UNIT_ENDINGS:
        if plain.endswith(ending) and plain.removesuffix(ending) in _DURATIONS:
            return plain.removesuffix(ending), unit
    return plain, None


def _duration_unit(name: str, values: Sequence[str]) -> tuple[TimeUnit | None, str]:
    bare, unit = _without_unit(_plain(name.rpartition(".")[2]))
    if unit is not None:
        return unit, "its name says the unit"
    numbers = sorted(number for number in map(_number, values) if number is not None)
    if not numbers:
        return None, ""
    if bare in _KNOWN_UNITS:
        return _KNOWN_UNITS[bare], "the programs that write a column of this name use this unit"
    middle = numbers[len(numbers) // 2]
    whole = all(number == int(number) for number in numbers)
    if middle < 1 or (middle < 20 and not whole):  # noqa: PLR2004 - few requests take 20 s, fewer a hundredth of 1 ms.
        unit = "s"
    elif middle < 1e5:  # noqa: PLR2004 - 100 s in milliseconds.
        unit = "ms"
    else:
        unit = "us" if middle < 1e8 else "ns"  # noqa: PLR2004 - 100 s in microseconds.
    return unit, f"a guess: half of the first {len(numbers)} values are up to {middle:g}"


def _timestamp(file: InspectedFile, names: Sequence[str], duration: Guess | None) -> Guess:
    typed = [column.name for column in file.columns if column.type.startswith(("Timestamp", "Date"))]
    name = _first(names, _TIMES, set()) or next(iter(typed), None)
    if name is None:
        raise DataError(
            "no column looks like a time",
            f"write the specification yourself: `columns: {{timestamp: NAME}}` with one of {', '.join(names)}",
            file=file.file,
        )
    values = _values(file, name)
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
    if number := _number(values[0]):
        unit = next(unit for bound, unit in _EPOCHS if number < bound)
        why = f"numbers like {values[0]} count {unit} since 1970{order}"
        return Guess(column=name, unit=unit, marks=marks, why=why)
    return _written(file, name, values[0])


def _written(file: InspectedFile, name: str, value: str) -> Guess:
    """Tell how a time is written as text."""
    if _COMMON_LOG.fullmatch(value):
        return Guess(column=name, format="%d/%b/%Y:%H:%M:%S %z", why=f"times look like {value}")
    if iso := _ISO.fullmatch(value):
        return Guess(column=name, timezone=None if iso.group("zone") else "UTC", why=f"times look like {value}")
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
    """Tell from the order of the rows whether a log wrote starts: rows are written when requests end."""
    if duration is None or duration.unit is None:
        return "end", ""
    pairs = ((_number(row.get(name)), _number(row.get(duration.column))) for row in file.first)
    known = [(start, lasted) for start, lasted in pairs if start is not None and lasted is not None]
    if not known:
        return "end", ""
    clock = next(unit for bound, unit in _EPOCHS if known[0][0] < bound)
    scale = _SECONDS[duration.unit] / _SECONDS[clock]
    starts = [start for start, _ in known]
    ends = [start + lasted * scale for start, lasted in known]
    if _steps_back(ends) < _steps_back(starts):
        return "start", "; rows are in the order of this time plus the duration, so it marks the start"
    return "end", ""


_SECONDS: dict[TimeUnit, float] = {"s": 1.0, "ms": 1e-3, "us": 1e-6, "ns": 1e-9}


def _steps_back(moments: Sequence[float]) -> int:
    return sum(later < earlier for earlier, later in pairwise(moments))


def _number(text: str | None) -> float | None:
    try:
        return float(text) if text is not None else None
    except ValueError:
        return None

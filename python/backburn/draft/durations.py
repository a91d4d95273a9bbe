"""Which column says how long requests took, and in which unit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backburn.draft.guess import SECONDS, Guess, by_word, clock_of, number_of, values_of, word_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from backburn.engine.inspection import InspectedFile
    from backburn.model.columns import TimeUnit

__all__ = ["duration_of"]

_DURATIONS = (
    *("duration", "elapsed", "requesttime", "responsetime", "requestduration", "latency", "took", "timetaken"),
    "response",
)
# Words that mean a duration only where a unit follows: `response_ms` is one, `response` and `responses` are not.
_NEED_UNITS = frozenset({"response", "responses"})
_UNIT_ENDINGS: tuple[tuple[str, TimeUnit], ...] = (
    *(("milliseconds", "ms"), ("millis", "ms"), ("ms", "ms"), ("microseconds", "us"), ("micros", "us")),
    *(("us", "us"), ("nanoseconds", "ns"), ("nanos", "ns"), ("ns", "ns"), ("seconds", "s"), ("secs", "s"), ("s", "s")),
)
# Names whose unit their makers fix: JMeter writes milliseconds, nginx and its kin seconds.
_KNOWN_UNITS: dict[str, TimeUnit] = {"elapsed": "ms", "requesttime": "s", "responsetime": "s"}
# How far a duration may be from what lies between two times: either may be cut to whole numbers.
_ROUNDED = 2


def duration_of(file: InspectedFile, names: Sequence[str]) -> Guess | None:
    """Find the column that says how long requests took; nothing where none does, or its unit stays unknown."""
    types = {column.name: column for column in file.columns}
    words = by_word(names)
    bare = {_without_unit(word)[0]: name for word, name in words.items() if word not in _NEED_UNITS}
    for word in _DURATIONS:
        name = bare.get(word)
        if name is None:
            continue
        known = types[name]
        if known.unit is not None:
            return Guess(column=name, why=f"the format says that it is in {known.unit}")
        if known.type.startswith("Duration"):
            return Guess(column=name, why="its type says its unit")
        unit, why = _between(file, name) or _duration_unit(name, values_of(file, name))
        if unit is not None:
            return Guess(column=name, unit=unit, why=why)
    return None


def _without_unit(word: str) -> tuple[str, TimeUnit | None]:
    for ending, unit in _UNIT_ENDINGS:
        if word.endswith(ending) and word.removesuffix(ending) in _DURATIONS:
            return word.removesuffix(ending), unit
    return word, None


def _between(file: InspectedFile, name: str) -> tuple[TimeUnit, str] | None:
    """Tell the unit of a duration from the start and the end beside it, where these are numbers."""
    words = {word_of(column.name): column.name for column in file.columns}
    for start, first in words.items():
        last = words.get(start.replace("start", "end", 1)) if start.startswith("start") else None
        if last is None:
            continue
        cells = [[number_of(row.get(column)) for column in (first, last, name)] for row in file.first]
        known = [(begin, end, lasted) for begin, end, lasted in cells if begin and end and lasted]
        rows = [((end - begin) * SECONDS[clock_of(begin)], lasted) for begin, end, lasted in known]
        for unit, seconds in reversed(SECONDS.items()):
            if rows and all(abs(between / seconds - lasted) <= _ROUNDED for between, lasted in rows):
                return unit, f"it is what lies between '{first}' and '{last}'"
    return None


def _duration_unit(name: str, values: Sequence[str]) -> tuple[TimeUnit | None, str]:
    bare, unit = _without_unit(word_of(name.rpartition(".")[2]))
    if unit is not None:
        return unit, "its name says the unit"
    numbers = sorted(number for number in map(number_of, values) if number is not None)
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

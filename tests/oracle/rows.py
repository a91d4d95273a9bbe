"""One row: when it became known, how many events it stands for, and what predicates see of it.

A row maps raw column names to the values that were logged: whole numbers, floats, truths, text, or None. Its raw
timestamp is in microseconds.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING

from oracle.predicate import Value
from oracle.spec import UNITS

if TYPE_CHECKING:
    from oracle.spec import Spec

Row = Mapping[str, Value]

GREATEST_WEIGHT = 2**32 - 1
TIMES = range(253_402_300_800_000_000)
"""Usable times: from 1970 to the end of the year 9999."""


def duration(value: Value) -> Decimal | None:
    """A duration in its column's unit: finite and not negative, else None."""
    if isinstance(value, str):
        value = number(value)
    if value is None or isinstance(value, bool) or not math.isfinite(value) or value < 0:
        return None
    # The shortest text of a float is what was logged.
    return Decimal(repr(value))


def status(value: Value) -> int | None:
    """A status: a whole number, else None."""
    if isinstance(value, str):
        value = number(value)
    return int(value) if value is not None and math.isfinite(value) and value == int(value) else None


def number(text: str) -> int | float | None:
    """The number that a text is, else None."""
    try:
        return int(text)
    except ValueError:
        pass
    try:
        return float(text)
    except ValueError:
        return None


def known_at(row: Row, spec: Spec) -> int | None:
    """When the event became known: its timestamp, plus its duration where the log marks the start; None if unknown.

    A duration is added in whole microseconds, rounded down.
    """
    time = row[spec.names["timestamp"]]
    if not isinstance(time, int) or time not in TIMES:
        return None
    if spec.marks == "end":
        return time
    took = duration(row[spec.names["duration"]])
    return None if took is None else time + math.floor(took * UNITS[spec.duration_unit])


def weight(row: Row, spec: Spec) -> int | None:
    """How many events the row stands for: a whole number from 1; None if that cannot be told."""
    if spec.count is None:
        return 1
    value = row[spec.count]
    return value if isinstance(value, int) and 1 <= value <= GREATEST_WEIGHT else None


def is_reject(row: Row, spec: Spec) -> bool:
    """Whether the row cannot be used at all: without a usable time or weight."""
    return known_at(row, spec) is None or weight(row, spec) is None


def in_asked_span(row: Row, spec: Spec) -> bool:
    """Whether the row became known in `[start, end)`."""
    time = known_at(row, spec)
    if time is None:
        return False
    return (spec.start is None or spec.start <= time) and (spec.end is None or time < spec.end)


def view(row: Row, spec: Spec) -> Mapping[str, Value]:
    """What predicates see: roles and aliases first, then raw columns; the status as a number."""
    seen = dict(row)
    seen.update({name: row[column] for name, column in spec.names.items()})
    seen["status"] = status(seen["status"])
    return seen


def label(value: Value) -> str | None:
    """The text of a label; null is a label of its own."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return None if value is None else str(value)


def key(row: Row, spec: Spec, by: tuple[str, ...]) -> tuple[str | None, ...]:
    """The series of a row."""
    seen = {**row, **{name: row[column] for name, column in spec.names.items()}}
    return tuple(label(seen[name]) for name in by)

"""Values of labels: the text and the instant that a row has under a column, or what is wrong with it."""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from backburn.document.node import child_path
from backburn.engine.times import to_micros
from backburn.errors import UsageError
from backburn.events.entries import TWICE, what
from backburn.units import parse_instant

if TYPE_CHECKING:
    from backburn.document.notes import Notes
    from backburn.events.entries import Entry

__all__ = ["Row"]

_TOO_FINE = re.compile(r"\S+[Tt ]\d\d:\d\d:\d\d\.\d{7,}(?:[Zz]|[+-]\d\d:?\d\d)?", re.ASCII)


class Row:
    """Reads one row of labels, and notes what cannot be read."""

    def __init__(self, entry: Entry, notes: Notes) -> None:
        self._entry = entry
        self._notes = notes
        self.number = entry.number

    def named(self, number: int) -> str:
        """Name a row of the same table as people find it."""
        return f"label {number}" if self._entry.path else f"line {number}"

    def note(self, code: str, column: str, message: str, remedy: str) -> None:
        """Note an error of the value under a column."""
        path = child_path(self._entry.path, column) if column else self._entry.path
        self._notes.say(code, self._entry.place, path, message, remedy)

    def text(self, column: str) -> str | None:
        """Give the text under a column without the blanks around it; None where there is none."""
        value = self._entry.values.get(column)
        if value is TWICE:
            self.note("BB102", column, f"{column!r} is written twice", "keep one of the two")
            return None
        if value is None or isinstance(value, (str, int, float, Decimal, date)):
            return _written(value)
        remedy = "write text; what holds for several is a label for each"
        self.note("BB105", column, f"expected a value, found {what(value)}", remedy)
        return None

    def instant(self, column: str, remedy: str) -> int | None:
        """Give the microseconds since the epoch; a value that is missing is noted with the remedy."""
        value = self._entry.values.get(column)
        if isinstance(value, datetime) and value == value:  # noqa: PLR0124 - pandas' NaT is a datetime, and no time.
            try:
                return to_micros(value, column)
            except UsageError as error:
                message = error.message.removeprefix(f"{column}: ")
                self.note("BB106", column, message, error.remedy or "give it a tzinfo")
                return None
        before = len(self._notes)
        text = None if isinstance(value, datetime) else self.text(column)
        if text is None:
            if len(self._notes) == before:
                self.note("BB108", column, f"the label has no {column}", remedy)
            return None
        if _TOO_FINE.fullmatch(text):
            message = f"{text!r} has more than six digits behind the point"
            self.note("BB106", column, message, "cut it to microseconds")
            return None
        try:
            return parse_instant(text)
        except ValueError as error:
            message, _, advice = str(error).partition("; ")
            self.note("BB106", column, message, advice or "write it as in 2025-10-26T02:30:00Z")
            return None


def _written(value: object) -> str | None:
    match value:
        case str():
            return value.strip() or None
        case bool():
            return "true" if value else "false"
        case date():
            return value.isoformat()
        case float() if value != value:  # noqa: PLR0124 - what frames hand over where a value is missing.
            return None
        case _:
            return None if value is None else str(value)

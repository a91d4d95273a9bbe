"""What a document without errors surely holds."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from backburn.document.fields import Prose
from backburn.model.sli import Location

if TYPE_CHECKING:
    from collections.abc import Iterable

    from backburn.document.fields import Text
    from backburn.document.node import Table
    from backburn.document.shape import Shape

__all__ = ["PROSE", "column", "every", "location", "prose", "sure", "words"]

PROSE = ("title", "description", "rationale", "links", "review")
"""Fields for people: kept, shown, never judged."""

Value = TypeVar("Value")


def sure(value: Value | None) -> Value:
    """A field that must be there once a document has no errors."""
    if value is None:
        message = "a document without errors lacks a field"
        raise AssertionError(message)
    return value


def every(values: Iterable[Value | None]) -> tuple[Value, ...]:
    """Entries of a list, all of which must be there."""
    return tuple(sure(value) for value in values)


def words(text: Text | None) -> str | None:
    """A text that may be left out."""
    return None if text is None else text.text


def column(text: Text | None) -> str:
    """A text that must be there."""
    return sure(text).text


def prose(shape: Shape) -> dict[str, str]:
    """Give what is written for people, flattened."""
    written = (getattr(shape, name, None) for name in PROSE)
    return dict(entry for prose in written if isinstance(prose, Prose) for entry in prose.entries)


def location(node: Table) -> Location | None:
    """Say where a mapping stands; None where it was not read from text."""
    place = node.place
    if place.file is None or place.line is None or place.column is None:
        return None
    return Location(file=place.file, line=place.line, column=place.column, path=node.path)

"""What a document without errors surely holds."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterable

    from backburn.document.fields import Text

__all__ = ["column", "every", "sure", "words"]

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

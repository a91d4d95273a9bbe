"""Flow mappings that a comma inside an unquoted value has split: `{when: status IN (429, 503)}`."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from backburn.document.node import Node, Scalar

if TYPE_CHECKING:
    from backburn.document.notes import Notes

__all__ = ["mend"]


def mend(entries: list[tuple[Scalar, Node]], notes: Notes) -> list[tuple[Scalar, Node]]:
    """Join values that were split inside brackets or quotes, with one error for each instead of one for each piece."""
    mended: list[tuple[Scalar, Node]] = []
    rest = list(entries)
    while rest:
        key, value = rest.pop(0)
        if isinstance(value, Scalar) and value.plain and _unfinished(value.text):
            text, taken = value.text, 0
            # A piece is a key without a value; the last one may have swallowed what followed a colon.
            for piece, nothing in rest:
                if not (_unfinished(text) and piece.plain and isinstance(nothing, Scalar) and nothing.empty):
                    break
                text, taken = f"{text}, {piece.text}", taken + 1
            if taken and not _unfinished(text):
                message = f"the comma in {text!r} splits this mapping"
                notes.say("BB109", value.place, value.path, message, f"quote the value: {key.text}: {_quoted(text)}")
                mended.append((key, replace(value, text=text, mended=True)))
                del rest[:taken]
                continue
        mended.append((key, value))
    return mended


def _unfinished(text: str) -> bool:
    """Whether a bracket or a quote is still open at the end of the text."""
    depth, quoted = 0, False
    for letter in text:
        if letter == "'":
            quoted = not quoted
        elif not quoted:
            depth += (letter == "(") - (letter == ")")
    return quoted or depth > 0


def _quoted(text: str) -> str:
    return f'"{text}"' if '"' not in text else "'" + text.replace("'", "''") + "'"

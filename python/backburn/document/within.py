"""Where a character of a scalar's text stands in the source, so that an error in a predicate points at its word."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from backburn.document.node import Place

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

__all__ = ["locator"]

_ESCAPE = re.compile(r"\\(?:x[0-9A-Fa-f]{2}|u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8}|.)|.")
_QUOTED = re.compile(r"''|.")


def locator(
    lines: Sequence[str], start: Place, end: tuple[int, int], value: str, style: str | None
) -> Callable[[int], Place] | None:
    """A function from an offset in `value` to its place, or None where the text was folded over lines."""
    if start.line is None or start.column is None:
        return None
    line, column = start.line, start.column
    if style == "|":
        return _literal(lines, start, line, value)
    if end[0] != line or not 0 < line <= len(lines):
        return None
    source = lines[line - 1][column - 1 : end[1] - 1]
    if style is None:
        return lambda offset: Place(start.file, line, column + offset)
    letters = (_QUOTED if style == "'" else _ESCAPE).findall(source[1:-1])
    starts = [column + 1]
    for letter in letters:
        starts.append(starts[-1] + len(letter))
    return lambda offset: Place(start.file, line, starts[min(offset, len(starts) - 1)])


def _literal(lines: Sequence[str], start: Place, line: int, value: str) -> Callable[[int], Place]:
    """Each line of a literal block is a line of the source, behind its indentation."""

    def place(offset: int) -> Place:
        before = value[:offset].split("\n")
        number = line + len(before)
        if not 0 < number <= len(lines):
            return start
        text = value.split("\n")[len(before) - 1]
        indentation = len(lines[number - 1]) - len(text)
        return Place(start.file, number, max(indentation, 0) + len(before[-1]) + 1)

    return place

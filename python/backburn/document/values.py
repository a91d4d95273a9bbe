"""Python values as nodes, so that a dict is read by the same rules as a file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from backburn.document.node import Items, Node, Place, Scalar, Table, child_path
from backburn.document.yaml import DEEPEST, MOST_NODES

if TYPE_CHECKING:
    from backburn.document.notes import Notes

__all__ = ["plant"]

_NOWHERE = Place()


def plant(value: object, notes: Notes) -> Node:
    """The node of a value; what a document cannot hold goes to `notes`."""
    return _Planter(notes).node(value, "", 0)


class _Planter:
    """Counts as it goes: a value that holds itself must not grow for ever."""

    def __init__(self, notes: Notes) -> None:
        self._notes = notes
        self._nodes = 0

    def node(self, value: object, path: str, depth: int) -> Node:
        self._nodes += 1
        if depth > DEEPEST or self._nodes > MOST_NODES:
            if self._nodes <= MOST_NODES:
                self._refuse("BB110", path, f"the document is nested deeper than {DEEPEST} levels", "write it flat")
                self._nodes = MOST_NODES  # Say it once, and stop.
            return Scalar(text="", place=_NOWHERE, path=path, mended=True)
        match value:
            case Mapping():
                return self._table(value, path, depth)
            case str() | None | bool() | int() | float() | Decimal() | date():
                return Scalar(text=_text(value), place=_NOWHERE, path=path, plain=value is None)
            case Sequence() if not isinstance(value, (bytes, bytearray)):
                items = [self.node(item, child_path(path, number), depth + 1) for number, item in enumerate(value)]
                return Items(items=tuple(items), place=_NOWHERE, path=path)
            case _:
                message = f"a value of type {type(value).__name__!r} cannot stand in a document"
                self._refuse("BB105", path, message, "give text, a number, a list or a mapping")
                return Scalar(text="", place=_NOWHERE, path=path, mended=True)

    def _table(self, value: Mapping[object, object], path: str, depth: int) -> Table:
        entries: dict[str, tuple[Scalar, Node]] = {}
        for name, below in value.items():
            if not isinstance(name, (str, int)):
                self._refuse("BB105", path, f"a key is a word, not a {type(name).__name__}", None)
                continue
            word = _text(name)
            here = child_path(path, word)
            if word in entries:
                self._refuse("BB102", here, f"{word!r} is written twice", "keep one of the two")
                continue
            key = Scalar(text=word, place=_NOWHERE, path=here, plain=False)
            entries[word] = (key, self.node(below, here, depth + 1))
        return Table(entries=tuple(entries.values()), place=_NOWHERE, path=path)

    def _refuse(self, code: str, path: str, message: str, remedy: str | None) -> None:
        self._notes.say(code, _NOWHERE, path, message, remedy)


def _text(value: object) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case date():
            return value.isoformat()
        case Decimal() | float():
            # The shortest decimal that reads back as this float is what a person wrote: 0.999 is `0.999`.
            exact = Decimal(repr(value)) if isinstance(value, float) else value
            return format(exact, "f")
        case _:
            return str(value)

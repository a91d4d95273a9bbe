"""The tree of a document: every scalar as its source text, every node with its place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

__all__ = ["Items", "Node", "Place", "Scalar", "Table", "child_path"]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a node begins: `line` and `column` from 1, both None for values that Python handed over."""

    file: str | None = None
    line: int | None = None
    column: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Scalar:
    """A value as text. `plain` is one without quotes; `within` finds the place of a character (from 0) of the text."""

    text: str
    place: Place
    path: str
    plain: bool = True
    mended: bool = False
    within: Callable[[int], Place] | None = None

    @property
    def empty(self) -> bool:
        """Nothing stands here, not even quotes."""
        return self.plain and not self.text

    def at(self, offset: int) -> Place:
        """The place of the character at `offset` of the text; the scalar's own where that cannot be told."""
        return self.place if self.within is None else self.within(offset)


@dataclass(frozen=True, slots=True, kw_only=True)
class Items:
    """A list."""

    items: tuple[Node, ...]
    place: Place
    path: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A mapping, in the order in which it is written."""

    entries: tuple[tuple[Scalar, Node], ...]
    place: Place
    path: str

    def __iter__(self) -> Iterator[tuple[Scalar, Node]]:
        return iter(self.entries)

    def __contains__(self, name: str) -> bool:
        return any(key.text == name for key, _ in self.entries)

    def get(self, name: str) -> Node | None:
        """The value of a field, or None where it is not written."""
        return next((value for key, value in self.entries if key.text == name), None)

    def key(self, name: str) -> Scalar | None:
        """The key of a field, or None where it is not written."""
        return next((key for key, _ in self.entries if key.text == name), None)


Node = Scalar | Items | Table


def child_path(parent: str, child: str | int) -> str:
    """The path of a field or of an item.

    >>> child_path(child_path("objectives", 0), "sli")
    'objectives[0].sli'
    """
    if isinstance(child, int):
        return f"{parent}[{child}]"
    return f"{parent}.{child}" if parent else child

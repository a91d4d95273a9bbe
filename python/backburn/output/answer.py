"""What a verb hands over to be printed: for machines an envelope and a flat table, for people a view."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

__all__ = ["Answer", "Block", "Cell", "Flat", "Heading", "Lines", "Table", "Tone", "View"]

Tone = Literal["plain", "good", "bad", "doubt", "quiet"]
"""What a piece of text means; on a terminal it becomes a colour, and nothing is told by colour alone."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A piece of text, and what it means."""

    text: str
    tone: Tone = "plain"


@dataclass(frozen=True, slots=True)
class Heading:
    """The head of a column. Numbers are aligned to the right; words may be folded, but never numbers and names."""

    name: str
    kind: Literal["word", "name", "number"] = "word"


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under headings; each row has a cell for every heading.

    The first `keys` columns tell the rows apart: where a table is too wide for one, they stand in each of its parts.
    """

    headings: Sequence[Heading]
    rows: Sequence[Sequence[Cell]]
    keys: int = 0


@dataclass(frozen=True, slots=True)
class Lines:
    """Sentences, one a line; `listed` ones are points of a list, `greppable` ones are folded on a terminal only."""

    lines: Sequence[Cell]
    listed: bool = False
    greppable: bool = False


Block = Table | Lines


@dataclass(frozen=True, slots=True)
class View:
    """What a person reads: tables and sentences, from top to bottom."""

    blocks: Sequence[Block] = ()


@dataclass(frozen=True, slots=True)
class Flat:
    """One row per result, for spreadsheets; undefined is None."""

    columns: Sequence[str]
    records: Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A result in each of its shapes; those that nobody asks for are never made."""

    envelope: Callable[[], dict[str, Any]]
    view: Callable[[], View]
    flat: Callable[[], Flat]
    pieces: Mapping[str, Callable[[], Iterable[bytes]]] = field(default_factory=dict)
    """Formats that are made piece by piece, in whole lines of UTF-8, for there may be more than memory holds."""
    files: Mapping[str, Callable[[str], None]] = field(default_factory=dict)
    """Formats that are files; each writes itself to a path."""
    notes: Sequence[tuple[str, str]] = field(default=())
    """Codes and messages of what is worth knowing; the envelope has them too."""

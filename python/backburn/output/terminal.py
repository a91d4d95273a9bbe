"""Tables and sentences for a terminal, and the same without colour for a pipe.

The layout is our own: a library's takes a second for a few hundred series, and breaks numbers on a narrow screen.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import zip_longest
from typing import TYPE_CHECKING

from backburn.output.answer import Cell, Heading, Table
from backburn.output.fold import fold, text_width
from backburn.output.text import visible

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from backburn.output.answer import Block, Tone, View

__all__ = ["as_terminal"]

_COLOURS: dict[Tone, str] = {"good": "32", "bad": "1;31", "doubt": "33", "quiet": "2"}
_BOLD = "1"
_GAP = 2
# How a table is made narrower before it is cut: headings on several lines, then less air.
_SQUEEZES = ((_GAP, False), (_GAP, True), (1, True))
# A column of words is worth its place as long as it can show so much of them in a line.
_LEAST_WORD = 12


def as_terminal(view: View, *, width: int | None, colour: bool, terminal: bool = True) -> str:
    """Lay the view out. Without a width nothing is ever folded: a line of a table is a line of a file."""
    screen = _Screen(width=width, colour=colour, terminal=terminal)
    return "\n".join("".join(line + "\n" for line in screen.block(block)) for block in view.blocks)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Screen:
    width: int | None
    colour: bool
    terminal: bool

    def block(self, block: Block) -> Iterator[str]:
        if isinstance(block, Table):
            yield from self.table(_shown(block))
            return
        # Other programs know the width of the table that they show, and still take a finding to be a line.
        whole = self.width is None or (block.greppable and not self.terminal)
        for line in block.lines:
            text = visible(line.text)
            pieces = [text] if whole or self.width is None else fold(text, self.width)
            yield from (self.painted(piece, _COLOURS.get(line.tone)) for piece in pieces)

    def table(self, table: Table) -> Iterator[str]:
        for gap, split in _SQUEEZES:
            if self.fits(sum(_least_widths(table, split=split)), len(table.headings), gap):
                yield from self.rows(table, gap=gap, split=split)
                return
        parts = self.parts(table)
        for number, part in enumerate(parts):
            if number:
                yield ""
            yield from self.rows(part, gap=_GAP, split=True)
        if not parts:
            yield from self.stacks(table)

    def fits(self, cells: int, columns: int, gap: int) -> bool:
        return self.width is None or cells + gap * (columns - 1) <= self.width

    def parts(self, table: Table) -> list[Table]:
        """Cut a table that is too wide into several with the same first columns; none where those leave no room."""
        widths = [cells + _GAP for cells in _least_widths(table, split=True)]
        room = (self.width or 0) + _GAP - sum(widths[: table.keys])
        others = range(table.keys, len(widths))
        if not table.keys or any(widths[at] > room for at in others):
            return []
        groups: list[list[int]] = [[]]
        for at in others:
            if sum(widths[taken] for taken in groups[-1]) + widths[at] > room:
                groups.append([])
            groups[-1].append(at)
        return [_only(table, [*range(table.keys), *group]) for group in groups]

    def rows(self, table: Table, *, gap: int, split: bool) -> Iterator[str]:
        widths = self.widths(table, gap=gap, split=split)
        heads = [_names(heading, split=split) for heading in table.headings]
        most = max(map(len, heads))
        lifted = [[""] * (most - len(names)) + names for names in heads]
        bold = [_BOLD] * len(widths)
        for names in zip(*lifted, strict=True):
            yield self.line(table.headings, names, widths, bold, gap)
        for row in table.rows:
            colours = [_COLOURS.get(cell.tone) for cell in row]
            folded = [fold(cell.text, width) for cell, width in zip(row, widths, strict=True)]
            for pieces in zip_longest(*folded, fillvalue=""):
                yield self.line(table.headings, pieces, widths, colours, gap)

    def widths(self, table: Table, *, gap: int, split: bool) -> list[int]:
        """Give each column what it needs, and where that is too much, each column of words a fair part of the rest."""
        least, widths = _least_widths(table, split=split), _full_widths(table, split=split)
        if self.fits(sum(widths), len(widths), gap) or self.width is None:
            return widths
        left = self.width - gap * (len(widths) - 1) - sum(least)
        wanting = sorted((at for at in range(len(widths)) if widths[at] > least[at]), key=lambda at: widths[at])
        for number, at in enumerate(wanting):
            extra = min(widths[at] - least[at], left // (len(wanting) - number))
            least[at] += extra
            left -= extra
        return least

    def line(
        self,
        headings: Sequence[Heading],
        texts: Sequence[str],
        widths: Sequence[int],
        colours: Sequence[str | None],
        gap: int,
    ) -> str:
        pieces: list[str] = []
        for heading, text, width, colour in zip(headings, texts, widths, colours, strict=True):
            air = " " * (width - text_width(text))
            shown = self.painted(text, colour)
            pieces.append(air + shown if heading.kind == "number" else shown + air)
        return (" " * gap).join(pieces).rstrip()

    def stacks(self, table: Table) -> Iterator[str]:
        """Where the terminal is too narrow for any table: a line for each cell, and an empty one between rows."""
        column = max(text_width(heading.name) for heading in table.headings)
        room = max((self.width or 0) - column - _GAP, 1)
        for number, row in enumerate(table.rows):
            if number:
                yield ""
            for heading, cell in zip(table.headings, row, strict=True):
                name = self.painted(heading.name, _BOLD) + " " * (column - text_width(heading.name) + _GAP)
                for piece in fold(cell.text, room):
                    yield (name + self.painted(piece, _COLOURS.get(cell.tone))).rstrip()
                    name = " " * (column + _GAP)

    def painted(self, text: str, colour: str | None) -> str:
        return f"\x1b[{colour}m{text}\x1b[0m" if self.colour and colour and text else text


def _shown(table: Table) -> Table:
    rows = [[Cell(visible(cell.text), cell.tone) for cell in row] for row in table.rows]
    headings = [Heading(visible(heading.name), heading.kind) for heading in table.headings]
    return Table(headings=headings, rows=rows, keys=table.keys)


def _least_widths(table: Table, *, split: bool) -> list[int]:
    """Say how wide each column has to be for no number and no name to be broken, and words to stay words."""
    full = _full_widths(table, split=split)
    return [
        width
        if heading.kind != "word"
        else max(min(width, _LEAST_WORD), *map(text_width, _names(heading, split=split)))
        for heading, width in zip(table.headings, full, strict=True)
    ]


def _full_widths(table: Table, *, split: bool) -> list[int]:
    columns = zip(*table.rows, strict=True) if table.rows else ((),) * len(table.headings)
    return [
        max(*map(text_width, _names(heading, split=split)), *(text_width(cell.text) for cell in cells), 0)
        for heading, cells in zip(table.headings, columns, strict=True)
    ]


def _names(heading: Heading, *, split: bool) -> list[str]:
    return heading.name.split(" ") if split else [heading.name]


def _only(table: Table, columns: Sequence[int]) -> Table:
    rows: list[list[Cell]] = [[row[at] for at in columns] for row in table.rows]
    return Table(headings=[table.headings[at] for at in columns], rows=rows, keys=table.keys)

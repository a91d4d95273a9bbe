"""Tables and sentences for a terminal, and the same without colour for a pipe."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from backburn.output.answer import Cell, Table
from backburn.output.text import visible

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rich.console import Console, RenderableType
    from rich.table import Table as RichTable
    from rich.text import Text

    from backburn.output.answer import Block, Heading, Tone, View

__all__ = ["as_terminal"]

_STYLES: dict[Tone, str] = {"plain": "", "good": "green", "bad": "bold red", "doubt": "yellow", "quiet": "dim"}
_ENDLESS = 1_000_000
_GAP = 2
# How a table is made narrower before it is cut: headings on several lines, then less air.
_SQUEEZES = ((_GAP, False), (_GAP, True), (1, True))
# A column of words is worth its place as long as it can show so much of them in a line.
_LEAST_WORD = 12


def as_terminal(view: View, *, width: int | None, colour: bool) -> str:
    """Lay the view out. Without a width nothing is ever folded: a line of a table is a line of a file."""
    from rich.console import Console

    text = io.StringIO()
    console = Console(
        file=text,
        width=width or _ENDLESS,
        force_terminal=colour,
        color_system="standard" if colour else None,
        no_color=not colour,
        highlight=False,
        markup=False,
        emoji=False,
        legacy_windows=False,
    )
    for number, block in enumerate(view.blocks):
        if number:
            console.print()
        for part in _laid_out(block, console):
            console.print(part, overflow="fold")
    return "".join(line.rstrip() + "\n" for line in text.getvalue().splitlines())


def _laid_out(block: Block, console: Console) -> Iterator[RenderableType]:
    if not isinstance(block, Table):
        yield from map(_text, block.lines)
        return
    for gap, split in _SQUEEZES:
        if sum(_widths(block, split=split)) + gap * (len(block.headings) - 1) <= console.width:
            yield _table(block, gap=gap, split=split)
            return
    parts = _parts(block, console.width)
    pieces: list[RenderableType] = [_table(part, gap=_GAP, split=True) for part in parts]
    for number, piece in enumerate(pieces or [_stack(block.headings, row) for row in block.rows]):
        if number:
            yield ""
        yield piece


def _parts(table: Table, width: int) -> list[Table]:
    """Cut a table that is too wide into several with the same first columns; none where those leave no room."""
    widths = [cells + _GAP for cells in _widths(table, split=True)]
    room = width + _GAP - sum(widths[: table.keys])
    others = range(table.keys, len(widths))
    if not table.keys or any(widths[at] > room for at in others):
        return []
    groups: list[list[int]] = [[]]
    for at in others:
        if sum(widths[taken] for taken in groups[-1]) + widths[at] > room:
            groups.append([])
        groups[-1].append(at)
    return [_only(table, [*range(table.keys), *group]) for group in groups]


def _only(table: Table, columns: Sequence[int]) -> Table:
    return Table(
        headings=[table.headings[at] for at in columns],
        rows=[[row[at] for at in columns] for row in table.rows],
        keys=table.keys,
    )


def _widths(table: Table, *, split: bool) -> list[int]:
    """Say how wide each column has to be for no number to be broken, and words to stay words."""
    from rich.cells import cell_len

    widths: list[int] = []
    for at, heading in enumerate(table.headings):
        widest = max((cell_len(visible(row[at].text)) for row in table.rows), default=0)
        widest = widest if heading.kind == "number" else min(widest, _LEAST_WORD)
        widths.append(max(widest, *map(cell_len, _name(heading, split=split).split("\n"))))
    return widths


def _table(table: Table, *, gap: int, split: bool) -> RichTable:
    from rich.table import Table as RichTable

    grid = RichTable(box=None, pad_edge=False, padding=(0, gap, 0, 0), header_style="bold")
    for heading in table.headings:
        number = heading.kind == "number"
        name = _name(heading, split=split)
        grid.add_column(name, justify="right" if number else "left", no_wrap=number, overflow="fold")
    for row in table.rows:
        grid.add_row(*map(_text, row))
    return grid


def _name(heading: Heading, *, split: bool) -> str:
    return heading.name.replace(" ", "\n") if split else heading.name


def _stack(headings: Sequence[Heading], row: Sequence[Cell]) -> RichTable:
    """Where the terminal is too narrow for any table: a line for each cell."""
    from rich.table import Table as RichTable

    grid = RichTable.grid(padding=(0, _GAP, 0, 0))
    grid.add_column(no_wrap=True, style="bold")
    grid.add_column(overflow="fold")
    for heading, cell in zip(headings, row, strict=True):
        grid.add_row(heading.name, _text(cell))
    return grid


def _text(cell: Cell) -> Text:
    from rich.text import Text

    return Text(visible(cell.text), style=_STYLES[cell.tone])

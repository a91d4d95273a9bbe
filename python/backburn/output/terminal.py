"""Tables and sentences for a terminal, and the same without colour for a pipe."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from backburn.output.answer import Cell, Table
from backburn.output.text import visible

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console, RenderableType
    from rich.table import Table as RichTable
    from rich.text import Text

    from backburn.output.answer import Block, Heading, Tone, View

__all__ = ["as_terminal"]

_STYLES: dict[Tone, str] = {"plain": "", "good": "green", "bad": "bold red", "doubt": "yellow", "quiet": "dim"}
_ENDLESS = 1_000_000
_GAP = 2
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


def _laid_out(block: Block, console: Console) -> list[RenderableType]:
    if not isinstance(block, Table):
        return [_text(line) for line in block.lines]
    if _needs(block) <= console.width:
        return [_table(block)]
    return [_stack(block.headings, row, last=row is block.rows[-1]) for row in block.rows]


def _needs(table: Table) -> int:
    """Say how wide a terminal has to be for no number to be broken, and words to stay words."""
    from rich.cells import cell_len

    total = _GAP * (len(table.headings) - 1)
    for at, heading in enumerate(table.headings):
        widest = max((cell_len(visible(row[at].text)) for row in table.rows), default=0)
        widest = widest if heading.kind == "number" else min(widest, _LEAST_WORD)
        total += max(widest, cell_len(heading.name))
    return total


def _table(table: Table) -> RichTable:
    from rich.table import Table as RichTable

    grid = RichTable(box=None, pad_edge=False, padding=(0, _GAP, 0, 0), header_style="bold")
    for heading in table.headings:
        number = heading.kind == "number"
        grid.add_column(heading.name, justify="right" if number else "left", no_wrap=number, overflow="fold")
    for row in table.rows:
        grid.add_row(*map(_text, row))
    return grid


def _stack(headings: Sequence[Heading], row: Sequence[Cell], *, last: bool) -> RichTable:
    """Where the terminal is too narrow: a line for each cell, and an empty one after each row."""
    from rich.table import Table as RichTable

    grid = RichTable.grid(padding=(0, _GAP, 0, 0))
    grid.add_column(no_wrap=True, style="bold")
    grid.add_column(overflow="fold")
    for heading, cell in zip(headings, row, strict=True):
        grid.add_row(heading.name, _text(cell))
    if not last:
        grid.add_row("", "")
    return grid


def _text(cell: Cell) -> Text:
    from rich.text import Text

    return Text(visible(cell.text), style=_STYLES[cell.tone])

"""Markdown: tables and sentences that GitHub and its like show."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from backburn.output.answer import Table
from backburn.output.text import visible

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from backburn.output.answer import Block, View

__all__ = ["as_markdown"]

# What would break a table's row, start a tag or a link, or change the type.
_SPECIAL = re.compile(r"([\\|<*`\[~])")
_FIRST = re.compile(r"^(\s*)([#>+-]|\d+[.)])")


def as_markdown(view: View) -> str:
    """Write the blocks, an empty line between them."""
    return "\n".join("".join(line + "\n" for line in _block(block)) for block in view.blocks)


def _block(block: Block) -> Iterator[str]:
    if isinstance(block, Table):
        yield _row(_escaped(heading.name) for heading in block.headings)
        yield _row("---:" if heading.kind == "number" else "---" for heading in block.headings)
        for cells in block.rows:
            yield _row(_escaped(cell.text) for cell in cells)
        return
    texts = [_escaped(line.text) for line in block.lines]
    if block.listed:
        yield from (f"- {text}" for text in texts)
        return
    # Two spaces at the end keep the lines apart.
    for text in texts[:-1]:
        yield _started(text) + "  "
    yield from map(_started, texts[-1:])


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _escaped(text: str) -> str:
    return _SPECIAL.sub(r"\\\1", visible(text))


def _started(text: str) -> str:
    return _FIRST.sub(lambda match: f"{match[1]}\\{match[2]}" if not match[2][0].isdigit() else match[0], text)

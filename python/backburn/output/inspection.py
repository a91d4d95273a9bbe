"""How the inspection of files looks: what each is and why, its columns, and what stands in its first rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backburn.engine.skipped import Skipped
from backburn.output.answer import Answer, Cell, Heading, Lines, Table, View
from backburn.output.delimited import flatten
from backburn.output.numbers import count_text, size_text
from backburn.output.rollup import indicator_table
from backburn.output.skipped import skipped_text
from backburn.output.text import shorten

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backburn.engine.inspection import InspectedFile, Inspection
    from backburn.output.answer import Block

__all__ = ["answer"]

_GLANCE = 32
"""What of a value is needed to tell what a column holds; the envelope has all of it."""


def answer(inspection: Inspection) -> Answer:
    """Give an inspection its shapes."""
    return Answer(
        envelope=inspection.to_dict,
        view=lambda: View([block for file in inspection.files for block in _blocks(file)] + _sum(inspection)),
        flat=lambda: flatten([file.to_dict() for file in inspection.files]),
    )


def _blocks(file: InspectedFile) -> Iterator[Block]:
    head = [Cell(f"{file.file}: {file.format}, {', '.join(_facts(file))}"), Cell(file.why, "quiet")]
    if file.skipped is not None:
        head.append(Cell(_skipped(file.skipped, file.row_groups)))
    yield Lines(head)
    if file.facts is not None:
        yield indicator_table(file.facts)
    elif file.columns:
        yield _columns(file)


def _facts(file: InspectedFile) -> Iterator[str]:
    yield "a pipe" if file.size is None else size_text(file.size)
    if file.rows is not None:
        yield f"{count_text(file.rows)} rows"
    if file.row_groups is not None:
        yield f"{count_text(file.row_groups)} row {'group' if file.row_groups == 1 else 'groups'}"
    if file.start is not None and file.end is not None:
        yield f"{file.start:%Y-%m-%d %H:%M:%S} to {file.end:%Y-%m-%d %H:%M:%S} UTC"
    for name, value in file.partitions.items():
        yield f"{name}={'null' if value is None else value}"


def _skipped(skipped: Skipped, row_groups: int | None) -> str:
    if skipped.files:
        return "outside the asked time, by the date of its folder"
    if not skipped.row_groups:
        return "all of it would be read"
    return f"outside the asked time: {count_text(skipped.row_groups)} of {count_text(row_groups or 0)} row groups"


def _sum(inspection: Inspection) -> list[Block]:
    """Say in the end what `evaluate` would say in the beginning."""
    known = [file.skipped for file in inspection.files if file.skipped is not None]
    if not known:
        return []
    files, row_groups = sum(one.files for one in known), sum(one.row_groups for one in known)
    text = skipped_text(Skipped(files=files, row_groups=row_groups))
    return [Lines([Cell(text or "nothing would be skipped")])]


def _columns(file: InspectedFile) -> Table:
    """Turn the rows on their side: there are more columns than a screen has room for, and few rows."""
    headings = [Heading("column"), Heading("type")]
    units = any(column.unit is not None for column in file.columns)
    if units:
        headings.append(Heading("unit"))
    marks = any(column.marks == "start" for column in file.columns)
    if marks:
        headings.append(Heading("marks"))
    headings += [Heading(f"row {number}") for number in range(1, len(file.first) + 1)]
    rows: list[list[Cell]] = []
    for column in file.columns:
        cells = [Cell(column.name), Cell(column.type, "quiet")]
        if units:
            cells.append(Cell(column.unit or ""))
        if marks:
            cells.append(Cell(column.marks or ""))
        cells += [_value(row.get(column.name)) for row in file.first]
        rows.append(cells)
    return Table(headings, rows)


def _value(value: str | None) -> Cell:
    return Cell("null", "quiet") if value is None else Cell(shorten(value, _GLANCE))

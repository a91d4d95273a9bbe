"""How a conversion looks: what was written, from which logs, and what was no row."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backburn.output.answer import Answer, Cell, Heading, Lines, Table, View
from backburn.output.delimited import flatten
from backburn.output.numbers import count_text, size_text

if TYPE_CHECKING:
    from backburn.evaluation.conversion import Conversion

__all__ = ["answer"]


def answer(conversion: Conversion) -> Answer:
    """Give a conversion its shapes."""
    return Answer(
        envelope=conversion.to_dict,
        view=lambda: _view(conversion),
        flat=lambda: flatten([file.to_dict() for file in conversion.files]),
        notes=[(note.code, note.message) for note in conversion.notes],
    )


def _view(conversion: Conversion) -> View:
    data = conversion.data
    parts = [f"{count_text(data.rows)} rows"]
    if data.rejected:
        parts.append(f"{count_text(data.rejected)} rejected")
    parts.append(f"{count_text(len(conversion.columns))} columns")
    parts.append(size_text(conversion.size))
    if data.start is not None and data.end is not None:
        parts.append(f"{data.start:%Y-%m-%d %H:%M:%S} to {data.end:%Y-%m-%d %H:%M:%S} UTC")
    headings = [Heading("log"), Heading("format"), Heading("why"), Heading("rows", "number")]
    rows = [
        [Cell(file.file), Cell(file.format), Cell(file.why, "quiet"), Cell(count_text(file.rows))]
        for file in conversion.files
    ]
    return View([Lines([Cell(f"{conversion.file}: {', '.join(parts)}")]), Table(headings, rows)])

"""How an allowed downtime looks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from backburn.engine.envelope import envelope
from backburn.output.answer import Answer, Cell, Flat, Heading, Table, View
from backburn.output.numbers import target_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from backburn.evaluation.downtime import Downtime

__all__ = ["answer"]


def answer(downtimes: Sequence[Downtime]) -> Answer:
    """Give the downtimes of several targets their shapes, side by side."""
    notes = dict.fromkeys((note["code"], note["message"]) for one in downtimes for note in one.to_dict()["notes"])
    return Answer(
        envelope=lambda: envelope(
            "downtime",
            results=_records(downtimes),
            notes=[{"code": code, "message": message} for code, message in notes],
        ),
        view=lambda: View([_table(downtimes)]),
        flat=lambda: Flat(("target", "window", "length", "seconds", "minutes", "text"), _records(downtimes)),
        notes=tuple(notes),
    )


def _records(downtimes: Sequence[Downtime]) -> list[dict[str, Any]]:
    return [record for one in downtimes for record in one.to_dict()["results"]]


def _table(downtimes: Sequence[Downtime]) -> Table:
    headings = [Heading("target", "number"), *(Heading(row.window, "number") for row in downtimes[0].rows)]
    rows = [[Cell(target_text(one.target)), *(Cell(row.text) for row in one.rows)] for one in downtimes]
    return Table(headings, rows)

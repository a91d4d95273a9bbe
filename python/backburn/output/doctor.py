"""How a look at the installation is told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backburn.output.answer import Answer, Cell, Flat, Heading, Lines, Table, View

if TYPE_CHECKING:
    from backburn.evaluation.doctor import Doctor
    from backburn.output.answer import Tone

__all__ = ["answer"]

_TONES: dict[str, Tone] = {"ok": "good", "warning": "doubt", "problem": "bad"}


def answer(doctor: Doctor) -> Answer:
    """Give what was looked at its shapes."""
    return Answer(
        envelope=doctor.to_dict,
        view=lambda: _view(doctor),
        flat=lambda: Flat([column.name for column in doctor.columns()], doctor.records()),
    )


def _view(doctor: Doctor) -> View:
    headings = [Heading("what"), Heading("found"), Heading("status")]
    rows = [[Cell(check.name), Cell(check.value), Cell(check.status, _TONES[check.status])] for check in doctor.checks]
    remedies = [Cell(f"{check.name}: {check.remedy}", _TONES[check.status]) for check in doctor.problems]
    closing = Cell("All is well.", "good") if not remedies else Cell(f"{len(remedies)} to look at.", "doubt")
    listed = [Lines(remedies, listed=True)] if remedies else []
    return View([Table(headings, rows), *listed, Lines([closing])])

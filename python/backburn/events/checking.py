"""Rows of labels as labels: which are incidents, when and where each was, and whether they agree with each other."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Literal

from backburn.document.node import Place
from backburn.document.words import suggestion
from backburn.events.columns import naming
from backburn.events.labels import Label, Labels
from backburn.events.values import Row

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from backburn.document.notes import Notes
    from backburn.events.entries import Table

__all__ = ["check", "check_again"]

Kind = Literal["incident", "unsure"]

_KINDS: Mapping[str, Kind | None] = {
    "incident": "incident",
    "fault": "incident",
    "outage": "incident",
    "unsure": "unsure",
    "deploy": None,
    "maintenance": None,
}
"""What each word of the column `kind` means; None is no incident."""

_NEEDED = {
    "start": "write when it began, as in 2025-10-26T02:30:00Z",
    "end": "write when it ended; for one that goes on, the end of the data",
}
_NOTHING = "write a row for each incident; without one there is nothing to score"


def check(table: Table, by: Sequence[str], objectives: Sequence[str], notes: Notes, name: str) -> Labels:
    """Read every row; those that are no incidents are counted and left out."""
    where = naming(by)
    labels: list[Label] = []
    left_out: Counter[str] = Counter()
    numbers: dict[str, int] = {}
    for entry in table.entries:
        row = Row(entry, notes)
        word = row.text("kind") or "incident"
        if word in _KINDS and _KINDS[word] is None:
            left_out[word] += 1
            continue
        _check_id(row, numbers)
        _check_objective(row, objectives)
        span = _span(row, word, table.columns)
        if span is not None:
            labels.append(_label(row, *span, where))
    if not labels and not len(notes):
        message = "there is no label in it" if not left_out else f"there is no incident in it, only {_counts(left_out)}"
        notes.say("BB100", table.place, "", message, _NOTHING)
    return Labels(labels=tuple(labels), left_out=dict(left_out), notes=tuple(_said(labels, left_out)), name=name)


def check_again(labels: Labels, objectives: Sequence[str], notes: Notes) -> None:
    """Note what is wrong with labels that were read before, for these objectives."""
    place = Place(labels.name)
    if not labels.labels:
        notes.say("BB100", place, "", "there is no label in it", _NOTHING)
    for number, label in enumerate(labels.labels):
        if label.objective is not None and label.objective not in objectives:
            message, remedy = _no_objective(label.objective, objectives)
            notes.say("BB112", place, f"labels[{number}].objective", message, remedy)


def _span(row: Row, word: str, columns: Mapping[str, object]) -> tuple[Kind, int, int] | None:
    """Read what a label marks and when; None where something is wrong with it."""
    kind = _KINDS.get(word)
    if kind is None:
        row.note("BB106", "kind", f"unknown kind {word!r}", suggestion(word, _KINDS))
    edges = []
    for edge, remedy in _NEEDED.items():
        # Of what is no incident, perhaps, nobody knows whether it needs an end.
        known = edge in columns and (kind is not None or row.text(edge) is not None)
        edges.append(row.instant(edge, remedy) if known else None)
    start, end = edges
    if start is None or end is None:
        return None
    if end <= start:
        message = f"the end {row.text('end')!r} is not after the start {row.text('start')!r}"
        row.note("BB106", "end", message, "write start before end")
        return None
    return None if kind is None else (kind, start, end)


def _label(row: Row, kind: Kind, start: int, end: int, where: Sequence[str]) -> Label:
    return Label(
        id=row.text("id"),
        kind=kind,
        start=start,
        end=end,
        where={column: value for column in where if (value := row.text(column)) is not None},
        objective=row.text("objective"),
        severity=row.text("severity"),
        category=row.text("class"),
        source=row.text("source"),
        line=row.number,
    )


def _check_id(row: Row, numbers: dict[str, int]) -> None:
    name = row.text("id")
    if name is not None and (first := numbers.setdefault(name, row.number)) != row.number:
        message = f"the id {name!r} is that of {row.named(first)} too"
        row.note("BB113", "id", message, "give each label an id of its own")


def _check_objective(row: Row, objectives: Sequence[str]) -> None:
    name = row.text("objective")
    if name is not None and name not in objectives:
        row.note("BB112", "objective", *_no_objective(name, objectives))


def _no_objective(name: str, objectives: Sequence[str]) -> tuple[str, str]:
    remedy = suggestion(name, objectives) if objectives else "leave it empty, for any objective"
    return f"no document has an objective {name!r}", remedy


def _said(labels: Sequence[Label], left_out: Mapping[str, int]) -> Iterator[str]:
    if left_out:
        yield f"{_counts(left_out)} left out: only incidents are scored"
    if labels and all(label.kind == "unsure" for label in labels):
        yield "no label is an incident: there is nothing that could be detected"


def _counts(left_out: Mapping[str, int]) -> str:
    """Count rows by kind.

    >>> _counts({"deploy": 12, "maintenance": 1})
    '13 rows (12 of kind deploy, 1 of kind maintenance)'
    """
    total = sum(left_out.values())
    kinds = ", ".join(f"{count} of kind {kind}" for kind, count in left_out.items())
    return f"{total} row{'' if total == 1 else 's'} ({kinds})"

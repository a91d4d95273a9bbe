"""The columns of labels: which are known, which are a slip of the pen, and which are left out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backburn.document.words import nearest
from backburn.events.values import Row

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from backburn.document.notes import Notes
    from backburn.events.entries import Table

__all__ = ["WORDS", "naming", "sort_out"]

WORDS = ("id", "kind", "service", "start", "end", "severity", "class", "source", "objective")
"""The columns of every file of labels; those of the documents' `by` stand beside them."""

_NEEDED = ("start", "end")
_FOREIGN: Mapping[str, str] = {
    "begin": "start",
    "category": "class",
    "finish": "end",
    "from": "start",
    "slo": "objective",
    "stop": "end",
    "to": "end",
    "type": "kind",
    "until": "end",
}


def naming(by: Sequence[str]) -> tuple[str, ...]:
    """Give the columns that name series: the service, and each label of `by` that is no word of the labels' own.

    >>> naming(["service", "route", "class"])
    ('service', 'route')
    """
    return tuple(dict.fromkeys(("service", *(name for name in by if name not in WORDS))))


def sort_out(table: Table, by: Sequence[str], notes: Notes) -> tuple[str, ...]:
    """Note the columns that cannot be meant and those that are missing; give sentences about those that are left out.

    A column that nearly has the name of one which is not there is an error: left out, its labels would hold for every
    series.
    """
    known = (*WORDS, *by)
    absent = [word for word in dict.fromkeys(known) if word not in table.columns]
    said, meant = [], set()
    for name, (place, path) in table.columns.items():
        if name in known:
            continue
        close = _FOREIGN.get(name.lower())
        close = close if close in absent else nearest(name, absent)
        if close is None:
            said.append(f"the column {name!r} is left out: no document tells series apart by it")
        else:
            meant.add(close)
            remedy = f"did you mean {close!r}? if not, give it another name"
            notes.say("BB103", place, path, f"unknown column {name!r}", remedy)
    for word in _NEEDED:
        if word in absent and word not in meant:
            _miss(word, table, notes)
    return (*said, *_hidden(table, by, notes))


def _miss(word: str, table: Table, notes: Notes) -> None:
    remedy = f"give each label one, as in {word}: 2025-10-26T02:30:00Z"
    if table.place.line is not None:
        remedy = "name the columns in the first line, as in id,kind,service,start,end"
    notes.say("BB108", table.place, word, f"there is no column {word!r}", remedy)


def _hidden(table: Table, by: Sequence[str], notes: Notes) -> list[str]:
    """Say of labels of series that cannot be named, because the word says something of the incident."""
    hidden = [name for name in by if name in WORDS and name not in naming(by)]
    return [
        f"the column {name!r} tells of the incident, and its labels hold for every {name!r} of the series"
        for name in hidden
        if any(Row(entry, notes).text(name) for entry in table.entries)
    ]

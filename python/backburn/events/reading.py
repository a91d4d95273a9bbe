"""Labels out of a file or a list: every error at once, and nothing left out in silence."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from backburn.document.node import Place
from backburn.document.notes import Notes
from backburn.document.words import listed
from backburn.errors import DataAccessError, DataError, DataNotFoundError, DataPermissionError, UsageError
from backburn.events.checking import check, check_again
from backburn.events.columns import sort_out
from backburn.events.entries import FORMS, Table, from_list
from backburn.events.labels import Labels

LabelsArgument = str | os.PathLike[str] | Sequence[Mapping[str, object]] | Mapping[str, object] | Labels

__all__ = ["LabelsArgument", "read_labels"]

_LARGEST = 64 * 2**20


def read_labels(asked: LabelsArgument, by: Sequence[str], objectives: Sequence[str]) -> Labels:
    """Read labels of incidents for documents that tell series apart `by` some labels and have these `objectives`.

    Args:
        asked: the path of a file that ends with .csv, .json or .ndjson, a list of mappings with the same words, or
            `Labels` that were read before.
        by: the labels through which the documents see their series, as in `("service", "route")`.
        objectives: the names of the documents' objectives.

    >>> rows = [{"service": "shop", "start": "2025-10-15T02:00:00+02:00", "end": "2025-10-15T01:00:00Z"}]
    >>> read_labels(rows, ["service"], ["availability"]).labels[0].where
    {'service': 'shop'}
    >>> read_labels([{"start": "2025-10-15 02:00", "end": "2025-10-15T03:00:00Z"}], [], [])
    Traceback (most recent call last):
    ...
    backburn.errors.SpecError: [0].start: '2025-10-15 02:00' names no zone; add Z for UTC or an offset such as +01:00

    Raises:
        SpecError: the labels have errors; `findings` lists all of them.
        UsageError: no labels can be read from what is given, or the file has another ending.
        DataError: the file is not there, or cannot be read.
    """
    notes = Notes()
    if isinstance(asked, Labels):
        check_again(asked, objectives, notes)
        notes.settle()
        return asked
    name, table = _table(asked, notes)
    said = sort_out(table, by, notes) if table.columns or table.entries else ()
    found = check(table, by, objectives, notes, name)
    notes.settle()
    return replace(found, notes=(*said, *found.notes))


def _table(asked: object, notes: Notes) -> tuple[str, Table]:
    """Give the name of what holds the labels, and its rows."""
    if isinstance(asked, (str, os.PathLike)):
        name = os.fspath(asked)
        if not isinstance(name, str):
            raise UsageError(f"the path {name!r} is made of bytes", "decode it with os.fsdecode")
        form = FORMS.get(Path(name).suffix.lower())
        if form is None:
            remedy = f"name a file that ends with {listed(FORMS)}"
            raise UsageError(f"'{name}' does not end as a file of labels does", remedy, value=name)
        text = _text(name, notes)
        return name, Table(place=Place(name)) if text is None else form(text, name, notes)
    if isinstance(asked, (Sequence, Mapping)) and not isinstance(asked, (bytes, bytearray)):
        return "labels", from_list(asked, Place(), notes)
    kind = f"{type(asked).__module__}.{type(asked).__qualname__}"
    remedy = "give the path of a file, a list of mappings, or Labels"
    raise UsageError(f"labels of type {kind} cannot be read", remedy, value=kind)


def _text(name: str, notes: Notes) -> str | None:
    """Read a file; what cannot be decoded is noted."""
    try:
        with Path(name).open("rb") as stream:
            content = stream.read(_LARGEST + 1)
    except (OSError, ValueError) as error:
        raise _trouble(error, name) from error
    if len(content) > _LARGEST:
        message = "the file is larger than 64 MiB, and so no file of labels"
        notes.say("BB100", Place(name), "", message, "name the file that lists the incidents")
        return None
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        value = f"0x{content[error.start]:02x}"
        notes.say("BB100", Place(name, line), "", f"the byte {value} is not UTF-8 text", "save the file as UTF-8")
        return None


def _trouble(error: OSError | ValueError, name: str) -> DataError:
    match error:
        case FileNotFoundError():
            return DataNotFoundError("no such file or directory", "check the path of the labels", file=name)
        case PermissionError():
            return DataPermissionError("permission denied", "ask for leave to read it", file=name)
        case OSError(strerror=str() as reason):
            return DataAccessError(reason[:1].lower() + reason[1:], "name a file that lists the incidents", file=name)
        case _:
            return DataAccessError("the path cannot be used", "check the path of the labels", file=name)

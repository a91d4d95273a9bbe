"""Rows of labels out of a text, CSV, JSON or NDJSON, each with its place; what is no row is noted."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from backburn.document.node import Place, child_path

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backburn.document.notes import Notes

__all__ = ["FORMS", "TWICE", "Entry", "Table", "from_csv", "from_json", "from_list", "from_ndjson", "what"]

TWICE = object()
"""The value of a key that an object holds twice."""

_AS_LIST = "write a list of objects, as in [{start: ..., end: ...}]"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One row: its values by column, where it stands, and `number`, its line or its place in the list, from 1."""

    values: Mapping[str, object]
    place: Place
    path: str = ""
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """The rows of a text, and each column with the place and the path of where it is first written."""

    entries: tuple[Entry, ...] = ()
    columns: Mapping[str, tuple[Place, str]] = field(default_factory=dict)
    place: Place


def from_csv(text: str, file: str, notes: Notes) -> Table:
    """Read the rows of CSV, whose first line names the columns; values are stripped, rows without any are blank."""
    rows = _records(text, file, notes)
    line, heading = next(rows, (1, []))
    top = Place(file, line)
    names = _names(heading, top, notes)
    if not names:
        return Table(place=top)
    entries = []
    for number, values in rows:
        if len(values) < len(names) or any(values[len(names) :]):
            remedy = "give each column its value or an empty one, and quote values that contain a comma"
            message = f"the row has {len(values)} values, and there are {len(names)} columns"
            notes.say("BB105", Place(file, number), "", message, remedy)
            continue
        for column, (name, value) in enumerate(zip(names, values, strict=False), 1):
            if value and not name:
                message = f"column {column} has the value {value!r} and no name"
                notes.say("BB105", Place(file, number), "", message, "name the column in the first line")
        named = {name: value for name, value in zip(names, values, strict=False) if name}
        entries.append(Entry(values=named, place=Place(file, number), number=number))
    return Table(entries=tuple(entries), columns={name: (top, name) for name in names if name}, place=top)


def _records(text: str, file: str, notes: Notes) -> Iterator[tuple[int, list[str]]]:
    """Give each record that is not blank, with the line in which it begins."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    while True:
        line = reader.line_num + 1
        try:
            values = [value.strip() for value in next(reader)]
        except StopIteration:
            return
        except csv.Error as error:
            remedy = "close each quote, and write a quote inside a quoted value twice"
            notes.say("BB101", Place(file, line), "", f"the row that begins here is not CSV: {error}", remedy)
            return
        if any(values):
            yield line, values


def _names(heading: Sequence[str], place: Place, notes: Notes) -> list[str]:
    names = list(heading)
    while names and not names[-1]:
        names.pop()
    for sign, word in ((";", "semicolons"), ("\t", "tabs")):
        if len(names) == 1 and sign in names[0]:
            notes.say("BB101", place, "", f"the columns are separated by {word}", "separate them by commas")
            return []
    for name in dict.fromkeys(names):
        if name and names.count(name) > 1:
            notes.say("BB102", place, name, f"the column {name!r} is written twice", "keep one of the two")
    return names


def from_json(text: str, file: str, notes: Notes) -> Table:
    """Read the rows of JSON: a list of objects, or an object with such a list under `labels`."""
    place = Place(file)
    value = _parsed(text, place, 1, notes)
    return Table(place=place) if value is None else from_list(value[0], place, notes)


def from_ndjson(text: str, file: str, notes: Notes) -> Table:
    """Read the rows of NDJSON: an object on each line that is not blank."""
    entries: list[Entry] = []
    for number, line in enumerate(text.split("\n"), 1):
        place = Place(file, number)
        value = _parsed(line, place, number, notes) if line.strip() else None
        if value is not None:
            entries += _entry(value[0], place, "", number, notes)
    return _table(entries, Place(file))


FORMS = {".csv": from_csv, ".json": from_json, ".ndjson": from_ndjson, ".jsonl": from_ndjson}
"""How a file is read, by its ending."""


def from_list(value: object, place: Place, notes: Notes) -> Table:
    """Read the rows of values that are parsed: a list of mappings, or a mapping with such a list under `labels`."""
    path = ""
    if isinstance(value, Mapping) and "labels" in value:
        path, value = "labels", value["labels"]
    if not isinstance(value, Sequence) or isinstance(value, (str, bytes, bytearray)):
        notes.say("BB105", place, path, f"expected a list of labels, found {what(value)}", _AS_LIST)
        return Table(place=place)
    entries: list[Entry] = []
    for index, item in enumerate(value):
        entries += _entry(item, place, child_path(path, index), index + 1, notes)
    return _table(entries, place)


def _entry(value: object, place: Place, path: str, number: int, notes: Notes) -> list[Entry]:
    if not isinstance(value, Mapping):
        message = f"expected an object with start and end, found {what(value)}"
        notes.say("BB105", place, path, message, "write {start: ..., end: ...}")
        return []
    strange = [key for key in value if not isinstance(key, str)]
    for key in strange:
        notes.say("BB105", place, path, f"the key {key!r} is no text", "name the columns by words")
    named = {key.strip(): item for key, item in value.items() if isinstance(key, str)}
    return [Entry(values=named, place=place, path=path, number=number)]


def _table(entries: Sequence[Entry], place: Place) -> Table:
    columns: dict[str, tuple[Place, str]] = {}
    for entry in entries:
        for name in entry.values:
            columns.setdefault(name, (entry.place, child_path(entry.path, name)))
    return Table(entries=tuple(entries), columns=columns, place=place)


def _parsed(text: str, place: Place, line: int, notes: Notes) -> tuple[object] | None:
    """Parse JSON whose first line is `line`; numbers stay the text that was written."""
    try:
        return (
            json.loads(
                text, parse_int=str, parse_float=str, parse_constant=_refuse_constant, object_pairs_hook=_object
            ),
        )
    except json.JSONDecodeError as error:
        at = Place(place.file, line + error.lineno - 1, error.colno)
        message = f"the text is not JSON: {error.msg[:1].lower()}{error.msg[1:]}"
    except (ValueError, RecursionError) as error:
        nested = isinstance(error, RecursionError)
        at, message = place, f"the text is not JSON: {'it is nested too deeply' if nested else error}"
    notes.say("BB101", at, "", message, "mend it there, or name a file that ends as its content does")
    return None


def _refuse_constant(word: str) -> object:
    msg = f"{word} is no value of JSON"
    raise ValueError(msg)


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    counts = Counter(name for name, _ in pairs)
    return {name: TWICE if counts[name] > 1 else value for name, value in pairs}


def what(value: object) -> str:
    """Say what a value is that stands where another kind of value was expected."""
    match value:
        case None:
            return "nothing"
        case Mapping():
            return "a mapping"
        case str():
            return f"the text {value!r}"
        case Sequence():
            return "a list"
        case _:
            return f"a value of type {type(value).__name__}"

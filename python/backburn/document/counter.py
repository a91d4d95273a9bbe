"""Counters: `{counter: path}`, in the place of a predicate."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated

from backburn.document.checked import location_of, predicate
from backburn.document.fields import scalar
from backburn.document.node import Node, Scalar, Table, child_path
from backburn.document.shape import Reads
from backburn.document.words import suggestion
from backburn.model.sli import Counter, Predicate

if TYPE_CHECKING:
    from backburn.document.notes import Notes

__all__ = ["OperandField", "column_of"]

_SEGMENT = re.compile(r'"((?:[^"]|"")*)"|([^."]+)')
_SUM = "a predicate counts rows; for rows that stand for many events write source.columns.count"


def column_of(path: str) -> str:
    """The column that a path leads to: the keys of nested objects joined with dots, as the reader of JSON names it.

    >>> column_of('server_zones."hg.nginx.org".responses.5xx')
    'server_zones.hg.nginx.org.responses.5xx'

    Raises:
        ValueError: the path is none; the remedy stands behind a semicolon.
    """
    keys: list[str] = []
    at = 0
    while True:
        found = _SEGMENT.match(path, at)
        if found is None:
            break
        quoted, plain = found.groups()
        keys.append(plain if quoted is None else quoted.replace('""', '"'))
        at = found.end()
        if at == len(path):
            return ".".join(keys)
        if path[at] != ".":
            break
        at += 1
    if path.count('"') % 2:
        msg = f'a quote in {path!r} is never closed; quote a whole key, as in zones."a.example".requests'
        raise ValueError(msg)
    msg = f"{path!r} is no path; write keys with dots between them, one with a dot in quotes"
    raise ValueError(msg)


def _operand(node: Node, notes: Notes) -> Predicate | Counter | None:
    if not isinstance(node, Table):
        return predicate(node, notes)
    inner = node.get("counter")
    if inner is None:
        _no_counter(node, notes)
        return None
    for key, _ in node:
        if key.text != "counter":
            notes.about("BB103", key, f"unknown field {key.text!r}", "write {counter: path} and nothing beside it")
    text = scalar(inner, notes, "write the path of a counter, as in {counter: requests.failed}")
    if text is None or not isinstance(inner, Scalar):
        return None
    try:
        column = column_of(text)
    except ValueError as error:
        message, _, remedy = str(error).partition("; ")
        notes.about("BB106", inner, message, remedy)
        return None
    return Counter(column=column, location=location_of(inner))


def _no_counter(node: Table, notes: Notes) -> None:
    if "sum" in node:
        notes.about("BB104", node, "{sum: ...} does not exist yet", _SUM)
        return
    for key, _ in node:
        notes.about("BB103", key, f"unknown field {key.text!r}", suggestion(key.text, ["counter"]))
    if not node.entries:
        path = child_path(node.path, "counter")
        notes.say("BB108", node.place, path, "'counter' is missing", "write {counter: path}, or a SQL expression")


_COUNTER = {
    "type": "object",
    "properties": {
        "counter": {
            "type": ["string", "number"],
            "description": "The column of a cumulative counter: keys with dots between them, one with a dot in quotes.",
        }
    },
    "required": ["counter"],
    "additionalProperties": False,
}
OperandField = Annotated[
    Predicate | Counter | None, Reads(_operand, {"anyOf": [{"type": "string", "minLength": 1}, _COUNTER]})
]

"""The values of the grammar: how each is read, what is said where it cannot be, and how a schema describes it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, TypeVar
from unicodedata import normalize

from backburn.document.node import Node, Scalar, Table
from backburn.document.shape import Reads, what
from backburn.document.words import suggestion
from backburn.units import parse_instant, parse_share

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from backburn.document.notes import Notes

__all__ = [
    "IdField",
    "InstantField",
    "Prose",
    "ProseField",
    "ScaleField",
    "ShareField",
    "Text",
    "TextField",
    "WholeField",
    "parsed",
    "scalar",
    "table_of",
    "text_reads",
    "word_of",
]

Value = TypeVar("Value")


def scalar(node: Node, notes: Notes, remedy: str | None = None) -> str | None:
    """The text of a value; anything else is noted."""
    if not isinstance(node, Scalar):
        notes.about("BB105", node, f"expected a value, found {what(node)}", remedy or "write one value")
        return None
    if node.mended:
        return None
    if not node.text.strip():
        notes.about("BB105", node, "the field has no value", remedy or "write one, or leave the field out")
        return None
    return node.text


def parsed(parse: Callable[[str], Value], remedy: str | None = None) -> Callable[[Node, Notes], Value | None]:
    """A reader from a parser that raises ValueError with its remedy after a semicolon."""

    def read(node: Node, notes: Notes) -> Value | None:
        text = scalar(node, notes, remedy)
        if text is None:
            return None
        try:
            return parse(text)
        except ValueError as error:
            message, _, advice = str(error).partition("; ")
            notes.about("BB106", node, message, advice or remedy)
            return None

    return read


@dataclass(frozen=True, slots=True)
class Text:
    """Text with the node that it was read from, for what is checked later."""

    text: str
    node: Scalar


def _text(node: Node, notes: Notes) -> Text | None:
    text = scalar(node, notes)
    return None if text is None or not isinstance(node, Scalar) else Text(text, node)


_SLUG = re.compile(r"[^a-z0-9_.-]+")
_IDENTIFIER = re.compile(r"[a-z0-9][a-z0-9_.-]*")


def _identifier(node: Node, notes: Notes) -> Text | None:
    read = _text(node, notes)
    if read is None or _IDENTIFIER.fullmatch(read.text):
        return read
    letters = normalize("NFKD", read.text.lower()).encode("ascii", "ignore").decode()
    slug = _SLUG.sub("-", letters).strip("-_.")
    message = f"{read.text!r} is not a name: small letters, digits, '-', '_' and '.' only"
    notes.about("BB106", node, message, f"write {slug!r}, and the words as title" if slug else None)
    return None


@dataclass(frozen=True, slots=True)
class Prose:
    """Words for people, flattened: `links` with `runbook` is `links.runbook`."""

    entries: tuple[tuple[str, str], ...]


def _prose(node: Node, notes: Notes) -> Prose | None:
    root = node.path.rpartition(".")[2]
    entries: list[tuple[str, str]] = []

    def gather(below: Node, name: str) -> None:
        match below:
            case Scalar():
                entries.append((name, below.text))
            case Table():
                for key, value in below:
                    gather(value, f"{name}.{key.text}")
            case _ if all(isinstance(item, Scalar) for item in below.items):
                entries.append((name, ", ".join(item.text for item in below.items if isinstance(item, Scalar))))
            case _:
                notes.about(
                    "BB105", below, "expected words, found a list of lists or mappings", "write a list of words"
                )

    gather(node, root)
    return Prose(tuple(entries))


def word_of(*words: str) -> Reads:
    """One of a few words."""

    def read(node: Node, notes: Notes) -> str | None:
        text = scalar(node, notes, f"write {', '.join(words)}")
        if text is None or text in words:
            return text
        notes.about("BB106", node, f"unknown word {text!r}", suggestion(text, words))
        return None

    return Reads(read, {"type": "string", "enum": list(words)})


def table_of(below: Reads, remedy: str) -> Reads:
    """A mapping from words of the user's to one kind of value."""

    def read(node: Node, notes: Notes) -> Mapping[str, object] | None:
        if not isinstance(node, Table):
            if not (isinstance(node, Scalar) and node.mended):
                notes.about("BB105", node, f"expected a mapping, found {what(node)}", f"write {remedy}")
            return None
        values = {key.text: below.read(value, notes) for key, value in node}
        return {name: value for name, value in values.items() if value is not None}

    return Reads(read, {"type": "object", "additionalProperties": dict(below.schema)})


def _label(node: Node, notes: Notes) -> str | None:
    return scalar(node, notes)


_WRITTEN = {"type": ["string", "number", "boolean"]}

text_reads = Reads(_label, _WRITTEN)
TextField = Annotated[Text | None, Reads(_text, _WRITTEN)]
IdField = Annotated[Text | None, Reads(_identifier, {**_WRITTEN, "pattern": r"^[a-z0-9][a-z0-9_.-]*$"})]
ShareField = Annotated[
    Decimal | None,
    Reads(
        parsed(parse_share, "write a percentage such as 99.9% or a decimal such as 0.999"),
        {"type": ["string", "number"], "pattern": r"^[0-9]+(\.[0-9]+)?%?$", "minimum": 0, "maximum": 1},
    ),
]
_SCALE = "write a whole number from 0 to 8"


def _scale(text: str) -> int:
    if re.fullmatch("[0-8]", text) is None:
        msg = f"{text!r} is not a scale; {_SCALE}"
        raise ValueError(msg)
    return int(text)


ScaleField = Annotated[
    int | None, Reads(parsed(_scale, _SCALE), {"type": ["string", "integer"], "minimum": 0, "maximum": 8})
]
InstantField = Annotated[int | None, Reads(parsed(parse_instant), {"type": "string", "format": "date-time"})]
ProseField = Annotated[
    Prose | None, Reads(_prose, {"type": ["string", "number", "boolean", "array", "object", "null"]})
]


def _whole(text: str) -> int:
    if re.fullmatch(r"[1-9][0-9]{0,14}", text, re.ASCII) is None:
        raise ValueError(f"{text!r} is not a whole number from 1 on; write one such as 10")
    return int(text)


WholeField = Annotated[int | None, Reads(parsed(_whole), {"type": ["integer", "string"], "minimum": 1})]

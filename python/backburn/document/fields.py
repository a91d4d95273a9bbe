"""The values of the grammar: how each is read, what is said where it cannot be, and how a schema describes it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING, Annotated, TypeVar
from unicodedata import normalize

from backburn.document.node import Node, Scalar, Table
from backburn.document.shape import Reads, what
from backburn.document.words import suggestion
from backburn.errors import SpecError
from backburn.model.spec import Location, Predicate
from backburn.units import Duration, parse_instant, parse_share

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from backburn.document.notes import Notes

__all__ = [
    "DurationField",
    "FormatField",
    "IdField",
    "InstantField",
    "PredicateField",
    "Prose",
    "ProseField",
    "RouteField",
    "ShareField",
    "Text",
    "TextField",
    "ThresholdField",
    "ZoneField",
    "duration_hint",
    "parse_duration",
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


_SHOUTED = re.compile(r"[0-9]+(?:\.[0-9]+)?(?:US|MS|S|H|D|W)")
_ISO = re.compile(r"P(?:T?)([0-9]+)([DWHMS])")
_SPOKEN = re.compile(
    r"(?:rolling )?([0-9]+) ?(second|sec|minute|min|hour|hr|day|week)s?(?: rolling)?|([0-9]+[smhdw])[ -]rolling",
    re.IGNORECASE,
)
_UNITS = {"sec": "s", "min": "m", "hr": "h"}


def duration_hint(text: str, usual: str = "s") -> str | None:
    """What was probably meant by a text that is no duration; `usual` is the unit that people have in mind."""
    if re.fullmatch(r"[0-9]+(?:\.[0-9]+)?", text):
        return f"give it a unit of us, ms, s, m, h, d or w, as in {text}{usual}"
    if _SHOUTED.fullmatch(text):
        return f"units are small letters: write {text.lower()}"
    iso = _ISO.fullmatch(text)
    if iso and (iso.group(2) != "M" or "T" in text):
        return f"write {iso.group(1)}{iso.group(2).lower()}"
    spoken = _SPOKEN.fullmatch(text)
    if spoken:
        number, unit, short = spoken.groups()
        return f"write {short.lower()}" if short else f"write {number}{_UNITS.get(unit.lower(), unit[0].lower())}"
    return None


def parse_duration(text: str, usual: str = "s") -> Duration:
    """A duration, with a hint where another tool's spelling is used."""
    try:
        duration = Duration.parse(text)
        _ = duration.microseconds
    except ValueError as error:
        hint = duration_hint(text, usual)
        if hint is None:
            raise
        message = str(error).partition("; ")[0]
        raise ValueError(f"{message}; {hint}") from None
    return duration


def _predicate(node: Node, notes: Notes) -> Predicate | None:
    if isinstance(node, Table):
        for operand, remedy in (
            ("sum", "a predicate counts rows; for rows that stand for many events write source.columns.count"),
            ("counter", "a predicate counts rows; counters are not read yet"),
        ):
            if operand in node:
                notes.about("BB104", node, f"{{{operand}: ...}} does not exist yet", remedy)
                return None
    text = scalar(node, notes, "write a SQL expression such as status = 429")
    if text is None or not isinstance(node, Scalar):
        return None
    from backburn import _rust

    try:
        _rust.check_predicate(text)
    except SpecError as error:
        place = node.at((error.column or 1) - 1)
        code = "BB104" if error.message.startswith("not yet") else "BB107"
        notes.say(code, place, node.path, error.message, error.remedy)
        return None
    start = node.at(0)
    if start.file is None or start.line is None or start.column is None:
        return Predicate(text=text)
    return Predicate(
        text=text, location=Location(file=start.file, line=start.line, column=start.column, path=node.path)
    )


def _format(node: Node, notes: Notes) -> str | None:
    text = scalar(node, notes)
    if text is None:
        return None
    from backburn import _rust

    try:
        _rust.check_format(text)
    except SpecError as error:
        notes.about("BB106", node, error.message, error.remedy)
        return None
    return text


def _zone(text: str) -> str:
    from zoneinfo import ZoneInfo, available_timezones

    try:
        ZoneInfo(text)
    except (KeyError, ValueError, OSError):
        remedy = suggestion(text, sorted(available_timezones()))
        if not remedy.startswith("did you"):
            remedy = "write an IANA name such as UTC or Europe/Berlin"
        raise ValueError(f"unknown timezone {text!r}; {remedy}") from None
    return text


def _route(text: str) -> str:
    if not text.startswith("/"):
        raise ValueError(f'the route {text!r} does not begin with a slash; write it like "/users/{{id}}"')
    if "?" in text or "#" in text:
        raise ValueError(f"the route {text!r} has a query; leave it out: it never counts")
    segments = text[1:].removesuffix("/").split("/")
    for segment in segments:
        inside = segment[1:-1] if segment.startswith("{") and segment.endswith("}") else None
        if inside is not None and (inside.endswith(("...", "*"))):
            raise ValueError(f"the route {text!r} has a parameter for several segments; write one {{name}} for each")
        if inside is None and ("*" in segment or segment.startswith(":")):
            raise ValueError(f"the route {text!r} has a wildcard; write {{name}} for any one segment")
        if re.search(r"[{}]", segment if inside is None else inside) or inside == "":
            raise ValueError(
                f"the route {text!r} has a brace inside a segment; a parameter is a segment, such as {{id}}"
            )
        if not segment and len(segments) > 1:
            raise ValueError(f"the route {text!r} has an empty segment; write one slash between two segments")
    return text


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


_LENGTH = r"^([0-9]+(\.[0-9]+)?(us|ms|s|m|h|d|w))+$"
_WRITTEN = {"type": ["string", "number", "boolean"]}

text_reads = Reads(_label, _WRITTEN)
TextField = Annotated[Text | None, Reads(_text, _WRITTEN)]
IdField = Annotated[Text | None, Reads(_identifier, {**_WRITTEN, "pattern": r"^[a-z0-9][a-z0-9_.-]*$"})]
DurationField = Annotated[Duration | None, Reads(parsed(parse_duration), {"type": "string", "pattern": _LENGTH})]
ThresholdField = Annotated[
    Duration | None, Reads(parsed(partial(parse_duration, usual="ms")), {"type": "string", "pattern": _LENGTH})
]
ShareField = Annotated[
    Decimal | None,
    Reads(
        parsed(parse_share, "write a percentage such as 99.9% or a decimal such as 0.999"),
        {"type": ["string", "number"], "pattern": r"^[0-9]+(\.[0-9]+)?%?$", "minimum": 0, "maximum": 1},
    ),
]
InstantField = Annotated[int | None, Reads(parsed(parse_instant), {"type": "string", "format": "date-time"})]
PredicateField = Annotated[Predicate | None, Reads(_predicate, {"type": "string", "minLength": 1})]
FormatField = Annotated[str | None, Reads(_format, {"type": "string", "minLength": 1})]
ZoneField = Annotated[str | None, Reads(parsed(_zone), {"type": "string", "minLength": 1})]
RouteField = Annotated[str | None, Reads(parsed(_route), {"type": "string", "pattern": "^/"})]
ProseField = Annotated[
    Prose | None, Reads(_prose, {"type": ["string", "number", "boolean", "array", "object", "null"]})
]

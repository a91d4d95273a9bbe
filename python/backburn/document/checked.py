"""What others will read, checked by them: predicates, formats, routes and zones."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from backburn import civil
from backburn.document.fields import scalar
from backburn.document.node import Node, Scalar, Table
from backburn.document.shape import Reads
from backburn.errors import SpecError
from backburn.model.sli import Location, Predicate

if TYPE_CHECKING:
    from collections.abc import Callable

    from backburn.document.notes import Notes

__all__ = [
    "CivilZoneField",
    "FormatField",
    "PredicateField",
    "RouteField",
    "ZoneField",
    "location_of",
    "predicate",
]


def predicate(node: Node, notes: Notes) -> Predicate | None:
    """Read a SQL expression, and note what is wrong with it at its place in the text."""
    if isinstance(node, Table):
        for operand, message, remedy in (
            ("sum", "{sum: ...} does not exist yet", "a predicate counts rows; write source.columns.count"),
            ("counter", "a counter does not tell rows apart", "write a SQL expression; only a ratio reads counters"),
        ):
            if operand in node:
                notes.about("BB104" if operand == "sum" else "BB105", node, message, remedy)
                return None
    text = scalar(node, notes, "write a SQL expression such as status = 429")
    if text is None or not isinstance(node, Scalar):
        return None
    from backburn import _rust

    try:
        _rust.check_predicate(text)
    except SpecError as error:
        place = node.at((error.column or 1) - 1)
        notes.say("BB107", place, node.path, error.message, error.remedy)
        return None
    return Predicate(text=text, location=location_of(node))


def location_of(node: Scalar) -> Location | None:
    """Where the text of a value begins, if it was read from a file."""
    start = node.at(0)
    if start.file is None or start.line is None or start.column is None:
        return None
    return Location(file=start.file, line=start.line, column=start.column, path=node.path)


def _checked(check: Callable[[str], object]) -> Callable[[Node, Notes], str | None]:
    """A reader of text that the core has a check for."""

    def read(node: Node, notes: Notes) -> str | None:
        text = scalar(node, notes)
        if text is None:
            return None
        try:
            check(text)
        except SpecError as error:
            notes.about("BB106", node, error.message, error.remedy)
            return None
        except ValueError as error:
            notes.about("BB106", node, str(error), "write the name of a zone such as Europe/Berlin")
            return None
        return text

    return read


def _format(text: str) -> None:
    from backburn import _rust

    _rust.check_format(text)


def _route(text: str) -> None:
    from backburn import _rust

    _rust.check_routes([text])


def _zone(text: str) -> None:
    from backburn import _rust

    _rust.check_zone(text)


def _civil_zone(text: str) -> None:
    """Logs may name a zone that only the core knows; calendars are worked out from the system's."""
    _zone(text)
    civil.zone(text)


PredicateField = Annotated[Predicate | None, Reads(predicate, {"type": "string", "minLength": 1})]
FormatField = Annotated[str | None, Reads(_checked(_format), {"type": "string", "minLength": 1})]
RouteField = Annotated[str | None, Reads(_checked(_route), {"type": "string", "pattern": "^/"})]
CivilZoneField = Annotated[str | None, Reads(_checked(_civil_zone), {"type": "string", "minLength": 1})]
ZoneField = Annotated[str | None, Reads(_checked(_zone), {"type": "string", "minLength": 1})]

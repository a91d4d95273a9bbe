"""Windows as people write them: `30d`, `all`, `{calendar: month}`, `{events: 1000000}` or `{start: ..., end: ...}`."""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING, Annotated, ClassVar

from pydantic import Field  # noqa: TID253 - only `read` imports this module, inside its functions.

from backburn import civil
from backburn.document.checked import CivilZoneField  # noqa: TC001 - pydantic reads the annotation when it builds the class.
from backburn.document.fields import InstantField, TextField, parsed, scalar, word_of
from backburn.document.lengths import duration_hint, parse_duration
from backburn.document.node import Node, Scalar, Table
from backburn.document.shape import Reads, Shape
from backburn.document.written import Written
from backburn.model.window import Calendar, Everything, Fixed, LastEvents, Rolling, TimeSpan, Window

if TYPE_CHECKING:
    from collections.abc import Mapping

    from backburn.document.notes import Notes

__all__ = ["WindowField", "read"]

_LONGEST = 36_525 * 86_400
_MONTHS = re.compile(r"[0-9.]*(?:M|mo|mon)|(?:(?:1|one|a) ?)?(?:calendar ?)?(month|quarter|year|day|week)(?:ly)?s?")
_PLURAL = re.compile(r"[0-9]+ ?(?:months?|quarters?|years?|y|Q|Y)")
_KINDS = "write 30d, all, {calendar: month}, {events: 1000000} or {start: ..., end: ...}"
_MOST_EVENTS = 10**15


def _events(text: str) -> int:
    if re.fullmatch(r"[1-9][0-9]*", text, re.ASCII) is None or int(text) > _MOST_EVENTS:
        msg = f"{text!r} is not a number of events; write a whole number such as 1000000"
        raise ValueError(msg)
    return int(text)


EventsField = Annotated[int | None, Reads(parsed(_events), {"type": ["integer", "string"], "minimum": 1})]


class CalendarShape(Shape):
    """A civil period."""

    called: ClassVar[str] = "calendar"
    needed: ClassVar[Mapping[str, str]] = {"calendar": "write calendar: month"}

    calendar: Annotated[civil.Unit | None, word_of(*civil.UNITS)] = Field(
        default=None, description="day, week (from Monday), month, quarter or year."
    )
    timezone: CivilZoneField = Field(default=None, description="The zone of its edges; default: the document's.")
    which: TextField = Field(default=None, description="current (default), previous, or one by name, as in 2026-10.")


class EventsShape(Shape):
    """The last so many events."""

    called: ClassVar[str] = "events"
    needed: ClassVar[Mapping[str, str]] = {"events": "write events: 1000000"}

    events: EventsField = Field(default=None, description="How many valid events the window holds at least.")


class FixedShape(Shape):
    """One span of time."""

    called: ClassVar[str] = "fixed"
    needed: ClassVar[Mapping[str, str]] = {
        "start": "write start: 2025-10-01T00:00:00Z",
        "end": "write end: 2025-10-08T00:00:00Z",
    }

    start: InstantField = Field(default=None, description="The first moment inside, with its zone.")
    end: InstantField = Field(default=None, description="The first moment after it, with its zone.")


def read(node: Node, notes: Notes) -> Window | None:
    """The window that is written here; what cannot be read is noted."""
    if isinstance(node, Table):
        return _mapping(node, notes)
    text = scalar(node, notes, "write window: 30d")
    if text is None:
        return None
    if text == "all":
        return Everything()
    month = _MONTHS.fullmatch(text)
    if month:
        word = month.group(1) or "month"
        message = f"{text!r} is not a duration"
        if word == "month" and not month.group(1):
            message = f"{message}: m is minutes"
        notes.about("BB106", node, message, f"write {{calendar: {word}}}")
        return None
    if _PLURAL.fullmatch(text) and duration_hint(text) is None:
        notes.about("BB106", node, f"{text!r} is not a duration", "count the days, as in 90d")
        return None
    return _rolling(node, notes)


def _rolling(node: Node, notes: Notes) -> Window | None:
    length = parsed(partial(parse_duration, usual="d"))(node, notes)
    if length is None:
        return None
    if length.seconds > _LONGEST:
        message = f"a window of {length.text} is longer than a century"
        notes.about("BB106", node, message, "write all for all of the data there is")
        return None
    return Rolling(length=length)


def _mapping(node: Table, notes: Notes) -> Window | None:
    kinds = [kind for kind in _READERS if any(word in node for word in kind)]
    if len(kinds) != 1:
        words = " and ".join(next(word for word in kind if word in node) for kind in kinds)
        message = f"a window has {words} at once" if kinds else "expected a window, found a mapping without one"
        notes.about("BB111" if kinds else "BB105", node, message, _KINDS)
        return None
    return _READERS[kinds[0]](node, notes)


def _calendar(node: Table, notes: Notes) -> Window | None:
    shape = CalendarShape.model_validate(node, context=notes)
    unit, which = shape.calendar, shape.which
    if unit is None:
        return None
    if which is not None and which.text not in {"current", "previous"}:
        try:
            civil.parse(unit, which.text)
        except ValueError as error:
            message, _, remedy = str(error).partition("; ")
            notes.about("BB106", which.node, message, remedy or None)
            return None
    return Calendar(unit=unit, which="current" if which is None else which.text, timezone=shape.timezone)


def _last(node: Table, notes: Notes) -> Window | None:
    shape = EventsShape.model_validate(node, context=notes)
    return None if shape.events is None else LastEvents(events=shape.events)


def _fixed(node: Table, notes: Notes) -> Window | None:
    shape = FixedShape.model_validate(node, context=notes)
    if shape.start is None or shape.end is None:
        return None
    if shape.start >= shape.end:
        notes.about("BB106", node, "the window ends before it starts", "write start before end")
        return None
    text = "/".join(edge.text for edge in (node.get("start"), node.get("end")) if isinstance(edge, Scalar))
    return Fixed(span=TimeSpan(start=shape.start, end=shape.end), text=text)


_READERS = {("calendar",): _calendar, ("events",): _last, ("start", "end"): _fixed}


def _object(shape: type[Shape]) -> dict[str, object]:
    """A schema of a mapping that stands by itself."""
    described = shape.model_json_schema(schema_generator=Written)
    return {name: value for name, value in described.items() if name != "title"}


_SCHEMA: Mapping[str, object] = {
    "anyOf": [
        {"type": "string", "pattern": r"^(all|([0-9]+(\.[0-9]+)?(us|ms|s|m|h|d|w))+)$"},
        _object(CalendarShape),
        _object(EventsShape),
        _object(FixedShape),
    ]
}
WindowField = Annotated[Rolling | Calendar | LastEvents | Fixed | Everything | None, Reads(read, _SCHEMA)]

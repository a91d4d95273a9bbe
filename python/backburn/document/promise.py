"""Targets and windows: the words of a promise."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING, Annotated

from backburn.document.fields import parsed, scalar
from backburn.document.lengths import duration_hint, parse_duration
from backburn.document.node import Node, Table
from backburn.document.shape import Reads
from backburn.model.spec import Everything, Rolling, Window
from backburn.units import Duration, parse_share

if TYPE_CHECKING:
    from backburn.document.notes import Notes

__all__ = ["Target", "TargetField", "WindowField"]


@dataclass(frozen=True, slots=True)
class Target:
    """A share, with the threshold where it was written as a percentile."""

    share: Decimal
    threshold: Duration | None = None
    strict: bool = False


_PERCENTILE = re.compile(r"p([0-9]+(?:\.[0-9]+)?) *(<=|<) *(\S.*)")
_ALMOST = re.compile(r"(?:p[0-9.]+|median|avg|average|mean|max) *[<>=]", re.IGNORECASE)
_EXAMPLE = "write p95 < 300ms or p95 <= 300ms"


def parse_target(text: str) -> Target:
    """A target: a share strictly between 0 and 1, or a percentile below a threshold."""
    match = _PERCENTILE.fullmatch(text)
    if match is None:
        if _ALMOST.match(text):
            raise ValueError(f"{text!r} is not a percentile with a threshold; {_EXAMPLE}")
        return Target(_within(text, parse_share(text)))
    rank, sign, length = match.groups()
    try:
        share = _within(f"p{rank}", parse_share(f"{rank}%"))
    except ValueError as error:
        if Decimal(rank) > 100:  # noqa: PLR2004 - a percentile has no more.
            raise ValueError(f"'p{rank}' is no percentile; {_EXAMPLE}") from None
        raise ValueError(str(error).replace(f"{rank}%", f"p{rank}")) from None
    return Target(share, parse_duration(length, "ms"), strict=sign == "<")


def _within(text: str, share: Decimal) -> Decimal:
    if share == 1:
        raise ValueError(f"a target of {text} leaves no error budget; write less, such as 99.99%")
    if share == 0:
        raise ValueError(f"a target of {text} promises nothing; write more, such as 99%")
    return share


_MONTHS = re.compile(r"[0-9.]*(?:M|mo|mon)|(?:(?:1|one|a) ?)?(?:calendar ?)?(month|quarter|year|day|week)(?:ly)?s?")
_PLURAL = re.compile(r"[0-9]+ ?(?:months?|quarters?|years?|y|Q|Y)")


def _window(node: Node, notes: Notes) -> Window | None:
    if isinstance(node, Table):
        _later(node, notes)
        return None
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
        remedy = f"the window is {{calendar: {word}}}, which does not exist yet; write {_ROLLING[word]} for now"
        notes.about("BB106", node, message, remedy)
        return None
    if _PLURAL.fullmatch(text) and duration_hint(text) is None:
        notes.about("BB106", node, f"{text!r} is not a duration", "count the days, as in 90d")
        return None
    length = parsed(partial(parse_duration, usual="d"))(node, notes)
    return None if length is None else Rolling(length=length)


_ROLLING = {"day": "1d", "week": "7d", "month": "30d", "quarter": "90d", "year": "365d"}


def _later(node: Table, notes: Notes) -> None:
    for word in ("calendar", "events", "start", "end"):
        if word in node:
            rolling = "30d"
            if word == "calendar":
                named = node.get("calendar")
                text = getattr(named, "text", "month")
                rolling = _ROLLING.get(text, rolling)
            shown = "{start, end}" if word in {"start", "end"} else f"{{{word}: ...}}"
            notes.about("BB104", node, f"a window of {shown} does not exist yet", f"write {rolling} or all for now")
            return
    notes.about("BB105", node, "expected a duration or all, found a mapping", "write window: 30d")


TargetField = Annotated[
    Target | None,
    Reads(
        parsed(parse_target, "write a percentage such as 99.9%, a decimal such as 0.999, or p95 < 300ms"),
        {
            "type": ["string", "number"],
            "pattern": r"^([0-9]+(\.[0-9]+)?%?|p[0-9]+(\.[0-9]+)? *<=? *[0-9].*)$",
            "exclusiveMinimum": 0,
            "exclusiveMaximum": 1,
        },
    ),
]
WindowField = Annotated[
    Rolling | Everything | None,
    Reads(_window, {"type": "string", "pattern": r"^(all|([0-9]+(\.[0-9]+)?(us|ms|s|m|h|d|w))+)$"}),
]

"""Spans of time as bands: when alerts were pending and fired, and when there were incidents."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from backburn.engine.times import from_micros, length_text, to_micros
from backburn.output.identity import moment
from backburn.output.numbers import UNDEFINED, budget_text, burn_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import datetime

    from backburn.plot.cases import Case
    from backburn.plot.lines import Lines

    Incident = tuple[datetime, datetime, str]

__all__ = ["INCIDENTS", "bands", "kinds"]

INCIDENTS = "incidents"
"""What the lane of incidents is called."""

_NARROWEST = 1 / 450
"""A band takes this share of the time at least, or a minute of a month could not be seen."""

_PAGE, _OTHER = ("#d13b3b", "#f0b4b0", "#d9c6cb"), ("#f2a73b", "#f9ddb1", "#ded6c6")
"""The colours of alerts: those that are heard in time, those of the warm-up, and those that others inhibit."""

_PENDING, _INCIDENT = "#b9c0c8", "#6b3fa0"
_HOW = ("", " in warm-up", " inhibited")


def bands(case: Case, incidents: Sequence[Incident], ends: tuple[int, int]) -> Lines:
    """Give a record for each span of a case, those that matter most last, so that they lie on top.

    `f` and `u` are from when to when it is drawn (milliseconds), which is never too narrow to be seen.
    """
    spans = [*_incidents(incidents), *_pending(case), *_fired(case)]
    spans.sort(key=lambda one: _order(one["kind"]))
    return [drawn for one in spans if (drawn := _placed(one, ends)) is not None]


def kinds(drawn: Iterable[Lines]) -> dict[str, str]:
    """Name what bands there are, each with its colour, those that matter most first."""
    found = {one["kind"]: one["colour"] for records in drawn for one in records}
    return {kind: found[kind] for kind in sorted(found, key=_order, reverse=True)}


def _incidents(incidents: Sequence[Incident]) -> Iterator[dict[str, Any]]:
    for start, end, text in incidents:
        span = (to_micros(start, "incidents"), to_micros(end, "incidents"))
        yield _record(INCIDENTS, ("incident", _INCIDENT), span, what=text)


def _pending(case: Case) -> Iterator[dict[str, Any]]:
    """Give the spans in which an alert waited, whether it fired in the end or not."""
    last = case.course.track.span[1]
    for alert, changes in zip(case.course.policy.alerts, case.course.changes, strict=True):
        for number, (start, state) in enumerate(changes):
            if state == "pending":
                end = changes[number + 1][0] if number + 1 < len(changes) else None
                waits = UNDEFINED if alert.wait is None else f"fires after {alert.wait.text}"
                yield _record(alert.name, ("pending", _PENDING), (start, end), last=last, what=waits)


def _fired(case: Case) -> Iterator[dict[str, Any]]:
    last = case.course.track.span[1]
    for one in case.replay.alerts:
        how = 2 if one.told is None else 1 if one.warm_up else 0
        kind = one.severity + _HOW[how], (_PAGE if one.severity == "page" else _OTHER)[how]
        span = to_micros(one.start, "start"), None if one.end is None else to_micros(one.end, "end")
        peak = one.highest
        words = f"{peak.condition}, at most {burn_text(peak.peak)}"
        yield _record(one.alert, kind, span, last=last, what=words, spent=budget_text(one.budget.during))


def _record(
    lane: str,
    kind: tuple[str, str],
    span: tuple[int, int | None],
    *,
    last: int = 0,
    what: str,
    spent: str = UNDEFINED,
) -> dict[str, Any]:
    """Make a band; what has no end goes on at the `last` tick."""
    start, end = span
    until = last if end is None else end
    return {
        "lane": lane,
        "kind": kind[0],
        "colour": kind[1],
        "f": start / 1000,
        "u": until / 1000,
        "start": moment(from_micros(start)),
        "end": "goes on" if end is None else moment(from_micros(end)),
        "lasted": length_text(until - start) + (" so far" if end is None else ""),
        "what": what,
        "spent": spent,
    }


def _placed(one: dict[str, Any], ends: tuple[int, int]) -> dict[str, Any] | None:
    """Keep a band inside of the panel, and wide enough; None if all of it is outside."""
    first, last = (edge / 1000 for edge in ends)
    begins, until = max(one["f"], first), min(one["u"], last)
    if begins > until:
        return None
    lacking = max((last - first) * _NARROWEST - (until - begins), 0.0)
    until = min(until + lacking, last)
    return one | {"f": max(min(begins, until - (last - first) * _NARROWEST), first), "u": until}


def _order(kind: str) -> tuple[bool, bool, bool, str]:
    """Order bands: what is heard before what is not, pages before the rest, and incidents by themselves."""
    fires = kind != "pending"
    return kind == "incident", fires and not kind.endswith(_HOW[1:]), kind.startswith("page"), kind

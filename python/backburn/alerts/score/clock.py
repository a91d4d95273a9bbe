"""Nights, shifts and weeks as people in a zone live them, as spans of microseconds."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

from backburn import civil
from backburn.engine.times import from_micros, to_micros

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date
    from zoneinfo import ZoneInfo

__all__ = ["nights", "shifts", "weeks"]

Span = tuple[int, int]


def nights(span: Span, zone: str, hours: tuple[int, int]) -> list[Span]:
    """Give the nights that overlap a span, from one hour to another of the next day.

    >>> hour = 3_600_000_000
    >>> nights((0, 24 * hour), "UTC", (22, 6)) == [(-2 * hour, 6 * hour), (22 * hour, 30 * hour)]
    True
    """
    clocks = civil.zone(zone)
    found = [
        (_at(day, hours[0], clocks), _at(day + timedelta(days=1), hours[1], clocks)) for day in _days(span, clocks)
    ]
    return [(start, end) for start, end in found if start < span[1] and end > span[0]]


def shifts(span: Span, zone: str, hours: tuple[int, int]) -> list[Span]:
    """Give the shifts that lie wholly in a span: two a day, which begin at these hours."""
    clocks = civil.zone(zone)
    edges = [_at(day, hour, clocks) for day in _days(span, clocks) for hour in hours]
    return [(start, end) for start, end in pairwise(edges) if span[0] <= start and end <= span[1]]


def weeks(span: Span, zone: str) -> list[Span]:
    """Cut a span where Mondays begin.

    >>> day = 86_400_000_000
    >>> weeks((0, 12 * day), "UTC") == [(0, 4 * day), (4 * day, 11 * day), (11 * day, 12 * day)]
    True
    """
    clocks = civil.zone(zone)
    mondays = (civil.begins(day, clocks) for day in _days(span, clocks) if day.weekday() == 0)
    edges = [span[0], *(monday for monday in mondays if span[0] < monday < span[1]), span[1]]
    return list(pairwise(edges))


def _days(span: Span, clocks: ZoneInfo) -> Iterator[date]:
    """Give the days of a span, and one on either side."""
    day = from_micros(span[0]).astimezone(clocks).date() - timedelta(days=1)
    last = from_micros(span[1]).astimezone(clocks).date() + timedelta(days=1)
    while day <= last:
        yield day
        day += timedelta(days=1)


def _at(day: date, hour: int, clocks: ZoneInfo) -> int:
    return to_micros(datetime(day.year, day.month, day.day, hour, tzinfo=clocks), "hour")

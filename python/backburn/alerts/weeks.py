"""Where the same civil time of the last weeks lies, for ticks."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from backburn import civil
from backburn.engine.times import from_micros, to_micros
from backburn.evaluation.ahead import WEEKS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from zoneinfo import ZoneInfo

__all__ = ["weeks"]

_QUARTER = 900_000_000
"""Clocks change at quarters of an hour."""


def weeks(span: tuple[int, int], zone: str) -> list[tuple[int, list[int]]]:
    """Say how far back the same civil time lies a week ago, two weeks ago, ..., up to which tick, in microseconds.

    >>> day = 86_400_000_000
    >>> weeks((30 * day, 31 * day), "UTC") == [(31 * day, [7 * day, 14 * day, 21 * day, 28 * day])]
    True
    """
    clocks = civil.zone(zone)
    found: list[tuple[int, list[int]]] = []
    for tick in _changes(span, clocks):
        back = [tick - _before(from_micros(tick), count, clocks) for count in range(1, WEEKS + 1)]
        if not found or found[-1][1] != back:
            found.append((tick, back))
    # What holds from a moment on holds up to the next one at which something else does.
    ends = [begins - 1 for begins, _ in found[1:]]
    return [(end, back) for end, (_, back) in zip([*ends, span[1]], found, strict=True)]


def _changes(span: tuple[int, int], clocks: ZoneInfo) -> Iterator[int]:
    """Give the first moment, and those at which the clocks have changed, or had a week or some weeks before."""
    first, last = span
    yield first
    week = 7 * 86_400_000_000
    seen = set()
    for number in range(WEEKS + 1):
        for moment in _offsets(first - week * number - week, last, clocks):
            for later in (moment + week * number + shift * _QUARTER for shift in range(-12, 13)):
                if first < later <= last:
                    seen.add(later)
    yield from sorted(seen)


def _offsets(first: int, last: int, clocks: ZoneInfo) -> Iterator[int]:
    """Find when the clocks change, to a quarter of an hour, a day at a time."""
    day = 86_400_000_000

    def offset(moment: int) -> timedelta | None:
        return from_micros(moment).astimezone(clocks).utcoffset()

    at = first - first % _QUARTER
    while at < last:
        if offset(at) != offset(at + day):
            low, high = at, at + day
            while high - low > _QUARTER:
                middle = low + (high - low) // 2 // _QUARTER * _QUARTER
                low, high = (middle, high) if offset(middle) == offset(low) else (low, middle)
            yield high
        at += day


def _before(moment: datetime, count: int, clocks: ZoneInfo) -> int:
    local = moment.astimezone(clocks).replace(tzinfo=None) - timedelta(weeks=count)
    return to_micros(local.replace(tzinfo=clocks), "week")

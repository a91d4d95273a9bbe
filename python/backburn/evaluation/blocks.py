"""Blocks of civil time: days in a zone, or quarters of them."""

from __future__ import annotations

from datetime import date, datetime, time
from itertools import pairwise
from typing import TYPE_CHECKING

from backburn import civil
from backburn.engine.times import from_micros, to_micros

if TYPE_CHECKING:
    from backburn.evaluation.windows import Span

__all__ = ["MOST", "blocks"]

MOST = 4_000
"""More blocks than these, eleven years of days, are not made."""

_DAY = 86_400_000_000
_ENOUGH = 14 * _DAY


def blocks(span: Span, zone: str) -> tuple[str, list[Span] | None]:
    """Cut a span into days of a zone, or into quarters of them under two weeks; None where they would be too many.

    >>> day = 86_400_000_000
    >>> length, found = blocks((day // 2, 2 * day), "UTC")
    >>> length, [(start / day, end / day) for start, end in found]
    ('6h', [(0.5, 0.75), (0.75, 1.0), (1.0, 1.25), (1.25, 1.5), (1.5, 1.75), (1.75, 2.0)])
    """
    start, end = span
    length, hours = ("1d", ()) if end - start >= _ENOUGH else ("6h", (6, 12, 18))
    if end - start > MOST * _DAY:
        return length, None
    if start >= end:
        return length, []
    clocks = civil.zone(zone)
    first, last = (from_micros(moment).astimezone(clocks).date() for moment in span)
    days = [date.fromordinal(number) for number in range(first.toordinal(), last.toordinal() + 1)]
    begins = [civil.begins(day, clocks) for day in days]
    begins += [to_micros(datetime.combine(day, time(hour), clocks), "block") for day in days for hour in hours]
    edges = sorted({start, end, *(moment for moment in begins if start < moment < end)})
    return length, list(pairwise(edges))

"""The time to come of a window, in civil hours, each with the same hour of the last weeks."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from backburn import civil
from backburn.engine.times import from_micros, to_micros
from backburn.evaluation.windows import intersect, length, missing

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from backburn.evaluation.windows import Span

__all__ = ["DAY", "HOUR", "WEEK", "WEEKS", "stretches"]

WEEKS = 4
"""How many weeks tell what an hour brings."""

HOUR = 3_600_000_000
DAY = 24 * HOUR
WEEK = 7 * DAY
_MANY = 400 * DAY
"""Beyond this, days are told apart and hours are not."""

Stretch = tuple[int, int, list["Span | None"]]


def stretches(span: Span, *, zone: str, unit: int, covered: Sequence[Span], left_out: Sequence[Span]) -> list[Stretch]:
    """Cut the time to come, without what is left out, into civil hours, or into units that are longer.

    Each has the same civil time of the last `WEEKS` weeks before `span`, None where logs of that are missing or do not
    count.

    >>> day = 86_400_000_000
    >>> found = stretches((8 * day, 8 * day + 7_200_000_000), zone="UTC", unit=60, covered=[(0, 8 * day)], left_out=[])
    >>> [(end - start, [week is not None for week in weeks]) for start, end, weeks in found]
    [(3600000000, [True, False, False, False]), (3600000000, [True, False, False, False])]
    """
    clocks, now = civil.zone(zone), span[0]
    known: dict[tuple[object, ...], list[Span | None]] = {}
    found: list[Stretch] = []
    for piece in missing(left_out, span):
        for start, end in _hours(piece, clocks, unit):
            local = from_micros(start).astimezone(clocks)
            slot = (local.weekday(), local.time(), end - start)
            if slot not in known:
                weeks = _weeks((start, end), now, clocks)
                known[slot] = [week if _whole(week, covered, left_out) else None for week in weeks]
            found.append((start, end, known[slot]))
    return found


def _hours(span: Span, clocks: ZoneInfo, unit: int) -> Iterator[Span]:
    start, end = span
    each = DAY if end - start > _MANY else HOUR
    if each % unit:
        each = -(-each // unit) * unit
        offset = 0
    else:
        # Offsets of zones may be parts of an hour, and of a unit.
        moved = from_micros(start).astimezone(clocks).utcoffset() or timedelta()
        offset = moved // timedelta(microseconds=1) // unit * unit
    while start < end:
        following = min(end, (start + offset) // each * each + each - offset)
        yield start, following
        start = following


def _weeks(span: Span, now: int, clocks: ZoneInfo) -> Iterator[Span]:
    """Give the last times before `now` at which the clocks showed what they will show."""
    start, end = span
    local = from_micros(start).astimezone(clocks).replace(tzinfo=None)
    ago = max(1, -(-(end - now) // WEEK))
    first = _before(local, ago, clocks)
    if first + (end - start) > now:
        ago += 1
    for weeks in range(ago, ago + WEEKS):
        begin = _before(local, weeks, clocks)
        yield begin, begin + (end - start)


def _before(local: datetime, weeks: int, clocks: ZoneInfo) -> int:
    try:
        return to_micros((local - timedelta(weeks=weeks)).replace(tzinfo=clocks), "week")
    except OverflowError:
        # Before the year 1 there are no logs.
        return -(2**60)


def _whole(span: Span, covered: Sequence[Span], left_out: Sequence[Span]) -> bool:
    return length(intersect(covered, span)) == span[1] - span[0] and not intersect(left_out, span)

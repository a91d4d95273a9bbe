"""What clocks show in a span of time, as the core is told it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from backburn import civil
from backburn.engine.times import from_micros, to_micros

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

__all__ = ["clocks"]

_DAY = 86_400_000_000
_SECOND = 1_000_000
_MICROSECOND = timedelta(microseconds=1)
# Near the ends of the calendar a zone's clocks would show years that have no date.
_EARLIEST = to_micros(datetime(1, 1, 3, tzinfo=UTC), "earliest")
_LATEST = to_micros(datetime(9999, 12, 29, tzinfo=UTC), "latest")


def clocks(span: tuple[int, int], zone: str) -> list[tuple[int, int]]:
    """Say how far clocks are ahead of UTC, run by run, each with the moment at which it ends; in microseconds.

    What the last run says holds from then on.

    >>> hour = 3_600_000_000
    >>> spring = 1_711_846_800_000_000  # 2024-03-31 at 1:00 UTC
    >>> clocks((spring - 30 * hour, spring + 30 * hour), "Europe/Berlin") == [
    ...     (spring, hour),
    ...     (spring + 30 * hour, 2 * hour),
    ... ]
    True
    """
    within = civil.zone(zone)
    at, last = (min(max(edge, _EARLIEST), _LATEST) for edge in span)
    runs: list[tuple[int, int]] = []
    ahead = _ahead(at, within)
    while at < last:
        following = min(at + _DAY, last)
        later = _ahead(following, within)
        if later != ahead:
            runs.append((_change(at, following, within), ahead))
        at, ahead = following, later
    return [*runs, (last, ahead)]


def _change(low: int, high: int, within: ZoneInfo) -> int:
    """Find the second in which the clocks change between two moments."""
    before = _ahead(low, within)
    low, high = low // _SECOND, -(-high // _SECOND)
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if _ahead(middle * _SECOND, within) == before else (low, middle)
    return high * _SECOND


def _ahead(moment: int, within: ZoneInfo) -> int:
    return (from_micros(moment).astimezone(within).utcoffset() or timedelta()) // _MICROSECOND

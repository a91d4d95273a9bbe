"""Which span a window stands for at a tick, and whether it holds a time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from oracle.spec import Calendar, Fixed, LastEvents
from oracle.step import start_of_step

if TYPE_CHECKING:
    from collections.abc import Iterable

    from oracle.spec import Window

Span = tuple[int, int]

QUARTER_HOUR = 900_000_000
"""Civil periods begin on these: no zone's offset has been anything else for fifty years."""


def span(window: Window, tick: int, first: int, counted: Iterable[tuple[int, int]], step: int) -> Span:
    """A rolling window W at tick t is `[t − W, t)`; `all` goes from the first step with data to the tick.

    A civil or fixed window ends at the tick where it is running. That of the last N events begins at the latest step
    from which on there are N, of the `counted` times and numbers of valid events; with fewer it is `all`.
    """
    match window:
        case "all":
            return (min(first, tick), tick)
        case Calendar():
            return until(civil(window, tick), tick)
        case Fixed(start=start, end=end):
            return until((start, end), tick)
        case LastEvents(events=events):
            known = [(time, valid) for time, valid in counted if time < tick]
            for start in sorted({start_of_step(time, step) for time, _ in known}, reverse=True):
                if sum(valid for time, valid in known if time >= start) >= events:
                    return (start, tick)
            return (min(first, tick), tick)
        case int():
            return (tick - window, tick)


def until(whole: Span, tick: int) -> Span:
    """What lies before the tick."""
    return (whole[0], max(whole[0], min(whole[1], tick)))


def civil(window: Calendar, tick: int) -> Span:
    """All the quarters of an hour that bear one name, found by walking."""
    zone = ZoneInfo(window.zone)
    inside = (tick - 1) // QUARTER_HOUR * QUARTER_HOUR
    if window.previous:
        inside = edge(window, zone, inside, -QUARTER_HOUR)
    return edge(window, zone, inside, -QUARTER_HOUR) + QUARTER_HOUR, edge(window, zone, inside, QUARTER_HOUR)


def edge(window: Calendar, zone: ZoneInfo, inside: int, stride: int) -> int:
    """The first quarter of an hour, going by `stride` from `inside`, that bears another name."""
    wanted = name(window, zone, inside)
    while name(window, zone, inside) == wanted:
        inside += stride
    return inside


def name(window: Calendar, zone: ZoneInfo, micros: int) -> str:
    """What people in a zone call the period that holds an instant."""
    local = (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=micros)).astimezone(zone)
    if window.unit == "quarter":
        return f"{local.year} Q{(local.month + 2) // 3}"
    return local.strftime({"day": "%Y-%m-%d", "week": "%G-W%V", "month": "%Y-%m", "year": "%Y"}[window.unit])


def holds(span: Span, time: int) -> bool:
    """Spans are half-open."""
    return span[0] <= time < span[1]

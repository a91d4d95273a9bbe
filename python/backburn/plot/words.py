"""What a chart says around its panels: whose series it is, what was promised, and what is drawn of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backburn.engine.times import from_micros, length_text
from backburn.evaluation.percent import percent

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from decimal import Decimal

    from backburn.evaluation.provenance import SpecIdentity
    from backburn.evaluation.timetable import Track

__all__ = ["STRETCHES", "documents", "promised", "series", "stretched", "ticks"]

STRETCHES = 400
"""A line has so many stretches, of two points each: one for about every two points of a panel's width."""

_BUDGETS = {"all": "all data"}


def documents(specs: Sequence[SpecIdentity]) -> str:
    """Name documents, with their versions."""
    return ", ".join(one.name if one.version is None else f"{one.name} {one.version}" for one in specs)


def series(track: Track, key: Sequence[str | None]) -> str:
    """Name a series."""
    values = ["null" if value is None else value for value in key]
    service = [] if track.service is None else [track.service]
    return " · ".join([*service, track.objective, *values])


def promised(track: Track, target: Decimal) -> str:
    """Say what was promised of a series."""
    return f"target {percent(target)}, budget of {_BUDGETS.get(track.window, track.window)}"


def ticks(spans: Iterable[tuple[int, int, int]]) -> Iterator[str]:
    """Say when ticks are, in UTC, and how far apart."""
    for first, last, every in dict.fromkeys(spans):
        ends = " to ".join(f"{from_micros(edge):%Y-%m-%d %H:%M}" for edge in (first, last))
        yield f"{ends} UTC, a tick every {length_text(every)}"


def stretched(tracks: Iterable[Track]) -> Iterator[str]:
    """Say what lines are made of where there are more ticks than a panel has room for."""
    longest = max(tracks, key=lambda track: track.ticks)
    if longest.ticks > STRETCHES:
        stretch = -(-longest.ticks // STRETCHES)
        length = length_text(stretch * longest.span[2])
        yield (
            f"Lines join the least and the greatest value of every {stretch} ticks ({length}); "
            "a gap is shown where a whole stretch is undefined"
        )

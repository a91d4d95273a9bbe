"""Which span a window stands for at a tick, and whether it holds a time."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from oracle.spec import Window

Span = tuple[int, int]


def span(window: Window, tick: int, first: int) -> Span:
    """A rolling window W at tick t is `[t − W, t)`; `all` goes from the first step with data to the tick."""
    return (min(first, tick), tick) if window == "all" else (tick - window, tick)


def holds(span: Span, time: int) -> bool:
    """Spans are half-open."""
    return span[0] <= time < span[1]

"""The window that an objective's budget is of, at every tick of a timeline."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from backburn.engine.times import to_micros
from backburn.evaluation.windows import place, promises
from backburn.model.window import Calendar, Everything, LastEvents, Rolling

if TYPE_CHECKING:
    from backburn.evaluation.windows import Promise, Span
    from backburn.model.spec import Objective, Spec

    Budgeted = tuple[int | None, list[tuple[int, int, int]], int | None]

__all__ = ["budgeted"]

_FOREVER = 2**63 - 1


def budgeted(spec: Spec, objective: Objective, ticks: tuple[int, int, int], first: int) -> Budgeted:
    """Give the length of a window that rolls, or periods, or a number of events, as the core takes them.

    A period is the last tick at which it is looked at, its start and its end, in microseconds: civil time becomes spans
    here, and the core knows spans only. `first` is where the first step with data begins.
    """
    promise = next(one for one in promises(spec, objective, None) if one.budget)
    window = promise.window
    if isinstance(window, Rolling):
        return window.length.microseconds, [], None
    if isinstance(window, LastEvents):
        return None, [], window.events
    if isinstance(window, Everything):
        return None, [(_FOREVER, first, _FOREVER)], None
    if isinstance(window, Calendar) and window.which in {"current", "previous"}:
        return None, _civil(promise, window, spec, ticks), None
    return None, [(_FOREVER, *_period(promise, spec, ticks[0]))], None


def _civil(promise: Promise, window: Calendar, spec: Spec, ticks: tuple[int, int, int]) -> list[tuple[int, int, int]]:
    """List the periods that hold the last moment before some tick, each with the one that is looked at there."""
    current = replace(promise, window=replace(window, which="current"))
    tick, last, every = ticks
    periods = []
    while tick <= last:
        _, until = _period(current, spec, tick)
        periods.append((until, *_period(promise, spec, tick)))
        tick += ((until - tick) // every + 1) * every
    return periods


def _period(promise: Promise, spec: Spec, tick: int) -> Span:
    """Give the whole of a period, as far as an evaluation at the tick would look at it and beyond."""
    period = place(promise, spec, tick, tick).period
    if period is None:  # pragma: no cover - only windows that have one are asked about.
        raise TypeError(promise.window)
    return to_micros(period.start, "start"), to_micros(period.end, "end")

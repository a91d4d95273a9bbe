"""Whether a budget will be gone in time, step by step, while no hour of the last weeks tells what will come."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from oracle.burn import Events

HOUR, DAY, WEEK = 3_600_000_000, 86_400_000_000, 7 * 86_400_000_000


def gone(
    events: Events, known: tuple[int, int], target: Fraction, times: tuple[int, int, int], ratio: Fraction
) -> bool:
    """Whether the budget of a window is gone at a tick, or at a step up to `within` after it.

    `times` are the tick, the length of the window and `within`; `known` is the time for which there are logs, and
    `ratio` the share of what comes that is bad. Traffic comes at the mean rate, in whole halves of an event for each
    hour in UTC, and evenly in it; none comes in steps that are left out.
    """
    step, (tick, window, within) = events.step, times
    assert tick - known[0] < WEEK, "the hours of weeks ago would tell"
    seen = [at for at in range(known[0], min(known[1], tick), step) if at // step not in events.left_out]
    if not seen:
        return False
    mean = Fraction(sum(events.within(at, at + step).valid for at in seen), len(seen))
    come, coming = Fraction(0), dict(stretched(events, tick, tick + window, mean))
    for at in range(tick, tick + min(within, window) + 1, step):
        held = events.within(at - window, tick)
        spent, valid = held.bad + ratio * come, held.valid + come
        if valid and spent >= (1 - target) * valid:
            return True
        come += coming.get(at, 0)
    return False


def stretched(events: Events, start: int, end: int, mean: Fraction) -> Iterator[tuple[int, Fraction]]:
    """What each step brings that is not left out."""
    step = events.step
    run: list[int] = []
    for at in range(start, end + step, step):
        counts = at < end and at // step not in events.left_out
        if run and (not counts or at % HOUR == 0):
            whole = Fraction(2 * mean * len(run) // 1, 2)
            yield from ((one, whole / len(run)) for one in run)
            run = []
        if counts:
            run.append(at)

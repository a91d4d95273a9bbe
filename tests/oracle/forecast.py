"""What a window is likely to come to, hour by hour, from what the hours before brought."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from statistics import median
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

WEEK = 168


@dataclass(frozen=True, kw_only=True)
class Past:
    """Good and bad events of hours, all of which are known from `first` up to `now`."""

    events: Mapping[int, tuple[int, int]]
    first: int
    now: int

    def good(self, start: int, end: int) -> int:
        """Good events of the hours from `start` to before `end`."""
        return sum(good for hour, (good, _) in self.events.items() if start <= hour < end)

    def bad(self, start: int, end: int) -> int:
        """Bad ones."""
        return sum(bad for hour, (_, bad) in self.events.items() if start <= hour < end)

    def valid(self, start: int, end: int) -> int:
        """Both."""
        return self.good(start, end) + self.bad(start, end)

    def to_come(self, hour: int) -> Fraction:
        """The median of the last four hours of the same weekday; the mean rate where none is known, in half events."""
        known: list[int] = []
        if self.now - self.first >= WEEK:
            ago = next(weeks for weeks in range(1, hour) if hour - weeks * WEEK < self.now)
            same = [hour - weeks * WEEK for weeks in range(ago, ago + 4)]
            known = [self.valid(one, one + 1) for one in same if one >= self.first]
        if known:
            return Fraction(median(map(Fraction, known)))
        since = max(self.first, self.now - 4 * WEEK)
        return Fraction(2 * self.valid(since, self.now) // (self.now - since), 2)


@dataclass(frozen=True, kw_only=True)
class Window:
    """The hours from `start` on: the last ones before any moment where it rolls, else a period up to `end`."""

    start: int
    end: int
    rolls: bool


def shares(past: Past, window: Window, target: Fraction, ratio: Fraction) -> Iterator[tuple[int, Fraction | None]]:
    """The share of the budget that is gone before each hour, if `ratio` of what comes is bad; None without events."""
    coming = {hour: past.to_come(hour) for hour in range(past.now, window.end)}
    everything, come = sum(coming.values(), Fraction(0)), Fraction(0)
    for hour in range(past.now, window.end + 1):
        start = hour - (past.now - window.start) if window.rolls else window.start
        bad, valid = past.bad(start, past.now), past.valid(start, past.now) + (come if window.rolls else everything)
        yield hour, (bad + ratio * come) / ((1 - target) * valid) if valid else None
        come += coming.get(hour, 0)


def gone(past: Past, window: Window, target: Fraction, ratio: Fraction) -> int | None:
    """The first hour before which the budget is gone; None if there is none up to the end."""
    told = shares(past, window, target, ratio)
    return next((hour for hour, share in told if share is not None and share >= 1), None)


def back(past: Past, window: Window, target: Fraction) -> int | None:
    """The first hour after now before which it is not, if nothing fails any more; a new period has a new budget."""
    if not window.rolls:
        return window.end
    told = shares(past, window, target, Fraction(0))
    return next((hour for hour, share in told if hour > past.now and (share is None or share < 1)), None)

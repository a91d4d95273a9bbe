"""Where the traffic is split: policies are chosen on the earlier part, and held against the later."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from backburn import civil
from backburn.engine.times import from_micros

if TYPE_CHECKING:
    from fractions import Fraction

    Span = tuple[int, int]

__all__ = ["Split", "split"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Split:
    """The moment in microseconds; `midnight` is whether a day begins there, which a short log may not have."""

    at: int
    span: Span
    grace: int
    midnight: bool

    @property
    def train(self) -> Span:
        """The earlier part."""
        return self.span[0], self.at

    @property
    def holdout(self) -> Span:
        """The later part."""
        return self.at, self.span[1]

    def drops(self, event: Span) -> bool:
        """Whether an event lies so near that pages of both parts would be its own."""
        return event[0] < self.at + self.grace and event[1] + self.grace > self.at


def split(span: Span, share: Fraction, zone: str, grace: int, every: int) -> Split:
    """Split a span at the local midnight that is nearest to a share of it, or at a tick if none is near.

    >>> from fractions import Fraction
    >>> day = 86_400_000_000
    >>> split((0, 10 * day), Fraction(7, 10), "Europe/Berlin", 0, 60_000_000).at / day
    6.958333333333333
    """
    wanted = span[0] + int((span[1] - span[0]) * share)
    clocks = civil.zone(zone)
    day = from_micros(wanted).astimezone(clocks).date()
    midnights = [civil.begins(day + timedelta(days=more), clocks) for more in (-1, 0, 1)]
    # In a log of few days the nearest midnight may be so far off that one of the parts would be nothing.
    reach = min(wanted - span[0], span[1] - wanted) // 2
    inside = [midnight for midnight in midnights if abs(midnight - wanted) <= reach]
    if inside:
        return Split(at=min(inside, key=lambda one: abs(one - wanted)), span=span, grace=grace, midnight=True)
    tick = span[0] + (wanted - span[0]) // every * every
    return Split(at=tick, span=span, grace=grace, midnight=False)

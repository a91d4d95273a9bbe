"""What a burn rate means: levels, shares of a budget, times to exhaustion, detection and reset, in exact fractions.

The formulas are those of chapter 5, "Alerting on SLOs", of Google's Site Reliability Workbook. A target S leaves 1 - S
of the events to fail; a burn rate B is an error ratio over that; an alert looks at a window W; a budget is that of a
period P. Times come out in the unit in which lengths go in. Errors and traffic are constant before an event and during
it.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from backburn.model.policy import Op

__all__ = [
    "Event",
    "detection",
    "exhausts_in",
    "factor_of",
    "greatest",
    "level",
    "reachable",
    "reset",
    "shortest",
    "spent",
    "told",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Failures at one error ratio, on traffic that is `traffic` times that before, where the error ratio was `before`.

    The chapter's own examples have no errors before and constant traffic.
    """

    ratio: Fraction
    before: Fraction = Fraction(0)
    traffic: Fraction = Fraction(1)


def level(factor: Fraction, target: Fraction) -> Fraction:
    """Give the error ratio at which a burn rate is reached: B · (1 - S).

    >>> level(Fraction("14.4"), Fraction("0.999"))
    Fraction(9, 625)
    """
    return factor * (1 - target)


def factor_of(ratio: Fraction, target: Fraction) -> Fraction:
    """Give the burn rate of an error ratio: e / (1 - S).

    >>> factor_of(Fraction(1), Fraction("0.9"))
    Fraction(10, 1)
    """
    return ratio / (1 - target)


def greatest(target: Fraction) -> Fraction:
    """Give the burn rate of a total outage, which is the greatest there is: 1 / (1 - S).

    >>> greatest(Fraction("0.9"))
    Fraction(10, 1)
    """
    return factor_of(Fraction(1), target)


def told(ratio: Fraction, above: Fraction, op: Op) -> bool:
    """Whether an error ratio is above a level, or where that is enough equal to it.

    >>> told(Fraction("0.006"), Fraction("0.006"), "gt"), told(Fraction("0.006"), Fraction("0.006"), "gte")
    (False, True)
    """
    return ratio > above or (op == "gte" and ratio == above)


def reachable(factor: Fraction, target: Fraction, op: Op) -> bool:
    """Whether a total outage is enough for a burn rate: B < 1 / (1 - S), or where equality is enough B <= 1 / (1 - S).

    >>> reachable(Fraction("14.4"), Fraction("0.9"), "gt"), reachable(Fraction(10), Fraction("0.9"), "gte")
    (False, True)
    """
    return told(Fraction(1), level(factor, target), op)


def spent(factor: Fraction, window: Fraction, period: Fraction) -> Fraction:
    """Give the share of a period's budget that burns at a rate within a window: B · W / P.

    It is also what is spent when an alert fires on that rate, whatever the error ratio is.

    >>> spent(Fraction("14.4"), Fraction(1), Fraction(30 * 24))
    Fraction(1, 50)
    """
    return factor * window / period


def exhausts_in(factor: Fraction, period: Fraction) -> Fraction:
    """Give the time in which a burn rate exhausts a period's budget: P / B.

    >>> exhausts_in(Fraction(1000), Fraction(30 * 24 * 60))
    Fraction(216, 5)
    """
    return period / factor


def detection(event: Event, above: Fraction, windows: Sequence[Fraction], op: Op = "gt") -> Fraction | None:
    """Give the time after which an event is above a level in all windows; None where it never is.

    After a time t a window of length W holds W - t of before and t of the event, on r times the traffic. Its error
    ratio reaches the level after W(level - before) / (r(ratio - level) + level - before). Without errors before this
    is W · level / (r · ratio - level(r - 1)), on constant traffic W(level - before) / (ratio - before), and with both
    the chapter's (1 - S) / ratio · W · B. The longest window is the last.

    >>> hour, outage = Fraction(60), Event(ratio=Fraction(1))
    >>> detection(outage, Fraction("0.036"), [hour])
    Fraction(54, 25)
    >>> detection(Event(ratio=Fraction("0.05")), Fraction("0.0144"), [hour, Fraction(5)])
    Fraction(432, 25)
    >>> detection(Event(ratio=Fraction("0.0144")), Fraction("0.0144"), [hour]) is None
    True
    """
    if not told(event.ratio, above, op):
        return None
    return max(_crossing(event, above, window) for window in windows)


def reset(event: Event, above: Fraction, windows: Sequence[Fraction], op: Op = "gt") -> Fraction | None:
    """Give the time after the end of an event until it is no longer above a level in all windows; None if it never was.

    It is W - the detection time of the same window, for what leaves a window at its end is what came in at its start:
    without errors before, and with traffic as before, W(1 - level / ratio). It is the same however long the event was,
    if it was long enough to be told. The shortest window is the first.

    >>> reset(Event(ratio=Fraction(1)), Fraction("0.036"), [Fraction(60)])
    Fraction(1446, 25)
    >>> reset(Event(ratio=Fraction(1)), Fraction("0.0144"), [Fraction(60), Fraction(5)])
    Fraction(616, 125)
    """
    if not told(event.ratio, above, op):
        return None
    return min(window - _crossing(event, above, window) for window in windows)


def shortest(conditions: Sequence[tuple[Fraction, Fraction]], wait: Fraction) -> Fraction:
    """Give the length of the shortest event that an alert fires on, from the detection and reset times of conditions.

    An alert that waits (`for`) needs a condition to be true for so long. It is from its detection until its reset,
    which comes after the end of the event: one of length d is told where d is at least the detection time, and
    d - detection + reset at least the wait. With several conditions the alert is true from the first of them on.

    >>> shortest([(Fraction("0.84"), Fraction("4.93"))], Fraction(2)) == Fraction("0.84")
    True
    >>> shortest([(Fraction("0.001"), Fraction("0.999"))], Fraction(60)) == Fraction("59.002")
    True
    """
    first = min(detected for detected, _ in conditions)
    return min(max(detected, first + wait - kept) for detected, kept in conditions)


def _crossing(event: Event, above: Fraction, window: Fraction) -> Fraction:
    """Give the time after which one window is at a level that an event reaches, and nothing before it did."""
    missing = above - event.before
    return window * missing / (event.traffic * (event.ratio - above) + missing)

"""What an evaluation says of an error budget: what there is of it, what is spent, and how long the rest will last."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from backburn.engine.times import rfc3339

if TYPE_CHECKING:
    from datetime import datetime
    from decimal import Decimal

__all__ = ["Budget", "Exhaustion", "Forecast", "SliceCounts"]

Answer = Literal["exhausts", "already", "not within the window", "unknown", "over"]


@dataclass(frozen=True, slots=True, kw_only=True)
class SliceCounts:
    """What the slices of time in a window are, of which each that counts weighs the same (so the SLI is unweighted).

    With `time-slices` a slice is good where the share of its good events reaches `target`, and `good` and `bad` are
    whole numbers; with `ratio-time-slices` they add up those shares. `undefined` slices do not count: too few events
    and no `no_data`, logs missing, or left out. `cut` is how many lie in the window only in part, and do not count.
    """

    method: Literal["time-slices", "ratio-time-slices"]
    length: str
    target: Decimal | None
    min_events: int
    good: float
    bad: float
    counted: int
    undefined: int
    cut: int

    def to_dict(self) -> dict[str, Any]:
        """As in the envelope."""
        return {
            "method": self.method,
            "length": self.length,
            "target": None if self.target is None else float(self.target),
            "min_events": self.min_events,
            "good": self.good,
            "bad": self.bad,
            "counted": self.counted,
            "undefined": self.undefined,
            "cut": self.cut,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """What is still to come in a running period, in the unit of its budget.

    `valid` adds up the medians of the same civil hours in the last four weeks; `low` and `high` are what the least and
    the greatest of those weeks as a whole would bring, None unless one was seen whole. With less than a week of logs it
    is the mean rate so far (`method`). `weeks` is how many weeks the hour with the fewest has.
    """

    valid: float
    low: float | None
    high: float | None
    method: Literal["median of weeks", "mean rate"]
    weeks: int

    def to_dict(self) -> dict[str, Any]:
        """As in the envelope."""
        return {
            "valid": self.valid,
            "low": self.low,
            "high": self.high,
            "method": self.method,
            "weeks": self.weeks,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Exhaustion:
    """When the budget will be gone if failures go on as in the last `lookback`, and traffic as in the last weeks.

    `answer` is `exhausts` (at the time `at`), `already`, `not within the window`, `unknown`, or `over` for a window
    that has ended. `ratio` is the error ratio of the last `lookback`. `earliest` and `latest` are the times that the
    greatest and the least ratio of its blocks of 6 hours give, None where that is not within the window.
    `recovers_at` is when a budget that is gone is there again if nothing fails any more: in a rolling window old
    errors leave, and after a calendar period comes the next. A span of fixed dates has no next one.
    """

    answer: Answer
    at: datetime | None = None
    earliest: datetime | None = None
    latest: datetime | None = None
    recovers_at: datetime | None = None
    ratio: float | None = None
    lookback: str = "24h"

    def to_dict(self) -> dict[str, Any]:
        """As in the envelope."""
        times = {name: getattr(self, name) for name in ("at", "earliest", "latest", "recovers_at")}
        shown = {name: None if time is None else rfc3339(time) for name, time in times.items()}
        return {"answer": self.answer, **shown, "ratio": self.ratio, "lookback": self.lookback}


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """The error budget of a window, in events or slices of time (`unit`).

    `allowed` and `spent` are in that unit; `consumed` and `remaining` are shares of the budget, signed and never
    clamped; `minutes` is the length of a total outage that would spend the budget under even traffic. All of it is of
    the observed window, or of the whole `period` where that is still running: then `allowed` counts what is to come by
    `forecast`, and `burn_to_date` is what is spent of the budget of the time so far, which is a burn rate.
    """

    basis: Literal["observed", "period"] = "observed"
    unit: Literal["events", "slices"] = "events"
    allowed: float | None
    spent: float
    consumed: float | None
    remaining: float | None
    minutes: float
    burn_to_date: float | None = None
    forecast: Forecast | None = None
    exhaustion: Exhaustion | None = None

    def to_dict(self) -> dict[str, Any]:
        """As in the envelope."""
        return {
            "basis": self.basis,
            "unit": self.unit,
            "allowed": self.allowed,
            "spent": self.spent,
            "consumed": self.consumed,
            "remaining": self.remaining,
            "minutes": self.minutes,
            "burn_to_date": self.burn_to_date,
            "forecast": None if self.forecast is None else self.forecast.to_dict(),
            "exhaustion": None if self.exhaustion is None else self.exhaustion.to_dict(),
        }

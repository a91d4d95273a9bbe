"""How good a policy was: pages held against events."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["Chance", "Estimate", "Score", "Spread", "Truth"]

Truth = Literal["labels", "computed"]
"""Where the events are from: people wrote them down, or they follow from what failed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """A ratio, and the ends of its 95 % interval; None where it is undefined, or where weeks are too few to tell.

    `method` is `weeks` for a bootstrap over civil weeks, `events` for the interval of Clopper and Pearson over events.
    """

    value: float | None
    low: float | None = None
    high: float | None = None
    method: Literal["weeks", "events"] | None = None

    def to_dict(self) -> dict[str, Any]:
        """As in the envelope."""
        return {"value": self.value, "low": self.low, "high": self.high, "method": self.method}


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """Quantiles of times in seconds (type 1); None where fewer events than that were reached, or there is none."""

    p50: float | None
    p90: float | None
    max: float | None

    @classmethod
    def of(cls, times: Sequence[int], among: int) -> Spread:
        """Give the quantiles of times in microseconds among so many, of which the others took for ever.

        >>> Spread.of([60_000_000, 120_000_000], 3)
        Spread(p50=120.0, p90=None, max=None)
        """
        known = sorted(times)

        def at(above: int, below: int) -> float | None:
            rank = -(-among * above // below) - 1
            return known[rank] / 1e6 if 0 <= rank < len(known) else None

        return cls(p50=at(1, 2), p90=at(9, 10), max=at(1, 1))

    def to_dict(self) -> dict[str, Any]:
        """As in the envelope."""
        return {"p50": self.p50, "p90": self.p90, "max": self.max}


@dataclass(frozen=True, slots=True, kw_only=True)
class Chance:
    """What the same pages would have told of at other times: the mean, the range of 95 %, and how often as much.

    `p` is (1 + the number of draws that do as well) / (1 + all draws).
    """

    recall: Estimate
    recall_p: float | None
    precision: Estimate
    precision_p: float | None
    draws: int

    def to_dict(self) -> dict[str, Any]:
        """As in the envelope."""
        return {
            "recall": self.recall.to_dict(),
            "recall_p": self.recall_p,
            "precision": self.precision.to_dict(),
            "precision_p": self.precision_p,
            "draws": self.draws,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """One policy on one objective, or on the union of all where `objective` is None, held against one truth.

    Times are seconds, `budget_before` and `budget_lost` shares of the budget of the policy's period: the mean over
    detected events of what they had spent when somebody was paged, and the sum over missed events of all that they
    spent. A union has none, for budgets of several objectives do not add up.
    """

    policy: str
    objective: str | None
    truth: Truth
    events: int
    detected: int
    already_firing: int
    missed: int
    recall: Estimate
    recall_covered: Estimate
    pages: int
    true_pages: int
    false_pages: int
    unsure_pages: int
    precision: Estimate
    event_precision: Estimate
    pages_per_event: float | None
    detection: Spread
    reset: Spread
    ended_early: int
    censored: int
    budget_before: float | None
    budget_lost: float | None
    pages_per_week: Estimate
    pages_per_night: float | None
    busy_shifts: float | None
    longest_quiet: float
    flapping: int
    firing: float | None
    noisy: bool
    permanently_firing: bool
    random: Chance | None
    weeks: float
    left_out_alerts: int
    left_out_events: int

    def to_dict(self) -> dict[str, Any]:
        """As in the envelope."""
        return {
            "policy": self.policy,
            "objective": self.objective,
            "truth": self.truth,
            "events": self.events,
            "detected": self.detected,
            "already_firing": self.already_firing,
            "missed": self.missed,
            "recall": self.recall.to_dict(),
            "recall_covered": self.recall_covered.to_dict(),
            "pages": self.pages,
            "true_pages": self.true_pages,
            "false_pages": self.false_pages,
            "unsure_pages": self.unsure_pages,
            "precision": self.precision.to_dict(),
            "event_precision": self.event_precision.to_dict(),
            "pages_per_event": self.pages_per_event,
            "detection": self.detection.to_dict(),
            "reset": {**self.reset.to_dict(), "ended_early": self.ended_early, "censored": self.censored},
            "budget_before": self.budget_before,
            "budget_lost": self.budget_lost,
            "pages_per_week": self.pages_per_week.to_dict(),
            "pages_per_night": self.pages_per_night,
            "busy_shifts": self.busy_shifts,
            "longest_quiet": self.longest_quiet,
            "flapping": self.flapping,
            "firing": self.firing,
            "noisy": self.noisy,
            "permanently_firing": self.permanently_firing,
            "random": None if self.random is None else self.random.to_dict(),
            "weeks": self.weeks,
            "left_out": {"alerts": self.left_out_alerts, "events": self.left_out_events},
        }

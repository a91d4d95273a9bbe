"""Whether a choice is better than another policy, week by week, beyond what chance would do."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil
from typing import TYPE_CHECKING, Any

from backburn.alerts.score.rule import RULE
from backburn.alerts.tuning.metrics import BETTER, not_worse

if TYPE_CHECKING:
    from backburn.alerts.tuning.field import Tried

__all__ = ["Claim", "Comparison", "compare"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """By how much a metric of the choice exceeds that of the other, with the paired 95 % interval over weeks.

    `needed` is how many weeks would make so great a difference certain, for the interval narrows with their root.
    """

    metric: str
    difference: float
    low: float | None
    high: float | None
    needed: int | None

    @property
    def better(self) -> bool:
        """Whether the interval lies wholly on the better side of 0."""
        if self.low is None or self.high is None:
            return False
        return self.low > 0 if BETTER[self.metric] > 0 else self.high < 0

    def to_dict(self) -> dict[str, Any]:
        """As in the envelope."""
        return {
            "metric": self.metric,
            "difference": self.difference,
            "low": self.low,
            "high": self.high,
            "weeks_needed": self.needed,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """The choice beside another policy on the later part."""

    policy: str
    claims: tuple[Claim, ...]
    not_worse: bool
    enough: bool

    @property
    def improves(self) -> bool:
        """Whether it may be said: one metric is better for sure, and none is worse."""
        return self.enough and self.not_worse and any(claim.better for claim in self.claims)

    def to_dict(self) -> dict[str, Any]:
        """As in the envelope."""
        return {
            "policy": self.policy,
            "improves": self.improves,
            "not_worse": self.not_worse,
            "enough_weeks": self.enough,
            "claims": [claim.to_dict() for claim in self.claims],
        }


def compare(chosen: Tried, other: Tried) -> Comparison:
    """Hold a choice beside another policy; under eight weeks nothing is claimed."""
    from backburn import _rust

    enough = chosen.metrics.weeks >= RULE.fewest_weeks
    claims = []
    for metric, (some, of) in chosen.ratios.items():
        some_other, of_other = other.ratios[metric]
        if not sum(of) or not sum(of_other):
            continue
        scale = 7 * 86_400_000_000 if metric == "pages_per_week" else 1
        difference = (sum(some) / sum(of) - sum(some_other) / sum(of_other)) * scale
        ends = _rust.difference_interval((some, of), (some_other, of_other))
        low, high = (None, None) if ends is None else (ends[0] * scale, ends[1] * scale)
        needed = None
        if ends is not None and difference:
            reach = (ends[1] - ends[0]) * scale / 2
            needed = max(RULE.fewest_weeks, ceil(chosen.metrics.weeks * (reach / abs(difference)) ** 2))
        claims.append(Claim(metric=metric, difference=difference, low=low, high=high, needed=needed))
    return Comparison(
        policy=other.policy.name,
        claims=tuple(claims if enough else (_without_ends(claim) for claim in claims)),
        not_worse=not_worse(chosen.metrics, other.metrics),
        enough=enough,
    )


def _without_ends(claim: Claim) -> Claim:
    return Claim(metric=claim.metric, difference=claim.difference, low=None, high=None, needed=claim.needed)

"""What a policy did on the part of the traffic that it was tried on, in numbers that can be compared."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    from backburn.alerts.score.heard import Heard

__all__ = ["BETTER", "COMPARED", "Metrics", "dominates", "not_worse", "of_heard"]

BETTER = {
    "recall": 1,
    "precision": 1,
    "event_precision": 1,
    "false_per_week": -1,
    "pages_per_week": -1,
    "detection_p50": -1,
    "budget_unseen": -1,
}
"""Metrics of which more is better (1), or less (-1)."""

COMPARED = ("recall", "precision", "event_precision", "false_per_week", "detection_p50", "budget_unseen")
"""Those by which one policy is worse than another; more pages are not, where these tell of more events."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Metrics:
    """Sums over all objectives and services; times are seconds, budgets are shares of a period's.

    `precision` and `event_precision` are None without pages that tell, `detection_p50` and `detection_p90` where fewer
    events were detected, `budget_before` where none was.
    """

    weeks: float
    events: int
    detected: int
    already_firing: int
    true_pages: int
    false_pages: int
    unsure_pages: int
    night_pages: int
    detection_sum: float
    detection_p50: float | None
    detection_p90: float | None
    budget_before_sum: float
    budget_lost: float
    firing: float | None
    noisy: bool

    @property
    def pages(self) -> int:
        """All pages."""
        return self.true_pages + self.false_pages + self.unsure_pages

    @property
    def recall(self) -> float | None:
        """The share of events that were detected."""
        return self.detected / self.events if self.events else None

    @property
    def precision(self) -> float | None:
        """The share of pages that belong to an event, of those of which it is known."""
        told = self.true_pages + self.false_pages
        return self.true_pages / told if told else None

    @property
    def event_precision(self) -> float | None:
        """Detected events among these and false pages."""
        told = self.detected + self.false_pages
        return self.detected / told if told else None

    @property
    def pages_per_week(self) -> float | None:
        """All pages of a week."""
        return self.pages / self.weeks if self.weeks else None

    @property
    def pages_per_event(self) -> float | None:
        """Pages that belong to an event, for each event that was detected."""
        return self.true_pages / self.detected if self.detected else None

    @property
    def false_per_week(self) -> float | None:
        """Pages of a week that belong to no event."""
        return self.false_pages / self.weeks if self.weeks else None

    @property
    def budget_unseen(self) -> float | None:
        """What an event spent before somebody was paged, or in all where nobody was, on average."""
        return (self.budget_before_sum + self.budget_lost) / self.events if self.events else None

    @property
    def budget_before(self) -> float | None:
        """What a detected event had spent when somebody was paged, on average."""
        return self.budget_before_sum / self.detected if self.detected else None

    def to_dict(self) -> dict[str, Any]:
        """As in the envelope."""
        names = ("events", "detected", "already_firing", "recall", "pages", "true_pages", "false_pages", "precision")
        more = ("event_precision", "pages_per_event", "pages_per_week", "night_pages", "detection_p50", "detection_p90")
        last = ("budget_before", "budget_lost", "budget_unseen", "firing", "noisy")
        return {name: getattr(self, name) for name in (*names, *more, *last)}


def of_heard(heard: Sequence[Heard], weeks: float, noisy: float) -> Metrics:
    """Add up what services heard."""
    from backburn.alerts.score.result import Spread

    pages = [page for one in heard for page in one.pages]
    events = [event for one in heard for event in one.events]
    after = [event.after for event in events if event.after is not None]
    spread = Spread.of(after, len(events))
    fired, outside = (sum(one.fired[side] for one in heard) for side in (0, 1))
    counts = {verdict: sum(page.verdict == verdict for page in pages) for verdict in ("true", "false", "unsure")}
    return Metrics(
        weeks=weeks,
        events=len(events),
        detected=len(after),
        already_firing=sum(event.outcome == "already firing" for event in events),
        true_pages=counts["true"],
        false_pages=counts["false"],
        unsure_pages=counts["unsure"],
        night_pages=sum(page.night for page in pages),
        detection_sum=sum(after) / 1e6,
        detection_p50=spread.p50,
        detection_p90=spread.p90,
        budget_before_sum=sum(event.before for event in events if event.before is not None),
        budget_lost=sum(event.lost or 0.0 for event in events if event.outcome == "missed"),
        firing=fired / outside if outside else None,
        noisy=bool(outside) and fired >= noisy * outside,
    )


def worth(metrics: Metrics, name: str) -> float:
    """Give a metric so that more is better; what is undefined is worst."""
    value: float | None = getattr(metrics, name)
    return float("-inf") if value is None else BETTER[name] * value


def not_worse(one: Metrics, other: Metrics, names: Sequence[str] = COMPARED) -> bool:
    """Whether one policy is as good as another by each of these metrics."""
    return all(worth(one, name) >= worth(other, name) for name in names)


def dominates(one: Metrics, other: Metrics, names: Sequence[str] = COMPARED) -> bool:
    """Whether it is so, and better by one of them."""
    return not_worse(one, other, names) and any(worth(one, name) > worth(other, name) for name in names)

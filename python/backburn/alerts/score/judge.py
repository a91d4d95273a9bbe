"""From what services heard to the score of a policy."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from backburn.alerts.score.chance import by_chance
from backburn.alerts.score.result import Estimate, Score, Spread

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from backburn.alerts.score.heard import EventHeard, Heard, PageHeard
    from backburn.alerts.score.result import Truth
    from backburn.alerts.score.rule import Rule

__all__ = ["Scale", "ratios", "score"]

_WEEK = 7 * 86_400_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """What pages are counted by: the span that is scored, its weeks, nights and shifts, and the policy's period."""

    rule: Rule
    span: tuple[int, int]
    weeks: Sequence[tuple[int, int]]
    nights: Sequence[tuple[int, int]]
    shifts: Sequence[tuple[int, int]]
    period: int

    @property
    def length(self) -> int:
        """How long the span is, in microseconds."""
        return max(0, self.span[1] - self.span[0])


def score(policy: str, objective: str | None, truth: Truth, heard: Sequence[Heard], scale: Scale) -> Score:
    """Score one policy on one objective, or on the union of all, over its services."""
    pages = sorted((page for one in heard for page in one.pages), key=lambda page: page.first)
    events = [event for one in heard for event in one.events]
    verdicts = {verdict: [page for page in pages if page.verdict == verdict] for verdict in ("true", "false", "unsure")}
    detected = [event for event in events if event.outcome == "detected"]
    firing = [event for event in events if event.outcome == "already firing"]
    missed = [event for event in events if event.outcome == "missed"]
    weekly = _Weekly(scale, events, pages)
    fired, outside = (sum(one.fired[side] for one in heard) for side in (0, 1))
    resets = [event.reset for event in events if event.reset is not None]
    known = [0 if how == "ended early" else after for how, after in resets if how != "censored"]
    budgets = objective is not None
    return Score(
        policy=policy,
        objective=objective,
        truth=truth,
        events=len(events),
        detected=len(detected),
        already_firing=len(firing),
        missed=len(missed),
        recall=weekly.share(weekly.events("detected"), weekly.events()),
        recall_covered=weekly.share(weekly.events("detected", "already firing"), weekly.events()),
        pages=len(pages),
        true_pages=len(verdicts["true"]),
        false_pages=len(verdicts["false"]),
        unsure_pages=len(verdicts["unsure"]),
        precision=weekly.share(weekly.pages("true"), weekly.pages("true", "false")),
        event_precision=weekly.share(weekly.events("detected"), weekly.told()),
        pages_per_event=len(verdicts["true"]) / len(detected) if detected else None,
        detection=Spread.of([event.after for event in detected if event.after is not None], len(events)),
        reset=Spread.of(known, len(known)),
        ended_early=sum(how == "ended early" for how, _ in resets),
        censored=sum(how == "censored" for how, _ in resets),
        budget_before=_mean([event.before for event in detected if event.before is not None]) if budgets else None,
        budget_lost=sum(event.lost for event in missed if event.lost is not None) if budgets else None,
        pages_per_week=weekly.rate(),
        pages_per_night=_per_night(pages, scale),
        busy_shifts=_busy(pages, scale),
        longest_quiet=_quiet(pages, scale.span) / 1e6,
        flapping=sum(_flaps(one.pages, scale.rule.flapping) for one in heard),
        firing=fired / outside if outside else None,
        noisy=bool(outside) and fired >= scale.rule.noisy * outside,
        permanently_firing=any(
            (scale.span[1] if page.end is None else page.end) - page.first >= scale.rule.permanent * scale.period
            for page in pages
        ),
        random=by_chance(heard, len(detected), scale.rule.draws),
        weeks=scale.length / _WEEK,
        left_out_alerts=sum(one.left_out_alerts for one in heard),
        left_out_events=sum(one.left_out_events for one in heard),
    )


def ratios(heard: Sequence[Heard], scale: Scale) -> dict[str, tuple[list[int], list[int]]]:
    """Give the counts of each week and what they are out of, for comparing two policies week by week."""
    pages = [page for one in heard for page in one.pages]
    weekly = _Weekly(scale, [event for one in heard for event in one.events], pages)
    return {
        "recall": (weekly.events("detected"), weekly.events()),
        "precision": (weekly.pages("true"), weekly.pages("true", "false")),
        "event_precision": (weekly.events("detected"), weekly.told()),
        "pages_per_week": (weekly.pages(), [end - start for start, end in scale.weeks]),
    }


class _Weekly:
    """Events and pages by the civil week in which they begin, for intervals."""

    def __init__(self, scale: Scale, events: Sequence[EventHeard], pages: Sequence[PageHeard]) -> None:
        self._scale = scale
        self._events, self._pages = events, pages
        self._starts = [start for start, _ in scale.weeks]

    def events(self, *outcomes: str) -> list[int]:
        """Count the events of each week that came to one of these ends, or all."""
        return self._count(event.start for event in self._events if not outcomes or event.outcome in outcomes)

    def pages(self, *verdicts: str) -> list[int]:
        """Count the pages of each week with one of these verdicts, or all."""
        return self._count(page.first for page in self._pages if not verdicts or page.verdict in verdicts)

    def told(self) -> list[int]:
        """Count detected events and false pages of each week."""
        return [a + b for a, b in zip(self.events("detected"), self.pages("false"), strict=True)]

    def share(self, some: Sequence[int], of: Sequence[int]) -> Estimate:
        """Estimate a share: over weeks if these are enough, else event by event."""
        from backburn import _rust

        count, whole = sum(some), sum(of)
        if not whole:
            return Estimate(value=None)
        if self._scale.length >= self._scale.rule.fewest_weeks * _WEEK:
            ends = _rust.ratio_interval((some, of))
            low, high = ends or (None, None)
            return Estimate(value=count / whole, low=low, high=high, method=None if ends is None else "weeks")
        ends = _rust.clopper_pearson(count, whole)
        low, high = ends or (None, None)
        return Estimate(value=count / whole, low=low, high=high, method="events")

    def rate(self) -> Estimate:
        """Estimate the pages of a week."""
        from backburn import _rust

        if not self._scale.length:
            return Estimate(value=None)
        pages = self.pages()
        value = sum(pages) * _WEEK / self._scale.length
        ends = None
        if self._scale.length >= self._scale.rule.fewest_weeks * _WEEK:
            ends = _rust.ratio_interval((pages, [end - start for start, end in self._scale.weeks]))
        if ends is None:
            return Estimate(value=value)
        return Estimate(value=value, low=ends[0] * _WEEK, high=ends[1] * _WEEK, method="weeks")

    def _count(self, moments: Iterable[int]) -> list[int]:
        counts = [0] * len(self._starts)
        for moment in moments:
            counts[max(0, bisect_right(self._starts, moment) - 1)] += 1
        return counts


def _mean(shares: Sequence[float]) -> float | None:
    return sum(shares) / len(shares) if shares else None


def _per_night(pages: Sequence[PageHeard], scale: Scale) -> float | None:
    """Give the pages of a night, of which the span may hold a part."""
    start, end = scale.span
    nights = sum((min(last, end) - max(first, start)) / (last - first) for first, last in scale.nights)
    return sum(page.night for page in pages) / nights if nights > 0 else None


def _busy(pages: Sequence[PageHeard], scale: Scale) -> float | None:
    """Give the share of shifts in which there were more pages than somebody can take."""
    if not scale.shifts:
        return None
    busy = sum(sum(start <= page.first < end for page in pages) > scale.rule.busy for start, end in scale.shifts)
    return busy / len(scale.shifts)


def _quiet(pages: Sequence[PageHeard], span: tuple[int, int]) -> int:
    """Give the longest time without a page."""
    longest, free = 0, span[0]
    for page in pages:
        longest = max(longest, page.first - free)
        free = max(free, span[1] if page.end is None else page.end)
    return max(longest, span[1] - free)


def _flaps(pages: Sequence[PageHeard], soon: int) -> int:
    """Count the pages of a service that begin soon after the one before has ended."""
    both = pairwise(pages)
    return sum(before.end is not None and after.first - before.end <= soon for before, after in both)

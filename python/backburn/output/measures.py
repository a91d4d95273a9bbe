"""What is said of a score, number by number."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from backburn.output.answer import Cell
from backburn.output.lengths import time_text
from backburn.output.numbers import UNDEFINED, budget_text, count_text, percent_text, rate_estimate, ratio_estimate

if TYPE_CHECKING:
    from collections.abc import Callable

    from backburn.alerts.score.result import Estimate, Score
    from backburn.output.answer import Tone

__all__ = ["MEASURES", "RARE", "Measure"]

RARE = 0.05
"""What is as likely as this by chance, or more, may be chance."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """A number of a score. What can be said of none of the scores that stand together is left out.

    One that is `more` stands only where there is room for it: where a single score has a line for each number.
    """

    name: str
    cell: Callable[[Score], Cell]
    said: Callable[[Score], object] = lambda _: True
    more: bool = False


def _events(score: Score) -> int:
    return score.events


def _pages(score: Score) -> int:
    return score.pages


def _detected(score: Score) -> Cell:
    return _cell(f"{count_text(score.detected)} of {count_text(score.events)}" if score.events else UNDEFINED)


def _count(count: Callable[[Score], int]) -> Callable[[Score], Cell]:
    def cell(score: Score) -> Cell:
        return Cell(count_text(count(score)), "plain" if count(score) else "quiet")

    return cell


def _ratio(estimate: Callable[[Score], Estimate]) -> Callable[[Score], Cell]:
    def cell(score: Score) -> Cell:
        found = estimate(score)
        return _cell(ratio_estimate(found.value, found.low, found.high))

    return cell


def _share(share: Callable[[Score], float | None], write: Callable[[float], str]) -> Callable[[Score], Cell]:
    def cell(score: Score) -> Cell:
        value = share(score)
        return _cell(UNDEFINED if value is None else write(value))

    return cell


def _weekly(score: Score) -> Cell:
    found = score.pages_per_week
    return _cell(rate_estimate(found.value, found.low, found.high))


def _cell(text: str, tone: Tone = "plain") -> Cell:
    return Cell(text, "quiet" if text == UNDEFINED else tone)


def _chance(score: Score) -> Cell:
    return _cell(UNDEFINED if score.random is None else ratio_estimate(score.random.recall.value))


def _p(score: Score) -> Cell:
    p = None if score.random is None else score.random.recall_p
    return _cell(ratio_estimate(p), "doubt" if p is not None and p > RARE else "plain")


def _detection(quantile: Callable[[Score], float | None]) -> Callable[[Score], Cell]:
    def cell(score: Score) -> Cell:
        seconds = quantile(score)
        if seconds is not None:
            return Cell(time_text(Fraction(seconds)))
        return Cell("not reached", "doubt") if score.events else Cell(UNDEFINED, "quiet")

    return cell


def _reset(score: Score) -> Cell:
    if score.reset.p50 is not None:
        return Cell(time_text(Fraction(score.reset.p50)))
    return Cell("not seen", "quiet") if score.censored else Cell(UNDEFINED, "quiet")


MEASURES = (
    Measure(name="detected", cell=_detected, said=_events),
    Measure(
        name="already firing", cell=_count(lambda score: score.already_firing), said=lambda score: score.already_firing
    ),
    Measure(name="missed", cell=_count(lambda score: score.missed), said=_events, more=True),
    Measure(name="recall", cell=_ratio(lambda score: score.recall), said=_events),
    Measure(name="by chance", cell=_chance, said=lambda score: score.random),
    Measure(name="p", cell=_p, said=lambda score: score.random),
    Measure(name="pages", cell=_count(_pages)),
    Measure(name="false pages", cell=_count(lambda score: score.false_pages), said=_pages, more=True),
    Measure(
        name="unsure pages",
        cell=_count(lambda score: score.unsure_pages),
        said=lambda score: score.unsure_pages,
        more=True,
    ),
    Measure(name="precision", cell=_ratio(lambda score: score.precision), said=_pages),
    Measure(name="pages a week", cell=_weekly, said=_pages),
    Measure(
        name="pages a night",
        cell=_share(lambda score: score.pages_per_night, rate_estimate),
        said=lambda score: score.pages and score.pages_per_night is not None,
        more=True,
    ),
    Measure(
        name="busy shifts",
        cell=_share(lambda score: score.busy_shifts, percent_text),
        said=lambda score: score.pages and score.busy_shifts is not None,
        more=True,
    ),
    Measure(name="detection p50", cell=_detection(lambda score: score.detection.p50), said=_events),
    Measure(name="detection p90", cell=_detection(lambda score: score.detection.p90), said=_events),
    Measure(
        name="spent before",
        cell=_share(lambda score: score.budget_before, budget_text),
        said=lambda score: score.budget_before is not None,
    ),
    Measure(
        name="spent by missed",
        cell=_share(lambda score: score.budget_lost, budget_text),
        said=lambda score: score.missed and score.budget_lost is not None,
        more=True,
    ),
    Measure(name="reset p50", cell=_reset, said=lambda score: score.detected),
)
"""In the order in which they stand."""

"""Why nobody can tell whether a promise is met."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from backburn.engine.times import from_micros, rfc3339
from backburn.evaluation.percent import percent, percent_below
from backburn.model.window import LastEvents

if TYPE_CHECKING:
    from collections.abc import Iterator
    from decimal import Decimal

    from backburn._rust import Judgement
    from backburn.evaluation.series import Labels
    from backburn.evaluation.windows import Placed, Span

__all__ = ["Facts", "unjudged"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What is known of one window of one series.

    `left` is whether exclusions leave anything of the window, `enough` whether it holds as many events as it asks for,
    `sliced` whether slices of time are counted.
    """

    placed: Placed
    series: Labels
    seen: bool
    left: bool
    enough: bool
    observed: Fraction
    judged: Judgement
    sliced: bool


def unjudged(facts: Facts, min_coverage: Decimal, data: Span) -> str | None:
    """Say why the promise cannot be judged; None where it can. `data` are the first and the last time seen."""
    return next(_reasons(facts, min_coverage, data), None)


def _reasons(facts: Facts, min_coverage: Decimal, data: Span) -> Iterator[str]:
    """Go through what can be in the way, what says most first."""
    window, span, period = facts.placed.promise.window, facts.placed.span, facts.placed.period
    judged = facts.judged
    if not facts.seen and judged.met is None:
        yield "no events: expected series never seen" if facts.series else "no events: no row is in scope"
    if period is not None and period.status == "not begun":
        yield f"the window begins only at {rfc3339(period.start)}"
    if not facts.left:
        yield "exclusions leave nothing of the window"
    if facts.sliced and span[0] == span[1]:
        yield "no slice of time lies in the window as a whole"
    if isinstance(window, LastEvents) and not facts.enough:
        yield f"there are only {judged.valid:,} of {window.events:,} events"
    if facts.observed == 0:
        first, last = (rfc3339(from_micros(moment)) for moment in data)
        outside = span[1] <= data[0] or span[0] > data[1]
        where = f"the window lies outside the data, which goes from {first} to {last}"
        yield where if outside else "no logs in the window"
    if facts.observed < Fraction(min_coverage):
        share = percent_below(facts.observed)
        yield f"only {share} of the window is observed, less than min_coverage ({percent(min_coverage)})"
    if judged.met is None:
        yield from _nothing(facts)


def _nothing(facts: Facts) -> Iterator[str]:
    """Say why nothing of a window counts for which there are logs."""
    judged = facts.judged
    if judged.excluded:
        yield f"no valid events in the window: all {judged.excluded:,} are excluded"
    if facts.sliced and judged.valid:
        yield "no slice of the window counts: each has too few events, or lies in it only in part"
    yield "no valid events in the window: none can be read" if judged.rejected else "no events in the window"

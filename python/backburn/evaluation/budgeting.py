"""The budget of one judged window, from its counts and from what is to come."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Literal

from backburn.engine.times import to_micros
from backburn.evaluation import exclusions, windows
from backburn.evaluation.budget import Budget, Exhaustion, SliceCounts
from backburn.evaluation.counted import slice_target
from backburn.evaluation.outlook import exhaustion, forecast
from backburn.model.window import Calendar

if TYPE_CHECKING:
    from collections.abc import Sequence
    from decimal import Decimal

    from backburn._rust import Judgement
    from backburn.evaluation.counted import Counted
    from backburn.evaluation.outlook import Coming
    from backburn.evaluation.series import Labels
    from backburn.evaluation.windows import Placed, Span
    from backburn.model.spec import Objective

__all__ = ["budget", "slice_counts"]

_MINUTE = 60_000_000


def budget(
    objective: Objective,
    placed: Placed,
    cut: Sequence[Span],
    *,
    target: Decimal,
    judged: Judgement,
    counted: Counted,
    coming: Coming | None,
    known: bool,
) -> Budget:
    """Give the budget of a window without the time `cut`: that of its whole period where this is running.

    `coming` is None where nothing is to come; unless it is `known` what the window holds, nobody can tell what its
    period will come to, nor when its budget will be gone.
    """
    slices, length = counted.slices, windows.length(exclusions.pieces(placed.span, cut))
    if slices is not None and objective.slices is not None:
        length = slices.counted * objective.slices.length.microseconds
    spent = judged.spent if slices is None else _number(slices.bad)
    unit: Literal["events", "slices"] = "events" if slices is None else "slices"
    period = placed.period
    if period is None or period.status != "running":
        over = period is not None and period.status == "complete"
        return Budget(
            unit=unit,
            allowed=judged.allowed,
            spent=spent,
            consumed=judged.consumed,
            remaining=judged.remaining,
            minutes=float((1 - target) * length / _MINUTE),
            exhaustion=Exhaustion(answer="over") if over else _exhaustion(coming, known=known),
        )
    whole = (to_micros(period.start, "period"), to_micros(period.end, "period"))
    length = windows.length(exclusions.pieces(whole, cut))
    if slices is not None and objective.slices is not None:
        to_come = 0.0 if coming is None or coming.told is None else coming.told.valid
        length = round((slices.counted + to_come) * objective.slices.length.microseconds)
    # What is missing of the time so far cannot be made up for by what is expected of the rest.
    told = coming.told if known and coming is not None else None
    return Budget(
        basis="period",
        unit=unit,
        allowed=None if told is None else told.allowed,
        spent=spent,
        consumed=None if told is None else told.consumed,
        remaining=None if told is None else told.remaining,
        minutes=float((1 - target) * length / _MINUTE),
        burn_to_date=judged.consumed,
        forecast=forecast(coming) if known and coming is not None else None,
        exhaustion=_of_period(placed, coming, known=known),
    )


def _exhaustion(coming: Coming | None, *, known: bool) -> Exhaustion | None:
    if coming is None:
        return None
    return exhaustion(coming) if known else Exhaustion(answer="unknown")


def _of_period(placed: Placed, coming: Coming | None, *, known: bool) -> Exhaustion:
    """Say when the budget of a running period will be gone; only the calendar has a next period, with a new budget."""
    found = _exhaustion(coming, known=known) or Exhaustion(answer="unknown")
    if found.answer != "already" or placed.period is None:
        return found
    following = placed.period.end if isinstance(placed.promise.window, Calendar) else None
    return replace(found, recovers_at=following)


def slice_counts(objective: Objective, labels: Labels, placed: Placed, counted: Counted) -> SliceCounts | None:
    """Give the slices of a window; None where the budget counts events."""
    slices, found = objective.slices, counted.slices
    if slices is None or found is None:
        return None
    return SliceCounts(
        method=slices.method,
        length=slices.length.text,
        target=slice_target(objective, labels),
        min_events=slices.min_events,
        good=_number(found.good),
        bad=_number(found.bad),
        counted=found.counted,
        undefined=found.undefined,
        cut=placed.cut,
    )


def _number(slices: float) -> float:
    """Write whole slices as whole numbers."""
    return int(slices) if slices.is_integer() else slices

"""Where the windows of an objective stand at a tick, on whole slices of time where its budget counts these."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backburn.errors import SpecError
from backburn.evaluation import windows

if TYPE_CHECKING:
    from backburn.evaluation.windows import Placed, Promise, Span
    from backburn.model.spec import Objective, Spec
    from backburn.units import Duration

__all__ = ["burns", "placed"]


def placed(spec: Spec, objective: Objective, promise: Promise, tick: int, first: int) -> Placed:
    """Place a promise at a tick; `first` is where the first step with data begins."""
    where = windows.place(promise, spec, tick, first)
    if objective.slices is None:
        return where
    return windows.on_slices(where, tick, objective.slices.length.microseconds)


def burns(spec: Spec, objective: Objective, tick: int) -> dict[str, Span]:
    """Place the windows of burn rates, which end with the last complete slice where the budget counts slices."""
    return {one.text: _before(objective, one, tick) for one in windows.rolling(spec)}


def _before(objective: Objective, window: Duration, tick: int) -> Span:
    slices = objective.slices
    if slices is None:
        return tick - window.microseconds, tick
    if window.microseconds % slices.length.microseconds:
        message = f"window {window.text} of report.burn is no whole number of slices of '{objective.name}'"
        raise SpecError(message, f"choose windows of whole slices of {slices.length.text}", value=window.text)
    end = tick - tick % slices.length.microseconds
    return end - window.microseconds, end

"""What is tried and compared on the logs at hand: grids and policies of the catalogue whose windows these can fill."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from backburn.alerts import asking
from backburn.alerts.score.rule import RULE
from backburn.engine.times import length_text
from backburn.errors import UsageError
from backburn.evaluation.provenance import Note
from backburn.model.policy import Alert, AlertPolicy, Single
from backburn.model.window import LastEvents, Rolling

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from backburn.alerts.policies import Chosen
    from backburn.alerts.tuning.field import Field
    from backburn.model.grid import AlertPolicyGrid
    from backburn.model.spec import Objective, Spec
    from backburn.units import Duration

__all__ = ["check_grid", "check_targets", "comparable", "fitted", "longest_of", "trimmed"]

_PART = 3
"""A window that is longer than a third of the data leaves too little of it to score."""


def check_grid(spec: Spec, grid: AlertPolicyGrid) -> None:
    """Refuse what cannot be tried: windows off the step, and budgets of the last so many events.

    Raises:
        UsageError: there is such a thing.
    """
    alert = Alert(name="grid", severity=RULE.severity, any=tuple(Single(window=one) for one in _windows(grid)))
    asking.check(AlertPolicy(name=grid.name, alerts=(alert,)), spec.source.step.microseconds)
    for objective in spec.objectives:
        if isinstance(objective.window, LastEvents):
            message = f"objective '{objective.name}' promises about its last events, on which no burn rate alerts"
            raise UsageError(message, "tune alerts for objectives with a window of time", value=objective.window.text)


def check_targets(grid: AlertPolicyGrid, field: Field) -> None:
    """Refuse targets of a grid where those of the series differ, for one policy cannot have factors of both.

    Raises:
        UsageError: they do.
    """
    promised = {group.track.targets[place] for group in field.groups for place in group.places}
    if grid.targets is not None and len(promised) > 1:
        texts = ", ".join(sorted(map(str, promised)))
        message = f"grid '{grid.name}' has targets of its own, and the series have different ones ({texts})"
        raise UsageError(message, "leave targets out, or tune one objective at a time")


def trimmed(grid: AlertPolicyGrid, length: int) -> tuple[AlertPolicyGrid, tuple[Note, ...]]:
    """Leave out the windows that so much data cannot fill, with a note that names them."""
    fitting = tuple(pair for pair in grid.windows if pair[0].microseconds * _PART <= length)
    if not fitting or len(fitting) == len(grid.windows):
        return grid, ()
    names = ", ".join(
        long.text if short is None else f"{long.text}/{short.text}"
        for long, short in grid.windows
        if (long, short) not in fitting
    )
    message = f"windows longer than a third of the data, {length_text(length)}, are not tried: {names}"
    return replace(grid, windows=fitting), (Note(code="BB307", message=message),)


def comparable(catalogue: Chosen, specs: Sequence[Spec], longest: int) -> list[AlertPolicy]:
    """Give what policies of the catalogue page by, as far as steps and windows of every objective fit.

    Tickets page nobody; without them a policy needs less time before it knows all that it would know.
    """
    return list(_comparable(catalogue, specs, longest))


def fitted(policy: AlertPolicy, objective: Objective) -> AlertPolicy:
    """Give a policy with the lengths that it has for an objective."""
    window = objective.window
    return policy.fitted(window.length) if isinstance(window, Rolling) else policy


def longest_of(grid: AlertPolicyGrid, policies: Sequence[AlertPolicy]) -> int:
    """Give the longest window of all."""
    windows = [*_windows(grid), *(length for policy in policies for length in policy.windows())]
    return max(length.microseconds for length in windows)


def _comparable(catalogue: Chosen, specs: Sequence[Spec], longest: int) -> Iterator[AlertPolicy]:
    for policy in catalogue.policies:
        paging = _paging(policy)
        if not paging.alerts or any(length.microseconds > longest for length in paging.windows()):
            continue
        try:
            for spec in specs:
                for objective in spec.objectives:
                    asking.check(fitted(paging, objective), spec.source.step.microseconds)
                    asking.check_end(paging, objective)
        except UsageError:
            continue
        yield paging


def _paging(policy: AlertPolicy) -> AlertPolicy:
    """Leave out what neither pages nor keeps a page from being told of."""
    pages = [alert for alert in policy.alerts if alert.severity == RULE.severity]
    silencing = {name for alert in pages for name in alert.inhibited_by}
    kept = tuple(alert for alert in policy.alerts if alert in pages or alert.name in silencing)
    return replace(policy, alerts=kept if pages else (), every=None)


def _windows(grid: AlertPolicyGrid) -> list[Duration]:
    return [length for pair in grid.windows for length in pair if length is not None]

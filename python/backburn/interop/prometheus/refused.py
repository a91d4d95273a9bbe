"""What a policy asks for and rules cannot do: each is refused by name, with what to write instead."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backburn.errors import SpecError
from backburn.model.policy import Consumed, Drop, Exhausts, Pair, Single
from backburn.model.window import Rolling

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backburn.model.policy import Alert, AlertPolicy, Condition
    from backburn.model.spec import Objective, Spec

__all__ = ["check"]


def check(spec: Spec, objective: Objective, policy: AlertPolicy) -> None:
    """Refuse what rules cannot do.

    Raises:
        SpecError: the policy, or the objective, asks for it.
    """
    if objective.slices is not None:
        raise SpecError(
            f"{objective.name}: a budget of time-slices cannot be exported to Prometheus",
            "counters tell events: write budgeting: {method: events}",
            value=objective.name,
        )
    for alert in policy.alerts:
        for message, remedy in _refusals(spec, objective, policy, alert):
            place = alert.location
            raise SpecError(
                f"{policy.name}, {alert.name}: {message} cannot be exported to Prometheus",
                remedy,
                file=None if place is None else place.file,
                line=None if place is None else place.line,
                column=None if place is None else place.column,
                value=alert.name,
            )


def _refusals(spec: Spec, objective: Objective, policy: AlertPolicy, alert: Alert) -> Iterator[tuple[str, str]]:
    if alert.no_data == "freeze":
        yield "no_data: freeze", "its alerts know no standstill: write no_data: undefined, or keep_firing_for"
    if alert.quirk == "rounded":
        yield "the rounding of slo-generator", "leave it out: rules compare exactly"
    if alert.quirk == "traffic-weighted":
        yield "a weight by traffic", "leave it out, or write min_valid"
    if alert.guards.bad is not None and objective.prometheus is None and spec.source.columns.count is not None:
        yield "min_bad, which counts rows,", "the counters of weighted rows tell events: write min_valid"
    for condition in alert.any:
        yield from _impossible(objective, policy, condition)


def _impossible(objective: Objective, policy: AlertPolicy, condition: Condition) -> Iterator[tuple[str, str]]:
    match condition:
        case Exhausts():
            yield "exhausts_within", "a forecast is no expression: write {window: 3d, factor: 1}"
        case Drop():
            yield "drop", "traffic of weeks ago is no counter's: write {no_traffic: 10m}"
        case Consumed() if not isinstance(objective.window, Rolling):
            yield (
                f"a share of the budget of {objective.window.text}",
                "only rolling windows are ranges: write window: 30d",
            )
        case Pair() | Single() if condition.budget is not None and policy.period is None:
            yield "a share of the budget without a period", "write period: 30d, or the factor"

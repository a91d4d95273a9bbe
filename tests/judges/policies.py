"""Policies of other tools as models, and in the plain words of the oracle."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from backburn.model.policy import Alert, AlertPolicy, Consumed, Guards, NoTraffic, Pair, Single
from backburn.units import Duration

if TYPE_CHECKING:
    from backburn.model.policy import Condition


def length(text: str) -> Duration:
    return Duration.parse(text)


def pair(long: str, short: str, factor: str) -> Pair:
    return Pair(long=length(long), short=length(short), factor=Fraction(factor))


GOOGLE = AlertPolicy(
    name="google-30d",
    source="https://sre.google/workbook/alerting-on-slos/",
    period=length("30d"),
    every=length("2m"),
    alerts=(
        Alert(name="page", severity="page", any=(pair("1h", "5m", "14.4"), pair("6h", "30m", "6"))),
        Alert(name="ticket", severity="ticket", any=(pair("1d", "2h", "3"), pair("3d", "6h", "1"))),
    ),
)

PYRRA = AlertPolicy(
    name="waits",
    alerts=(
        Alert(name="fast", severity="page", any=(pair("1h", "5m", "14"),), wait=length("2m")),
        Alert(name="slow", severity="page", any=(pair("6h", "30m", "7"),), wait=length("15m")),
    ),
)

DATADOG = AlertPolicy(
    name="reaches",
    period=length("30d"),
    alerts=(
        Alert(
            name="page",
            severity="page",
            op="gte",
            any=(
                Pair(long=length("1h"), short=length("5m"), budget=Fraction("0.02")),
                pair("6h", "30m", "6"),
            ),
        ),
        Alert(name="silent", severity="ticket", op="gte", any=(NoTraffic(length=length("20m")),)),
    ),
)

KEEPS = AlertPolicy(
    name="keeps",
    alerts=(
        Alert(
            name="page",
            severity="page",
            any=(pair("1h", "5m", "14.4"), Single(window=length("10m"), error_ratio=Fraction("0.3"))),
            wait=length("1m"),
            keep_firing=length("10m"),
            guards=Guards(bad=5, rate=Fraction(1, 30)),
        ),
        Alert(
            name="dark",
            severity="page",
            any=(Single(window=length("15m"), factor=Fraction(20)),),
            keep_firing=length("3m"),
            no_data="bad",
            guards=Guards(valid=0),
        ),
    ),
)


def at_once(policy: AlertPolicy) -> AlertPolicy:
    """Its first alert without `for` and `keep_firing_for`."""
    alert = replace(policy.alerts[0], wait=None, keep_firing=None)
    return replace(policy, name=f"{policy.name}-at-once", alerts=(alert,))


def together(*policies: AlertPolicy) -> AlertPolicy:
    """All alerts in one policy, so that a Prometheus records the windows that they share once."""
    alerts = (replace(alert, name=f"{one.name}-{alert.name}") for one in policies for alert in one.alerts)
    return AlertPolicy(name="together", alerts=tuple(alerts), period=length("30d"))


def plain(policy: AlertPolicy) -> dict[str, Any]:
    """The policy in the words of the oracle; what is not said is left out."""
    period = None if policy.period is None else policy.period.microseconds
    return {"period": period, "alerts": [_alert(alert) for alert in policy.alerts]}


def _alert(alert: Alert) -> dict[str, Any]:
    told: dict[str, Any] = {
        "name": alert.name,
        "op": alert.op,
        "for": _micros(alert.wait),
        "keep_firing_for": _micros(alert.keep_firing),
        "min_bad": alert.guards.bad,
        "min_valid": alert.guards.valid,
        "min_rate": alert.guards.rate,
        "no_data": alert.no_data,
        "quirk": alert.quirk,
        "inhibited_by": alert.inhibited_by,
        "any": [_condition(condition) for condition in alert.any],
    }
    return {name: value for name, value in told.items() if value is not None}


def _condition(condition: Condition) -> dict[str, Any]:
    told: dict[str, Any]
    match condition:
        case Pair():
            told = {
                "long": condition.long.microseconds,
                "short": condition.short.microseconds,
                "factor": condition.factor,
                "budget": condition.budget,
            }
        case Single():
            told = {
                "window": condition.window.microseconds,
                "factor": condition.factor,
                "budget": condition.budget,
                "error_ratio": condition.error_ratio,
            }
        case Consumed():
            told = {"consumed": condition.share, "op": condition.op}
        case NoTraffic():
            told = {"no_traffic": condition.length.microseconds}
        case _:
            raise ValueError(condition)
    return {name: value for name, value in told.items() if value is not None}


def _micros(duration: Duration | None) -> int | None:
    return None if duration is None else duration.microseconds

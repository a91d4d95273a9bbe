"""What an alert policy cannot see, and what its numbers leave out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from backburn.alerts import burning
from backburn.alerts.explained import explain_alert, number, seconds
from backburn.model.policy import Drop, NoTraffic

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from fractions import Fraction

    from backburn.alerts.explained import ExplainedAlert, ExplainedCondition, Promise
    from backburn.model.policy import AlertPolicy

__all__ = ["Kind", "Unseen", "unseen"]

Kind = Literal[
    "nothing", "slow burn", "short outage", "unreachable", "slow reset", "no traffic", "guards", "quirk", "every"
]
"""`nothing`: no total outage is enough for any condition. `slow burn`: errors that never reach the lowest level. `short
outage`: a total outage that is over before the first alert. `unreachable`: a level that a total outage does not reach.
`slow reset`: a single window that goes on firing. `no traffic`: logs without rows. `guards`, `quirk` and `every`: what
delays or changes the numbers and is not in them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unseen:
    """One thing that a policy does not see; what does not belong to its kind is None.

    `length` is seconds: of a slow burn until the budget is exhausted, of an outage that nothing fires on, of a reset.
    `share` is that of a period's budget which is spent unseen: by a slow burn in a whole period, by an outage at once.
    """

    kind: Kind
    alert: str | None = None
    condition: str | None = None
    error_ratio: Fraction | None = None
    burn_rate: Fraction | None = None
    length: Fraction | None = None
    share: Fraction | None = None

    def to_dict(self) -> dict[str, Any]:
        """As in the envelope."""
        return {
            "kind": self.kind,
            "alert": self.alert,
            "condition": self.condition,
            "error_ratio": number(self.error_ratio),
            "burn_rate": number(self.burn_rate),
            "length": number(self.length),
            "share": number(self.share),
        }


def unseen(policy: AlertPolicy, promise: Promise) -> Iterator[Unseen]:
    """Find what a policy does not see; the one event of the promise is a total outage."""
    alerts = [explain_alert(policy, alert, promise) for alert in policy.alerts]
    greatest = burning.greatest(promise.target)
    burns = [(alert, condition) for alert in alerts for condition in alert.conditions if condition.factor is not None]
    within = [pair for pair in burns if pair[1].reachable]
    if within:
        yield from _seen(within, alerts, promise)
    elif burns:
        yield Unseen(kind="nothing", burn_rate=greatest)
    for alert, condition in burns:
        if not condition.reachable:
            name = alert.alert.name
            yield Unseen(kind="unreachable", alert=name, condition=condition.words, burn_rate=greatest)
    for alert, condition in within:
        if condition.kind == "single":
            length = condition.reactions[0].resets_after
            yield Unseen(kind="slow reset", alert=alert.alert.name, condition=condition.words, length=length)
    conditions = [condition for alert in policy.alerts for condition in alert.any]
    if not any(isinstance(condition, (NoTraffic, Drop)) for condition in conditions):
        yield Unseen(kind="no traffic")
    yield from _besides(policy)


def _seen(
    within: Sequence[tuple[ExplainedAlert, ExplainedCondition]], alerts: Sequence[ExplainedAlert], promise: Promise
) -> Iterator[Unseen]:
    """Say how slow a burn and how short an outage goes unseen."""
    alert, lowest = min(within, key=lambda pair: (pair[1].factor or 0, pair[0].alert.op == "gt"))
    yield Unseen(
        kind="slow burn",
        alert=alert.alert.name,
        condition=lowest.words,
        error_ratio=lowest.level,
        burn_rate=lowest.factor,
        length=lowest.exhausts_in,
        share=lowest.factor,
    )
    outages = [(length, alert) for alert in alerts if (length := _shortest(alert)) is not None]
    length, alert = min(outages, key=lambda pair: pair[0])
    (outage,) = promise.events
    rate = burning.factor_of(outage.ratio, promise.target)
    yield Unseen(
        kind="short outage",
        alert=alert.alert.name,
        error_ratio=outage.ratio,
        burn_rate=rate,
        length=length,
        share=burning.spent(rate * outage.traffic, length, promise.period),
    )


def _shortest(alert: ExplainedAlert) -> Fraction | None:
    """Give the length of the shortest total outage that an alert fires on."""
    wait, kept = seconds(alert.alert.wait), seconds(alert.alert.keep_firing)
    told = [
        (one.fires_after - wait, one.resets_after - kept)
        for condition in alert.conditions
        for one in condition.reactions
        if one.fires_after is not None and one.resets_after is not None
    ]
    return burning.shortest(told, wait) if told else None


def _besides(policy: AlertPolicy) -> Iterator[Unseen]:
    """Name what else delays or changes what is told."""
    for alert in policy.alerts:
        guards = alert.guards
        if any(least is not None for least in (guards.bad, guards.valid, guards.rate)):
            yield Unseen(kind="guards", alert=alert.name)
        if alert.quirk is not None:
            yield Unseen(kind="quirk", alert=alert.name)
    if policy.every is not None:
        yield Unseen(kind="every", length=seconds(policy.every))

"""`explain`: what an alert policy does about errors under a target, and what it cannot see, without any data."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from backburn.alerts import arguments, burning
from backburn.alerts.explained import Promise, explain_alert, number, seconds
from backburn.alerts.policies import load_policy
from backburn.alerts.unseen import unseen
from backburn.engine.envelope import envelope
from backburn.errors import UsageError
from backburn.evaluation.table import Column, Tabular

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from backburn.alerts.arguments import Share
    from backburn.alerts.explained import ExplainedAlert
    from backburn.alerts.policies import PolicyArgument
    from backburn.alerts.unseen import Unseen
    from backburn.model.policy import AlertPolicy
    from backburn.units import Duration

__all__ = ["Explanation", "explain"]

_TEXTS = ("policy", "alert", "severity", "condition")
_NUMBERS = (
    "target",
    "factor",
    "level",
    "budget_spent",
    "exhausts_in",
    "error_ratio",
    "burn_rate",
    "fires_after",
    "resets_after",
    "alert_fires_after",
    "alert_resets_after",
)


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Explanation(Tabular):
    """What an alert policy means under a target, alert by alert, and what it cannot see.

    `policy` has the lengths that it has for `window`; shares of the budget are of `period`, which is the policy's own,
    or the window where it has none. `baseline` is the error ratio before an event, `traffic_change` how many times as
    much traffic there is during it. Every number is an exact fraction; times are seconds.
    """

    policy: AlertPolicy
    target: Fraction
    window: Duration
    period: Duration
    baseline: Fraction
    traffic_change: Fraction
    alerts: tuple[ExplainedAlert, ...]
    unseen: tuple[Unseen, ...]

    def to_dict(self) -> dict[str, Any]:
        """Give the envelope of `policy`, with one result."""
        result = {
            "policy": self.policy.name,
            "source": self.policy.source,
            "target": float(self.target),
            "window": self.window.text,
            "period": self.period.text,
            "baseline": float(self.baseline),
            "traffic_change": float(self.traffic_change),
            "alerts": [alert.to_dict() for alert in self.alerts],
            "unseen": [one.to_dict() for one in self.unseen],
        }
        return envelope("policy", results=[result])

    def columns(self) -> tuple[Column, ...]:
        """Name the columns of the flat table, one row per condition and error ratio."""
        texts = (Column(name=name, kind="text") for name in _TEXTS)
        return (*texts, *(Column(name=name, kind="number") for name in _NUMBERS))

    def records(self) -> list[dict[str, Any]]:
        """Give the rows of the flat table; a condition that compares no burn rate has one row without numbers."""
        return [record for alert in self.alerts for record in self._records(alert)]

    def _records(self, alert: ExplainedAlert) -> list[dict[str, Any]]:
        found = []
        for condition in alert.conditions:
            known = {
                "policy": self.policy.name,
                "alert": alert.alert.name,
                "severity": alert.alert.severity,
                "condition": condition.words,
                "target": float(self.target),
                "factor": number(condition.factor),
                "level": number(condition.level),
                "budget_spent": number(condition.spent),
                "exhausts_in": number(condition.exhausts_in),
            }
            if not condition.reactions:
                found.append(dict.fromkeys((*_TEXTS, *_NUMBERS)) | known)
            for reaction, whole in zip(condition.reactions, alert.reactions, strict=False):
                reacted = {
                    "error_ratio": float(reaction.error_ratio),
                    "burn_rate": float(reaction.burn_rate),
                    "fires_after": number(reaction.fires_after),
                    "resets_after": number(reaction.resets_after),
                    "alert_fires_after": number(whole.fires_after),
                    "alert_resets_after": number(whole.resets_after),
                }
                found.append(known | reacted)
        return found

    def __repr__(self) -> str:
        alerts = ", ".join(alert.alert.name for alert in self.alerts)
        return f"Explanation({self.policy.name} at {_percent(self.target)} of {self.window.text}: {alerts})"


def explain(
    policy: PolicyArgument,
    *,
    target: Share,
    window: str | Duration | None = None,
    error_ratios: Share | Iterable[Share] | None = None,
    baseline: Share = 0,
    traffic_change: Share = 1,
) -> Explanation:
    """Say when each alert of a policy fires and resets, how much of the budget that is, and what it cannot see.

    `window` is the objective's, and the policy's own period unless given. `error_ratios` are those of the events, else
    a total outage and multiples of what the target leaves; before an event the error ratio is `baseline`, and during it
    there is `traffic_change` times as much traffic.

    >>> page = explain("google-30d", target="99.9%").alerts[0]
    >>> page.conditions[0].level, page.conditions[0].spent
    (Fraction(9, 625), Fraction(1, 50))
    >>> float(page.reactions[0].fires_after), float(page.reactions[0].resets_after)
    (51.84, 1789.2)

    Raises:
        UsageError: there is no such policy, a share or a window is none, or the baseline fires an alert by itself.
        SpecError: the policy's document is wrong, with every error in `findings`.
    """
    share = arguments.target_of(target)
    ratios = arguments.usual_ratios(share) if error_ratios is None else arguments.ratios_of(error_ratios)
    before, change = arguments.share_of(baseline, "baseline"), arguments.change_of(traffic_change)
    found = load_policy(policy)
    length = found.period if window is None else arguments.window_of(window)
    if length is None:
        remedy = "give the objective's window, as in --window 30d"
        raise UsageError(f"policy '{found.name}' has no period of its own", remedy)
    fitted = found.fitted(length)
    period = fitted.period or length
    fitted = replace(fitted, period=period)

    def promised(*ratios: Fraction) -> Promise:
        events = tuple(burning.Event(ratio=ratio, before=before, traffic=change) for ratio in ratios)
        return Promise(target=share, period=seconds(period), events=events)

    promise = promised(*ratios)
    _check([explain_alert(fitted, alert, promised()) for alert in fitted.alerts], before)
    return Explanation(
        policy=fitted,
        target=share,
        window=length,
        period=period,
        baseline=before,
        traffic_change=change,
        alerts=tuple(explain_alert(fitted, alert, promise) for alert in fitted.alerts),
        unseen=tuple(unseen(fitted, promised(Fraction(1)))),
    )


def _check(alerts: Sequence[ExplainedAlert], baseline: Fraction) -> None:
    """Refuse errors before an event that fire an alert by themselves."""
    for alert in alerts:
        for condition in alert.conditions:
            if condition.level is not None and burning.told(baseline, condition.level, alert.alert.op):
                message = (
                    f"baseline: {_percent(baseline)} fires '{alert.alert.name}' before anything happens: "
                    f"the level of {condition.words} is {_percent(condition.level)}"
                )
                raise UsageError(message, "choose one below every level", value=str(baseline))


def _percent(share: Fraction) -> str:
    return f"{100 * float(share):.9g}%"

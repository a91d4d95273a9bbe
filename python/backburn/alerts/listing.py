"""Alert policies side by side: what each alert is, condition by condition."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from backburn.alerts.explained import number
from backburn.alerts.policies import load_policies
from backburn.alerts.wording import level, words
from backburn.document import catalogue
from backburn.engine.envelope import envelope
from backburn.evaluation.table import Column, Tabular
from backburn.model.policy import Pair, Single

if TYPE_CHECKING:
    from collections.abc import Sequence

    from backburn.alerts.policies import PolicyArgument
    from backburn.model.policy import Alert, AlertPolicy, Condition

__all__ = ["Listing", "policies"]

_BEFORE = ("policy", "period", "alert", "severity", "op", "for", "condition", "long", "short")
_AFTER = ("title", "source")


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Listing(Tabular):
    """Alert policies, in the order of their names."""

    policies: tuple[AlertPolicy, ...]

    def to_dict(self) -> dict[str, Any]:
        """Give the envelope of `policy`, a result for each policy."""
        return envelope("policy", results=[_result(policy) for policy in self.policies])

    def columns(self) -> tuple[Column, ...]:
        """Name the columns of the flat table, one row per condition."""
        before = (Column(name=name, kind="text") for name in _BEFORE)
        return (*before, Column(name="factor", kind="number"), *(Column(name=name, kind="text") for name in _AFTER))

    def records(self) -> list[dict[str, Any]]:
        """Give the rows of the flat table."""
        return [
            {
                "policy": policy.name,
                "period": None if policy.period is None else policy.period.text,
                "alert": alert.name,
                "severity": alert.severity,
                "op": alert.op,
                "for": None if alert.wait is None else alert.wait.text,
                **_condition(policy, alert, condition),
                "title": policy.title,
                "source": policy.source,
            }
            for policy in self.policies
            for alert in policy.alerts
            for condition in alert.any
        ]

    def __repr__(self) -> str:
        return f"Listing({', '.join(policy.name for policy in self.policies)})"


def policies(asked: Sequence[PolicyArgument] = ()) -> Listing:
    """List alert policies: those of the catalogue, or those that are asked for.

    >>> policies().policies[0].name
    'datadog-30d'

    Raises:
        UsageError: there is no such policy.
        SpecError: a document is wrong, with every error in `findings`.
    """
    if not asked:
        return Listing(policies=tuple(catalogue.read(name) for name in catalogue.names()))
    return Listing(policies=tuple(policy for one in asked for policy in load_policies(one)))


def _result(policy: AlertPolicy) -> dict[str, Any]:
    return {
        "policy": policy.name,
        "title": policy.title,
        "source": policy.source,
        "period": None if policy.period is None else policy.period.text,
        "scaled": policy.scaled,
        "alerts": [
            {
                "alert": alert.name,
                "severity": alert.severity,
                "op": alert.op,
                "for": None if alert.wait is None else alert.wait.text,
                "conditions": [_condition(policy, alert, condition) for condition in alert.any],
            }
            for alert in policy.alerts
        ],
    }


def _condition(policy: AlertPolicy, alert: Alert, condition: Condition) -> dict[str, Any]:
    long = short = factor = None
    if isinstance(condition, Pair):
        long, short = condition.long.text, condition.short.text
    elif isinstance(condition, Single):
        long = condition.window.text
    if isinstance(condition, (Pair, Single)):
        factor = number(level(policy, condition))
    return {"condition": words(policy, alert, condition), "long": long, "short": short, "factor": factor}

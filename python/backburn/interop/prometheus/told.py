"""What an alert says to people."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from backburn.interop.prometheus.written import prose
from backburn.model.policy import Consumed, Drop, Exhausts, NoTraffic, Pair, Single
from backburn.units import percent_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from decimal import Decimal

    from backburn.model.policy import Alert, AlertPolicy, Condition, Op
    from backburn.model.spec import Objective, Spec

__all__ = ["annotated", "camel", "number", "reason", "series"]

_LINKS = {"runbook_url": "links.runbook", "dashboard_url": "links.dashboard"}
_BURN: Mapping[Op, str] = {"gt": "above", "gte": "of at least"}
_SHARE: Mapping[Op, str] = {"gt": "more than", "gte": "at least"}


def annotated(spec: Spec, objective: Objective, by: Iterable[str], what: str, why: str) -> dict[str, str]:
    """Say what is wrong and with what, and where to read on; an objective's own links come first."""
    written = {name: objective.prose.get(path, spec.prose.get(path)) for name, path in _LINKS.items()}
    links = {name: prose(link) for name, link in written.items() if link is not None}
    title = f"{objective.title or objective.name} of {spec.service or spec.name}"
    return {"summary": f"{prose(title)}{series(by)}: {what}", "description": why, **links}


def series(by: Iterable[str]) -> str:
    """Name the series, in the template's words."""
    shown = [f"{label} {{{{ $labels.{label} }}}}" for label in by if label != "null"]
    return f" ({', '.join(shown)})" if shown else ""


def reason(alert: Alert, policy: AlertPolicy, objective: Objective, target: Decimal) -> str:
    """Say when the alert fires."""
    conditions = ", or ".join(_condition(alert, policy, objective, condition) for condition in alert.any)
    promise = f"The target is {percent_text(target)} over {objective.window.text}."
    return f"{conditions[:1].upper()}{conditions[1:]}. {promise}"


def _condition(alert: Alert, policy: AlertPolicy, objective: Objective, condition: Condition) -> str:
    match condition:
        case Pair():
            lengths = f"{condition.long.text} and {condition.short.text}"
            return f"a burn rate {_BURN[alert.op]} {number(policy.factor(condition) or Fraction(0))} in {lengths}"
        case Single(error_ratio=ratio) if ratio is not None:
            return f"{_SHARE[alert.op]} {number(100 * ratio)}% errors in {condition.window.text}"
        case Single():
            factor = number(policy.factor(condition) or Fraction(0))
            return f"a burn rate {_BURN[alert.op]} {factor} in {condition.window.text}"
        case Consumed():
            share = number(100 * condition.share)
            return f"{_SHARE[condition.op]} {share}% of the error budget of {objective.window.text} is spent"
        case NoTraffic():
            return f"no events in {condition.length.text}"
        case Exhausts() | Drop():
            message = "what cannot be exported is refused before"
            raise AssertionError(message)


def number(value: Fraction) -> str:
    """Write a number as people do, to six digits.

    >>> number(Fraction(72, 5)), number(Fraction(14, 15))
    ('14.4', '0.933333')
    """
    return f"{float(value):.6g}"


def camel(*names: str) -> str:
    """Join names as those of alerts are.

    >>> camel("payment-api", "latency-p95", "page")
    'PaymentApiLatencyP95Page'
    """
    words = "".join(letter if letter.isascii() and letter.isalnum() else " " for letter in " ".join(names)).split()
    return "".join(word[:1].upper() + word[1:] for word in words)

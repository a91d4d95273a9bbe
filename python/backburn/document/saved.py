"""An alert policy written as a document: what the grammar reads again as the same policy."""

from __future__ import annotations

from io import StringIO
from typing import TYPE_CHECKING, Any

from backburn.model.policy import Pair, Single

if TYPE_CHECKING:
    from collections.abc import Iterable
    from fractions import Fraction

    from backburn.model.policy import Alert, AlertPolicy, Condition

__all__ = ["policy_text"]

_WIDE = 1_000_000


def policy_text(policy: AlertPolicy, comments: Iterable[str] = ()) -> str:
    """Write a policy whose conditions have factors, as those of a grid have, with lines of comment above it."""
    from ruamel.yaml import YAML

    metadata = {"name": policy.name, "title": policy.title, "source": policy.source}
    document: dict[str, Any] = {
        "apiVersion": "backburn/v1",
        "kind": "AlertPolicy",
        "metadata": _given(metadata),
        **_given({"period": policy.period and policy.period.text, "every": policy.every and policy.every.text}),
        "alerts": [_alert(alert) for alert in policy.alerts],
    }
    yaml = YAML()
    yaml.width = _WIDE
    yaml.indent(mapping=2, sequence=4, offset=2)
    text = StringIO()
    yaml.dump(document, text)
    return "".join(f"# {line}".rstrip() + "\n" for line in comments) + text.getvalue()


def _given(told: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in told.items() if value is not None}


def _alert(alert: Alert) -> dict[str, Any]:
    from ruamel.yaml.comments import CommentedMap

    conditions = []
    for condition in alert.any:
        one = CommentedMap(_condition(condition))
        one.fa.set_flow_style()
        conditions.append(one)
    guards = alert.guards
    told = {
        "name": alert.name,
        "severity": alert.severity,
        "op": None if alert.op == "gt" else alert.op,
        "for": None if alert.wait is None else alert.wait.text,
        "min_bad": guards.bad or None,
        "min_valid": guards.valid or None,
        "min_rate": None if not guards.rate else _number(guards.rate),
        "no_data": None if alert.no_data == "undefined" else alert.no_data,
        "inhibited_by": list(alert.inhibited_by) or None,
        "any": conditions,
    }
    return _given(told)


def _condition(condition: Condition) -> dict[str, Any]:
    if isinstance(condition, Pair) and condition.factor is not None:
        return {"long": condition.long.text, "short": condition.short.text, "factor": _number(condition.factor)}
    if isinstance(condition, Single) and condition.factor is not None:
        return {"window": condition.window.text, "factor": _number(condition.factor)}
    message = "a grid has conditions with factors only"
    raise TypeError(message)


def _number(number: Fraction) -> int | float:
    """Give a number whose shortest decimal is the number itself; factors of a grid are such decimals."""
    return int(number) if number.denominator == 1 else float(number)

"""Lints of alert policies: alerts that can never fire, or that say nothing which others do not."""

from __future__ import annotations

from fractions import Fraction
from itertools import permutations
from typing import TYPE_CHECKING

from backburn.lint.saying import about, remedy
from backburn.model.finding import Finding
from backburn.model.policy import Pair, Single
from backburn.model.window import Rolling
from backburn.units import percent_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from decimal import Decimal

    from backburn.model.policy import Alert, AlertPolicy, Condition
    from backburn.model.spec import Objective, Spec

__all__ = ["of_alerts", "of_policies", "of_warm_up"]


def of_policies(policies: Iterable[AlertPolicy]) -> Iterator[Finding]:
    """Find what is wrong with policies whatever is promised."""
    for policy in policies:
        for code, alert, words in _of_policy(policy):
            yield _at(code, policy, alert, words)


def of_alerts(spec: Spec, objective: Objective) -> Iterator[Finding]:
    """Find what is wrong with the policies of an objective, for its targets and its window."""
    for policy, target in _held(spec, objective):
        for alert in policy.alerts:
            for condition in alert.any:
                if words := _unfireable(policy, alert, condition, target):
                    yield about("BB302", spec, objective, f"objective {objective.name!r}: {words}")
        if policy.name not in {beside.name for beside in spec.policies}:
            # One that stands beside the document is looked at by itself.
            for code, _, words in _of_policy(policy):
                yield about(code, spec, objective, f"objective {objective.name!r}: {words}")
        window = objective.window
        if isinstance(window, Rolling) and policy.period is not None:
            period = policy.period
            if period.microseconds != window.length.microseconds:
                words = f"policy {policy.name!r} was made for {period.text}, and the window is {window.text}"
                yield about("BB306", spec, objective, f"objective {objective.name!r}: {words}")


def of_warm_up(spec: Spec, objective: Objective, length: int, data: str) -> Iterator[Finding]:
    """Find the policies of which a window is longer than the data; `length` is how long these are, in microseconds."""
    for policy in dict.fromkeys(policy.name for policy, _ in _held(spec, objective)):
        known = next(one for one, _ in _held(spec, objective) if one.name == policy)
        longest = max(known.windows(), key=lambda window: window.microseconds, default=None)
        if longest is not None and longest.microseconds > length:
            words = f"the window {longest.text} of policy {policy!r} is longer than the data, {data}"
            yield about("BB307", spec, objective, f"objective {objective.name!r}: {words}")


def _held(spec: Spec, objective: Objective) -> list[tuple[AlertPolicy, Decimal]]:
    """List the policies that can hold for an objective, as they are for its window, each with a target."""
    base = objective.alert_policy or spec.alert_policy
    found = [] if base is None else [(base, objective.target)]
    for override in objective.overrides:
        policy, target = override.alert_policy or base, override.target or objective.target
        if policy is not None and (policy, target) not in found:
            found.append((policy, target))
    window = objective.window
    if not isinstance(window, Rolling):
        return found
    return [(policy.fitted(window.length), target) for policy, target in found]


def _unfireable(policy: AlertPolicy, alert: Alert, condition: Condition, target: Decimal) -> str | None:
    """Say that even a total outage does not reach a level."""
    if not isinstance(condition, (Pair, Single)):
        return None
    factor, most = policy.factor(condition), 1 / (1 - Fraction(target))
    if factor is None or factor < most or (factor == most and alert.op == "gte"):
        return None
    words = f"alert {alert.name!r} of policy {policy.name!r} never fires: it waits for a burn rate"
    sign = "above" if alert.op == "gt" else "of"
    return f"{words} {sign} {_number(factor)}, and at {percent_text(target)} a total outage burns {_number(most)} times"


def _of_policy(policy: AlertPolicy) -> Iterator[tuple[str, Alert, str]]:
    for alert in policy.alerts:
        yield from ((code, alert, words) for code, words in _of_alert(policy, alert))
    yield from (("BB304", alert, words) for alert, words in _same(policy))


def _of_alert(policy: AlertPolicy, alert: Alert) -> Iterator[tuple[str, str]]:
    named = f"alert {alert.name!r} of policy {policy.name!r}"
    for condition in alert.any:
        if isinstance(condition, Pair) and condition.short.microseconds >= condition.long.microseconds:
            yield (
                "BB303",
                f"{named} has a short window of {condition.short.text} and a long one of {condition.long.text}",
            )
    shorts = [
        one.short if isinstance(one, Pair) else one.window for one in alert.any if isinstance(one, (Pair, Single))
    ]
    least = min(shorts, key=lambda window: window.microseconds, default=None)
    if alert.wait is not None and least is not None and alert.wait.microseconds > least.microseconds:
        yield "BB305", f"{named} waits for {alert.wait.text}, longer than its window of {least.text}"


def _same(policy: AlertPolicy) -> Iterator[tuple[Alert, str]]:
    """Find conditions that another one of the same severity makes needless, whatever happens."""
    conditions = [
        (alert, condition)
        for alert in policy.alerts
        for condition in alert.any
        if isinstance(condition, (Pair, Single)) and alert.quirk is None
    ]
    for (first, high), (second, low) in permutations(conditions, 2):
        if first.severity != second.severity or _lengths(high) != _lengths(low) or _more(first) != _more(second):
            continue
        one, other = policy.factor(high), policy.factor(low)
        if one is None or other is None or one < other:
            continue
        if one == other and conditions.index((first, high)) < conditions.index((second, low)):
            continue
        windows = "/".join(text for text, _ in _lengths(high))
        words = f"{_number(one)} over {windows} says nothing that {_number(other)} does not"
        yield first, f"alert {first.name!r} of policy {policy.name!r}: {words}"


def _lengths(condition: Pair | Single) -> Sequence[tuple[str, int]]:
    windows = (condition.long, condition.short) if isinstance(condition, Pair) else (condition.window,)
    return [(window.text, window.microseconds) for window in windows]


def _more(alert: Alert) -> tuple[object, ...]:
    """Give everything of an alert that makes it differ from another one of the same conditions."""
    return alert.op, alert.wait, alert.keep_firing, alert.guards, alert.no_data, alert.inhibited_by


def _at(code: str, policy: AlertPolicy, alert: Alert, words: str) -> Finding:
    place = alert.location or policy.location
    return Finding(
        code=code,
        severity="warning",
        message=words,
        remedy=remedy(code),
        file=place.file if place else None,
        line=place.line if place else None,
        column=place.column if place else None,
        path=place.path if place else "",
    )


def _number(number: Fraction) -> str:
    return f"{float(number):.6g}"

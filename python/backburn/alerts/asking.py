"""What the core is asked about an alert: conditions in integers, lengths in microseconds."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from backburn.errors import UsageError
from backburn.evaluation.outlook import LOOKBACK
from backburn.evaluation.windows import check_step
from backburn.model.policy import Consumed, Drop, Exhausts, NoTraffic, Pair, Single
from backburn.model.window import Everything, LastEvents

if TYPE_CHECKING:
    from backburn.model.policy import Alert, AlertPolicy, Condition
    from backburn.model.spec import Objective
    from backburn.units import Duration

    Asked = tuple[str, tuple[int, int | None, int], tuple[int, int], tuple[int, int]]
    AskedAlert = tuple[list[Asked], str, str, tuple[int, int], list[int]]

__all__ = ["asked", "check", "check_end", "endless"]

_MOST = 2**63
_SECOND = 1_000_000


def asked(policy: AlertPolicy, window: int) -> list[AskedAlert]:
    """Put the alerts of a policy as the core takes them; `window` is how long the budget's own window is."""
    places = {alert.name: place for place, alert in enumerate(policy.alerts)}
    return [
        (
            [_condition(policy, alert, condition, window) for condition in alert.any],
            alert.op,
            alert.no_data,
            (_micros(alert.wait), _micros(alert.keep_firing)),
            [places[name] for name in alert.inhibited_by],
        )
        for alert in policy.alerts
    ]


def check(policy: AlertPolicy, step: int) -> None:
    """Refuse lengths that are no whole number of steps.

    Raises:
        UsageError: one is not.
    """
    for length in policy.windows():
        check_step(length, step, UsageError(f"window {length.text} of policy '{policy.name}'"))
    if policy.every is not None:
        check_step(policy.every, step, UsageError(f"every {policy.every.text} of policy '{policy.name}'"))


def check_end(policy: AlertPolicy, objective: Objective) -> None:
    """Refuse to look ahead where nothing is to come of an objective's window.

    Raises:
        UsageError: the policy does, and nothing is.
    """
    if policy.looks_ahead and endless(objective):
        message = (
            f"policy '{policy.name}': exhausts_within asks when a budget will be gone, and nothing is to come of "
            f"'{objective.name}', whose window is {objective.window.text}"
        )
        raise UsageError(message, "leave the condition out, or give the objective a rolling or a calendar window")


def endless(objective: Objective) -> bool:
    """Whether nothing is to come of an objective's window: it is of the last so many events, or of all time."""
    return isinstance(objective.window, (Everything, LastEvents))


def _condition(policy: AlertPolicy, alert: Alert, condition: Condition, window: int) -> Asked:
    match condition:
        case Consumed(share=share, op=op):
            name = "consumed more" if op == "gt" else "consumed"
            return name, (0, None, 0), _quotient(share, policy), _guards(alert, window)
        case NoTraffic(length=length):
            return "no_traffic", (length.microseconds, None, 0), (1, 1), (0, 0)
        case Drop(share=share, within=within):
            return "drop", (within.microseconds, None, 0), _quotient(1 - share, policy), (0, 0)
        case Exhausts(within=within):
            return "exhausts", (within.microseconds, None, LOOKBACK), (1, 1), _guards(alert, LOOKBACK)
        case _:
            return _burning(policy, alert, condition)


def _burning(policy: AlertPolicy, alert: Alert, condition: Pair | Single) -> Asked:
    long, short = (condition.long, condition.short) if isinstance(condition, Pair) else (condition.window, None)
    windows = (long.microseconds, None if short is None else short.microseconds)
    guards = _guards(alert, long.microseconds)
    if isinstance(condition, Single) and condition.error_ratio is not None:
        return "error_ratio", (*windows, 0), _quotient(condition.error_ratio, policy), guards
    factor = policy.factor(condition)
    if factor is None:
        message = f"alert '{alert.name}' of policy '{policy.name}' has a condition without a level"
        raise UsageError(message, "write factor, budget or error_ratio")
    name, period = _compared(policy, alert)
    return name, (*windows, period), _quotient(factor, policy), guards


def _compared(policy: AlertPolicy, alert: Alert) -> tuple[str, int]:
    """Name how a burn rate is compared, and the period that this needs."""
    if alert.quirk != "traffic-weighted":
        return "burn" if alert.quirk is None else "rounded", 0
    if policy.period is None:
        message = f"policy '{policy.name}' weighs traffic by its period, and has none"
        raise UsageError(message, "write period, as in period: 28d")
    return "weighted", policy.period.microseconds


def _guards(alert: Alert, long: int) -> tuple[int, int]:
    """Give the least bad rows and the least valid events of a long window."""
    guards = alert.guards
    rate = 0 if guards.rate is None else -(-(guards.rate * Fraction(long, _SECOND)) // 1)
    return guards.bad or 0, max(guards.valid or 0, int(rate))


def _quotient(number: Fraction, policy: AlertPolicy) -> tuple[int, int]:
    if max(number.numerator, number.denominator) >= _MOST:
        message = f"policy '{policy.name}' has a number with too many digits"
        raise UsageError(message, "round it", value=str(number))
    return number.numerator, number.denominator


def _micros(length: Duration | None) -> int:
    return 0 if length is None else length.microseconds

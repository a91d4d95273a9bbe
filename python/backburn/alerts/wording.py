"""Conditions in words, and the numbers that they are compared with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backburn.model.policy import Consumed, Drop, Exhausts, NoTraffic, Pair, Single

if TYPE_CHECKING:
    from fractions import Fraction

    from backburn.model.policy import Alert, AlertPolicy, Condition

__all__ = ["level", "words"]


def level(policy: AlertPolicy, condition: Condition) -> Fraction | None:
    """Give the number that a condition is compared with, in the unit in which its height is told.

    A burn rate, or the share of the budget that is gone; None for a share of errors, which is a burn rate only where
    the target is known, and where there is no such number.
    """
    match condition:
        case Pair() | Single():
            return policy.factor(condition)
        case Consumed(share=share):
            return share
        case _:
            return None


def words(policy: AlertPolicy, alert: Alert, condition: Condition) -> str:
    """Say a condition in words, as in `1h/5m > 14.4`."""
    sign = {"gt": ">", "gte": ">="}
    match condition:
        case Pair() | Single():
            return _burning(policy, condition, sign[alert.op])
        case Consumed(share=share, op=op):
            return f"consumed {sign[op]} {_number(100 * share)}%"
        case Exhausts(within=within):
            return f"exhausts within {within.text}"
        case Drop(share=share, within=within):
            return f"traffic down {_number(100 * share)}% in {within.text}"
        case NoTraffic(length=length):
            return f"no traffic for {length.text}"


def _burning(policy: AlertPolicy, condition: Pair | Single, sign: str) -> str:
    if isinstance(condition, Pair):
        return f"{condition.long.text}/{condition.short.text} {sign} {_number(policy.factor(condition))}"
    if condition.error_ratio is not None:
        return f"{condition.window.text} errors {sign} {_number(100 * condition.error_ratio)}%"
    return f"{condition.window.text} {sign} {_number(policy.factor(condition))}"


def _number(number: Fraction | None) -> str:
    return "?" if number is None else f"{float(number):.6g}"

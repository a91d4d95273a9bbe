"""Counts held against a target, in exact fractions."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True, kw_only=True)
class Judgement:
    """What counts say about a target; None is undefined."""

    sli: Fraction | None
    met: bool | None
    allowed: Fraction | None
    consumed: Fraction | None
    remaining: Fraction | None
    burn: Fraction | None


def judge(good: int, bad: int, target: Fraction) -> Judgement:
    """`valid = good + bad`; SLI = good / valid; met ⇔ good ≥ target · valid; the budget is (1 − target) · valid events.

    Burn rate = (bad / valid) / (1 − target). Without valid events everything is undefined.
    """
    valid = good + bad
    if valid == 0:
        return Judgement(sli=None, met=None, allowed=None, consumed=None, remaining=None, burn=None)
    allowed = (1 - target) * valid
    return Judgement(
        sli=Fraction(good, valid),
        met=good >= target * valid,
        allowed=allowed,
        consumed=bad / allowed,
        remaining=(allowed - bad) / allowed,
        burn=Fraction(bad, valid) / (1 - target),
    )

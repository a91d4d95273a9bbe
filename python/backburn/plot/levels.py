"""The levels that a policy compares with, as rules on the panels of a series."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from backburn.alerts import wording
from backburn.model.policy import Consumed, Pair, Single
from backburn.plot.rules import Rule

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from backburn.model.policy import Alert, Condition
    from backburn.plot.cases import Case

__all__ = ["factors", "shares"]

_PAGE, _OTHER = "#b02a2a", "#a86400"


def factors(case: Case) -> list[Rule]:
    """Give the burn rates that a policy compares with, and the windows that it compares."""
    known = [(alert, condition, _factor(case, condition)) for alert, condition in _conditions(case)]
    return _pages_first(_rule(case, alert, condition, float(level)) for alert, condition, level in known if level)


def shares(cases: Sequence[Case]) -> list[Rule]:
    """Give what is left of the budget when some alert wants so much of it to be gone.

    In a running period that is said of the whole period's budget, which no line here shows.
    """
    return _pages_first(
        _rule(case, alert, condition, float(1 - condition.share), several=len(cases) > 1)
        for case in cases
        for alert, condition in _conditions(case)
        if isinstance(condition, Consumed) and case.replay.window.kind == "rolling"
    )


def _conditions(case: Case) -> Iterator[tuple[Alert, Condition]]:
    for alert in case.course.policy.alerts:
        for condition in alert.any:
            yield alert, condition


def _factor(case: Case, condition: Condition) -> Fraction | None:
    if isinstance(condition, Single) and condition.error_ratio is not None:
        allowed = 1 - case.course.target
        return None if not allowed else condition.error_ratio / Fraction(allowed)
    return wording.level(case.course.policy, condition) if isinstance(condition, Pair | Single) else None


def _rule(case: Case, alert: Alert, condition: Condition, value: float, *, several: bool = False) -> Rule:
    name = f"{case.replay.policy} {alert.name}" if several else alert.name
    words = f"{name}: {wording.words(case.course.policy, alert, condition)}"
    return Rule(value=value, words=words, colour=_PAGE if alert.severity == "page" else _OTHER)


def _pages_first(rules: Iterable[Rule]) -> list[Rule]:
    """Order rules, so that of those with one value it is a page that gives the colour."""
    return sorted(rules, key=lambda one: one.colour != _PAGE)

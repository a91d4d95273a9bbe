"""Conditions of alerts as expressions over what is recorded."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from backburn.interop.prometheus.written import literal, selector, written
from backburn.model.policy import Consumed, Drop, Exhausts, NoTraffic, Pair, Single
from backburn.model.window import Rolling

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from backburn.interop.prometheus.names import Names
    from backburn.model.policy import Alert, AlertPolicy, Condition, Op
    from backburn.model.spec import Objective
    from backburn.units import Duration

__all__ = ["Subject", "windows"]

_OPS: Mapping[Op, str] = {"gt": ">", "gte": ">="}


def windows(alerts: Iterable[Alert], objective: Objective) -> Iterator[Duration]:
    """The windows that alerts look at."""
    for alert in alerts:
        for condition in alert.any:
            match condition:
                case Pair():
                    yield from (condition.long, condition.short)
                case Single():
                    yield condition.window
                case NoTraffic():
                    yield condition.length
                case Consumed() if isinstance(objective.window, Rolling):
                    yield objective.window.length


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """Series with one target and one policy: what is recorded of them, and how an alert asks about it."""

    names: Names
    objective: Objective
    policy: AlertPolicy
    target: Fraction
    matchers: tuple[str, ...]

    def expression(self, alert: Alert) -> str:
        """Write an alert: true where any of its conditions is."""
        terms = [self._condition(alert, condition) for condition in alert.any]
        if len(terms) == 1:
            return terms[0]
        return "\nor\n".join(term if "\n" not in term else f"(\n{_indented(term)}\n)" for term in terms)

    def _condition(self, alert: Alert, condition: Condition) -> str:
        match condition:
            case Pair():
                level = self._level(condition)
                both = [self._above(alert, window, alert.op, level) for window in (condition.long, condition.short)]
                return _all([*both, *self._guards(alert, condition.long)])
            case Single():
                above = self._above(alert, condition.window, alert.op, self._level(condition))
                return _all([above, *self._guards(alert, condition.window)])
            case Consumed() if isinstance(self.objective.window, Rolling):
                length = self.objective.window.length
                level = condition.share * (1 - self.target)
                return _all([self._compared(length, condition.op, level), *self._guards(alert, length)])
            case NoTraffic():
                return f"{self._count('valid', condition.length)} == 0"
            case Consumed() | Exhausts() | Drop():
                message = "what cannot be exported is refused before"
                raise AssertionError(message)

    def _level(self, condition: Pair | Single) -> Fraction:
        """The share of bad events that must be exceeded."""
        if isinstance(condition, Single) and condition.error_ratio is not None:
            return condition.error_ratio
        factor = self.policy.factor(condition)
        return (factor or Fraction(0)) * (1 - self.target)

    def _above(self, alert: Alert, window: Duration, op: Op, level: Fraction) -> str:
        """Compare a window; where silence is bad, one without events counts as all bad, if that is above the level."""
        compared = self._compared(window, op, level)
        if alert.no_data == "bad" and (level < 1 or (level == 1 and op == "gte")):
            return f"({compared} or {self._count('valid', window)} == 0)"
        return compared

    def _compared(self, window: Duration, op: Op, level: Fraction) -> str:
        return self.names.compared(written(window), self.matchers, f"{_OPS[op]} {literal(level)}")

    def _guards(self, alert: Alert, long: Duration) -> Iterator[str]:
        guards = alert.guards
        if guards.bad is not None:
            yield f"{self._count('bad', long)} >= {guards.bad}"
        if guards.valid is not None:
            yield f"{self._count('valid', long)} >= {guards.valid}"
        if guards.rate is not None:
            # Events are whole, so that many at least.
            least = -(-guards.rate * Fraction(long.seconds) // 1)
            yield f"{self._count('valid', long)} >= {least}"

    def _count(self, kind: str, window: Duration) -> str:
        return selector(self.names.record(kind, written(window)), self.names.labels, self.matchers)


def _all(terms: list[str]) -> str:
    return "\nand\n".join(terms)


def _indented(text: str) -> str:
    return "\n".join(f"  {line}" for line in text.split("\n"))

"""What an alert policy means under a target: condition by condition, and for each alert as a whole."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from backburn.alerts import burning
from backburn.alerts.wording import words
from backburn.model.policy import Consumed, Drop, Exhausts, NoTraffic, Pair, Single

if TYPE_CHECKING:
    from collections.abc import Sequence

    from backburn.model.policy import Alert, AlertPolicy, Condition
    from backburn.units import Duration

__all__ = ["ExplainedAlert", "ExplainedCondition", "Promise", "Reaction", "explain_alert", "number", "seconds"]

_KINDS = {
    Pair: "pair",
    Single: "single",
    Consumed: "consumed",
    Exhausts: "exhausts_within",
    Drop: "drop",
    NoTraffic: "no_traffic",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """What a policy watches over: a target, the period whose budget it is, in seconds, and the events to come."""

    target: Fraction
    period: Fraction
    events: tuple[burning.Event, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reaction:
    """What an alert or one of its conditions does about an event; None where it never fires.

    `fires_after` is counted from the start of the event and includes `for`; `resets_after` is counted from its end and
    includes `keep_firing_for`, after an event that lasts until every condition that it can make true is. `spent` is the
    share of the period's budget that the event has spent when the alert fires. Times are seconds.
    """

    error_ratio: Fraction
    burn_rate: Fraction
    fires_after: Fraction | None
    resets_after: Fraction | None
    spent: Fraction | None

    def to_dict(self) -> dict[str, Any]:
        """As in the envelope."""
        return {
            "error_ratio": float(self.error_ratio),
            "burn_rate": float(self.burn_rate),
            "fires_after": number(self.fires_after),
            "resets_after": number(self.resets_after),
            "spent": number(self.spent),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class ExplainedCondition:
    """A condition, and what its level means; of those that compare no burn rate only the words are told.

    `level` is an error ratio: it never fires at it or below, or where `op` is `gte` below it. `spent` is the share of
    the period's budget that is gone when it becomes true, and `exhausts_in` how many seconds the budget lasts at its
    factor. `reachable` says whether a total outage makes it true.
    """

    words: str
    kind: str
    windows: tuple[Duration, ...] = ()
    factor: Fraction | None = None
    level: Fraction | None = None
    spent: Fraction | None = None
    exhausts_in: Fraction | None = None
    reachable: bool | None = None
    reactions: tuple[Reaction, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """As in the envelope."""
        return {
            "condition": self.words,
            "kind": self.kind,
            "windows": [window.text for window in self.windows],
            "factor": number(self.factor),
            "level": number(self.level),
            "spent": number(self.spent),
            "exhausts_in": number(self.exhausts_in),
            "reachable": self.reachable,
            "reactions": [reaction.to_dict() for reaction in self.reactions],
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class ExplainedAlert:
    """An alert, its conditions, and what it does about events: it fires with the first of them, resets with the last.

    `level` is the lowest of its conditions, None where none of them compares a burn rate.
    """

    alert: Alert
    conditions: tuple[ExplainedCondition, ...]
    level: Fraction | None
    reactions: tuple[Reaction, ...]

    def to_dict(self) -> dict[str, Any]:
        """As in the envelope; `for` and `keep_firing_for` are seconds."""
        return {
            "alert": self.alert.name,
            "severity": self.alert.severity,
            "op": self.alert.op,
            "for": float(seconds(self.alert.wait)),
            "keep_firing_for": float(seconds(self.alert.keep_firing)),
            "level": number(self.level),
            "conditions": [condition.to_dict() for condition in self.conditions],
            "reactions": [reaction.to_dict() for reaction in self.reactions],
        }


def explain_alert(policy: AlertPolicy, alert: Alert, promise: Promise) -> ExplainedAlert:
    """Work out what an alert means under a promise; the policy has the period of the promise."""
    conditions = tuple(_condition(policy, alert, condition, promise) for condition in alert.any)
    levels = [condition.level for condition in conditions if condition.level is not None]
    reacting = [condition.reactions for condition in conditions if condition.level is not None]
    return ExplainedAlert(
        alert=alert,
        conditions=conditions,
        level=min(levels, default=None),
        reactions=tuple(_together(reactions) for reactions in zip(*reacting, strict=True)),
    )


def seconds(length: Duration | None) -> Fraction:
    """Give a length in seconds, none without one."""
    return Fraction(0) if length is None else Fraction(length.seconds)


def number(value: Fraction | None) -> float | None:
    """Give a fraction as the envelope has it."""
    return None if value is None else float(value)


def _condition(policy: AlertPolicy, alert: Alert, condition: Condition, promise: Promise) -> ExplainedCondition:
    told, kind = words(policy, alert, condition), _KINDS[type(condition)]
    if not isinstance(condition, (Pair, Single)):
        return ExplainedCondition(words=told, kind=kind)
    windows = (condition.long, condition.short) if isinstance(condition, Pair) else (condition.window,)
    factor = policy.factor(condition)
    if isinstance(condition, Single) and condition.error_ratio is not None:
        factor = burning.factor_of(condition.error_ratio, promise.target)
    if factor is None:
        return ExplainedCondition(words=told, kind=kind, windows=windows)
    level = burning.level(factor, promise.target)
    lengths = [seconds(window) for window in windows]
    return ExplainedCondition(
        words=told,
        kind=kind,
        windows=windows,
        factor=factor,
        level=level,
        spent=burning.spent(factor, lengths[0], promise.period),
        exhausts_in=burning.exhausts_in(factor, promise.period),
        reachable=burning.reachable(factor, promise.target, alert.op),
        reactions=tuple(_reaction(alert, level, lengths, event, promise) for event in promise.events),
    )


def _reaction(
    alert: Alert, level: Fraction, windows: Sequence[Fraction], event: burning.Event, promise: Promise
) -> Reaction:
    rate = burning.factor_of(event.ratio, promise.target)
    fires = burning.detection(event, level, windows, alert.op)
    resets = burning.reset(event, level, windows, alert.op)
    if fires is not None:
        fires += seconds(alert.wait)
    return Reaction(
        error_ratio=event.ratio,
        burn_rate=rate,
        fires_after=fires,
        resets_after=None if resets is None else resets + seconds(alert.keep_firing),
        spent=None if fires is None else burning.spent(rate * event.traffic, fires, promise.period),
    )


def _together(reactions: Sequence[Reaction]) -> Reaction:
    """Put together what the conditions of an alert do about one event."""
    return Reaction(
        error_ratio=reactions[0].error_ratio,
        burn_rate=reactions[0].burn_rate,
        fires_after=min((one.fires_after for one in reactions if one.fires_after is not None), default=None),
        resets_after=max((one.resets_after for one in reactions if one.resets_after is not None), default=None),
        spent=min((one.spent for one in reactions if one.spent is not None), default=None),
    )

"""Alert policies: when somebody is told that an error budget burns."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Literal

from backburn.units import Duration

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from backburn.model.sli import Location

__all__ = [
    "Alert",
    "AlertNoData",
    "AlertPolicy",
    "Condition",
    "Consumed",
    "Drop",
    "Exhausts",
    "Guards",
    "NoTraffic",
    "Op",
    "Pair",
    "Quirk",
    "Single",
]

Op = Literal["gt", "gte"]
"""Whether a rate must exceed its level, or may equal it."""

AlertNoData = Literal["undefined", "good", "bad", "freeze"]
"""What a window without valid events is to an alert."""

Quirk = Literal["rounded", "traffic-weighted"]
"""How a tool compares otherwise than by the exact burn rate.

`rounded` is slo-generator's: the SLI to six digits and the burn rate to one, before it is compared. `traffic-weighted`
is slo-exporter's: the burn rate times the window's share of the events of the period, over its share of the time.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """Burn rates of two windows that must both be above a level: the long one is sure, the short one resets soon.

    One of `factor` (a burn rate) and `budget` (the share of the period's budget that is gone when the long window
    reaches its level) is given; `budget` is the factor `budget · period / long`.
    """

    long: Duration
    short: Duration
    factor: Fraction | None = None
    budget: Fraction | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Single:
    """The burn rate, or the share of bad events, of one window that must be above a level; one is given."""

    window: Duration
    factor: Fraction | None = None
    budget: Fraction | None = None
    error_ratio: Fraction | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Consumed:
    """The burn rate, or the share of bad events, of one window that must be above a level; one of them is given."""

    share: Fraction
    op: Op = "gte"


@dataclass(frozen=True, slots=True, kw_only=True)
class Exhausts:
    """The error budget is gone already, or is expected to be within this time."""

    within: Duration


@dataclass(frozen=True, slots=True, kw_only=True)
class Drop:
    """Traffic of the last `within` is at least this share below that of the same time in the last four weeks."""

    share: Fraction
    within: Duration


@dataclass(frozen=True, slots=True, kw_only=True)
class NoTraffic:
    """There was no valid event for so long."""

    length: Duration


Condition = Pair | Single | Consumed | Exhausts | Drop | NoTraffic


@dataclass(frozen=True, slots=True, kw_only=True)
class Guards:
    """What the long window of a condition must hold at least, or the condition is false.

    `bad` counts rows, `valid` counts events, `rate` is events per second.
    """

    bad: int | None = None
    valid: int | None = None
    rate: Fraction | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """One alert of a policy: true where any of its conditions is; one timer for all of them.

    It fires once it was true for `wait` (`for`), and until it was false for `keep_firing`.
    """

    name: str
    severity: str
    any: tuple[Condition, ...]
    op: Op = "gt"
    wait: Duration | None = None
    keep_firing: Duration | None = None
    guards: Guards = field(default_factory=Guards)
    no_data: AlertNoData = "undefined"
    inhibited_by: tuple[str, ...] = ()
    quirk: Quirk | None = None
    location: Location | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertPolicy:
    """When somebody is told: alerts, and the period that their factors were made for.

    `every` is the time between two evaluations, a step where it is None. `source` says where the numbers are from. The
    lengths of one that is `scaled` were made for its period, and grow with that of an objective, to the minute.
    """

    name: str
    alerts: tuple[Alert, ...]
    period: Duration | None = None
    every: Duration | None = None
    scaled: bool = False
    source: str | None = None
    title: str | None = None
    prose: Mapping[str, str] = field(default_factory=dict)
    location: Location | None = None

    def burns(self) -> Iterator[Duration]:
        """List the windows whose burn rates, or shares of errors, are compared."""
        for alert in self.alerts:
            for condition in alert.any:
                if isinstance(condition, Pair):
                    yield from (condition.long, condition.short)
                elif isinstance(condition, Single):
                    yield condition.window

    def windows(self) -> Iterator[Duration]:
        """List all windows, the longest of which has to fill before the policy knows what it would know."""
        yield from self.burns()
        for alert in self.alerts:
            yield from (one.length for one in alert.any if isinstance(one, NoTraffic))
            yield from (one.within for one in alert.any if isinstance(one, Drop))
            if alert.quirk == "traffic-weighted" and self.period is not None:
                yield self.period

    @property
    def looks_ahead(self) -> bool:
        """Whether a condition asks what is to come, and so how requests failed in the last day."""
        return any(isinstance(condition, Exhausts) for alert in self.alerts for condition in alert.any)

    def fitted(self, period: Duration) -> AlertPolicy:
        """Give the policy for another period: with other lengths where it is scaled, else as it is.

        >>> from backburn.units import Duration
        >>> pair = Pair(long=Duration.parse("1h"), short=Duration.parse("5m"), factor=Fraction(14))
        >>> page = Alert(name="page", severity="page", any=(pair,))
        >>> policy = AlertPolicy(name="mine", alerts=(page,), period=Duration.parse("28d"), scaled=True)
        >>> [window.text for window in policy.fitted(Duration.parse("7d")).windows()]
        ['15m', '1m']
        """
        if not self.scaled or self.period is None or period.microseconds == self.period.microseconds:
            return self
        ratio = Fraction(period.microseconds, self.period.microseconds)
        return replace(self, period=period, alerts=tuple(_scaled(alert, ratio) for alert in self.alerts))

    def factor(self, condition: Pair | Single, period: Duration | None = None) -> Fraction | None:
        """Give the burn rate at which a condition is true, for a period unless its own; None for error ratios.

        >>> from backburn.units import Duration
        >>> pair = Pair(long=Duration.parse("1h"), short=Duration.parse("5m"), budget=Fraction(2, 100))
        >>> AlertPolicy(name="mine", alerts=(), period=Duration.parse("30d")).factor(pair)
        Fraction(72, 5)
        """
        if condition.budget is None:
            return condition.factor
        length = condition.long if isinstance(condition, Pair) else condition.window
        chosen = period or self.period
        if chosen is None:
            message = "a share of the budget needs the period that it is of"
            raise ValueError(message)
        return condition.budget * Fraction(chosen.microseconds, length.microseconds)


_MINUTE = 60_000_000


def _scaled(alert: Alert, ratio: Fraction) -> Alert:
    return replace(
        alert,
        any=tuple(_lengthened(condition, ratio) for condition in alert.any),
        wait=None if alert.wait is None else _times(alert.wait, ratio),
        keep_firing=None if alert.keep_firing is None else _times(alert.keep_firing, ratio),
    )


def _lengthened(condition: Condition, ratio: Fraction) -> Condition:
    match condition:
        case Pair(long=long, short=short):
            return replace(condition, long=_times(long, ratio), short=_times(short, ratio))
        case Single(window=window):
            return replace(condition, window=_times(window, ratio))
        case _:
            return condition


def _times(length: Duration, ratio: Fraction) -> Duration:
    """Give a length to the nearest minute, halves away from zero, and at least one."""
    minutes = max(int(Fraction(length.microseconds, _MINUTE) * ratio + Fraction(1, 2)), 1)
    hours, rest = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    parts = [f"{count}{unit}" for count, unit in ((days, "d"), (hours, "h"), (rest, "m")) if count]
    return Duration(text="".join(parts), seconds=Decimal(60 * minutes))

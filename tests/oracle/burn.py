"""Conditions of alerts at one tick: what their windows hold, how fast the budget burns in them, and what guards say."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from itertools import accumulate
from typing import TYPE_CHECKING, Any

from oracle import ahead

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    Policy = Mapping[str, Any]
    Condition = Mapping[str, Any]
    Alert = Mapping[str, Any]

SECOND = 1_000_000


@dataclass(frozen=True, kw_only=True)
class Held:
    """What a window holds; `bad_rows` are the rows behind its bad events."""

    good: int
    bad: int
    bad_rows: int

    @property
    def valid(self) -> int:
        """All events that count."""
        return self.good + self.bad


@dataclass(frozen=True, kw_only=True)
class Events:
    """A series: for the step `[k·s, (k+1)·s)` the good and bad events and the bad rows, by k, where there are any.

    What happened in the steps that are `left_out` does not count.
    """

    counts: Mapping[int, tuple[int, int, int]]
    step: int
    left_out: frozenset[int] = frozenset()

    @cached_property
    def _steps(self) -> list[int]:
        return sorted(set(self.counts) - self.left_out)

    @cached_property
    def _sums(self) -> list[Sequence[int]]:
        """Of each kind of count the sum over the first n of these steps, by n."""
        columns = zip(*(self.counts[step] for step in self._steps), strict=True) if self._steps else ((), (), ())
        return [list(accumulate(column, initial=0)) for column in columns]

    def within(self, start: int, end: int) -> Held:
        """What `[start, end)` holds; both are multiples of the step."""
        assert start % self.step == end % self.step == 0, "windows and ticks are whole steps"
        first, last = (bisect_left(self._steps, at // self.step) for at in (start, end))
        good, bad, rows = (sums[max(last, first)] - sums[first] for sums in self._sums)
        return Held(good=good, bad=bad, bad_rows=rows)


@dataclass(frozen=True, kw_only=True)
class World:
    """A series, its target, the period of the policy, and the length of the objective's own rolling window.

    `known` is the time for which there are logs.
    """

    events: Events
    target: Fraction
    period: int | None = None
    window: int | None = None
    known: tuple[int, int] | None = None
    _burns: dict[tuple[int, int], Fraction | None] = field(default_factory=dict, compare=False, repr=False)

    def held(self, length: int | None, tick: int) -> Held:
        """What the window `[t − W, t)` holds."""
        assert length is not None, "a condition needs a length that was not given"
        return self.events.within(tick - length, tick)

    def burn(self, length: int, tick: int) -> Fraction | None:
        """`(bad / valid) / (1 − T)`; None without valid events."""
        if (length, tick) not in self._burns:
            held = self.held(length, tick)
            self._burns[length, tick] = Fraction(held.bad, held.valid) / (1 - self.target) if held.valid else None
        return self._burns[length, tick]


def windows(alert: Alert) -> list[int]:
    """The windows of which burn rates are told, each once."""
    lengths = [
        condition[name] for condition in alert["any"] for name in ("long", "short", "window") if name in condition
    ]
    return list(dict.fromkeys(lengths))


def holds(condition: Condition, alert: Alert, world: World, tick: int) -> bool:
    """Whether a condition is true at a tick.

    One about missing traffic has no guards, for they would ask it for events. One about the budget is false without
    valid events whatever `no_data` says, for no budget can be used up of which there is none. One about what is to come
    asks guards and `no_data` about the day whose error ratio goes on.
    """
    if "no_traffic" in condition:
        return world.held(condition["no_traffic"], tick).valid == 0
    if "consumed" in condition:
        held, op = world.held(world.window, tick), condition.get("op", "gte")
        allowed = condition["consumed"] * (1 - world.target) * held.valid
        return held.valid > 0 and guarded(alert, held, world.window) and above(Fraction(held.bad), allowed, op)
    if "exhausts_within" in condition:
        return exhausts(condition["exhausts_within"], alert, world, tick)
    long = condition.get("long", condition.get("window"))
    short = condition.get("short", long)
    if not guarded(alert, world.held(long, tick), long):
        return False
    found = [rate(condition, alert, world, length, tick) for length in (long, short)]
    return all(one is not None and above(one, level(condition, world, long), alert.get("op", "gt")) for one in found)


def unknown(condition: Condition, alert: Alert, world: World, tick: int) -> bool:
    """Whether a condition freezes its alert: its short, or only, window is empty."""
    if alert.get("no_data") != "freeze" or "no_traffic" in condition:
        return False
    length = condition.get("short", condition.get("window"))
    if "consumed" in condition:
        length = world.window
    elif "exhausts_within" in condition:
        length = ahead.DAY
    return world.held(length, tick).valid == 0


def exhausts(within: int, alert: Alert, world: World, tick: int) -> bool:
    """Whether the budget is gone, or will be within that time if requests go on to fail as in the last day."""
    assert world.known is not None, "what is to come needs the time for which there are logs"
    assert world.window is not None, "and the window of the budget"
    recent = world.held(ahead.DAY, tick)
    ratio = Fraction(recent.bad, recent.valid) if recent.valid else None
    if ratio is None:
        ratio = {"good": Fraction(0), "bad": Fraction(1)}.get(alert.get("no_data", "undefined"))
    if ratio is None or not guarded(alert, recent, ahead.DAY):
        return False
    return ahead.gone(world.events, world.known, world.target, (tick, world.window, within), ratio)


def above(value: Fraction, level: Fraction, op: str) -> bool:
    """Greater, or where `op` is gte also equal."""
    return value >= level if op == "gte" else value > level


def guarded(alert: Alert, held: Held, length: int | None) -> bool:
    """Whether the long window holds enough rows of bad events, valid events, and valid events a second."""
    assert length is not None
    found = (held.bad_rows, held.valid, Fraction(held.valid * SECOND, length))
    return all(
        value >= alert.get(name, 0) for name, value in zip(("min_bad", "min_valid", "min_rate"), found, strict=True)
    )


def level(condition: Condition, world: World, long: int) -> Fraction:
    """What must be exceeded; a share x of the budget of a period P is the factor `x · P / W`."""
    if "budget" in condition:
        assert world.period is not None, "a share of the budget needs the period"
        return Fraction(condition["budget"] * world.period, long)
    return Fraction(condition["error_ratio"] if "error_ratio" in condition else condition["factor"])


def rate(condition: Condition, alert: Alert, world: World, length: int, tick: int) -> Fraction | None:
    """What is compared for a window: its burn rate or its share of bad events, as `no_data` says where it is empty."""
    burn = world.burn(length, tick)
    if burn is None:
        burn = {"good": Fraction(0), "bad": 1 / (1 - world.target)}.get(alert.get("no_data", "undefined"))
    if burn is None:
        return None
    if "error_ratio" in condition:
        return burn * (1 - world.target)
    match alert.get("quirk"):
        case "rounded":
            return rounded(burn, world.target)
        case "traffic-weighted":
            weight = traffic(world, condition.get("long", condition.get("window")), tick)
            return None if weight is None else burn * weight
        case _:
            return burn


def rounded(burn: Fraction, target: Fraction) -> Fraction:
    """The burn rate of slo-generator: the SLI has six digits, then the burn rate one; what lies halfway becomes even.

    The tool does so in floating point, whose errors decide what lies halfway; here it is exact.
    """
    sli = round(1 - burn * (1 - target), 6)
    return round((1 - sli) / (1 - target), 1)


def traffic(world: World, long: int, tick: int) -> Fraction | None:
    """The weight of slo-exporter: the events of the *long* window in those of the period, over the share of its time.

    Both windows of a pair have that of the long one; None where the period has no events.
    """
    assert world.period is not None, "a weight by traffic needs the period"
    whole, part = (world.held(length, tick).valid for length in (world.period, long))
    return Fraction(part * world.period, whole * long) if whole else None

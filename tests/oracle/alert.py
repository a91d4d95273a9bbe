"""When alerts fire, tick by tick, as plainly as it can be said.

A policy is a mapping in the grammar's words, with lengths in microseconds and other numbers as fractions:

    {"period": P, "alerts": [{
        "name": ..., "op": "gt" or "gte", "for": D, "keep_firing_for": D, "inhibited_by": [names],
        "min_bad": n, "min_valid": n, "min_rate": events a second,
        "no_data": "undefined", "good", "bad" or "freeze", "quirk": "rounded" or "traffic-weighted",
        "any": [conditions]}]}

A condition is one of `{"long": W, "short": W, "factor" or "budget": x}`, `{"window": W, "factor", "budget" or
"error_ratio": x}`, `{"consumed": x, "op": ...}`, `{"exhausts_within": D}` and `{"no_traffic": L}`; what may be left out
is left out.

An alert is *true* at a tick where any of its conditions is. With `no_data: freeze` a tick at which none is true and the
short (or only) window of at least one condition holds no valid event is *frozen*: nothing about the alert changes, and
its clocks do not run. Conditions whose own short window is not empty are judged as usual at such a tick, and one that
is true makes it an ordinary tick. A condition about missing traffic is about an empty window, so it never freezes.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from itertools import groupby
from typing import TYPE_CHECKING, Any, Literal

from oracle.burn import holds, unknown, windows

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from oracle.burn import Events, Policy, World

    State = Literal["inactive", "pending", "firing", "keeping"]

FIRING = ("firing", "keeping")
"""An alert that is kept firing fires."""


@dataclass(frozen=True, kw_only=True)
class Tick:
    """An alert at a tick.

    `truth` is whether a condition is true; `stepped` is False where the tick is frozen. `inhibited` is whether the
    alert fires but is not shown, for an inhibitor has fired at every tick since it began to fire. `burns` has the burn
    rate of each window of the alert; None where the window holds no valid event.
    """

    at: int
    truth: bool
    stepped: bool
    state: State
    inhibited: bool
    burns: Mapping[int, Fraction | None]


@dataclass(frozen=True, kw_only=True)
class Run:
    """One alert: it fires at the ticks in `[first, end)`; `end` is None where it fires at the last tick.

    `shown` is the first of these ticks at which no inhibitor fires; None where there is none.
    """

    first: int
    end: int | None
    shown: int | None


def judge(world: World, policy: Policy, ticks: range) -> dict[str, list[Tick]]:
    """Every alert of a policy at every tick, for one series."""
    found: dict[str, list[Tick]] = {}
    told = {alert["name"]: truths(world, alert, ticks) for alert in policy["alerts"]}
    stated = {alert["name"]: states(told[alert["name"]], alert, ticks.step) for alert in policy["alerts"]}
    for alert in policy["alerts"]:
        own, inhibitors = stated[alert["name"]], [stated[name] for name in alert.get("inhibited_by", ())]
        hidden = inhibited(own, [any(one[at] in FIRING for one in inhibitors) for at in range(len(ticks))])
        found[alert["name"]] = [
            Tick(
                at=tick,
                truth=truth is True,
                stepped=truth is not None,
                state=state,
                inhibited=hides,
                burns={length: world.burn(length, tick) for length in windows(alert)},
            )
            for tick, truth, state, hides in zip(ticks, told[alert["name"]], own, hidden, strict=True)
        ]
    return found


def truths(world: World, alert: Mapping[str, Any], ticks: Iterable[int]) -> list[bool | None]:
    """Whether the alert is true at each tick; None where the tick is frozen."""
    told: list[bool | None] = []
    for tick in ticks:
        if any(holds(condition, alert, world, tick) for condition in alert["any"]):
            told.append(True)
        elif any(unknown(condition, alert, world, tick) for condition in alert["any"]):
            told.append(None)
        else:
            told.append(False)
    return told


def states(truths: Iterable[bool | None], alert: Mapping[str, Any], every: int) -> list[State]:
    """The state at each tick.

    An alert that was true for `for` fires; a tick that is not true ends the waiting. One that fires goes on until it
    was false for `keep_firing_for`; a tick that is true renews it, and need not wait again. Time is that of the ticks
    that are not frozen.
    """
    wait, keep = alert.get("for", 0), alert.get("keep_firing_for", 0)
    state: State = "inactive"
    now = true_since = false_since = 0
    told: list[State] = []
    for truth in truths:
        if truth is not None:
            now += every
        if truth is True:
            if state == "inactive":
                state, true_since = "pending", now
            if state == "keeping" or (state == "pending" and now - true_since >= wait):
                state = "firing"
        elif truth is False:
            if state == "firing":
                state, false_since = "keeping", now
            if state == "pending" or (state == "keeping" and now - false_since >= keep):
                state = "inactive"
        told.append(state)
    return told


def inhibited(own: Iterable[State], inhibitors: Iterable[bool]) -> list[bool]:
    """Whether the alert fires unseen at each tick, where these are the ticks at which an inhibitor fires."""
    told: list[bool] = []
    seen = False
    for state, inhibitor in zip(own, inhibitors, strict=True):
        fires = state in FIRING
        seen = fires and (seen or not inhibitor)
        told.append(fires and not seen)
    return told


def alerts(ticks: Sequence[Tick]) -> list[Run]:
    """The maximal runs of ticks at which an alert fires."""
    found: list[Run] = []
    for fires, run in groupby(ticks, lambda tick: tick.state in FIRING):
        if fires:
            told = list(run)
            shown = next((tick.at for tick in told if not tick.inhibited), None)
            after = next((tick.at for tick in ticks if tick.at > told[-1].at), None)
            found.append(Run(first=told[0].at, end=after, shown=shown))
    return found


def unit(events: Events, target: Fraction, span: tuple[int, int], period: int) -> Fraction | None:
    """How many bad events are the budget of a period: `(1 − T) · V · P / D` of a span with V valid events.

    D is how long the span is without the steps that are left out. None where nothing in it counts.
    """
    counted = [at for at in range(span[0], span[1], events.step) if at // events.step not in events.left_out]
    valid = sum(events.within(at, at + events.step).valid for at in counted)
    return (1 - target) * valid * Fraction(period, len(counted) * events.step) if valid else None


@dataclass(frozen=True, kw_only=True)
class Spent:
    """Shares of the budget that bad events used up before, during and after an alert."""

    before: Fraction
    during: Fraction
    after: Fraction


def spent(events: Events, run: Run, span: tuple[int, int], budget: Fraction) -> Spent:
    """What was spent of a budget in the parts of a span (an incident, say) around an alert.

    At its first tick the alert knows the events before it, so those are what it could not save.
    """
    start, end = span
    first, last = (min(max(edge, start), end) for edge in (run.first, end if run.end is None else run.end))
    before, during, after = (
        events.within(since, until).bad / budget for since, until in ((start, first), (first, last), (last, end))
    )
    return Spent(before=before, during=during, after=after)

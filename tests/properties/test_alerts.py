"""Alerts are what the oracle says, tick by tick: states, burn rates, inhibition, peaks and the budget around them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from hypothesis import event, given
from hypothesis import strategies as st
from oracle import alert as oracle
from oracle.burn import Events, World

import backburn
from backburn.engine.times import from_micros, to_micros
from backburn.model.policy import Alert, AlertPolicy, Consumed, Exhausts, Guards, NoTraffic, Pair, Single
from backburn.units import Duration

if TYPE_CHECKING:
    from hypothesis.strategies import DrawFn

START = datetime(2025, 10, 1, tzinfo=UTC)
MINUTE = 60_000_000
LENGTHS = (1, 2, 3, 5, 7, 12, 30, 90)
TARGETS = ("0.9", "0.95", "0.99", "0.999")


@dataclass(frozen=True, kw_only=True)
class Case:
    """Good and bad events and bad rows by minute, minutes that are left out, and what is asked of them."""

    counts: dict[int, tuple[int, int, int]]
    left_out: frozenset[int]
    target: str
    window: int
    every: int
    policy: AlertPolicy


def minutes(count: int) -> Duration:
    return Duration.parse(f"{count}m")


@st.composite
def conditions(draw: DrawFn) -> Pair | Single | Consumed | Exhausts | NoTraffic:
    # Few numbers, so that rates often equal them.
    levels = st.sampled_from(["1/2", "1", "2", "5", "10", "14/5", "20/3"]).map(Fraction)
    kinds = ["pair", "pair", "pair", "single", "single", "ratio", "budget", "consumed", "ahead", "ahead", "quiet"]
    kind = draw(st.sampled_from(kinds))
    lengths = draw(st.lists(st.sampled_from(LENGTHS), min_size=2, max_size=2, unique=True).map(sorted))
    short, long = map(minutes, lengths)
    match kind:
        case "pair":
            return Pair(long=long, short=short, factor=draw(levels))
        case "single":
            return Single(window=long, factor=draw(levels))
        case "ratio":
            return Single(window=long, error_ratio=draw(st.sampled_from(["1/100", "1/10", "1/3"]).map(Fraction)))
        case "budget":
            return Pair(long=long, short=short, budget=draw(st.sampled_from(["1/50", "1/10", "1/2"]).map(Fraction)))
        case "consumed":
            share = draw(st.sampled_from(["1/4", "3/4", "1", "2"]).map(Fraction))
            return Consumed(share=share, op=draw(st.sampled_from(["gt", "gte"])))
        case _:
            within = draw(st.sampled_from([1, 4, 25, 100]).map(minutes))
            return Exhausts(within=within) if kind == "ahead" else NoTraffic(length=short)


@st.composite
def alerts(draw: DrawFn, name: str, others: list[str]) -> Alert:
    waits = st.none() | st.sampled_from([1, 2, 3, 5]).map(minutes)
    return Alert(
        name=name,
        severity=draw(st.sampled_from(["page", "ticket"])),
        any=tuple(draw(st.lists(conditions(), min_size=1, max_size=3))),
        op=draw(st.sampled_from(["gt", "gte"])),
        wait=draw(waits),
        keep_firing=draw(waits),
        guards=Guards(
            bad=draw(st.none() | st.integers(1, 4)),
            valid=draw(st.none() | st.integers(1, 12)),
            rate=draw(st.none() | st.sampled_from(["1/60", "1/30", "1/7"]).map(Fraction)),
        ),
        no_data=draw(st.sampled_from(["undefined", "good", "bad", "freeze"])),
        inhibited_by=tuple(draw(st.lists(st.sampled_from(others), unique=True)) if others else ()),
        quirk=draw(st.sampled_from([None, None, None, "rounded", "traffic-weighted"])),
    )


@st.composite
def cases(draw: DrawFn) -> Case:
    loads = st.sampled_from([(0, 0), (0, 0), (9, 1), (10, 0), (1, 0), (0, 1), (0, 3), (7, 3), (99, 1), (19, 1), (5, 5)])
    counts = {}
    at = draw(st.integers(-3, 3))
    for load, times in draw(st.lists(st.tuples(loads, st.integers(1, 12)), min_size=1, max_size=14)):
        for _ in range(times):
            good, bad = load
            if good or bad:
                counts[at] = (good, bad, draw(st.integers(1, bad)) if bad else 0)
            at += 1
    counts = counts or {0: (1, 0, 0)}
    cut = draw(st.lists(st.integers(min(counts), max(counts)), max_size=3))
    names = ["page", "ticket", "other"][: draw(st.integers(1, 3))]
    made = tuple(draw(alerts(name, names[:place])) for place, name in enumerate(names))
    return Case(
        counts=counts,
        left_out=frozenset(step for first in cut for step in (first, first + 1)),
        target=draw(st.sampled_from(TARGETS)),
        window=draw(st.sampled_from([5, 30, 60])),
        every=draw(st.sampled_from([1, 1, 1, 2, 5])),
        policy=AlertPolicy(name="drawn", alerts=made, period=minutes(draw(st.sampled_from([90, 720])))),
    )


def document(case: Case) -> dict[str, Any]:
    cut = [(START + timedelta(minutes=step), START + timedelta(minutes=step + 1)) for step in sorted(case.left_out)]
    return {
        "apiVersion": "backburn/v1",
        "kind": "ServiceLevelObjectives",
        "metadata": {"service": "shop"},
        "source": {"gaps": "quiet", "columns": {"count": {"column": "n", "means": "aggregated"}}},
        "exclusions": [{"start": f"{a.isoformat()}", "end": f"{b.isoformat()}", "reason": "drawn"} for a, b in cut],
        "objectives": [
            {
                "name": "availability",
                "sli": {"kind": "availability"},
                "target": case.target,
                "window": f"{case.window}m",
            }
        ],
    }


def log(case: Case) -> dict[str, list[Any]]:
    """Rows that add up to the counts: as many bad ones as there are said to be."""
    rows: dict[str, list[Any]] = {"timestamp": [], "status": [], "n": []}
    for step, (good, bad, bad_rows) in case.counts.items():
        weights = [(200, good)] if good else []
        weights += [(500, 1)] * (bad_rows - 1) + ([(500, bad - bad_rows + 1)] if bad else [])
        for status, weight in weights:
            rows["timestamp"].append(START + timedelta(minutes=step, seconds=7))
            rows["status"].append(status)
            rows["n"].append(weight)
    return rows


def micros(length: Duration | None) -> int:
    return 0 if length is None else length.microseconds


def written(policy: AlertPolicy) -> dict[str, Any]:
    """The policy in the words of the oracle."""

    def condition(one: Any) -> dict[str, Any]:
        match one:
            case Pair():
                level = {"factor": one.factor} if one.budget is None else {"budget": one.budget}
                return {"long": micros(one.long), "short": micros(one.short), **level}
            case Single():
                level = {"factor": one.factor} if one.error_ratio is None else {"error_ratio": one.error_ratio}
                return {"window": micros(one.window), **level}
            case Consumed():
                return {"consumed": one.share, "op": one.op}
            case Exhausts():
                return {"exhausts_within": micros(one.within)}
            case _:
                return {"no_traffic": micros(one.length)}

    return {
        "period": micros(policy.period),
        "alerts": [
            {
                "name": one.name,
                "op": one.op,
                "for": micros(one.wait),
                "keep_firing_for": micros(one.keep_firing),
                "inhibited_by": one.inhibited_by,
                "min_bad": one.guards.bad or 0,
                "min_valid": one.guards.valid or 0,
                "min_rate": one.guards.rate or 0,
                "no_data": one.no_data,
                "quirk": one.quirk,
                "any": [condition(each) for each in one.any],
            }
            for one in policy.alerts
        ],
    }


def near(found: float | None, exact: Fraction | None) -> bool:
    if found is None or exact is None:
        return found is None and exact is None
    return abs(found - float(exact)) <= 1e-12 * max(1.0, abs(float(exact)))


@given(cases())
def test_alerts_are_those_of_the_oracle(case: Case) -> None:
    start = to_micros(START, "start")
    found = backburn.backtest(document(case), log(case), policy=case.policy, every=f"{case.every}m")
    (replay,) = found.replays
    base = start // MINUTE
    events = Events(
        counts={base + step: counts for step, counts in case.counts.items()},
        step=MINUTE,
        left_out=frozenset(base + step for step in case.left_out),
    )
    target = Fraction(case.target)
    policy = written(case.policy)
    logged = ((base + min(case.counts)) * MINUTE, (base + max(case.counts) + 1) * MINUTE)
    world = World(events=events, target=target, period=policy["period"], window=case.window * MINUTE, known=logged)
    rows = found.ticks.to_pyarrow().to_pylist()
    own = [to_micros(row["tick"], "tick") for row in rows if row["alert"] == case.policy.alerts[0].name]
    every = case.every * MINUTE
    ticks = range(own[0], own[-1] + every, every)
    assert list(ticks) == own
    known = [first := (start // MINUTE + min(case.counts)) * MINUTE, (start // MINUTE + max(case.counts)) * MINUTE]
    assert (ticks[0], ticks[-1]) == tuple(edge // every * every + every for edge in known)
    judged = oracle.judge(world, policy, ticks)

    told = {(row["alert"], to_micros(row["tick"], "tick")): row for row in rows}
    for name, expected in judged.items():
        assert [told[name, tick.at]["state"] for tick in expected] == [tick.state for tick in expected]
        for tick in expected:
            for length, burn in tick.burns.items():
                assert near(told[name, tick.at][f"burn_{length // MINUTE}m"], burn)

    span = (first, min(known[1] + MINUTE, ticks[-1]))
    budget = oracle.unit(events, target, span, policy["period"])
    for words, model in zip(policy["alerts"], case.policy.alerts, strict=True):
        runs = oracle.alerts(judged[model.name])
        fired = [one for one in replay.alerts if one.alert == model.name]
        edges = [[None if at is None else from_micros(at) for at in (run.first, run.end, run.shown)] for run in runs]
        assert [[one.start, one.end, one.told] for one in fired] == edges
        for run, one in zip(runs, fired, strict=True):
            last = ticks[-1] if run.end is None else run.end
            during = events.within(run.first, last)
            assert (one.bad, one.valid) == (during.bad, during.valid)
            assert near(one.budget.during, None if budget is None else during.bad / budget)
            for share, at in ((one.budget.before, run.first), (one.budget.after, last)):
                burn = world.burn(case.window * MINUTE, at)
                assert near(share, None if burn is None else 1 - burn)
            seen = range(to_micros(one.active, "active"), ticks[-1] + every if run.end is None else run.end, every)
            lasted = [tick for tick in judged[model.name] if tick.at in seen]
            assert lasted[0].truth
            for peak, condition in zip(one.peaks, words["any"], strict=True):
                if model.quirk is None and model.no_data == "undefined" and "long" in condition:
                    pairs = [(tick.burns[condition["long"]], tick.burns[condition["short"]]) for tick in lasted]
                    heights = [min(a, b) for a, b in pairs if a is not None and b is not None]
                    assert near(peak.peak, max(heights, default=None))
        event(f"{'some alerts' if runs else 'no alert'} of {model.no_data}")

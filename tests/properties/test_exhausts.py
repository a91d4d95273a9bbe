"""Policies that ask what is to come say at every tick what an evaluation at it forecasts, and what the oracle does."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from hypothesis import event, given, settings
from hypothesis import strategies as st
from oracle import forecast
from oracle.forecast import Past, Window

import backburn
from backburn.engine.times import from_micros, to_micros

if TYPE_CHECKING:
    from backburn.evaluation.budget import Exhaustion

HOUR = timedelta(hours=1)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
WEEK = 168
ZONES = ("UTC", "Europe/Berlin", "Australia/Lord_Howe", "America/St_Johns")


def document(objective: dict[str, Any], *, step: str, zone: str = "UTC", **source: Any) -> dict[str, Any]:
    return {
        "apiVersion": "backburn/v1",
        "kind": "ServiceLevelObjectives",
        "metadata": {"service": "shop"},
        "timezone": zone,
        "source": {"step": step, "columns": {"count": {"column": "n", "means": "aggregated"}}, **source},
        # However little of a window is known, the forecast is what the replay goes by.
        "min_coverage": "0.0001%",
        "objectives": [{"name": "availability", "sli": {"kind": "availability"}, **objective}],
    }


def log(counts: dict[datetime, tuple[int, int]]) -> dict[str, list[Any]]:
    rows = [
        (moment, status, n)
        for moment, counted in sorted(counts.items())
        for status, n in zip((200, 500), counted, strict=True)
        if n
    ]
    moments, statuses, numbers = zip(*rows, strict=True)
    return {"timestamp": list(moments), "status": list(statuses), "n": list(numbers)}


def fires(spec: dict[str, Any], rows: dict[str, list[Any]], within: str) -> dict[datetime, bool]:
    """Whether the condition is true at each tick."""
    policy = {"alerts": [{"name": "ahead", "severity": "page", "any": [{"exhausts_within": within}]}]}
    table = backburn.backtest(spec, rows, policy=policy).ticks.to_pyarrow()
    states = zip(table["tick"].to_pylist(), table["state"].to_pylist(), strict=True)
    return {from_micros(to_micros(tick, "tick")): state == "firing" for tick, state in states}


@st.composite
def pasts(draw: st.DrawFn) -> dict[int, tuple[int, int]]:
    """Good and bad events of hours or weeks, of a few levels, with incidents and silences."""
    first = 489_000 + draw(st.integers(0, 400))
    length = draw(st.sampled_from((5, 30, 169, 400, 750)))
    levels = draw(st.lists(st.integers(0, 60), min_size=24, max_size=24))
    errors = draw(st.lists(st.tuples(st.integers(0, length - 1), st.integers(1, 24), st.integers(1, 60)), max_size=4))
    counts = {}
    for number in range(length):
        good = levels[number % 24] + number // WEEK + (number in {0, length - 1})
        bad = sum(count for at, hours, count in errors if at <= number < at + hours)
        if good or bad:
            counts[first + number] = (good, bad)
    return counts


@given(
    counts=pasts(),
    target=st.sampled_from(("90%", "99%", "50%")),
    window=st.sampled_from((6, 24, 200, "day", "week", "month")),
    within=st.sampled_from((1, 5, 24, 72)),
    data=st.data(),
)
@settings(max_examples=40)
def test_hour_by_hour_it_is_what_the_oracle_forecasts(
    counts: dict[int, tuple[int, int]], target: str, window: Any, within: int, data: st.DataObject
) -> None:
    first, share = min(counts), Fraction(target.rstrip("%")) / 100
    asked = f"{window}h" if isinstance(window, int) else {"calendar": window}
    spec = document({"target": target, "window": asked}, step="1h", gaps="quiet")
    found = fires(spec, log({EPOCH + hour * HOUR: counted for hour, counted in counts.items()}), f"{within}h")
    ticks = [(tick - EPOCH) // HOUR for tick in found]
    edges = [tick for tick, before in zip(ticks[1:], ticks, strict=False) if hour(found, tick) != hour(found, before)]
    drawn = data.draw(st.lists(st.sampled_from(ticks), min_size=3, max_size=6))
    for now in {*drawn, *edges[:3], *(edge - 1 for edge in edges[:3])}:
        placed = place(window, now)
        past = Past(events=counts, first=first, now=now)
        recent = past.valid(now - 24, now)
        at = None
        if placed is not None and recent:
            at = forecast.gone(past, placed, share, Fraction(past.bad(now - 24, now), recent))
        assert hour(found, now) == (at is not None and at <= now + within), now
        event("not" if at is None else "already" if at == now else "exhausts")


def hour(found: dict[datetime, bool], tick: int) -> bool:
    return found[EPOCH + tick * HOUR]


def place(window: Any, now: int) -> Window | None:
    """The window at a tick; None where its period is over."""
    if isinstance(window, int):
        return Window(start=now - window, end=now + window, rolls=True)
    inside = (EPOCH + (now - 1) * HOUR).date()
    first = {"day": inside, "week": inside - timedelta(days=inside.weekday()), "month": inside.replace(day=1)}[window]
    following = {
        "day": first + timedelta(days=1),
        "week": first + timedelta(days=7),
        "month": (first.replace(day=28) + timedelta(days=4)).replace(day=1),
    }[window]
    start, end = ((day - EPOCH.date()).days * 24 for day in (first, following))
    return None if end == now else Window(start=start, end=end, rolls=False)


@dataclass(frozen=True, kw_only=True)
class Case:
    """A document, its rows, how far it is looked ahead, and which ticks are looked at."""

    spec: dict[str, Any]
    counts: dict[datetime, tuple[int, int]]
    within: timedelta
    picks: tuple[int, ...]


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """Some days around a change of the clocks: silences without logs, exclusions, slices, and steps of any length."""
    minutes = draw(st.sampled_from((7, 15, 30, 60)))
    days = draw(st.sampled_from((2, 9, 30)))
    start = datetime(
        2025, draw(st.sampled_from((3, 10))), draw(st.integers(1, 28)), draw(st.integers(0, 23)), tzinfo=UTC
    )
    steps = range(days * 1440 // minutes)
    spans = st.lists(st.tuples(st.sampled_from(steps), st.integers(1, 2000 // minutes)), max_size=3)
    failing, silent, cut = draw(spans), draw(spans), draw(spans)
    levels = draw(st.lists(st.integers(1, 40), min_size=24, max_size=24))
    shares = draw(st.lists(st.sampled_from((1, 2, 10, 50)), min_size=3, max_size=3))

    def covers(span: tuple[int, int], step: int) -> bool:
        return span[0] <= step < span[0] + span[1]

    counts = {}
    for step in steps:
        moment = start + step * timedelta(minutes=minutes)
        if step not in {0, steps[-1]} and any(covers(span, step) for span in silent):
            continue
        valid = levels[moment.hour] * 10
        bad = max(
            (valid // share for span, share in zip(failing, shares, strict=False) if covers(span, step)), default=0
        )
        counts[moment] = (valid - bad, bad)
    calendars = [{"calendar": "day"}, {"calendar": "week", "timezone": "UTC"}, {"calendar": "month"}]
    zone = draw(st.sampled_from(ZONES))
    if minutes in {7, 60}:
        # Midnights fall on no step there.
        calendars, zone = [], zone if minutes == 7 else "Europe/Berlin"
    windows = ["7h", "14h", "7d", *calendars]
    objective = {"target": draw(st.sampled_from(("90%", "99%"))), "window": draw(st.sampled_from(windows))}
    method = draw(st.sampled_from((None, "time-slices", "ratio-time-slices")))
    if method is not None and minutes != 7:
        length = draw(st.sampled_from((30, 60))) if minutes < 60 else 60
        reaches = {"slice_target": "95%"} if method == "time-slices" else {}
        objective["budgeting"] = {"method": method, "slice": f"{length}m", **reaches}
        objective["no_data"] = draw(st.sampled_from(("undefined", "good", "bad")))
    spec = document(objective, step=f"{minutes}m", zone=zone)
    spec["exclusions"] = [
        {
            "start": (start + timedelta(minutes=minutes * at)).isoformat(),
            "end": (start + timedelta(minutes=minutes * (at + count))).isoformat(),
            "reason": "drawn",
        }
        for at, count in cut
    ]
    within = timedelta(hours=draw(st.sampled_from((1, 5, 24, 240))))
    return Case(
        spec=spec, counts=counts, within=within, picks=tuple(draw(st.lists(st.sampled_from(steps), max_size=5)))
    )


@given(cases())
@settings(max_examples=60)
def test_it_is_what_an_evaluation_at_each_tick_forecasts(case: Case) -> None:
    rows = log(case.counts)
    found = fires(case.spec, rows, f"{case.within // HOUR}h")
    ticks = list(found)
    edges = [at for at in range(1, len(ticks)) if found[ticks[at]] != found[ticks[at - 1]]][:4]
    for at in {*(pick % len(ticks) for pick in case.picks), *edges, *(edge - 1 for edge in edges)}:
        tick = ticks[at]
        (result,) = backburn.evaluate(case.spec, rows, at=tick).results
        if result.reason is not None and result.observed == 0:
            # Of a window of which nothing is known an evaluation forecasts nothing; alerts go by what there is.
            continue
        assert result.budget is not None
        exhaustion = result.budget.exhaustion
        assert found[tick] == in_time(exhaustion, tick + case.within), tick
        event("none" if exhaustion is None else exhaustion.answer)


def in_time(exhaustion: Exhaustion | None, until: datetime) -> bool:
    if exhaustion is None:
        return False
    return exhaustion.answer == "already" or (exhaustion.at is not None and exhaustion.at <= until)

"""Budgets of running periods, and when budgets are gone, as the oracle finds them hour by hour."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from hypothesis import event, given, settings
from hypothesis import strategies as st
from oracle import forecast
from oracle.forecast import Past, Window

import backburn

if TYPE_CHECKING:
    from backburn import Budget

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
WEEK = 168
TARGETS = ("90%", "99%", "99.9%", "50%")


def moment(hour: int) -> datetime:
    return EPOCH + timedelta(hours=hour)


def judged(past: Past, window: Any, target: str) -> Budget:
    rows: dict[str, list[Any]] = {"timestamp": [], "status": [], "n": []}
    for hour, counts in past.events.items():
        for status, events in zip((200, 500), counts, strict=True):
            if events:
                rows["timestamp"].append(moment(hour))
                rows["status"].append(status)
                rows["n"].append(events)
    document = {
        "apiVersion": "backburn/v1",
        "kind": "ServiceLevelObjectives",
        "metadata": {"service": "shop"},
        "source": {
            "step": "1h",
            "gaps": "quiet",
            "columns": {"count": {"column": "n", "means": "aggregated"}},
        },
        "min_coverage": "0.01%",
        "objectives": [{"name": "availability", "sli": {"kind": "availability"}, "target": target, "window": window}],
    }
    (result,) = backburn.evaluate(document, rows).results
    assert result.budget is not None
    return result.budget


@st.composite
def pasts(draw: st.DrawFn) -> Past:
    """A log whose first and last hours have events: hours, or weeks, of a few levels with incidents and silences."""
    first = 489_000 + draw(st.integers(0, 400))
    length = draw(st.sampled_from((1, 5, 30, 167, 168, 169, 400, 750)))
    levels = draw(st.lists(st.integers(0, 60), min_size=24, max_size=24))
    errors = draw(st.lists(st.tuples(st.integers(0, length - 1), st.integers(1, 24), st.integers(1, 60)), max_size=3))
    events = {}
    for number in range(length):
        good = levels[number % 24] + number // WEEK
        bad = sum(count for at, hours, count in errors if at <= number < at + hours)
        if number in {0, length - 1}:
            good += 1
        if good or bad:
            events[first + number] = (good, bad)
    return Past(events=events, first=first, now=first + length)


@given(past=pasts(), target=st.sampled_from(TARGETS), hours=st.sampled_from((6, 24, 100, 200)))
@settings(max_examples=40)
def test_a_rolling_budget_is_gone_when_the_oracle_says(past: Past, target: str, hours: int) -> None:
    window = Window(start=past.now - hours, end=past.now + hours, rolls=True)
    check(judged(past, f"{hours}h", target), past, window, Fraction(target.rstrip("%")) / 100)


@given(past=pasts(), target=st.sampled_from(TARGETS), unit=st.sampled_from(("week", "month", "day")))
@settings(max_examples=40)
def test_a_running_period_comes_to_what_the_oracle_says(past: Past, target: str, unit: str) -> None:
    inside = moment(past.now - 1).date()
    first = {"day": inside, "week": inside - timedelta(days=inside.weekday()), "month": inside.replace(day=1)}[unit]
    following = {
        "day": first + timedelta(days=1),
        "week": first + timedelta(days=7),
        "month": (first.replace(day=28) + timedelta(days=4)).replace(day=1),
    }[unit]
    start, end = ((day - EPOCH.date()).days * 24 for day in (first, following))
    window, share = Window(start=start, end=end, rolls=False), Fraction(target.rstrip("%")) / 100
    budget = judged(past, {"calendar": unit}, target)
    if end == past.now:
        assert budget.exhaustion is not None
        assert (budget.basis, budget.exhaustion.answer) == ("observed", "over")
        return
    _, whole = next(forecast.shares(past, window, share, Fraction(0)))
    assert (budget.basis, budget.consumed) == ("period", None if whole is None else float(whole))
    assert budget.forecast is not None
    assert budget.forecast.valid == float(sum(past.to_come(hour) for hour in range(past.now, end)))
    check(budget, past, window, share)


def check(budget: Budget, past: Past, window: Window, target: Fraction) -> None:
    found = budget.exhaustion
    assert found is not None
    recent = past.valid(past.now - 24, past.now)
    if not recent:
        assert found.answer == "unknown"
        return
    ratio = Fraction(past.bad(past.now - 24, past.now), recent)
    assert found.ratio == float(ratio)
    at = forecast.gone(past, window, target, ratio)
    event("not" if at is None else "already" if at == past.now else "exhausts")
    if at is None:
        assert (found.answer, found.at, found.recovers_at) == ("not within the window", None, None)
    elif at == past.now:
        back = forecast.back(past, window, target)
        assert (found.answer, found.recovers_at) == ("already", None if back is None else moment(back))
    else:
        assert (found.answer, found.at) == ("exhausts", moment(at))

"""Alerts about budgets that will be gone, on traffic for which the moment is worked out by hand."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from made_logs import counted_rows

import backburn
from backburn.alerts.clocks import clocks
from backburn.engine.times import to_micros
from backburn.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable

    from backburn import Backtest

START = datetime(2025, 10, 1, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
DAY = 24 * 60


def spec(window: Any = "1d", *, target: str = "99.9%", **more: Any) -> dict[str, Any]:
    return {
        "apiVersion": "backburn/v1",
        "kind": "ServiceLevelObjectives",
        "metadata": {"service": "shop"},
        "source": {"gaps": "quiet", "columns": {"count": {"column": "n", "means": "aggregated"}}},
        "objectives": [{"name": "availability", "sli": {"kind": "availability"}, "target": target, "window": window}],
        **more,
    }


def policy(within: str = "1h", **alert: Any) -> dict[str, Any]:
    return {
        "metadata": {"name": "ahead"},
        "alerts": [{"name": "ticket", "severity": "ticket", "any": [{"exhausts_within": within}], **alert}],
    }


def traffic(minutes: int, load: Callable[[int], tuple[int, int]]) -> dict[str, list[Any]]:
    return counted_rows(START, MINUTE, map(load, range(minutes)))


def failing(start: int, end: int = 10**9) -> Callable[[int], tuple[int, int]]:
    """Of 10,000 requests a minute 100 fail in `[start, end)`."""
    return lambda minute: (9_900, 100) if start <= minute < end else (10_000, 0)


def edges(found: Backtest) -> list[tuple[int, int | None]]:
    """The minutes at which alerts begin and end."""
    return [
        ((one.start - START) // MINUTE, None if one.end is None else (one.end - START) // MINUTE)
        for one in found.alerts
    ]


@pytest.mark.parametrize(
    ("within", "minute"),
    # k minutes into the errors 100 k events have failed of the 14,400 that may, and k of 144,000 in the last day. If
    # that goes on, k w / 14.4 more do in w minutes. Errors begin to leave 1,440 − k minutes later.
    [("1m", 144), ("1h", 139), ("150m", 131), ("1d", 74)],
)
def test_the_budget_of_a_day_will_be_gone(within: str, minute: int) -> None:
    rows = traffic(DAY + 160, failing(DAY))
    assert edges(backburn.backtest(spec(), rows, policy=policy(within))) == [(DAY + minute, None)]


def test_old_errors_leave_a_window_that_rolls() -> None:
    """An hour of errors spends 6,000 of 14,400: it is never going to last, for by then nothing of it is left."""
    rows = traffic(3 * DAY, failing(DAY, DAY + 60))
    assert edges(backburn.backtest(spec(), rows, policy=policy("1d"))) == []
    # Of 18,000 the budget is gone until the first 36 minutes of errors have left the window.
    rows = traffic(3 * DAY, failing(DAY, DAY + 180))
    (found,) = edges(backburn.backtest(spec(), rows, policy=policy("1m")))
    assert found == (DAY + 144, 2 * DAY + 37)


def test_a_new_period_has_a_new_budget() -> None:
    rows = traffic(2 * DAY + 100, failing(DAY))
    found = backburn.backtest(spec({"calendar": "day"}), rows, policy=policy())
    # Of the last day one in a hundred fails by then: in an hour 6,000 more than the 100 k of k minutes.
    assert edges(found) == [(DAY + 139, 2 * DAY), (2 * DAY + 84, None)]


def test_an_alert_says_what_was_left_and_no_height() -> None:
    (alert,) = backburn.backtest(spec(), traffic(DAY + 160, failing(DAY)), policy=policy()).alerts
    assert [(one.condition, one.level, one.peak) for one in alert.peaks] == [("exhausts within 1h", None, None)]
    assert alert.budget.before == pytest.approx(1 - 13_900 / 14_400)
    assert not alert.warm_up


def test_it_looks_back_a_day() -> None:
    """What begins in the first day knows less of how requests fail than it would have known."""
    rows = traffic(DAY, failing(0))
    assert [one.warm_up for one in backburn.backtest(spec(), rows, policy=policy()).alerts] == [True]


@pytest.mark.parametrize(("guards", "minute"), [({}, 139), ({"min_bad": 14_000}, 140), ({"min_rate": "10001/m"}, None)])
def test_guards_ask_for_the_day_whose_errors_go_on(guards: dict[str, Any], minute: int | None) -> None:
    # Rows of a hundred are a hundred rows in `bad`, and one where they are counted.
    rows = {"timestamp": [], "status": [], "n": []} | traffic(DAY, failing(DAY))
    for late in range(160):
        rows["timestamp"] += [START + (DAY + late) * MINUTE] * 101
        rows["status"] += [200] + [500] * 100
        rows["n"] += [9_900] + [1] * 100
    found = edges(backburn.backtest(spec(), rows, policy=policy(**guards)))
    assert found == ([] if minute is None else [(DAY + minute, None)])


@pytest.mark.parametrize(
    ("no_data", "expected"),
    # Two days of silence, after a day of nothing but errors and before one good minute.
    [
        ("undefined", [(1, 2 * DAY)]),
        ("good", [(1, 3 * DAY)]),
        ("bad", [(1, 3 * DAY + 1)]),
        ("freeze", [(1, 3 * DAY + 1)]),
    ],
)
def test_silence_is_what_the_alert_says(no_data: str, expected: list[tuple[int, int | None]]) -> None:
    def load(minute: int) -> tuple[int, int]:
        return (0, 10) if minute < DAY else (10, 0) if minute == 3 * DAY else (0, 0)

    rows = traffic(3 * DAY + 1, load)
    found = edges(backburn.backtest(spec("2d"), rows, policy=policy(no_data=no_data)))
    assert found == expected


def test_busy_hours_are_seen_coming() -> None:
    """In four weeks nine in the morning has ten times the traffic: at eight the budget of a period looks greater."""

    def load(hour: int) -> tuple[int, int]:
        usual = 10_000 if hour % 24 == 9 else 1_000
        return (usual - usual // 100, usual // 100) if hour >= 28 * 24 else (usual, 0)

    rows = counted_rows(START, timedelta(hours=1), map(load, range(28 * 24 + 24)))
    busy = spec({"calendar": "day"}, target="99.5%")
    busy["source"]["step"] = "1h"
    (alert,) = backburn.backtest(busy, rows, policy=policy("1h")).alerts
    # A day has 33,000 requests, of which 165 may fail. Of 1,000 an hour ten do: 90 by nine o'clock, and 100 in the
    # hour that follows, if a hundredth of it fails; of the last day it was 90 of 33,000, so that 27 more are expected.
    # At ten 190 have failed.
    assert alert.start == START + timedelta(days=28, hours=10)


@pytest.mark.parametrize("window", ["all", {"events": 1000}])
def test_windows_of_which_nothing_is_to_come(window: Any) -> None:
    rows = traffic(10, failing(5))
    words = (
        "policy 'honeycomb': exhausts_within asks when a budget will be gone, and nothing is to come of 'availability'"
    )
    with pytest.raises(UsageError, match=words):
        backburn.backtest(spec(window), rows, policy="honeycomb")
    found = backburn.backtest(spec(window), rows, policy="all")
    assert "honeycomb" in found.policies
    assert "honeycomb" not in {one.policy for one in found.replays}
    text = spec(window)["objectives"][0]["window"] if isinstance(window, str) else "1000 events"
    assert [note.message for note in found.notes if note.code == "BB301"] == [
        f"'honeycomb' asks what is to come, and is left out of 'availability', whose window is {text}"
    ]


@pytest.mark.parametrize(
    ("zone", "expected"),
    [
        ("UTC", [0]),
        ("Europe/Berlin", [120, 60, 120]),
        ("Australia/Lord_Howe", [630, 660, 630]),
    ],
)
def test_clocks_are_told_run_by_run(zone: str, expected: list[int]) -> None:
    first, last = (to_micros(datetime(year, 9, 1, tzinfo=UTC), "edge") for year in (2025, 2026))
    found = clocks((first, last), zone)
    assert [ahead // 60_000_000 for _, ahead in found] == expected
    assert found[-1][0] == last

"""Policies replayed on constructed traffic, against published numbers and cases worked by hand."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from fractions import Fraction
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest
from made_logs import counted_rows

import backburn
from backburn.errors import UsageError
from backburn.model.policy import Alert, AlertPolicy, Consumed, Drop, Guards, NoTraffic, Pair, Single
from backburn.units import Duration

if TYPE_CHECKING:
    from collections.abc import Callable

    from backburn import Backtest, FiredAlert

START = datetime(2025, 10, 1, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
DAY = 24 * 60


def spec(*, target: str = "99.9%", window: Any = "30d", step: str = "1m", **more: Any) -> dict[str, Any]:
    return {
        "apiVersion": "backburn/v1",
        "kind": "ServiceLevelObjectives",
        "metadata": {"service": "shop"},
        "source": {"step": step, "gaps": "quiet", "columns": {"count": {"column": "n", "means": "aggregated"}}},
        "objectives": [{"name": "availability", "sli": {"kind": "availability"}, "target": target, "window": window}],
        **more,
    }


def length(text: str) -> Duration:
    return Duration.parse(text)


def pair(long: str, short: str, factor: str) -> Pair:
    return Pair(long=length(long), short=length(short), factor=Fraction(factor))


def single(window: str, factor: str) -> Single:
    return Single(window=length(window), factor=Fraction(factor))


def policy(*conditions: Any, **alert: Any) -> AlertPolicy:
    made = Alert(name="page", severity="page", any=conditions, **alert)
    return AlertPolicy(name="mine", period=length("30d"), alerts=(made,))


def traffic(minutes: int, load: Callable[[int], tuple[int, int]]) -> dict[str, list[Any]]:
    """Good and bad events minute by minute."""
    return counted_rows(START, MINUTE, map(load, range(minutes)))


def failing(start: int, end: int, share: str, rate: int = 10_000) -> Callable[[int], tuple[int, int]]:
    bad = int(Fraction(share) * rate)
    return lambda minute: (rate - bad, bad) if start <= minute < end else (rate, 0)


def edges(found: Backtest) -> list[tuple[int, int | None]]:
    """The minutes at which alerts begin and end."""

    def minute(moment: datetime | None) -> int | None:
        return None if moment is None else (moment - START) // MINUTE

    return [(minute(one.start) or 0, minute(one.end)) for one in found.alerts]


def only(found: Backtest) -> FiredAlert:
    (alert,) = found.alerts
    return alert


def test_fifteen_per_cent_for_ten_minutes() -> None:
    """The figure of the Workbook: fires after 5.76 minutes, and is quiet soon after the errors have ended."""
    found = backburn.backtest(spec(), traffic(300, failing(120, 130, "0.15")), policy=policy(pair("1h", "5m", "14.4")))
    assert edges(found) == [(126, 135)]
    alert = only(found)
    assert alert.highest.condition == "1h/5m > 14.4"
    assert alert.highest.peak == pytest.approx(25)
    assert (alert.active, alert.told) == (alert.start, alert.start)
    # Four of the ten minutes of errors come while it fires.
    assert alert.bad == 6_000
    assert alert.budget.during == pytest.approx(6_000 / (0.001 * 10_000 * 30 * DAY))


def test_an_hour_of_outage() -> None:
    found = backburn.backtest(spec(), traffic(1_700, failing(1_440, 1_500, "1")), policy=policy(single("1h", "36")))
    assert edges(found) == [(1_443, 1_558)]


TIERS = (("1h", "14.4"), ("6h", "6"), ("1d", "3"), ("3d", "1"))


@pytest.mark.parametrize(
    ("share", "expected"),
    [
        ("1", [0.864, 2.16, 4.32, 4.32]),
        ("0.15", [5.76, 14.4, 28.8, 28.8]),
        ("0.05", [17.28, 43.2, 86.4, 86.4]),
        ("0.02", [43.2, 108, 216, 216]),
        ("0.0144", [None, 150, 300, 300]),
        ("0.006", [None, None, 720, 720]),
        ("0.003", [None, None, None, 1_440]),
        ("0.0015", [None, None, None, 2_880]),
    ],
)
def test_the_grid_of_detection_times(share: str, expected: list[float | None]) -> None:
    """An alert fires at the first tick after the exact time: a rate that equals its level is not above it."""
    start = 3 * DAY
    rows = traffic(start + 3 * DAY, failing(start, start + 3 * DAY, share))
    policies = [
        AlertPolicy(name=window, alerts=(Alert(name="page", severity="page", any=(single(window, factor),)),))
        for window, factor in TIERS
    ]
    found = backburn.backtest(spec(), rows, policy=policies)
    for (window, _), exact in zip(TIERS, expected, strict=True):
        (replay,) = found.of(window)
        fired = [(one.start - START) // MINUTE - start for one in replay.alerts]
        assert fired == ([] if exact is None else [int(exact) + 1])


def test_how_long_one_window_goes_on_after_the_errors() -> None:
    """36 times the budget over an hour: an outage is seen after 2.16 minutes, and its alert ends 57.84 after it."""
    rows = traffic(600, failing(300, 303, "1"))
    assert edges(backburn.backtest(spec(), rows, policy=policy(single("1h", "36")))) == [(303, 361)]
    assert edges(backburn.backtest(spec(), rows, policy=policy(pair("1h", "5m", "36")))) == [(303, 308)]


def test_rates_that_equal_their_level() -> None:
    rows = traffic(120, failing(60, 120, "0.0144"))
    for op, expected in (("gt", []), ("gte", [(120, None)])):
        assert edges(backburn.backtest(spec(), rows, policy=policy(single("1h", "14.4"), op=op))) == expected


def test_an_alert_waits_and_is_kept() -> None:
    rows = traffic(240, failing(60, 70, "1"))
    condition = single("5m", "500")
    assert edges(backburn.backtest(spec(), rows, policy=policy(condition))) == [(63, 73)]
    waiting = backburn.backtest(spec(), rows, policy=policy(condition, wait=length("4m")))
    assert edges(waiting) == [(67, 73)]
    assert only(waiting).active == START + 63 * MINUTE
    kept = backburn.backtest(spec(), rows, policy=policy(condition, keep_firing=length("10m")))
    assert edges(kept) == [(63, 83)]
    assert edges(backburn.backtest(spec(), rows, policy=policy(condition, wait=length("10m")))) == []


def test_ticks_may_lie_apart() -> None:
    rows = traffic(240, failing(60, 70, "1"))
    found = backburn.backtest(spec(), rows, policy=policy(single("5m", "500")), every="5m")
    assert edges(found) == [(65, 75)]
    own = AlertPolicy(name="own", every=length("5m"), alerts=policy(single("5m", "500")).alerts)
    assert edges(backburn.backtest(spec(), rows, policy=own)) == [(65, 75)]


def test_a_single_failure_at_night_needs_a_guard() -> None:
    """Ten requests an hour: one failure is a tenth of them, a hundred times the budget."""
    rows = traffic(300, lambda minute: (0, 1) if minute == 150 else (1, 0) if minute % 6 == 0 else (0, 0))
    assert len(backburn.backtest(spec(), rows, policy=policy(pair("1h", "5m", "14.4"))).alerts) == 1
    for guards in (Guards(bad=3), Guards(valid=100), Guards(rate=Fraction(1))):
        assert backburn.backtest(spec(), rows, policy=policy(pair("1h", "5m", "14.4"), guards=guards)).alerts == ()


@pytest.mark.parametrize(
    ("no_data", "expected"),
    [("undefined", [(61, 65)]), ("good", [(61, 65)]), ("bad", [(61, None)]), ("freeze", [(61, None)])],
)
def test_no_events_in_the_short_window(no_data: Any, expected: list[tuple[int, int | None]]) -> None:
    rows = traffic(61, failing(60, 61, "1"))
    last = counted_rows(START + 90 * MINUTE, MINUTE, [(1, 0)])
    rows = {name: [*rows[name], *last[name]] for name in rows}
    shop = spec(target="90%")
    found = backburn.backtest(shop, rows, policy=policy(single("5m", "1"), no_data=no_data))
    assert edges(found) == ([(61, 91)] if expected[0][1] is None else [(61, 66)])


def test_a_page_inhibits_the_ticket_of_the_same_series() -> None:
    alerts = (
        Alert(name="page", severity="page", any=(single("5m", "500"),)),
        Alert(name="ticket", severity="ticket", any=(single("1h", "10"),), inhibited_by=("page",)),
    )
    rows = traffic(240, failing(60, 70, "1"))
    found = backburn.backtest(spec(), rows, policy=AlertPolicy(name="two", alerts=alerts))
    ticket, page = found.alerts
    assert (ticket.alert, page.alert) == ("ticket", "page")
    assert (ticket.start, page.start) == (START + 61 * MINUTE, START + 63 * MINUTE)
    assert ticket.told == ticket.start
    alerts = (alerts[0], Alert(name="ticket", severity="ticket", any=(single("5m", "600"),), inhibited_by=("page",)))
    hidden = backburn.backtest(spec(), rows, policy=AlertPolicy(name="two", alerts=alerts))
    assert [one.told is None for one in hidden.alerts] == [False, True]


def test_so_much_of_the_budget_is_gone() -> None:
    # 30 of 300 minutes fail by a tenth: at 99 % that is the whole budget of the last five hours.
    rows = traffic(300, failing(100, 130, "0.1"))
    shop = spec(target="99%", window="5h")
    shares = {"75%": Fraction(3, 4), "100%": Fraction(1)}
    for share in shares.values():
        found = backburn.backtest(shop, rows, policy=policy(Consumed(share=share)))
        spent = [minute for minute in range(1, 301) if 10 * min(max(minute - 100, 0), 30) >= share * minute]
        assert edges(found)[0][0] == spent[0]
    assert edges(backburn.backtest(shop, rows, policy=policy(Consumed(share=Fraction(1), op="gt"))))[-1][1] == 300


def test_a_running_month_is_taken_to_go_on_as_it_has_begun() -> None:
    """An hour into the month a failure is a share of the month's budget, not of the first hour's."""
    rows = traffic(120, failing(30, 60, "0.1"))
    shop = spec(target="99%", window={"calendar": "month"}, timezone="UTC")
    assert backburn.backtest(shop, rows, policy=policy(Consumed(share=Fraction(1, 100)))).alerts == ()
    # 30 minutes of a tenth of the events are 300 minutes of allowed failures, of 44,640.
    alert = only(backburn.backtest(shop, rows, policy=policy(Consumed(share=Fraction(5, 1_000)))))
    assert alert.highest.peak == pytest.approx(300 / 44_640)


def test_traffic_that_stops() -> None:
    rows = traffic(100, lambda minute: (0, 0) if 40 <= minute < 60 else (5, 0))
    assert edges(backburn.backtest(spec(), rows, policy=policy(NoTraffic(length=length("10m"))))) == [(50, 61)]


def test_traffic_drops_against_the_same_civil_time_of_the_last_weeks() -> None:
    """The busy hour is nine in Berlin, whose clocks went back on October 26th: no hour of these weeks is unusual."""
    berlin = ZoneInfo("Europe/Berlin")
    first = datetime(2025, 10, 6, tzinfo=UTC)

    def load(hour: int) -> tuple[int, int]:
        moment = first + timedelta(hours=hour)
        usual = 100 if moment.astimezone(berlin).hour == 9 else 10
        # Of the last week's Friday a quarter is missing, and of its Saturday all but one event.
        if moment.date() == datetime(2025, 10, 31, tzinfo=UTC).date():
            return usual * 3 // 4, 0
        if moment.date() == datetime(2025, 11, 1, tzinfo=UTC).date():
            return 1, 0
        return usual, 0

    rows = counted_rows(first, timedelta(hours=1), map(load, range(28 * 24)))
    shop = spec(step="1h", timezone="Europe/Berlin")

    def edges_of(share: Fraction) -> list[tuple[str, str]]:
        found = backburn.backtest(shop, rows, policy=policy(Drop(share=share, within=length("1h")))).alerts
        return [(f"{one.start:%m-%d %H}", f"{one.end:%m-%d %H}") for one in found]

    assert edges_of(Fraction(20, 100)) == [("10-31 01", "11-02 01")]
    # Three quarters of ten are rounded down, to seven; those of the busy hour, which ends at nine in UTC, are not.
    assert edges_of(Fraction(30, 100)) == [("10-31 01", "10-31 09"), ("10-31 10", "11-02 01")]
    alert = only(backburn.backtest(shop, rows, policy=policy(Drop(share=Fraction(99, 100), within=length("1h")))))
    assert alert.start == datetime(2025, 11, 1, 9, tzinfo=UTC)
    assert alert.peaks[0].peak == 0.01


def test_nothing_is_usual_in_the_first_week() -> None:
    rows = traffic(300, lambda minute: (100 if minute < 200 else 1, 0))
    assert backburn.backtest(spec(), rows, policy=policy(Drop(share=Fraction(1, 10), within=length("5m")))).alerts == ()


def test_warm_up_lasts_as_long_as_the_longest_window_of_all_policies() -> None:
    rows = traffic(400, lambda minute: (0, 10) if minute in {50, 300} else (10, 0))
    long = AlertPolicy(name="long", alerts=policy(single("4h", "900")).alerts)
    found = backburn.backtest(spec(), rows, policy=[policy(single("1m", "500")), long])
    assert [one.warm_up for one in found.of("mine")[0].alerts] == [True, False]


def test_time_left_out_fires_nothing() -> None:
    cut = {"start": "2025-10-01T01:00:00Z", "end": "2025-10-01T01:10:00Z", "reason": "known"}
    rows = traffic(240, failing(60, 70, "1"))
    assert backburn.backtest(spec(exclusions=[cut]), rows, policy=policy(single("5m", "500"))).alerts == ()


def test_slices_of_time_burn_the_budget_that_counts_them() -> None:
    shop = spec(target="90%", window="5h")
    shop["objectives"][0]["budgeting"] = {"method": "time-slices", "slice": "5m"}
    rows = traffic(300, failing(60, 90, "0.2"))
    # Six bad slices of the twelve in an hour are five times a tenth; the last of them ends at minute 90.
    found = backburn.backtest(shop, rows, policy=policy(single("1h", "4")))
    assert edges(found) == [(85, 130)]
    assert only(found).highest.peak == pytest.approx(5)


def test_every_tick_is_told() -> None:
    rows = traffic(120, failing(60, 70, "1"))
    found = backburn.backtest(spec(), rows, policy=policy(pair("10m", "5m", "500"), wait=length("2m")))
    table = found.ticks.to_pyarrow()
    names = ["tick", "policy", "objective", "alert", "severity", "state", "burn_10m", "burn_5m"]
    assert (table.schema.names, table.num_rows, found.ticks.rows) == (names, 120, 120)
    states = table["state"].to_pylist()
    assert [states[minute - 1] for minute in (65, 66, 67, 68, 72, 73)] == [
        "inactive",
        "pending",
        "pending",
        "firing",
        "firing",
        "inactive",
    ]
    assert table["burn_5m"].to_pylist()[64] == pytest.approx(1_000)
    assert found.to_pyarrow()["peak"].to_pylist() == [pytest.approx(1_000)]


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        (None, "no alert policy is named"),
        ([policy(single("5m", "1"))] * 2, "two policies are called 'mine'"),
        (policy(single("90s", "1")), "window 90s of policy 'mine' is not a multiple of the step 1m"),
    ],
)
def test_what_cannot_be_replayed_is_said(asked: Any, words: str) -> None:
    with pytest.raises(UsageError, match=words.replace("(", r"\(")):
        backburn.backtest(spec(), traffic(10, failing(0, 1, "1")), policy=asked)

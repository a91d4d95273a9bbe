"""Budgets of running periods, how long budgets last, and the arithmetic of budgets that is often done wrong."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from made_logs import counted_rows, write_log

import backburn

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from backburn import Budget, Result

OCTOBER = datetime(2025, 10, 1, tzinfo=UTC)
MONTH = {"calendar": "month"}


def spec(window: Any, *, target: str = "99.9%", timezone: str = "UTC", **more: Any) -> dict[str, Any]:
    return {
        "apiVersion": "backburn/v1",
        "kind": "ServiceLevelObjectives",
        "metadata": {"service": "shop"},
        "timezone": timezone,
        "source": {"step": "1h", "columns": {"count": {"column": "n", "means": "aggregated"}}},
        "objectives": [
            {"name": "availability", "sli": {"kind": "availability"}, "target": target, "window": window, **more}
        ],
    }


def hours(first: datetime, count: int, load: Callable[[int], tuple[int, int]]) -> dict[str, list[Any]]:
    """Good and bad events of each hour."""
    return counted_rows(first, timedelta(hours=1), map(load, range(count)))


def only(document: dict[str, Any], rows: dict[str, list[Any]], **asked: Any) -> Result:
    (result,) = backburn.evaluate(document, rows, **asked).results
    return result


def budget(document: dict[str, Any], rows: dict[str, list[Any]], **asked: Any) -> Budget:
    found = only(document, rows, **asked).budget
    assert found is not None
    return found


def test_failures_so_far_are_a_burn_rate_and_no_share_of_the_period() -> None:
    # Day 3 of 30 with ten times the allowed rate: the burn rate is 10, and the whole budget of September is spent.
    rows = hours(datetime(2025, 8, 1, tzinfo=UTC), 31 * 24, lambda _: (10_000, 0))
    more = hours(datetime(2025, 9, 1, tzinfo=UTC), 3 * 24, lambda _: (9_900, 100))
    found = budget(spec(MONTH), {name: [*rows[name], *more[name]] for name in rows})
    assert (found.basis, found.burn_to_date) == ("period", 10.0)
    assert (found.spent, found.allowed, found.consumed, found.remaining) == (7_200, 7_200.0, 1.0, 0.0)
    assert found.forecast is not None
    assert (found.forecast.valid, found.forecast.weeks) == (27 * 24 * 10_000, 4)
    assert (found.forecast.low, found.forecast.high) == (27 * 24 * 10_000, 27 * 24 * 10_000)
    assert found.exhaustion is not None
    assert (found.exhaustion.answer, found.exhaustion.recovers_at) == ("already", OCTOBER)
    assert found.minutes == 43.2


def test_half_a_budget_after_600_of_720_hours_lasts() -> None:
    before = hours(datetime(2025, 8, 1, tzinfo=UTC), 31 * 24, lambda _: (1_000, 0))
    spent = hours(datetime(2025, 9, 1, tzinfo=UTC), 600, lambda hour: (999, 1) if hour % 5 < 3 else (1_000, 0))
    found = budget(spec(MONTH), {name: [*before[name], *spent[name]] for name in before})
    assert (found.consumed, found.allowed) == (0.5, 720.0)
    assert found.exhaustion is not None
    assert (found.exhaustion.answer, found.exhaustion.at) == ("not within the window", None)


def test_a_budget_of_which_more_is_gone_than_there_is_lasts_no_negative_time() -> None:
    found = budget(spec("30d", target="90%"), hours(OCTOBER, 720, lambda hour: (88, 12) if hour < 700 else (100, 0)))
    assert found.consumed == pytest.approx(700 * 12 / 7_200)
    assert found.exhaustion is not None
    assert found.exhaustion.answer == "already"
    # 120 hours of failures have to leave before what is left is less than a tenth.
    assert found.exhaustion.recovers_at == OCTOBER + timedelta(hours=720 + 101)
    assert found.exhaustion.at is None


def test_old_errors_leave_a_rolling_window() -> None:
    def load(hour: int) -> tuple[int, int]:
        return (960, 40) if hour < 20 else (999, 1)

    rows = hours(OCTOBER, 720, load)
    gone = budget(spec("30d", target="99.9%"), rows).exhaustion
    kept = budget(spec("30d", target="99.7%"), rows).exhaustion
    assert (gone and gone.answer, kept and kept.answer) == ("already", "not within the window")
    # What fails now is all that is left when the incident has left: just the budget of 99.9 %, which is then gone.
    assert gone is not None
    assert gone.recovers_at == OCTOBER + timedelta(hours=720 + 20)


def test_the_answers_about_a_budget() -> None:
    rows = hours(OCTOBER, 30 * 24, lambda hour: (990, 10) if hour >= 29 * 24 else (1_000, 0))
    going = budget(spec("30d"), rows).exhaustion
    assert going is not None
    # 240 of 720 are gone, and 10 more an hour from 720 - 240 on.
    assert (going.answer, going.at) == ("exhausts", OCTOBER + timedelta(hours=720 + 48))
    assert (going.earliest, going.latest, going.ratio) == (going.at, going.at, 0.01)
    over = budget(spec({"calendar": "month", "which": "2025-09"}), rows, at="2025-10-20T00:00:00Z").exhaustion
    assert over == backburn.evaluation.budget.Exhaustion(answer="over")
    unknown = budget(spec("60d"), rows).exhaustion
    assert unknown == backburn.evaluation.budget.Exhaustion(answer="unknown")
    everything = budget(spec("all"), rows)
    assert (everything.exhaustion, everything.basis) == (None, "observed")


def test_blocks_of_six_hours_say_how_unsure_the_answer_is() -> None:
    def load(hour: int) -> tuple[int, int]:
        return (1_000 - bad, bad) if (bad := {0: 0, 1: 5, 2: 10, 3: 5}[hour % 24 // 6] * (hour >= 696)) else (1_000, 0)

    found = budget(spec("30d"), hours(OCTOBER, 720, load)).exhaustion
    assert found is not None
    assert (found.answer, found.ratio, found.latest) == ("exhausts", 0.005, None)
    assert found.at == OCTOBER + timedelta(hours=720 + 120)
    assert found.earliest == OCTOBER + timedelta(hours=720 + 60)


def test_less_than_a_week_is_forecast_by_its_mean_rate() -> None:
    found = budget(spec(MONTH), hours(OCTOBER, 48, lambda hour: (100 if hour % 2 else 300, 0))).forecast
    assert found is not None
    assert (found.method, found.weeks, found.low, found.valid) == ("mean rate", 0, None, 200 * 29 * 24)


def test_the_same_civil_hours_of_weeks_are_what_is_to_come() -> None:
    # Four weeks of four levels; the busy hour is 9:00 in Berlin, whose clocks change on October 26th.
    def load(hour: int) -> tuple[int, int]:
        moment = datetime(2025, 9, 22, tzinfo=UTC) + timedelta(hours=hour)
        busy = (moment + timedelta(hours=2)).hour == 9
        return (1 + hour // 168, 0) if busy else (0, 0)

    rows = hours(datetime(2025, 9, 22, tzinfo=UTC), 28 * 24, load)
    last: tuple[list[Any], ...] = ([datetime(2025, 10, 19, 23, tzinfo=UTC)], [200], [1])
    for column, extra in zip(rows.values(), last, strict=True):
        column.extend(extra)
    document = spec({"calendar": "month"}, timezone="Europe/Berlin")
    document["source"]["gaps"] = "quiet"
    found = budget(document, rows, at="2025-10-20T00:00:00Z").forecast
    assert found is not None
    # Twelve mornings of 2.5 are to come, each at its civil hour; the quiet ones bring nothing.
    assert (found.valid, found.weeks) == (12 * 2.5, 3)
    assert found.method == "median of weeks"


def test_time_that_will_be_left_out_brings_nothing() -> None:
    rows = hours(datetime(2025, 9, 1, tzinfo=UTC), 40 * 24, lambda _: (100, 0))
    document = spec(MONTH)
    whole = budget(document, rows)
    document["exclusions"] = [{"start": "2025-10-20T00:00:00Z", "end": "2025-10-21T00:00:00Z", "reason": "Move"}]
    less = budget(document, rows)
    assert (whole.forecast and whole.forecast.valid, less.forecast and less.forecast.valid) == (
        100 * 21 * 24,
        100 * 20 * 24,
    )
    assert whole.minutes - less.minutes == pytest.approx(1.44)


def test_consumption_is_signed_and_not_capped() -> None:
    # 0.9995 against 0.999 leaves half; 0.998 against 0.995 too: neither is 0, and 14.4 times is not 1.
    half = hours(OCTOBER, 10, lambda _: (1_999, 1))
    assert budget(spec("10h"), half).consumed == 0.5
    assert budget(spec("10h", target="99.5%"), hours(OCTOBER, 10, lambda _: (998, 2))).consumed == 0.4
    assert budget(spec("10h"), hours(OCTOBER, 10, lambda _: (9_856, 144))).remaining == pytest.approx(-13.4)


def test_14_times_for_an_hour_is_2_percent_of_30_days() -> None:
    rows = hours(OCTOBER, 720, lambda hour: (98_560, 1_440) if hour == 719 else (100_000, 0))
    assert budget(spec("30d"), rows).consumed == 0.02
    rows = hours(OCTOBER, 720, lambda hour: (99_700, 300) if hour >= 696 else (100_000, 0))
    assert budget(spec("30d"), rows).consumed == 0.1
    rows = hours(OCTOBER, 720, lambda hour: (0, 100_000) if hour == 5 else (100_000, 0))
    assert budget(spec("30d"), rows).consumed == pytest.approx(1.38889, abs=5e-6)


def test_a_burn_rate_is_not_rounded() -> None:
    document = spec("1h") | {"report": {"burn": ["1h"]}}
    assert only(document, hours(OCTOBER, 1, lambda _: (99_095, 905))).burn == {"1h": 9.05}
    document = spec("1h", target="99.9999%") | {"report": {"burn": ["1h"]}}
    assert only(document, hours(OCTOBER, 1, lambda _: (9_999_995, 5))).burn == {"1h": 0.5}


def test_promises_weigh_by_what_they_have_consumed_and_not_by_what_they_miss() -> None:
    """0.9995 under 99.9 % has half of its budget left, 0.998 under 99.5 % more than half: together 0.46 is gone."""
    rows: dict[str, list[Any]] = {"timestamp": [], "status": [], "n": [], "part": []}
    for part, status, events in (("a", 200, 9_995), ("a", 500, 5), ("b", 200, 9_980), ("b", 500, 20)):
        for column, value in zip(rows.values(), (OCTOBER, status, events, part), strict=True):
            column.append(value)
    document = spec("30d")
    document["objectives"] = [
        {"name": part, "sli": {"kind": "availability", "valid": f"part = '{part}'"}, "target": target, "window": "30d"}
        for part, target in (("a", "99.9%"), ("b", "99.5%"))
    ]
    document["source"]["gaps"] = "quiet"
    document["min_coverage"] = "0%"
    first, second = backburn.evaluate(document, rows).results
    consumed = [one.budget.consumed for one in (first, second) if one.budget is not None]
    assert consumed == [0.5, 0.4]
    assert sum(weight * (one or 0) for weight, one in zip((0.6, 0.4), consumed, strict=True)) == pytest.approx(0.46)
    assert (first.met, second.met) == (True, True)


def test_a_journey_is_as_good_as_its_steps_together_and_not_as_their_product() -> None:
    """Steps that fail together: the product says 0.81 and the journey is 0.9, at the greatest bound of its steps."""
    rows = {
        "timestamp": [OCTOBER] * 10,
        "search": [500] + [200] * 9,
        "pay": [500] + [200] * 9,
        "n": [1] * 10,
    }
    document = spec("30d")
    document["objectives"] = [
        {"name": name, "sli": {"kind": "ratio", "good": good}, "target": "50%", "window": "30d"}
        for name, good in (
            ("search", "search < 500"),
            ("pay", "pay < 500"),
            ("journey", "search < 500 AND pay < 500"),
        )
    ]
    document["source"]["gaps"] = "quiet"
    search, pay, journey = (result.sli for result in backburn.evaluate(document, rows).results)
    assert search is not None
    assert pay is not None
    assert journey is not None
    assert (journey, round(search * pay, 9)) == (0.9, 0.81)
    assert max(0.0, 1 - (1 - search) - (1 - pay)) <= journey <= min(search, pay)


def test_percentiles_of_parts_do_not_add_up_to_that_of_the_whole(tmp_path: Path) -> None:
    """Each part is slow for another tenth of the requests, so that the whole is slow for a fifth of them."""
    rows = [{"at": 0, "first": 100.0 if at < 2 else 1.0, "second": 100.0 if at >= 38 else 1.0} for at in range(40)]
    log = write_log(tmp_path / "log.parquet", [{**row, "whole": row["first"] + row["second"]} for row in rows])
    document = spec("30d")
    names = ("first", "second", "whole")
    document["source"] = {
        "gaps": "quiet",
        "columns": {f"took_{name}": {"column": name, "unit": "ms"} for name in names},
    }
    document["objectives"] = [
        {
            "name": name,
            "sli": {"kind": "latency", "column": f"took_{name}", "threshold": "50ms"},
            "target": "50%",
            "window": "30d",
        }
        for name in names
    ]
    document["report"] = {"quantiles": ["0.94"]}
    told = backburn.percentiles(document, log, exact=True, type=1).to_dict()["results"]
    first, second, whole = (next(iter(result["quantiles"].values())) for result in told)
    assert (first, second, whole) == (1.0, 1.0, 101.0)


def test_half_a_budget_on_the_second_day_is_not_half_of_it_on_the_28th() -> None:
    """What is gone says little without when: one of the two lasts the month."""
    september = datetime(2025, 9, 1, tzinfo=UTC)
    before = hours(datetime(2025, 8, 1, tzinfo=UTC), 31 * 24, lambda _: (1_000, 0))
    found = []
    for days, failing in ((2, lambda hour: 7 + hour % 2), (28, lambda hour: int(hour < 360))):
        spent = hours(september, days * 24, lambda hour, failing=failing: (1_000 - failing(hour), failing(hour)))  # type: ignore[misc]
        told = budget(spec(MONTH), {name: [*before[name], *spent[name]] for name in before})
        found.append((told.consumed, told.burn_to_date, told.exhaustion and told.exhaustion.answer))
    assert found == [(0.5, 7.5, "exhausts"), (0.5, pytest.approx(360 / 672), "not within the window")]

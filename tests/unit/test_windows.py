"""Windows other than rolling ones: which time they stand for, and what is said where that cannot be judged."""

from __future__ import annotations

import tomllib
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import available_timezones

import pytest

import backburn
from backburn import civil

HOUR = 3_600_000_000
CASES = tomllib.loads((Path(__file__).parents[1] / "cases" / "calendar.toml").read_text(encoding="utf-8"))["case"]


def micros(text: str) -> int:
    return (datetime.fromisoformat(text) - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)


def spec(window: Any, **fields: Any) -> dict[str, Any]:
    own = fields.pop("objective", {})
    objective = {"name": "up", "sli": {"kind": "availability"}, "target": "90%", "window": window, **own}
    return {
        "apiVersion": "backburn/v1",
        "kind": "ServiceLevelObjectives",
        "metadata": {"service": "shop"},
        "min_coverage": "0%",
        "objectives": [objective],
        **fields,
    }


@pytest.fixture
def log() -> dict[str, list[Any]]:
    """A request every half an hour, of which each tenth failed, from 20 October to 5 November 2025, 0:00 UTC."""
    count = 2 * 24 * 16
    start = datetime(2025, 10, 20, tzinfo=UTC)
    return {
        "timestamp": [start + timedelta(minutes=30 * number) for number in range(count)],
        "status": [500 if number % 10 == 0 else 200 for number in range(count)],
    }


def only(document: dict[str, Any], log: Any, **options: Any) -> backburn.Result:
    (result,) = backburn.evaluate(document, log, **options).results
    return result


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_a_civil_period_is_as_long_as_people_live_it(case: dict[str, Any]) -> None:
    zone, unit = civil.zone(case["zone"]), case["unit"]
    first = civil.parse(unit, case["which"])
    begin, end = (civil.begins(day, zone) for day in (first, civil.next_first(unit, first)))
    assert (begin, (end - begin) / HOUR) == (micros(case["start"]), case["hours"])
    assert civil.name(unit, first) == case["which"]


@pytest.mark.parametrize("case", [case for case in CASES if case["hours"]], ids=lambda case: case["name"])
def test_a_civil_window_is_that_period(case: dict[str, Any]) -> None:
    start = micros(case["start"])
    inside = {"timestamp": [start, start + int(case["hours"] * HOUR) - 1], "status": [200, 500]}
    outside = {"timestamp": [start - 1, start + int(case["hours"] * HOUR)], "status": [200, 200]}
    log = {name: [*inside[name], *outside[name]] for name in inside}
    named = {"calendar": case["unit"], "which": case["which"], "timezone": case["zone"]}
    document = spec(named, source={"columns": {"timestamp": {"column": "timestamp", "unit": "us"}}, "gaps": "quiet"})
    result = only(document, log)
    assert (result.good, result.bad, result.window.kind) == (1, 1, "calendar")
    assert result.window.period is not None
    assert (result.window.period.name, result.window.period.status) == (case["which"], "complete")
    # Seen from inside and from the next period it is the same one.
    for which, at in (
        ("current", start + int(case["hours"] * HOUR)),
        ("previous", start + int(case["hours"] * HOUR) + HOUR),
    ):
        moment = (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=at)).isoformat()
        other = only(document, log, at=moment, window={**named, "which": which})
        assert (other.window.start, other.window.end) == (result.window.start, result.window.end)


def test_days_follow_each_other_in_every_zone() -> None:
    for name in sorted(available_timezones()):
        zone = civil.zone(name)
        for year in (1994, 2011, 2018, 2025):
            day, begin = date(year, 1, 1), civil.begins(date(year, 1, 1), zone)
            while day.year == year:
                day = civil.next_first("day", day)
                following = civil.begins(day, zone)
                assert following >= begin
                assert civil.day_of(following, zone) >= day > civil.day_of(following - 1, zone), (name, day)
                begin = following


def test_a_running_month_is_judged_so_far(log: Any) -> None:
    result = only(spec({"calendar": "month"}, timezone="Europe/Berlin"), log)
    window = result.window.to_dict()
    assert window == {
        "text": "month",
        "kind": "calendar",
        "start": "2025-10-31T23:00:00Z",
        "end": "2025-11-04T23:31:00Z",
        "period": {
            "name": "2025-11",
            "start": "2025-10-31T23:00:00Z",
            "end": "2025-11-30T23:00:00Z",
            "status": "running",
        },
    }
    assert result.valid == 2 * 24 * 4 + 2
    assert result.met is True


def test_at_the_end_of_a_month_that_month_is_the_current_one(log: Any) -> None:
    result = only(spec({"calendar": "month"}), log, at="2025-11-01T00:00:00Z")
    assert result.window.period is not None
    assert (result.window.period.name, result.window.period.status) == ("2025-10", "complete")
    assert result.valid == 2 * 24 * 12


def test_a_zone_of_the_window_goes_before_that_of_the_document(log: Any) -> None:
    window = {"calendar": "day", "timezone": "America/New_York", "which": "previous"}
    result = only(spec(window, timezone="Europe/Berlin"), log)
    assert result.window.text == "previous day America/New_York"
    assert result.window.to_dict()["start"] == "2025-11-03T05:00:00Z"
    # The clocks went back on the second.
    (second,) = backburn.evaluate(spec({**window, "which": "2025-11-02"}), log).results
    assert second.valid == 50


def test_the_last_events_are_the_shortest_run_of_steps_that_holds_them(log: Any) -> None:
    result = only(spec({"events": 100}), log)
    assert (result.valid, result.bad, result.window.kind, result.window.text) == (100, 10, "events", "100 events")
    assert result.window.to_dict()["start"] == "2025-11-02T22:00:00Z"
    coarse = only(spec({"events": 100}, source={"step": "1d"}), log)
    assert (coarse.valid, coarse.window.to_dict()["start"]) == (144, "2025-11-02T00:00:00Z")
    few = only(spec({"events": 1000}), log)
    assert (few.met, few.reason) == (None, "there are only 768 of 1,000 events")


def test_a_fixed_window_does_not_move(log: Any) -> None:
    window = {"start": "2025-10-21T02:00:00+02:00", "end": "2025-10-22T00:00:00Z"}
    for at in ("2025-11-01T00:00:00Z", "2025-12-01T00:00:00Z"):
        result = only(spec(window), log, at=at)
        assert (result.valid, result.window.kind) == (48, "fixed")
        assert result.window.text == "2025-10-21T02:00:00+02:00/2025-10-22T00:00:00Z"
    half = only(spec(window), log, at="2025-10-21T12:00:00Z")
    assert half.window.period is not None
    assert (half.valid, half.window.period.status) == (24, "running")
    early = only(spec(window), log, at="2025-10-20T12:00:00Z")
    assert (early.met, early.reason) == (None, "the window begins only at 2025-10-21T00:00:00Z")


def test_a_window_is_asked_for_in_the_words_of_the_documents(log: Any) -> None:
    for asked in ("{calendar: day, which: 2025-10-21}", {"calendar": "day", "which": "2025-10-21"}):
        assert only(spec("30d"), log, window=asked).valid == 48
    with pytest.raises(backburn.UsageError, match="window: unknown word 'hour'"):
        backburn.evaluate(spec("30d"), log, window={"calendar": "hour"})


def test_time_that_is_left_out_is_in_one_of_two_budgets(log: Any) -> None:
    move = {"start": "2025-10-20T00:00:30Z", "end": "2025-10-20T00:00:40Z", "reason": "Move"}
    evaluation = backburn.evaluate(spec("all", exclusions=[move]), log)
    (result,) = evaluation.results
    assert (result.good, result.bad) == (691, 76)
    assert result.left_out is not None
    assert result.left_out.to_dict() == {
        "spans": [{"start": "2025-10-20T00:00:00Z", "end": "2025-10-20T00:01:00Z", "reason": "Move"}],
        "with_it": {
            "good": 691,
            "bad": 77,
            "valid": 768,
            "sli": 691 / 768,
            "met": False,
            "budget": {
                "basis": "observed",
                "unit": "events",
                "allowed": 76.8,
                "spent": 77,
                "consumed": 77 / 76.8,
                "remaining": pytest.approx(-0.2 / 76.8),
                "minutes": pytest.approx(0.1 * (16 * 24 * 60 - 29)),
                "burn_to_date": None,
                "forecast": None,
                "exhaustion": None,
            },
        },
    }
    assert result.met is True
    assert [note.code for note in evaluation.notes if note.code.startswith("BB41")] == ["BB412"]
    row = evaluation.to_pyarrow().to_pylist()[0]
    assert (row["with_left_out_bad"], row["with_left_out_met"]) == (77, False)


def test_an_exclusion_of_some_series_leaves_the_others_alone(log: Any) -> None:
    log = log | {"zone": ["eu-1", "us-1"] * (len(log["status"]) // 2)}
    exclusion = {
        "start": "2025-10-20T00:00:00Z",
        "end": "2025-10-30T00:00:00Z",
        "reason": "Move",
        "series": {"zone": "eu-*"},
    }
    document = spec("all", exclusions=[exclusion], source={"by": ["zone"]})
    one, other = backburn.evaluate(document, log).results
    assert (one.valid, other.valid, other.left_out) == (144, 384, None)
    never = {**exclusion, "series": {"zone": "asia"}}
    notes = backburn.evaluate(document | {"exclusions": [never]}, log).notes
    assert [note.code for note in notes if note.code.startswith("BB41")] == ["BB413"]


@pytest.mark.parametrize(("word", "met", "burn"), [("undefined", None, None), ("good", True, 0), ("bad", False, 10)])
def test_no_data_says_what_a_window_without_events_is(log: Any, word: str, met: bool | None, burn: float) -> None:
    document = spec("1d", objective={"no_data": word}, report={"burn": ["10m"]}, source={"gaps": "quiet"})
    assert only(document, log, at="2025-11-05T00:00:00Z").burn == {"10m": burn}
    quiet = document | {"objectives": [{**document["objectives"][0], "window": "10m"}]}
    result = only(quiet, log, at="2025-11-03T00:20:00Z")
    assert (result.valid, result.met, result.sli) == (0, met, None)
    # Missing logs are not quiet.
    missing = only(quiet, log, at="2025-12-01T00:00:00Z")
    assert (missing.met, missing.observed) == (None, 0)


def test_an_override_may_say_what_no_data_is(log: Any) -> None:
    objective = {
        "by": ["zone"],
        "no_data": "bad",
        "overrides": [{"match": {"zone": "batch"}, "no_data": "good"}, {"match": {"zone": "x"}, "target": "1%"}],
    }
    log = log | {"zone": ["web"] * len(log["status"])}
    source = {"by": ["zone"], "expect": {"zone": ["batch", "x"]}}
    evaluation = backburn.evaluate(spec("all", objective=objective, source=source), log)
    told = {result.series["zone"]: (result.met, float(result.target)) for result in evaluation.results}
    assert told == {"batch": (True, 0.9), "x": (False, 0.01), "web": (False, 0.9)}
    assert [note.message for note in evaluation.notes if note.code == "BB411"] == [
        "objective 'up': 1 window without events counts as good (no_data)",
        "objective 'up': 1 window without events counts as bad (no_data)",
    ]

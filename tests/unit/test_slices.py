"""Budgets that count slices of time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from made_logs import counted_rows

import backburn
from backburn.output import render
from backburn.output.evaluation import answer

if TYPE_CHECKING:
    from backburn import Result

START = datetime(2025, 10, 1, tzinfo=UTC)


def spec(window: Any, *, target: str = "95%", step: str = "1m", **objective: Any) -> dict[str, Any]:
    fields = {"name": "availability", "sli": {"kind": "availability"}, "target": target, "window": window}
    return {
        "apiVersion": "backburn/v1",
        "kind": "ServiceLevelObjectives",
        "metadata": {"service": "shop"},
        "source": {
            "step": step,
            "gaps": "quiet",
            "columns": {"count": {"column": "n", "means": "aggregated"}},
        },
        "objectives": [fields | objective],
    }


def sliced(slice: str = "1m", **more: Any) -> dict[str, Any]:
    return {"method": "time-slices", "slice": slice, **more}


def minutes(*counts: tuple[int, int]) -> dict[str, list[Any]]:
    """Good and bad events of one minute after the other."""
    return counted_rows(START, timedelta(minutes=1), counts)


def only(document: dict[str, Any], rows: dict[str, list[Any]], **asked: Any) -> Result:
    (result,) = backburn.evaluate(document, rows, **asked).results
    return result


def test_the_published_budgets_of_slices() -> None:
    # OpenSLO: 5 % of the one-minute slices of two weeks are 16 h 48 min, 0.05 % of those of a week 5 min 2.4 s.
    last = START + timedelta(days=14, minutes=-1)
    every: dict[str, list[Any]] = {"timestamp": [START, last], "status": [200, 200], "n": [1, 1]}
    asked: dict[str, Any] = {"no_data": "good", "budgeting": sliced()}
    fortnight = only(spec("14d", **asked), every)
    assert fortnight.slices is not None
    assert fortnight.budget is not None
    assert (fortnight.slices.counted, fortnight.budget.allowed, fortnight.budget.unit) == (20_160, 1_008, "slices")
    assert timedelta(minutes=fortnight.budget.minutes) == timedelta(hours=16, minutes=48)
    week = only(spec("7d", target="99.95%", **asked), every)
    assert week.budget is not None
    assert timedelta(minutes=week.budget.minutes) == timedelta(minutes=5, seconds=2.4)


def test_a_mean_of_ratios_is_no_ratio_of_events() -> None:
    # Grafana's example: good 10, 10, 10, 10, 20 of 10, 10, 10, 10, 40.
    rows = minutes((10, 0), (10, 0), (10, 0), (10, 0), (20, 20))
    assert only(spec("5m"), rows).sli == 0.75
    mean = only(spec("5m", budgeting={"method": "ratio-time-slices", "slice": "1m"}), rows)
    assert mean.sli == pytest.approx(0.9, abs=1e-15)
    assert mean.slices is not None
    assert (mean.slices.good, mean.slices.bad, mean.slices.target) == (4.5, 0.5, None)
    assert (mean.good, mean.bad, mean.valid) == (60, 20, 80)
    assert mean.confidence is None
    assert only(spec("5m", budgeting=sliced(slice_target="90%")), rows).sli == 0.8


def test_quiet_slices_do_not_outweigh_busy_ones_unless_they_are_asked_to() -> None:
    # 12 busy slices without errors and 276 quiet ones with one of ten: 0.2248 % of the events, 9.583 % of the slices.
    counts = [(50_000, 0) if number % 24 == 0 else (9, 1) for number in range(288)]
    rows = minutes(*((10_000, 0) if good == 50_000 else (good, bad) for good, bad in counts))
    events = only(spec("288m"), rows)
    assert events.sli is not None
    assert 1 - events.sli == pytest.approx(0.002248, abs=5e-7)
    mean = only(spec("288m", budgeting={"method": "ratio-time-slices", "slice": "1m"}), rows)
    assert mean.sli is not None
    assert 1 - mean.sli == pytest.approx(0.09583, abs=5e-6)


def test_a_slice_is_good_by_its_own_target_and_the_objectives_where_it_has_none() -> None:
    rows = minutes((9, 1), (95, 5), (96, 4), (1, 0))
    own = only(spec("4m", budgeting=sliced()), rows)
    loose = only(spec("4m", budgeting=sliced(slice_target="90%")), rows)
    assert (own.slices and own.slices.bad, loose.slices and loose.slices.bad) == (1, 0)
    assert (own.met, loose.met) == (False, True)
    assert own.confidence is not None
    assert (own.confidence.events, own.confidence.blocks.reason) == (4, "no blocks are drawn from slices of time")


def test_a_rolling_window_ends_with_the_last_complete_slice() -> None:
    rows = minutes(*[(0, 1)] * 7, *[(1, 0)] * 7)
    result = only(spec("10m", budgeting=sliced("5m")) | {"report": {"burn": ["5m"]}}, rows)
    assert (result.window.start, result.window.end) == (START, START + timedelta(minutes=10))
    assert (result.valid, result.slices and result.slices.good, result.burn) == (10, 0, {"5m": 20.0})


def test_slices_that_lie_in_a_window_only_in_part_are_cut() -> None:
    rows = minutes(*[(1, 0)] * 60)
    window = {"start": "2025-10-01T00:02:00Z", "end": "2025-10-01T00:59:00Z"}
    result = only(spec(window, budgeting=sliced("10m")), rows)
    assert result.slices is not None
    assert (result.slices.counted, result.slices.cut, result.valid) == (4, 2, 40)
    short = only(spec({**window, "end": "2025-10-01T00:08:00Z"}, budgeting=sliced("10m")), rows)
    assert (short.met, short.slices and short.slices.cut) == (None, 1)


def test_slices_with_too_few_events_are_as_no_data_says() -> None:
    rows = minutes((1, 0), (3, 0), (0, 0), (0, 1), (5, 0))
    found = {}
    for word in ("undefined", "good", "bad"):
        result = only(spec("5m", no_data=word, budgeting=sliced(min_events=2)), rows)
        assert result.slices is not None
        found[word] = (result.slices.good, result.slices.bad, result.slices.undefined)
    assert found == {"undefined": (2, 0, 3), "good": (5, 0, 0), "bad": (2, 3, 0)}


def test_a_slice_without_logs_is_not_what_no_data_says() -> None:
    rows = minutes((1, 0), (0, 0), (0, 0), (1, 0))
    document = spec("4m", no_data="bad", budgeting=sliced())
    document["source"]["unknown"] = [{"start": "2025-10-01T00:01:30Z", "end": "2025-10-01T00:01:40Z"}]
    result = only(document | {"min_coverage": "50%"}, rows)
    assert result.slices is not None
    assert (result.slices.good, result.slices.bad, result.slices.undefined) == (2, 1, 1)


def test_windows_have_to_be_whole_slices() -> None:
    rows = minutes((1, 0))
    with pytest.raises(backburn.UsageError, match="window: 7m is no whole number of slices of 5m"):
        only(spec("10m", budgeting=sliced("5m")), rows, window="7m")
    with pytest.raises(backburn.UsageError, match="cannot be cut into slices"):
        only(spec("10m", budgeting=sliced("5m")), rows, window={"events": 5})
    with pytest.raises(backburn.SpecError, match="a slice of availability is not a multiple of the step 2m"):
        only(spec("10m", budgeting=sliced("5m")), rows, step="2m")


def test_a_window_in_which_no_slice_is_complete_says_so() -> None:
    rows = minutes(*[(1, 0)] * 7)
    document = spec({"calendar": "month"}, budgeting=sliced("10m"))
    found = backburn.evaluate(document, rows)
    (result,) = found.results
    assert (result.reason, result.slices and result.slices.cut) == (
        "no slice of time lies in the window as a whole",
        1,
    )
    assert result.budget is not None
    assert (result.budget.basis, result.budget.allowed, result.budget.burn_to_date) == ("period", None, None)
    assert result.budget.exhaustion is not None
    assert result.budget.exhaustion.answer == "unknown"
    text = render(answer(found), "table")
    assert "no events" not in text
    assert "0 of 1 met, 1 cannot be judged." in text


def test_too_few_slices_are_not_called_events() -> None:
    found = backburn.evaluate(spec("5m", budgeting=sliced()), minutes(*[(1, 0)] * 5))
    assert "too few slices to tell: availability (5m): 5 seen" in render(answer(found), "table")


def test_the_next_period_has_a_new_budget_wherever_its_slices_begin() -> None:
    # The month ends at 18:15 UTC in Kathmandu, and slices of an hour end on the hour.
    rows = minutes(*[(0, 1)] * 200)
    window = {"calendar": "month", "timezone": "Asia/Kathmandu"}
    document = spec(window, target="99.9%", budgeting=sliced("1h"))
    document["min_coverage"] = "1%"
    found = backburn.evaluate(document, rows)
    (result,) = found.results
    assert result.budget is not None
    left = result.budget.exhaustion
    assert left is not None
    assert (left.answer, left.recovers_at) == ("already", datetime(2025, 10, 31, 18, 15, tzinfo=UTC))
    assert "a new one begins on 2025-10-31 18:15 UTC" in render(answer(found), "table")


def test_a_span_that_was_spent_has_no_next_one() -> None:
    rows = minutes(*[(0, 1)] * 200)
    window = {"start": "2025-10-01T00:00:00Z", "end": "2025-10-02T00:00:00Z"}
    found = backburn.evaluate(spec(window), rows)
    (result,) = found.results
    assert result.budget is not None
    left = result.budget.exhaustion
    assert left is not None
    assert (left.answer, left.recovers_at) == ("already", None)
    assert "it does not come back within the window" in render(answer(found), "table")

"""The oracle's conditions at one tick: ties, silences, guards, and how other tools compare."""

from __future__ import annotations

from fractions import Fraction

import pytest
from made_alerts import DAY, HOUR, MINUTE, drawn, minutes, pair, policy, series, single, steady, told
from oracle.burn import Events, Held, rounded


def test_the_share_of_a_budget_is_a_factor() -> None:
    events = steady(300, 120, 130, "0.15")
    by_factor = told(events, policy(pair(HOUR, 5 * MINUTE, "14.4")), 61, 299)
    budget = {"long": HOUR, "short": 5 * MINUTE, "budget": Fraction("0.02")}
    assert told(events, policy(budget), 61, 299) == by_factor
    assert minutes(told(events, policy(budget, period=60 * DAY), 61, 299)) == []


def test_a_tie_is_a_tie() -> None:
    """144 of 10,000 errors are 14.4 times too many, neither more nor less."""
    events = series([(9856, 144)])
    assert told(events, policy(single(MINUTE, "14.4")), 1, 1)[0].truth is False
    assert told(events, policy(single(MINUTE, "14.4"), op="gte"), 1, 1)[0].truth is True
    level = {"window": MINUTE, "error_ratio": Fraction("0.0144")}
    assert told(events, policy(level), 1, 1)[0].truth is False
    assert told(events, policy(level, op="gte"), 1, 1)[0].truth is True


# Two requests, one failed; then a silence of three minutes; then one that failed.
GAPS = [(1, 1), (0, 0), (0, 0), (0, 0), (0, 1)]


@pytest.mark.parametrize(
    ("no_data", "window", "expected"),
    [
        ("undefined", 1, "F---F"),
        ("good", 1, "F---F"),
        ("bad", 1, "FFFFF"),
        ("freeze", 1, "FFFFF"),
        ("undefined", 2, "FF--F"),
        ("freeze", 3, "FFFFF"),
    ],
)
def test_windows_without_events(no_data: str, window: int, expected: str) -> None:
    written = policy(pair(4 * MINUTE, window * MINUTE, "10"), no_data=no_data)
    assert drawn(told(series(GAPS), written, 1, 5)) == expected


def test_good_and_bad_silences_are_burn_rates() -> None:
    nothing = series([])
    for factor, op, expected in (("999", "gt", True), ("1000", "gt", False), ("1000", "gte", True)):
        assert told(nothing, policy(single(HOUR, factor), op=op, no_data="bad"), 1, 1)[0].truth is expected
    (tick,) = told(nothing, policy(single(HOUR, "0"), op="gte", no_data="good"), 1, 1)
    assert (tick.truth, tick.burns) == (True, {HOUR: None})


def test_guards_are_about_the_long_window_and_may_be_equalled() -> None:
    counts = {0: (5, 5, 3), 1: (10, 10, 9)}
    events = Events(counts=counts, step=MINUTE)
    for words, expected in (
        ({"min_bad": 12}, True),  # Rows: 3 and 9.
        ({"min_bad": 13}, False),
        ({"min_valid": 30}, True),
        ({"min_valid": 31}, False),
        ({"min_rate": Fraction(1, 4)}, True),  # 30 events in 120 seconds.
        ({"min_rate": Fraction(251, 1000)}, False),
        ({"min_bad": 12, "min_valid": 31}, False),
    ):
        (tick,) = told(events, policy(pair(2 * MINUTE, MINUTE, "14.4"), **words), 2, 2)
        assert tick.truth is expected, words
    # A guard that fails makes a silence false too, whatever it would be taken for.
    assert told(series([]), policy(single(HOUR, "1"), no_data="bad", min_valid=1), 1, 1)[0].truth is False


def test_the_budget_of_the_objective_is_consumed() -> None:
    """Of 10,000 events ten may fail; the first five are half."""
    events = series([(9_000, 4), (995, 1)])
    half = {"consumed": Fraction(1, 2)}
    assert [tick.truth for tick in told(events, policy(half), 1, 2, window=30 * DAY)] == [False, True]
    more = policy({**half, "op": "gt"})
    assert [tick.truth for tick in told(events, more, 1, 2, window=30 * DAY)] == [False, False]
    assert told(series([]), policy(half, no_data="bad"), 1, 1, window=30 * DAY)[0].truth is False


def test_no_traffic_is_an_empty_window() -> None:
    written = policy({"no_traffic": 2 * MINUTE}, no_data="freeze", min_valid=5)
    assert drawn(told(series([(1, 0), (0, 0), (0, 0), (0, 1)]), written, 1, 4)) == "--F-"


def test_what_is_left_out_is_as_if_it_had_not_happened() -> None:
    outage = [(10, 0), (0, 10), (10, 0)]
    written = policy(single(3 * MINUTE, "14.4"))
    assert [tick.truth for tick in told(series(outage), written, 1, 3)] == [False, True, True]
    assert [tick.truth for tick in told(series(outage, [1]), written, 1, 3)] == [False, False, False]


@pytest.mark.parametrize(
    ("good", "bad", "target", "expected"),
    [
        (99_095, 905, "0.999", "9"),  # 9.05: more than 9, but not after rounding.
        (99_094, 906, "0.999", "9.1"),
        (9_999_995, 5, "0.999999", "0"),  # 0.5: the SLI of six digits is 1.
        (9_999_984, 16, "0.999999", "2"),
    ],
)
def test_slo_generator_rounds_before_it_compares(good: int, bad: int, target: str, expected: str) -> None:
    burn = Fraction(bad, good + bad) / (1 - Fraction(target))
    assert rounded(burn, Fraction(target)) == Fraction(expected)
    # As the tool itself writes it, in floating point.
    sli = round(good / (good + bad), 6)
    assert round((1 - sli) / (1 - float(target)), 1) == float(expected)


def test_what_lies_halfway_is_left_to_floating_point_by_slo_generator() -> None:
    assert rounded(Fraction("9.15"), Fraction("0.999")) == Fraction("9.2")
    assert round((1 - round(99_085 / 100_000, 6)) / (1 - 0.999), 1) == 9.1


def test_rounding_hides_what_is_just_above() -> None:
    events = series([(99_095, 905)])
    assert told(events, policy(single(MINUTE, "9")), 1, 1)[0].truth is True
    assert told(events, policy(single(MINUTE, "9"), quirk="rounded"), 1, 1)[0].truth is False


def test_slo_exporter_weighs_by_the_traffic_of_the_long_window() -> None:
    """The last minute has half the events of the four, so twice its share: a burn rate of 500 weighs 1,000."""
    events = series([(100, 0), (100, 0), (100, 0), (0, 300)])
    for factor, expected in (("1999", True), ("2000", False)):
        written = policy(single(MINUTE, factor), period=4 * MINUTE, quirk="traffic-weighted")
        assert told(events, written, 4, 4)[0].truth is expected
    # Of two minutes 400 of 600 events in half of the time: a weight of 4/3 for the short window too.
    for factor, expected in (("999", True), ("1000", False)):
        written = policy(pair(2 * MINUTE, MINUTE, factor), period=4 * MINUTE, quirk="traffic-weighted")
        assert told(events, written, 4, 4)[0].truth is expected
    written = policy(single(MINUTE, "0"), period=MINUTE, quirk="traffic-weighted", op="gte", no_data="bad")
    assert told(events, written, 9, 9)[0].truth is False


def test_a_window_holds_what_its_steps_hold() -> None:
    counts = {at: (at, at % 3, at % 2) for at in range(-5, 40, 2)}
    events = Events(counts=counts, step=7, left_out=frozenset({1, 9, 10}))
    for start in range(-8, 45):
        for end in range(start, 45):
            inside = [counts[at] for at in range(start, end) if at in counts and at not in {1, 9, 10}]
            good, bad, rows = (sum(column) for column in zip((0, 0, 0), *inside, strict=True))
            assert events.within(start * 7, end * 7) == Held(good=good, bad=bad, bad_rows=rows)

"""The oracle's alerts against published numbers and cases worked by hand."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import pytest
from made_alerts import DAY, HOUR, MINUTE, TARGET, WORDS, drawn, minutes, pair, policy, series, single, steady, told
from oracle.alert import Run, Spent, alerts, inhibited, judge, spent, states, unit
from oracle.burn import World

if TYPE_CHECKING:
    from oracle.alert import State


def test_the_figure_of_the_workbook() -> None:
    """Fifteen per cent of errors for ten minutes: the alert fires after 5.76 minutes and ends soon after the errors."""
    events = steady(300, 120, 130, "0.15")
    ticks = told(events, policy(pair(HOUR, 5 * MINUTE, "14.4")), 61, 299)
    assert minutes(ticks) == [(126, 135)]
    assert ticks[126 - 61].burns == {HOUR: 15, 5 * MINUTE: 150}


def test_an_outage_of_an_hour() -> None:
    events = steady(1700, 1440, 1500, "1")
    assert minutes(told(events, policy(single(HOUR, "36")), 1380, 1700)) == [(1443, 1558)]


TIERS = (("14.4", 60), ("6", 360), ("3", 1440), ("1", 4320))
DETECTION = {
    "1": (".864", "2.16", "4.32", "4.32"),
    "0.15": ("5.76", "14.4", "28.8", "28.8"),
    "0.05": ("17.28", "43.2", "86.4", "86.4"),
    "0.02": ("43.2", "108", "216", "216"),
    "0.0144": (None, "150", "300", "300"),
    "0.006": (None, None, "720", "720"),
    "0.003": (None, None, None, "1440"),
    "0.0015": (None, None, None, "2880"),
}


@pytest.mark.parametrize("errors", DETECTION)
@pytest.mark.parametrize("op", ["gt", "gte"])
def test_the_grid_of_detection_times(errors: str, op: str) -> None:
    """The first tick after the exact time, or at it where the level may be equalled."""
    for (factor, window), exact in zip(TIERS, DETECTION[errors], strict=True):
        start = 4320
        last = start + window + 2
        ticks = told(steady(last, start, last, errors), policy(single(window * MINUTE, factor), op=op), start, last)
        fires = next((tick.at // MINUTE - start for tick in ticks if tick.truth), None)
        # The burn rate of the whole window is the level itself: reached when it is full, never exceeded.
        full = window if op == "gte" and Fraction(errors) == Fraction(factor) * (1 - TARGET) else None
        if exact is None:
            assert fires == full
        elif op == "gte":
            assert fires == -(-Fraction(exact) // 1)
        else:
            assert fires == Fraction(exact) // 1 + 1


@pytest.mark.parametrize(
    ("words", "truths", "expected"),
    [
        ({}, "TT..T.", "FF--F-"),
        ({"for": 2 * MINUTE}, "TTTT.TT.TTT", "ppFF-pp-ppF"),
        ({"for": 90_000_000}, "TTT.", "ppF-"),
        ({"keep_firing_for": 2 * MINUTE}, "T....T", "Fkk--F"),
        ({"keep_firing_for": 90_000_000}, "T....", "Fkk--"),
        # A true tick renews what is kept and does not wait again; what is pending is not kept.
        ({"for": MINUTE, "keep_firing_for": 2 * MINUTE}, "TT.T..T...T.", "pFkFkkFkk-p-"),
        # A frozen tick changes nothing, and no clock runs.
        ({"for": 2 * MINUTE}, "T?T?T.", "ppppF-"),
        ({"for": 2 * MINUTE}, "?T.?T", "-p--p"),
        ({"keep_firing_for": 2 * MINUTE}, "T?.??..", "FFkkkk-"),
    ],
)
def test_the_states_of_an_alert(words: dict[str, int], truths: str, expected: str) -> None:
    told = states([{"T": True, ".": False, "?": None}[letter] for letter in truths], words, MINUTE)
    assert told == [WORDS[letter] for letter in expected]


def test_time_passes_by_the_interval_of_the_ticks() -> None:
    assert states([True, True, False], {"for": 5 * MINUTE}, 5 * MINUTE) == ["pending", "firing", "inactive"]


def test_a_frozen_tick_needs_an_empty_short_window_and_no_true_condition() -> None:
    """The long window fires while the short one of the other condition is empty; then the long one's rate falls."""
    events = series([(0, 1), (0, 0), (0, 0), (9, 0), (0, 0)])
    short, long = single(MINUTE, "900"), single(3 * MINUTE, "500")
    ticks = told(events, policy(short, long, no_data="freeze"), 1, 5)
    assert [(tick.truth, tick.stepped) for tick in ticks] == [
        (True, True),
        (True, True),
        (True, True),
        (False, True),
        (False, False),
    ]
    assert [tick.stepped for tick in told(events, policy(short, long), 1, 5)] == [True] * 5


def test_an_inhibited_alert_is_shown_from_its_first_tick_without_an_inhibitor() -> None:
    own: list[State] = [WORDS[letter] for letter in "-FFFFF-FF-F"]
    others = [letter == "I" for letter in "II..I..II.."]
    assert "".join("i" if hidden else "." for hidden in inhibited(own, others)) == ".i.....ii.."


def test_an_inhibitor_counts_by_its_own_state() -> None:
    """Both are inhibited by each other, so neither is ever shown; what is kept firing still inhibits."""
    alert = {"any": [single(MINUTE, "500")]}
    first = {**alert, "name": "first", "inhibited_by": ["second"], "keep_firing_for": MINUTE}
    second = {**alert, "name": "second", "inhibited_by": ["first"], "any": [single(2 * MINUTE, "400")]}
    world = World(events=series([(0, 1), (1, 0), (1, 0), (1, 0)]), target=TARGET)
    found = judge(world, {"alerts": [first, second]}, range(MINUTE, 5 * MINUTE, MINUTE))
    assert [drawn(found[name]) for name in ("first", "second")] == ["Fk--", "FF--"]
    assert [alerts(found[name]) for name in ("first", "second")] == [
        [Run(first=MINUTE, end=3 * MINUTE, shown=None)],
        [Run(first=MINUTE, end=3 * MINUTE, shown=None)],
    ]


def test_an_alert_that_fires_at_the_last_tick_has_no_end() -> None:
    ticks = told(steady(10, 3, 10, "1"), policy(single(MINUTE, "14.4")), 1, 10)
    assert alerts(ticks) == [Run(first=4 * MINUTE, end=None, shown=4 * MINUTE)]
    assert alerts([]) == []


def test_budgets_before_during_and_after_an_alert() -> None:
    """Ten minutes of which one is left out hold 900 events: a budget of 0.9 bad ones, and of nine minutes one tenth."""
    events = series([*[(100, 0)] * 2, *[(99, 1)] * 6, *[(100, 0)] * 2], left_out=[9])
    budget = unit(events, TARGET, (0, 10 * MINUTE), 90 * MINUTE)
    assert budget == 9
    run = Run(first=4 * MINUTE, end=7 * MINUTE, shown=4 * MINUTE)
    assert spent(events, run, (2 * MINUTE, 10 * MINUTE), budget) == Spent(
        before=Fraction(2, 9), during=Fraction(3, 9), after=Fraction(1, 9)
    )
    # What fires on lasts to the end, and what fired before the incident began saved everything.
    run = Run(first=0, end=None, shown=0)
    assert spent(events, run, (2 * MINUTE, 10 * MINUTE), budget) == Spent(
        before=Fraction(0), during=Fraction(6, 9), after=Fraction(0)
    )
    assert unit(series([]), TARGET, (0, MINUTE), DAY) is None

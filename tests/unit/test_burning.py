"""The formulas of burn rates: the published numbers, and what plain counting says."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

import backburn
from backburn.alerts import burning
from backburn.alerts.burning import Event

TARGET = Fraction("0.999")
MINUTE = 60
HOUR, DAY = 60 * MINUTE, 24 * 60 * MINUTE
GRID_FACTORS = (("14.4", 60), ("6", 360), ("3", 1440), ("1", 4320))
GRID = {
    "1": (".864", "2.16", "4.32", "4.32"),
    ".15": ("5.76", "14.4", "28.8", "28.8"),
    ".05": ("17.28", "43.2", "86.4", "86.4"),
    ".02": ("43.2", "108", "216", "216"),
    ".0144": (None, "150", "300", "300"),
    ".006": (None, None, "720", "720"),
    ".003": (None, None, None, "1440"),
    ".0015": (None, None, None, "2880"),
}
"""Detection times in minutes."""


@pytest.mark.parametrize(
    ("factor", "minutes"), [("1", 43200), ("2", 21600), ("10", 4320), ("1000", "43.2"), ("35", Fraction(8640, 7))]
)
def test_a_burn_rate_exhausts_the_budget(factor: str, minutes: Any) -> None:
    assert burning.exhausts_in(Fraction(factor), Fraction(30 * 24 * 60)) == Fraction(minutes)


def test_numbers_of_the_workbook_about_budgets() -> None:
    month = Fraction(30 * DAY)
    assert round(float(burning.exhausts_in(Fraction(35), month) / HOUR), 3) == 20.571
    greatest = burning.greatest(Fraction("0.99999"))
    assert burning.exhausts_in(greatest, month) == Fraction("25.92")
    assert burning.greatest(Fraction("0.9")) == 10
    outage = burning.factor_of(Fraction(1), TARGET)
    assert round(float(burning.spent(outage, Fraction(HOUR), month)), 5) == 1.38889
    assert round(float(burning.spent(Fraction(1), Fraction(10 * MINUTE), month)), 7) == 0.0002315
    # At 10 requests an hour, one failure is that of six minutes.
    assert round(float(burning.spent(outage, Fraction(6 * MINUTE), month)), 5) == 0.13889


@pytest.mark.parametrize("ratio", GRID)
def test_the_grid_of_detection_times(ratio: str) -> None:
    found = [
        burning.detection(Event(ratio=Fraction(ratio)), burning.level(Fraction(factor), TARGET), [Fraction(minutes)])
        for factor, minutes in GRID_FACTORS
    ]
    assert found == [None if one is None else Fraction(one) for one in GRID[ratio]]


def test_the_grid_is_that_of_the_recommended_policy() -> None:
    explained = backburn.explain("google-30d", target="99.9%", window="30d")
    conditions = [condition for one in explained.alerts for condition in one.conditions]
    for at, (ratio, minutes) in enumerate(GRID.items()):
        reactions = [condition.reactions[at] for condition in conditions]
        assert {reaction.error_ratio for reaction in reactions} == {Fraction(ratio)}
        assert [one.fires_after for one in reactions] == [
            None if minute is None else MINUTE * Fraction(minute) for minute in minutes
        ]
    page, ticket = explained.alerts
    assert [one.fires_after for one in page.reactions[:3]] == [Fraction("51.84"), Fraction("345.6"), Fraction("1036.8")]
    assert page.reactions[4].fires_after == 150 * MINUTE
    assert ticket.reactions[-1].fires_after == 2 * DAY
    assert {one.spent for one in page.reactions[:4]} == {Fraction(2, 100)}


def test_figure_5_6() -> None:
    event, level = Event(ratio=Fraction("0.15")), burning.level(Fraction("14.4"), TARGET)
    windows = [Fraction(60), Fraction(5)]
    detected, reset = burning.detection(event, level, windows), burning.reset(event, level, windows)
    assert detected is not None
    assert reset is not None
    assert 5 < detected < 6
    assert 14 < 10 + reset < 15


def ratio_at(moment: Fraction, event: Event, window: Fraction, length: Fraction) -> Fraction:
    """Count what a window ending at a moment holds, of an event from 0 to `length`."""
    within = max(min(moment, length) - max(moment - window, Fraction(0)), Fraction(0))
    before = window - within
    valid = before + event.traffic * within
    return (event.before * before + event.ratio * event.traffic * within) / valid


@pytest.mark.parametrize("ratio", ["1", "0.3", "0.02"])
@pytest.mark.parametrize("before", ["0", "0.001"])
@pytest.mark.parametrize("traffic", ["1", "2", "0.25"])
@pytest.mark.parametrize("windows", [("60",), ("60", "5"), ("5", "60")])
def test_formulas_are_what_counting_says(ratio: str, before: str, traffic: str, windows: tuple[str, ...]) -> None:
    event = Event(ratio=Fraction(ratio), before=Fraction(before), traffic=Fraction(traffic))
    level, lengths = Fraction("0.0144"), [Fraction(window) for window in windows]
    detected, reset = burning.detection(event, level, lengths), burning.reset(event, level, lengths)
    assert detected is not None
    assert reset is not None
    moment = Fraction(1, 10**6)
    for length in (detected + moment, Fraction(60), Fraction(300)):

        def told(at: Fraction, length: Fraction = length) -> bool:
            return all(ratio_at(at, event, window, length) > level for window in lengths)

        if length > detected:
            assert not told(detected)
            assert told(detected + moment)
            assert told(length + reset - moment)
            assert not told(length + reset)


def test_formulas_of_the_workbook_are_cases_of_the_general_one() -> None:
    level, window = Fraction("0.0144"), Fraction(60)
    before, ratio, change = Fraction("0.0005"), Fraction("0.05"), Fraction(2)
    based = burning.detection(Event(ratio=ratio, before=before), level, [window])
    assert based == window * (level - before) / (ratio - before)
    changed = burning.detection(Event(ratio=ratio, traffic=change), level, [window])
    assert changed == level * window / (change * ratio - level * (change - 1))
    assert burning.reset(Event(ratio=ratio), level, [window, Fraction(5)]) == 5 * (1 - level / ratio)


def test_two_conditions_keep_one_timer() -> None:
    # The second is true when the first no longer is, and the alert has waited since the first began.
    assert burning.shortest([(Fraction(1), Fraction(2)), (Fraction(3), Fraction(9))], Fraction(10)) == 3
    assert burning.shortest([(Fraction(1), Fraction(2)), (Fraction(20), Fraction(9))], Fraction(10)) == 9

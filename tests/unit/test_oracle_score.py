"""The oracle's scores against cases worked by hand."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import pytest
from made_alerts import DAY, HOUR, MINUTE, series
from oracle.score import Event, Field, Group, by_chance, computed, outcome, outside, pages, reset, told, verdict
from oracle.tally import quantile, score

if TYPE_CHECKING:
    from collections.abc import Sequence

    from oracle.score import Alert

TENTH = Fraction(1, 10)


def field(minutes: int = 600, warm: int = 0) -> Field:
    """A tick a minute from 1 on."""
    ticks = range(MINUTE, (minutes + 1) * MINUTE, MINUTE)
    return Field(ticks=ticks, scored=(warm * MINUTE, (minutes + 1) * MINUTE))


def fired(*minutes: tuple[int, int | None]) -> list[Alert]:
    return [(first * MINUTE, None if end is None else end * MINUTE) for first, end in minutes]


def events(*minutes: tuple[int, int]) -> list[Event]:
    return [Event(start=start * MINUTE, end=end * MINUTE) for start, end in minutes]


def group(alerts: Sequence[Alert], *minutes: tuple[int, int], unsure: Sequence[tuple[int, int]] = ()) -> Group:
    spans = [(start * MINUTE, end * MINUTE) for start, end in unsure]
    return Group(alerts=alerts, events=events(*minutes), unsure=spans)


def test_alerts_are_one_page_over_gaps_of_up_to_five_minutes() -> None:
    merged = pages(field(), fired((20, 25), (10, 12), (30, 31), (37, None), (15, 17)))
    assert merged == fired((10, 12 + 5 + 14), (37, None))
    # Of alerts that overlap the one that ends last counts, and what does not end goes on.
    assert pages(field(), fired((10, 50), (11, 12), (53, 54))) == fired((10, 54))
    assert pages(field(), fired((10, None), (11, 12), (53, 54))) == fired((10, None))


def test_what_begins_in_the_warm_up_is_left_out() -> None:
    warm = field(warm=60)
    assert pages(warm, fired((59, 61), (60, 62))) == fired((60, 62))
    found = score(warm, [group(fired((59, 61), (200, 210)), (40, 70), (200, 220))], DAY)
    assert (found["events"], found["detected"], found["left_out_alerts"], found["left_out_events"]) == (1, 1, 1, 1)
    # A page of an event that is left out is neither true nor false.
    assert verdict(warm, group([], (40, 70)), 99 * MINUTE) == "unsure"
    assert verdict(warm, group([], (40, 70)), 100 * MINUTE) == "false"


@pytest.mark.parametrize(
    ("alert", "expected"),
    [
        ((99, 101), ("already firing", "false")),
        ((99, 100), ("missed", "false")),
        ((100, 101), ("detected", "true")),
        ((149, 150), ("detected", "true")),
        ((150, 151), ("missed", "false")),
    ],
)
def test_the_edges_of_a_match_span(alert: tuple[int, int], expected: tuple[str, str]) -> None:
    """An event from 100 to 120 has pages until 150, which is outside."""
    own = group(fired(alert), (100, 120))
    (page,) = own.alerts
    assert (outcome(field(), own.events[0], own.alerts)[0], verdict(field(), own, page[0])) == expected


def test_a_microsecond_decides() -> None:
    event = Event(start=100 * MINUTE + 1, end=120 * MINUTE + 1)
    assert outcome(field(), event, fired((100, 101)))[0] == "already firing"
    assert outcome(field(), event, fired((150, 151)))[0] == "detected"


def test_overlapping_labels_are_matched_each_alone() -> None:
    """One page tells of both that are there, and is one true page; a third one has gone on since before."""
    found = score(field(), [group(fired((110, 130)), (100, 120), (105, 140), (20, 60))], DAY)
    assert (found["events"], found["detected"], found["missed"]) == (3, 2, 1)
    assert (found["pages"], found["true_pages"], found["precision"]) == (1, 1, 1)
    assert (found["recall"], found["pages_per_event"]) == (Fraction(2, 3), Fraction(1, 2))
    assert found["detection"] == {"p50": 600, "p90": None, "max": None}


def test_ten_fires_in_one_incident_buy_nothing() -> None:
    """Ten true pages and one false one: ten of eleven, but as an event it is one of two."""
    again = fired(*((100 + 10 * number, 101 + 10 * number) for number in range(10)), (500, 501))
    found = score(field(), [group(again, (100, 200))], DAY)
    assert (found["pages"], found["true_pages"], found["false_pages"]) == (11, 10, 1)
    assert (found["precision"], found["event_precision"]) == (Fraction(10, 11), Fraction(1, 2))
    assert (found["pages_per_event"], found["flapping"]) == (10, 9)


def test_pages_where_nobody_knows_are_left_out() -> None:
    own = group(fired((10, 11), (20, 21), (40, 41), (100, 101)), (38, 45), unsure=[(20, 50)])
    assert [verdict(field(), own, alert[0]) for alert in own.alerts] == ["false", "unsure", "true", "false"]
    found = score(field(), [own], DAY)
    assert (found["precision"], found["unsure_pages"]) == (Fraction(1, 3), 1)


def test_one_page_for_ever_detects_at_most_one_event_and_is_noisy() -> None:
    """It begins in the first of four events; at every tick from then on it fires."""
    found = score(field(), [group(fired((95, None)), (90, 100), (200, 210), (300, 310), (400, 410))], 600 * MINUTE)
    assert (found["detected"], found["already_firing"], found["recall"]) == (1, 3, TENTH * 5 / 2)
    assert (found["recall_covered"], found["precision"]) == (1, 1)
    # Outside of the four match spans of 40 minutes each there are 89 ticks before it and 351 after.
    assert (found["firing"], found["noisy"]) == (Fraction(351, 440), True)
    assert found["censored"] == 4
    # It lasts 506 minutes, to the end of the last tick: less than nine tenths of 600.
    assert not found["permanently_firing"]
    assert score(field(), [group(fired((95, None)))], 562 * MINUTE)["permanently_firing"]
    assert not score(field(), [group(fired((95, None)))], 563 * MINUTE)["permanently_firing"]


def test_a_tenth_of_the_ticks_outside_is_noisy() -> None:
    """550 of 600 ticks lie outside; those at which two alerts fire, and those between alerts of a page, are not two."""
    quiet = group(fired((200, 250), (240, 254)), (100, 120))
    assert outside(field(), quiet) == (54, 550)
    assert not score(field(), [quiet], DAY)["noisy"]
    loud = group([*quiet.alerts, *fired((256, 257))], (100, 120))
    assert (len(pages(field(), loud.alerts)), outside(field(), loud)) == (1, (55, 550))
    assert score(field(), [loud], DAY)["noisy"]
    # Groups are counted together.
    assert not score(field(), [loud, group([])], DAY)["noisy"]


@pytest.mark.parametrize(
    ("others", "end", "expected"),
    [
        ([], 119, ("ended early", 0)),
        ([], 120, ("ended early", 0)),
        ([], 178, ("after", 58)),
        ([], None, ("censored", 0)),
        ([(177, 180)], 178, ("censored", 0)),
        ([(178, 180)], 178, ("after", 58)),
        # One that is over by then changes nothing; one that is not is why the page goes on, whenever it began.
        ([(110, 120)], 178, ("after", 58)),
        ([(110, 121)], 178, ("censored", 0)),
        ([(50, 121)], 178, ("censored", 0)),
        ([(110, 300)], 119, ("ended early", 0)),
    ],
)
def test_how_long_a_page_goes_on_after_its_event(
    others: list[tuple[int, int]], end: int | None, expected: tuple[str, int]
) -> None:
    own, *more = events((100, 120), *others)
    (page,) = fired((103, end))
    assert reset(own, [own, *more], page) == (expected[0], expected[1] * MINUTE)


def test_an_inhibited_alert_is_heard_from_its_first_tick_without_an_inhibitor() -> None:
    """Inhibitors of any series of the group count, and one that is inhibited itself inhibits."""
    alerts = {"page": fired((10, 20), (30, 35)), "loud": fired((5, 15), (15, 17), (30, None)), "ticket": fired((1, 99))}
    inhibited = {"page": ["loud"], "ticket": ["page", "nobody"]}
    assert list(told(alerts, inhibited, field().ticks)) == [*fired((17, 20)), *fired((1, 99))]
    assert list(told(alerts, {"loud": ["loud"]}, field().ticks)) == []


def test_missed_events_take_for_ever() -> None:
    times = [3 * MINUTE, MINUTE]
    assert [quantile(times, 2, Fraction(share)) for share in ("0.5", "0.51", "1")] == [60, 180, 180]
    assert [quantile(times, 4, Fraction(share)) for share in ("0.5", "0.51", "1")] == [180, None, None]
    assert quantile([], 0, TENTH) is None


def test_budgets_before_the_page_and_of_missed_events() -> None:
    """Ten bad events a minute in 100 to 120, and a budget of 400 in which two series share."""
    bad = series((90, 10) if 100 <= minute < 120 else (100, 0) for minute in range(600))
    fine = series((100, 0) for _ in range(600))
    start, end = 100 * MINUTE + 1, 119 * MINUTE + 1
    hit = ((bad, Fraction(300)), (fine, Fraction(100)))
    event = Event(start=start, end=end, hit=hit)
    # The steps of its ends count as a whole.
    assert (event.spent(103 * MINUTE), event.lost) == (Fraction(30, 400), Fraction(200, 400))
    found = score(
        field(), [Group(alerts=fired((103, 130)), events=[event, event, Event(start=0, end=1, hit=hit)])], DAY
    )
    assert (found["budget_before"], found["budget_lost"]) == (Fraction(30, 400), 0)
    late = score(field(), [Group(alerts=[], events=[event, event])], DAY)
    assert (late["budget_before"], late["budget_lost"]) == (None, 1)


def test_nights_shifts_and_silence() -> None:
    """Two days from midnight: nights of six, eight and two hours, three whole shifts, one of which has three pages."""
    two = Field(ticks=range(MINUTE, 2 * DAY + MINUTE, MINUTE), scored=(0, 2 * DAY))
    hours = [(1, 2), (9, 10), (13, 14), (15, 16), (22, 23)]
    alerts = [(first * HOUR, end * HOUR) for first, end in hours]
    found = score(two, [Group(alerts=alerts[:3], events=[]), Group(alerts=alerts[3:], events=[])], DAY)
    assert (found["pages_per_night"], found["busy_shifts"]) == (1, Fraction(1, 3))
    assert (found["pages_per_week"], found["weeks"]) == (Fraction(35, 2), Fraction(2, 7))
    assert found["longest_quiet"] == 25 * 3600
    # Of one service alone a page begins three hours after the last; over both of them less matters nothing.
    assert found["flapping"] == 0
    assert score(field(), [group(fired((10, 20), (80, 90), (151, 152)))], DAY)["flapping"] == 1


def burst(*steps: tuple[int, int], start: int = 0) -> dict[int, tuple[int, int]]:
    return {start + number: pair for number, pair in enumerate(steps) if any(pair)}


def test_an_event_ends_where_the_sum_peaks() -> None:
    """At 90 % two tenths are for free: scores are −2, 3, 3, 0, −2, of which six are 2 % of a budget of 300."""
    steps = burst((0, 10), (5, 10), (5, 10), (2, 10), (0, 10))
    assert computed(steps, MINUTE, 1 - TENTH, Fraction(300)) == [(MINUTE, 3 * MINUTE)]
    assert computed(steps, MINUTE, 1 - TENTH, Fraction(301)) == []
    assert computed(steps, MINUTE, 1 - TENTH, None) == []
    assert computed({}, MINUTE, 1 - TENTH, Fraction(300)) == []


@pytest.mark.parametrize(
    ("between", "expected"),
    [
        # Eight of the sum's eight are gone after four minutes without failures; after three, two are left.
        ([(0, 10)] * 3, [(0, 5)]),
        ([(0, 10)] * 4, [(0, 1), (5, 6)]),
        # What lies between keeps the sum: the sixtieth minute after the peak may bring a new one, the next may not.
        ([(2, 10)] * 59, [(0, 61)]),
        ([(2, 10)] * 60, [(0, 1), (61, 62)]),
        # Time without events passes too.
        ([(0, 0)] * 59, [(0, 61)]),
        ([(0, 0)] * 60, [(0, 1), (61, 62)]),
    ],
)
def test_two_bursts_are_one_event_or_two(between: list[tuple[int, int]], expected: list[tuple[int, int]]) -> None:
    steps = burst((10, 10), *between, (10, 10), start=0)
    found = computed(steps, MINUTE, 1 - TENTH, Fraction(100))
    assert found == [(start * MINUTE, end * MINUTE) for start, end in expected]


def test_a_second_burst_that_is_too_small_is_no_new_peak() -> None:
    steps = burst((10, 10), (0, 10), (0, 10), (3, 10), (0, 10))
    assert computed(steps, MINUTE, 1 - TENTH, Fraction(100)) == [(0, MINUTE)]


def test_the_same_pages_at_other_times() -> None:
    """Of ten ticks an event has two: a page detects it at two of ten distances, two pages at four."""
    ring = Field(ticks=range(10), scored=(0, 10), regroup=0, grace=0)
    one = Group(alerts=[(7, 8)], events=[Event(start=2, end=4)], unsure=[(9, 10)])
    drawn = by_chance(ring, one)
    assert [sum(column) for column in zip(*drawn, strict=True)] == [2, 2, 7]
    assert drawn[5] == (1, 1, 0)
    two = Group(alerts=[(2, 3), (7, 8)], events=one.events)
    assert [sum(column) for column in zip(*by_chance(ring, two), strict=True)] == [4, 4, 16]
    # What begins in the warm-up neither moves nor is moved to.
    warm = Field(ticks=range(10), scored=(5, 10), regroup=0, grace=0)
    later = Group(alerts=[(2, 3), (7, 8)], events=[Event(start=6, end=7), Event(start=1, end=3)])
    assert [sum(column) for column in zip(*by_chance(warm, later), strict=True)] == [1, 1, 4]

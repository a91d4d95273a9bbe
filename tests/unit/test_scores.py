"""Scores through the public face: published reset times, and cases worked by hand on constructed traffic."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import pytest
from made_logs import counted_rows
from shell import run

import backburn
from backburn.errors import SpecError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from conftest import SpecFile, WriteLog

    from backburn.alerts.score.result import Score

START = datetime(2025, 10, 1, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
RATE = 10_000

Span = tuple[int, int]


def spec(*, target: str = "99.9%", step: str = "1m", by: Iterable[str] = (), **more: Any) -> dict[str, Any]:
    named = {"name": "fleet"} if "service" in by else {"service": "shop"}
    return {
        "apiVersion": "backburn/v1",
        "kind": "ServiceLevelObjectives",
        "metadata": named,
        "source": {
            "step": step,
            "by": list(by),
            "gaps": "quiet",
            "columns": {"count": {"column": "n", "means": "aggregated"}},
        },
        "objectives": [{"name": "availability", "sli": {"kind": "availability"}, "target": target, "window": "30d"}],
        **more,
    }


def policy(*conditions: dict[str, str], name: str = "mine", period: str = "30d", **alert: Any) -> dict[str, Any]:
    made = {"name": "page", "severity": "page", "any": list(conditions), **alert}
    return {
        "apiVersion": "backburn/v1",
        "kind": "AlertPolicy",
        "metadata": {"name": name},
        "period": period,
        "alerts": [made],
    }


def traffic(
    count: int, *failing: Span, share: str = "1", apart: timedelta = MINUTE, **more: str
) -> dict[str, list[Any]]:
    """As many events in each minute, or whatever lies apart, of which a share fails in these spans."""

    def load(number: int) -> tuple[int, int]:
        bad = int(Fraction(share) * RATE) if any(start <= number < end for start, end in failing) else 0
        return RATE - bad, bad

    rows = counted_rows(START, apart, map(load, range(count)))
    return {**rows, **{name: [value] * len(rows["n"]) for name, value in more.items()}}


def both(*logs: dict[str, list[Any]]) -> dict[str, list[Any]]:
    return {name: [value for log in logs for value in log[name]] for name in logs[0]}


def label(start: int, end: int, apart: timedelta = MINUTE, **more: str) -> dict[str, str]:
    return {"start": (START + start * apart).isoformat(), "end": (START + end * apart).isoformat(), **more}


def scored(log: dict[str, list[Any]], asked: Any, *labels: dict[str, str], **changes: Any) -> Score:
    """The score by labels of a policy on the one objective, or on the union of several."""
    found = backburn.backtest(spec(**changes), log, policy=asked, labels=list(labels)).score("mine")
    assert found is not None
    assert found.truth == "labels"
    return found


FAST = {"window": "5m", "factor": "500"}
"""Fires while more than half of the events of five minutes fail: until the third minute after an outage."""


@pytest.mark.parametrize(
    ("condition", "reset"), [({"window": "1h"}, 58), ({"long": "1h", "short": "5m"}, 5)], ids=["one window", "two"]
)
@pytest.mark.parametrize("end", [1_443, 1_500])
def test_the_reset_times_of_the_workbook(condition: dict[str, str], reset: int, end: int) -> None:
    """At 36 times the budget of an hour an outage is seen after 2.16 minutes; then come 58, or 5 by a short window."""
    asked = policy({**condition, "factor": "36"})
    found = scored(traffic(1_700, (1_440, end)), asked, label(1_440, end))
    assert (found.events, found.detected, found.pages, found.true_pages) == (1, 1, 1, 1)
    assert (found.detection.max, found.reset.max) == (180, reset * 60)
    # Three minutes of an outage are 30,000 events; of 43,200 minutes' traffic 432,000 may fail.
    assert found.budget_before == pytest.approx(3 * RATE / (RATE * 43_200 * 0.001), abs=1e-9)
    assert found.budget_lost == 0


def test_an_outage_is_a_computed_event_too() -> None:
    """It costs 600,000 events, more than 2 % of the budget, and ends where the failures do."""
    found = backburn.backtest(spec(), traffic(1_700, (1_440, 1_500)), policy=policy({"window": "1h", "factor": "36"}))
    (own,) = found.scores
    assert (own.truth, own.events, own.detected) == ("computed", 1, 1)
    assert (own.detection.p50, own.reset.p50, own.ended_early, own.censored) == (180, 58 * 60, 0, 0)
    assert found.score("mine") is own
    assert found.score("mine", truth="labels") is None


def test_a_policy_that_fires_for_ever_scores_badly() -> None:
    """All of ten days fail a little: it fires from the first tick on, and no incident is told apart from any other."""
    log = traffic(240, (0, 240), share="0.1", apart=HOUR)
    incidents = [label(start, start + 2, HOUR) for start in (50, 100, 150)]
    asked = policy({"window": "1h", "factor": "1"}, period="7d")
    found = scored(log, asked, *incidents, target="99%", step="1h")
    assert (found.pages, found.detected, found.already_firing, found.missed) == (1, 0, 3, 0)
    assert (found.recall.value, found.recall_covered.value) == (0, 1)
    assert (found.precision.value, found.event_precision.value, found.pages_per_event) == (0, 0, None)
    assert (found.noisy, found.firing, found.permanently_firing) == (True, 1, True)
    assert (found.reset.max, found.censored, found.detection.p50) == (None, 3, None)
    assert found.longest_quiet == 0


@pytest.mark.parametrize(("end", "permanent"), [(28, False), (29, True)])
def test_nine_tenths_of_the_period_are_permanent(end: int, permanent: bool) -> None:
    log, asked = traffic(60, (20, end), share="0.1", apart=HOUR), policy({"window": "1h", "factor": "1"}, period="10h")
    assert scored(log, asked, label(20, 21, HOUR), target="99%", step="1h").permanently_firing == permanent


def test_a_policy_that_fires_for_ever_detects_one_event_at_most() -> None:
    log = traffic(240, (51, 240), share="0.1", apart=HOUR)
    incidents = [label(start, start + 2, HOUR) for start in (50, 100, 150, 200)]
    found = scored(log, policy({"window": "1h", "factor": "1"}, period="30d"), *incidents, target="99%", step="1h")
    assert (found.detected, found.already_firing, found.recall.value) == (1, 3, 0.25)
    assert (found.precision.value, found.noisy, found.permanently_firing) == (1, True, False)


@pytest.mark.parametrize(("end", "noisy"), [(154, False), (155, True)])
def test_a_tenth_of_the_ticks_outside_of_incidents_is_noisy(end: int, noisy: bool) -> None:
    """Of 585 ticks from the fifth minute on 35 belong to the incident, and 55 are a tenth of the others."""
    asked = policy({"window": "1m", "factor": "500"}, {"window": "5m", "factor": "1000"})
    found = scored(traffic(589, (100, end), (400, 401)), asked, label(400, 405))
    assert (found.firing, found.noisy) == ((end - 100) / 550, noisy)


@pytest.mark.parametrize(("second", "pages"), [(110, 1), (111, 2)])
def test_alerts_five_minutes_apart_are_one_page(second: int, pages: int) -> None:
    """The first alert ends at minute 108, the second begins at 113 or 114."""
    found = scored(traffic(600, (100, 105), (second, second + 5)), policy(FAST), label(100, 120))
    assert (found.pages, found.true_pages, found.flapping) == (pages, pages, pages - 1)


@pytest.mark.parametrize(("start", "verdict"), [(146, (1, 0)), (147, (0, 1))])
def test_a_page_belongs_to_an_event_until_half_an_hour_after_it(start: int, verdict: Span) -> None:
    """The event ends at minute 120; the page begins at 149 or at 150."""
    found = scored(traffic(600, (start, start + 5)), policy(FAST), label(100, 120))
    assert (found.true_pages, found.false_pages) == verdict
    assert (found.detected, found.missed) == verdict


def test_ten_fires_in_one_incident_buy_nothing() -> None:
    bursts = [(100 + 20 * number, 105 + 20 * number) for number in range(10)]
    found = scored(traffic(600, *bursts, (500, 505)), policy(FAST), label(100, 300))
    assert (found.pages, found.true_pages, found.false_pages) == (11, 10, 1)
    assert found.precision.value == pytest.approx(10 / 11)
    assert (found.event_precision.value, found.pages_per_event, found.flapping) == (0.5, 10, 9)


def test_every_interval_is_told_with_its_method() -> None:
    """Five of ten are detected: Clopper and Pearson give 18.7 to 81.3 %."""
    spans = [(100 + 100 * number, 105 + 100 * number) for number in range(10)]
    found = scored(traffic(1_200, *spans[:5]), policy(FAST), *(label(*span) for span in spans))
    assert (found.recall.value, found.recall.method) == (0.5, "events")
    assert found.recall.low == pytest.approx(0.18709, abs=1e-5)
    assert found.recall.high == pytest.approx(0.81291, abs=1e-5)
    assert (found.detection.p50, found.detection.p90, found.detection.max) == (180, None, None)
    assert (found.pages_per_week.method, found.pages_per_week.low) == (None, None)
    assert found.budget_lost == 0


@pytest.mark.parametrize(("days", "method"), [(55, "events"), (57, "weeks")])
def test_eight_weeks_are_resampled(days: int, method: str) -> None:
    """An incident a week of which every other is seen: then and only then is half of them known by weeks."""
    spans = [(hour, hour + 2) for hour in range(60, days * 24, 168)]
    log = traffic(days * 24, *spans[::2], apart=HOUR)
    found = scored(log, policy({"window": "1h", "factor": "10"}), *(label(*span, HOUR) for span in spans), step="1h")
    assert (found.recall.value, found.recall.method) == (len(spans[::2]) / len(spans), method)
    assert found.recall.low is not None
    assert found.recall.high is not None
    assert 0 < found.recall.low < 0.5 < found.recall.high < 1
    assert found.pages_per_week.method == ("weeks" if method == "weeks" else None)


def test_the_longest_window_of_all_policies_is_warm_up_for_each() -> None:
    log = traffic(600, (100, 105), (300, 305))
    incidents = [label(100, 105), label(300, 305)]
    alone = scored(log, policy(FAST), *incidents)
    assert (alone.events, alone.pages, alone.left_out_events, alone.left_out_alerts) == (2, 2, 0, 0)
    beside = scored(log, [policy(FAST), policy({"window": "4h", "factor": "1000"}, name="slow")], *incidents)
    assert (beside.events, beside.pages, beside.left_out_events, beside.left_out_alerts) == (1, 1, 1, 1)
    # The last tick, at minute 600, is part of it.
    assert beside.weeks == pytest.approx((601 - 240) / (7 * 1_440))
    # The event that begins as the warm-up ends is the first that counts.
    edge = [label(start, 245) for start in (239, 240)]
    begun = scored(log, [policy(FAST), policy({"window": "4h", "factor": "1000"}, name="slow")], *edge)
    assert (begun.events, begun.left_out_events) == (1, 1)
    # What an incident of the warm-up leaves behind is no false page.
    late = scored(
        traffic(600, (245, 250)), [policy(FAST), policy({"window": "4h", "factor": "1"}, name="slow")], label(235, 239)
    )
    assert (late.pages, late.unsure_pages, late.precision.value, late.left_out_events) == (1, 1, None, 1)


def test_pages_where_nobody_knows_are_left_out() -> None:
    log = traffic(600, (100, 105), (200, 205), (300, 305))
    found = scored(log, policy(FAST), label(100, 105), label(195, 210, kind="unsure"))
    assert (found.true_pages, found.false_pages, found.unsure_pages, found.events) == (1, 1, 1, 1)
    assert found.precision.value == 0.5


def test_a_label_holds_for_the_series_that_it_names() -> None:
    """Two services fail at different times: what is said of one is no miss of the other."""
    log = both(traffic(600, (100, 105), service="a"), traffic(600, (300, 305), service="b"))
    by = ["service"]
    found = scored(log, policy(FAST), label(100, 105, service="a"), label(300, 305, service="b"), by=by)
    assert (found.events, found.detected, found.false_pages) == (2, 2, 0)
    swapped = scored(log, policy(FAST), label(100, 105, service="b"), label(300, 305, service="a"), by=by)
    assert (swapped.events, swapped.detected, swapped.false_pages) == (2, 0, 2)
    # Without a name it happened to both, and each has its own page to send.
    every = scored(log, policy(FAST), label(100, 105), by=by)
    assert (every.events, every.detected, every.missed, every.false_pages) == (2, 1, 1, 1)


def test_routes_of_a_service_are_paged_for_together() -> None:
    """Both routes fail within five minutes of each other: one page, which began before the label of the second."""
    log = both(traffic(600, (100, 105), route="/pay"), traffic(600, (109, 115), route="/cart"))
    found = scored(log, policy(FAST), label(100, 115), label(109, 115, route="/cart"), by=["route"])
    assert (found.events, found.detected, found.already_firing, found.pages) == (2, 1, 1, 1)
    # Somebody is paged after three minutes of the one route; by then its label has spent of both routes' budgets.
    assert found.budget_before == pytest.approx(3 * RATE / (2 * RATE * 43_200 * 0.001), abs=1e-9)
    assert scored(log, policy(FAST), label(100, 115, route="/pay"), by=["route"]).budget_before == pytest.approx(
        3 * RATE / (RATE * 43_200 * 0.001), abs=1e-9
    )


BOTH = [
    {"name": "availability", "sli": {"kind": "availability"}, "target": "99.9%", "window": "30d"},
    {"name": "clean", "sli": {"kind": "ratio", "bad": "status >= 400"}, "target": "99.9%", "window": "30d"},
]


def test_what_one_objective_misses_its_union_may_detect() -> None:
    """Pages of either objective tell of an incident; a label that names an objective is no miss of the other."""
    refused = {name: [*values] for name, values in traffic(600, (300, 305)).items()}
    refused["status"] = [404 if status == 500 else status for status in refused["status"]]
    shop = spec(objectives=BOTH)
    found = backburn.backtest(shop, refused, policy=policy(FAST), labels=[label(300, 305)])
    told = {name: found.score("mine", name) for name in ("availability", "clean", None)}
    assert {name: own and (own.events, own.detected, own.missed, own.pages) for name, own in told.items()} == {
        "availability": (1, 0, 1, 0),
        "clean": (1, 1, 0, 1),
        None: (1, 1, 0, 1),
    }
    named = backburn.backtest(shop, refused, policy=policy(FAST), labels=[label(300, 305, objective="clean")])
    events = {own.objective: own.events for own in named.scores if own.truth == "labels"}
    assert events == {"availability": 0, "clean": 1, None: 1}
    union = named.score("mine")
    assert union is not None
    assert (union.budget_before, union.budget_lost) == (None, None)


def test_two_labels_of_the_same_span_stay_two_in_the_union() -> None:
    twice = [label(300, 305, id="first"), label(300, 305, id="second")]
    found = backburn.backtest(spec(objectives=BOTH), traffic(600, (300, 305)), policy=policy(FAST), labels=twice)
    assert [(own.objective, own.events, own.detected) for own in found.scores if own.truth == "labels"] == [
        ("availability", 2, 2),
        ("clean", 2, 2),
        (None, 2, 2),
    ]


def test_an_inhibited_page_is_heard_when_its_inhibitor_falls_silent() -> None:
    """The loud alert, a ticket, lasts while an hour remembers the outage; then the page that is kept is heard."""
    log = traffic(600, (300, 303))
    loud = {"name": "loud", "severity": "ticket", "any": [{"window": "1h", "factor": "36"}]}
    asked = policy(FAST, keep_firing_for="2h", inhibited_by=["loud"])
    asked["alerts"].append(loud)
    found = scored(log, asked, label(300, 340))
    assert (found.pages, found.detection.max, found.detected) == (1, 61 * 60, 1)
    asked["alerts"][0] = {**asked["alerts"][0], "keep_firing_for": "10m"}
    silent = scored(log, asked, label(300, 340))
    assert (silent.pages, silent.missed) == (0, 1)
    assert silent.budget_lost == pytest.approx(30_000 / 432_000, abs=1e-9)


@pytest.mark.parametrize(("zone", "at_night"), [("UTC", 1), ("Europe/Berlin", 2)])
def test_nights_are_those_of_the_zone(zone: str, at_night: int) -> None:
    """Pages at 20:30 and 23:30 in UTC: in summer both are at night in Berlin."""
    bursts = [(20 * 60 + 28, 20 * 60 + 33), (23 * 60 + 28, 23 * 60 + 33)]
    found = scored(traffic(2 * 1_440, *bursts), policy({"window": "1m", "factor": "500"}), label(10, 20), timezone=zone)
    # Of the three nights that these two days touch there are parts of as long as two.
    assert found.pages_per_night == at_night / 2


def test_a_night_may_last_an_hour_longer() -> None:
    """The night in which Berlin's clocks go back lasts nine hours, and is one night as any other."""
    log = traffic(14 * 24, (2, 3), apart=HOUR)
    moved = {**log, "timestamp": [moment + 19 * DAY for moment in log["timestamp"]]}
    found = scored(moved, policy({"window": "1h", "factor": "500"}), label(0, 1), step="1h", timezone="Europe/Berlin")
    # From three o'clock in one night to two o'clock in another, with thirteen between them; the page is at five.
    assert found.pages_per_night == pytest.approx(1 / (3 / 8 + 13 + 4 / 8))


def test_a_shift_with_more_than_two_pages_is_busy() -> None:
    """Three pages of four fall into the day's shift, from eight to twenty; three shifts lie wholly in two days."""
    hours = [9, 12, 18, 21]
    bursts = [(hour * 60, hour * 60 + 5) for hour in hours]
    found = scored(traffic(2 * 1_440, *bursts), policy(FAST), label(*bursts[0]))
    assert found.busy_shifts == pytest.approx(1 / 3)
    assert scored(traffic(2 * 1_440, *bursts[1:]), policy(FAST), label(*bursts[1])).busy_shifts == 0
    # From 21:08, when the last one ends, nothing until the last tick, at the second midnight, is over.
    assert found.longest_quiet == (2 * 1_440 + 1 - (21 * 60 + 8)) * 60


def test_it_is_not_quiet_while_any_service_has_a_page() -> None:
    """One service has a page from 103 to 303, another one meanwhile: before it are 98 minutes, after it 298."""
    log = both(traffic(600, (100, 300), service="a"), traffic(600, (120, 125), service="b"))
    found = scored(log, policy(FAST), label(100, 300, service="a"), by=["service"])
    assert (found.pages, found.longest_quiet) == (2, 298 * 60)


def test_the_same_pages_at_other_times_find_a_short_incident_seldom() -> None:
    """Its match span is 35 of some 1,435 ticks: to hit it is hardly luck, and what misses it is as good as anything."""
    good = scored(traffic(1_440, (700, 705)), policy(FAST), label(700, 705)).random
    assert good is not None
    assert good.draws == 1_000
    assert good.recall.value == pytest.approx(35 / 1_435, abs=0.02)
    assert good.recall_p == pytest.approx(35 / 1_435, abs=0.02)
    bad = scored(traffic(1_440, (700, 705)), policy(FAST), label(200, 205)).random
    assert bad is not None
    assert bad.recall_p == 1
    assert scored(traffic(1_440), policy(FAST), label(200, 205)).random is None


@pytest.fixture
def shop(spec_file: SpecFile, write_log: WriteLog) -> Path:
    """A folder with a document of two services, a log of which one has an outage, and a policy."""
    log = both(traffic(600, (300, 305), service="pay"), traffic(600, service="cart"))
    write_log(log, "log.parquet")
    folder = spec_file(json.dumps(spec(by=["service"]))).parent
    (folder / "policy.yaml").write_text(json.dumps(policy(FAST)))
    return folder


COMMAND = "backburn backtest slo.yaml log.parquet --policy policy.yaml --labels labels.csv --format json --quiet"


def test_labels_are_read_from_a_file(shop: Path) -> None:
    rows = [
        "id,kind,service,start,end,severity,class,source,objective",
        "1,incident,pay,2025-10-01T07:00:00+02:00,2025-10-01T07:05:00+02:00,page,outage,postmortem,availability",
        "2,outage,cart,2025-10-01T06:00:00Z,2025-10-01T06:05:00Z,,,,",
        "3,deploy,cart,2025-10-01T07:00:00Z,2025-10-01T07:05:00Z,,,,",
        "4,unsure,,2025-10-01T08:00:00Z,2025-10-01T08:05:00Z,,,,",
    ]
    (shop / "labels.csv").write_text("\n".join(rows) + "\n")
    done = run(COMMAND, shop)
    assert (done.exit, done.stderr) == (0, "")
    envelope = json.loads(done.stdout)
    told = {own["truth"]: own for own in envelope["scores"]}
    own = told["labels"]
    assert (own["policy"], own["objective"], own["events"], own["detected"]) == ("mine", "availability", 2, 1)
    assert (own["missed"], own["recall"]["value"], own["precision"]["value"]) == (1, 0.5, 1)
    assert (own["detection"]["p50"], own["detection"]["p90"], own["reset"]["p50"]) == (180, None, 180)
    assert (told["computed"]["events"], told["computed"]["recall"]["value"]) == (1, 1)
    assert (envelope["scored_by"]["regroup"], envelope["scored_by"]["grace"]) == (300, 1_800)
    assert all(result["score"] == own for result in envelope["results"])


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("pay,2025-10-01T05:00:00,2025-10-01T05:05:00Z,", "labels.csv:2 start: '2025-10-01T05:00:00' names no zone"),
        ("pay,2025-10-01T05:05:00Z,2025-10-01T05:00:00Z,", "labels.csv:2 end: the end '2025-10-01T05:00:00Z' is not"),
        ("pay,2025-10-01T05:00:00Z,2025-10-01T05:05:00Z,latency", "labels.csv:2 objective: no document has"),
    ],
)
def test_labels_that_cannot_be_meant_are_refused(shop: Path, row: str, words: str) -> None:
    (shop / "labels.csv").write_text(f"service,start,end,objective\n{row}\n")
    done = run(COMMAND, shop, warm=True)
    assert (done.exit, done.stdout) == (2, "")
    assert words in done.stderr


def test_a_label_that_holds_for_no_series_is_told_of() -> None:
    log = traffic(600, (300, 305), service="pay")
    found = backburn.backtest(spec(by=["service"]), log, policy=policy(FAST), labels=[label(300, 305, service="cart")])
    assert [note.code for note in found.notes if "no series is like this label" in note.message] == ["BB422"]
    own = found.score("mine")
    assert own is not None
    assert (own.events, own.recall.value) == (0, None)


def test_no_labels_are_an_error() -> None:
    with pytest.raises(SpecError, match="there is no label in it"):
        backburn.backtest(spec(), traffic(10), policy=policy(FAST), labels=[])

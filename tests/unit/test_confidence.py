from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from made_logs import document, objective

import backburn
from backburn.engine.times import to_micros
from backburn.evaluation.blocks import MOST, blocks

HOUR = 3_600_000_000
NOON = datetime(2025, 10, 1, 12, tzinfo=UTC)


def rows(count: int, *, bad: int = 0, apart: timedelta = timedelta(seconds=10)) -> dict[str, Any]:
    return {
        "timestamp": [NOON + number * apart for number in range(count)],
        "status": [500] * bad + [200] * (count - bad),
    }


def one(data: dict[str, Any], **changes: Any) -> backburn.Result:
    spec = document(objectives=[objective(target="99.9%")], **changes)
    (found,) = backburn.evaluate(spec, data).results
    return found


def lengths(start: str, end: str, zone: str) -> list[float]:
    _, found = blocks((to_micros(start, "start"), to_micros(end, "end")), zone)
    assert found is not None
    return [(end - start) / HOUR for start, end in found]


def test_few_events_without_an_error_keep_a_promise_that_nobody_can_be_sure_of() -> None:
    found = one(rows(120))
    assert found.met is True
    assert found.confidence is not None
    assert (found.confidence.verdict, found.confidence.needed) == ("too few to tell", 3688)
    assert backburn.evaluate(document(objectives=[objective(target="99.9%")]), rows(120)).exit_code == 0
    enough = one(rows(3688)).confidence
    assert enough is not None
    assert enough.verdict == "met"
    assert enough.clopper_pearson[0] >= 0.999


def test_what_cannot_be_judged_has_intervals_but_no_verdict() -> None:
    found = backburn.evaluate(document(), rows(600, bad=300), window="30d").results[0]
    assert found.met is None
    assert found.confidence is not None
    assert found.confidence.verdict is None
    assert found.confidence.clopper_pearson[1] < 0.6


def test_without_valid_events_there_is_no_confidence() -> None:
    data = {"timestamp": [NOON], "status": [429]}
    forgiven = one(data, source={"exclude": [{"when": "status = 429", "reason": "limit"}]})
    assert forgiven.confidence is None
    assert forgiven.to_dict()["confidence"] is None


def test_a_result_has_all_of_it_in_json() -> None:
    shown = one(rows(120)).to_dict()["confidence"]
    assert list(shown) == ["level", "events", "wilson", "clopper_pearson", "jeffreys", "blocks", "verdict", "needed"]
    assert shown["level"] == 0.95
    assert shown["events"] == 120.0
    assert shown["wilson"][1] == 1.0
    assert shown["blocks"] == {
        "length": "6h",
        "count": 1,
        "low": None,
        "high": None,
        "reason": "only one block of 6h has events",
    }


def test_days_are_drawn_from_two_weeks_on_and_quarters_of_days_before() -> None:
    assert blocks((0, 14 * 24 * HOUR), "UTC")[0] == "1d"
    assert blocks((0, 14 * 24 * HOUR - 1), "UTC")[0] == "6h"
    assert lengths("2025-10-01T03:00:00Z", "2025-10-02T00:00:00Z", "UTC") == [3, 6, 6, 6]


@pytest.mark.parametrize(
    ("day", "zone", "length"),
    [
        ("2024-03-10", "America/New_York", 23),
        ("2024-11-03", "America/New_York", 25),
        ("2018-11-04", "America/Sao_Paulo", 23),  # A day that begins at one o'clock.
        ("2024-04-07", "Australia/Lord_Howe", 24.5),
        ("2024-04-07", "australia/lord_howe", 24.5),
    ],
)
def test_a_day_is_as_long_as_its_zone_says(day: str, zone: str, length: float) -> None:
    begin = datetime.fromisoformat(day).replace(tzinfo=UTC)
    found = lengths((begin - timedelta(days=10)).isoformat(), (begin + timedelta(days=10)).isoformat(), zone)
    assert sum(found) == 20 * 24
    assert [hours for hours in found[1:-1] if hours != 24] == [hours for hours in [length] if hours != 24]


def test_a_day_that_a_zone_left_out_is_no_block() -> None:
    found = lengths("2011-12-20T10:00:00Z", "2012-01-08T10:00:00Z", "Pacific/Apia")
    assert found == [24.0] * 19


def test_more_blocks_than_anybody_needs_are_not_made() -> None:
    assert blocks((0, (MOST + 1) * 24 * HOUR), "UTC") == ("1d", None)
    found = one(rows(100, apart=timedelta(days=200)), source={"gaps": "quiet"}).confidence
    assert found is not None
    assert found.blocks.low is None
    assert found.blocks.reason == f"more than {MOST:,} blocks of 1d"


def test_an_error_that_keeps_to_one_day_widens_the_interval_of_days() -> None:
    data = rows(40 * 24 * 60, bad=24 * 60, apart=timedelta(minutes=1))
    found = one(data).confidence
    assert found is not None
    assert found.blocks.low is not None
    assert found.blocks.low < found.clopper_pearson[0]
    assert found.blocks.length == "1d"
    assert found.blocks.count == 41  # From noon to noon.

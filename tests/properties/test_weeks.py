"""The same civil time of the last weeks, whatever the clocks did in between."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from backburn.alerts.weeks import weeks
from backburn.engine.times import from_micros, to_micros

ZONES = (
    "UTC",
    "Europe/Berlin",
    "America/Sao_Paulo",
    "Asia/Kathmandu",
    "Australia/Lord_Howe",
    "Pacific/Apia",
    "America/New_York",
)
STARTS = [
    datetime(year, month, day, tzinfo=UTC)
    for year, month, day in ((2024, 3, 1), (2024, 10, 20), (2018, 11, 1), (2011, 12, 20), (2024, 4, 1), (2025, 1, 1))
]
QUARTER = 900_000_000


@given(
    zone=st.sampled_from(ZONES),
    start=st.sampled_from(STARTS),
    quarters=st.integers(0, 4 * 24 * 30),
    count=st.integers(1, 4 * 24 * 21),
)
def test_weeks_are_those_of_the_clock_on_the_wall(zone: str, start: datetime, quarters: int, count: int) -> None:
    clocks = ZoneInfo(zone)
    first = to_micros(start, "start") + quarters * QUARTER
    last = first + count * QUARTER
    found = weeks((first, last), zone)
    assert [until for until, _ in found] == sorted({until for until, _ in found})
    assert found[-1][0] == last
    at = 0
    for tick in range(first, last + 1, QUARTER):
        while found[at][0] < tick:
            at += 1
        local = from_micros(tick).astimezone(clocks).replace(tzinfo=None)
        before = [(local - timedelta(weeks=number)).replace(tzinfo=clocks) for number in range(1, 5)]
        assert found[at][1] == [tick - to_micros(moment, "week") for moment in before], from_micros(tick)

"""Lengths, shares and times, exactly as people write them."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backburn.units import Duration, parse_instant, parse_share, share_text


@pytest.mark.parametrize(
    ("text", "microseconds"),
    [
        ("1us", 1),
        ("300ms", 300_000),
        ("0.5s", 500_000),
        ("1m", 60_000_000),
        ("1h30m", 5_400_000_000),
        ("30d", 2_592_000_000_000),
        ("1w2d", 777_600_000_000),
    ],
)
def test_a_duration_is_exact_and_keeps_its_text(text: str, microseconds: int) -> None:
    assert Duration.parse(text).microseconds == microseconds
    assert Duration.parse(text).text == text


@pytest.mark.parametrize("text", ["", "30", "1M", "d", "-1s", "1 s", "1s ", "1e3s", "\u0661s", ".5s", "1h-30m", "0s"])
def test_what_is_no_duration_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="duration"):
        Duration.parse(text)


def test_a_duration_beyond_all_calendars_is_refused() -> None:
    with pytest.raises(ValueError, match="ten thousand years"):
        Duration.parse("9" * 40 + "w")


def test_a_fraction_of_a_microsecond_is_refused() -> None:
    with pytest.raises(ValueError, match="whole number of microseconds"):
        _ = Duration.parse("0.5us").microseconds


@pytest.mark.parametrize(
    ("text", "share"),
    [
        ("99.95%", "0.9995"),
        ("0.99950", "0.9995"),
        ("100%", "1"),
        ("1", "1"),
        ("0%", "0"),
        ("0.00000001%", "0.0000000001"),
        ("99.9999999999999999%", "0.999999999999999999"),
    ],
)
def test_a_share_is_exact(text: str, share: str) -> None:
    assert parse_share(text) == Decimal(share)
    assert share_text(parse_share(text)) == share


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("99.95", "'99.95' is more than 1; write 99.95% or 0.9995"),
        ("100", "'100' is more than 1; write 100% or 1"),
        ("250", "'250' is more than all; a share is at most 100%"),
        ("101%", "'101%' is more than all; a share is at most 100%"),
        ("0.9999999999999999999", "'0.9999999999999999999' has more than 18 digits after the point; round it"),
        *(
            (text, f"{text!r} is not a share; write a percentage such as 99.9% or a decimal such as 0.999")
            for text in ("", "-1%", "1e-3", "99,9%", "99.9 %", ".5", "nan", "Infinity", "\u0669%")
        ),
    ],
)
def test_what_is_no_share_is_refused_with_the_remedy(text: str, message: str) -> None:
    with pytest.raises(ValueError, match=r"share|more") as raised:
        parse_share(text)
    assert str(raised.value) == message


@given(st.integers(min_value=0, max_value=10**18))
def test_both_spellings_of_a_share_are_one(parts: int) -> None:
    share = Decimal(parts).scaleb(-18)
    assert parse_share(format(share, "f")) == share
    assert parse_share(format(Decimal(parts).scaleb(-16), "f") + "%") == share
    assert parse_share(share_text(share)) == share


@pytest.mark.parametrize(
    ("text", "microseconds"),
    [
        ("1970-01-01T00:00:00Z", 0),
        ("1970-01-01t00:00z", 0),
        ("1970-01-01 01:00:00.000001+01:00", 1),
        ("1969-12-31T23:59:59.5-0000", -500_000),
        ("2025-10-26T02:30:00+02:00", 1_761_438_600_000_000),
    ],
)
def test_a_time_with_its_zone_is_an_instant(text: str, microseconds: int) -> None:
    assert parse_instant(text) == microseconds


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("2025-10-26T02:30:00", "names no zone; add Z for UTC or an offset such as \\+01:00"),
        ("2025-10-26", "is not a time; write a date, a time and a zone"),
        ("yesterday", "is not a time; write a date, a time and a zone"),
        ("2025-02-30T00:00:00Z", "is not a time: day is out of range for month"),
        ("2025-01-01T25:00:00Z", "is not a time: hour must be in 0..23"),
    ],
)
def test_what_is_no_instant_is_refused(text: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        parse_instant(text)

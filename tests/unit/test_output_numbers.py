from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backburn.output.numbers import (
    budget_text,
    burn_text,
    count_text,
    size_text,
    sli_text,
    target_text,
)

targets = st.integers(1, 17).flatmap(
    lambda digits: st.integers(1, 10**digits - 1).map(
        lambda figures: Decimal((0, tuple(map(int, str(figures))), -digits))
    )
)
counts = st.integers(0, 10**12).flatmap(lambda valid: st.tuples(st.integers(0, valid), st.just(valid)))


def number(text: str) -> Fraction:
    return Fraction(text.removesuffix(" %").replace(",", ""))


@pytest.mark.parametrize(
    ("good", "valid", "target", "text"),
    [
        (9995, 10000, "0.9995", "99.95 %"),
        (999_496, 1_000_000, "0.9995", "99.9496 %"),
        (999_504, 1_000_000, "0.9995", "99.95 %"),
        (9_999_999, 10_000_000, "0.999", "99.99999 %"),
        (1, 10_000_000, "0.999", "0.00001 %"),
        (2, 3, "0.9", "66.67 %"),
        (99_999, 100_000, "0.99999", "99.999 %"),
        (999_998, 1_000_000, "0.99999", "99.9998 %"),
        (99_998, 100_000, "0.99999", "99.998 %"),
        (7, 7, "0.9", "100 %"),
        (0, 7, "0.9", "0 %"),
        (0, 0, "0.9", "no events"),
    ],
)
def test_an_sli_is_printed_with_the_digits_that_it_needs(good: int, valid: int, target: str, text: str) -> None:
    assert sli_text(good, valid, Decimal(target)) == text


@given(counts, targets)
def test_a_printed_sli_is_on_its_side_of_the_target(counted: tuple[int, int], target: Decimal) -> None:
    good, valid = counted
    text = sli_text(good, valid, target)
    if valid == 0:
        assert text == "no events"
        return
    true = Fraction(good, valid)
    printed = number(text) / 100
    assert (printed >= Fraction(target)) == (true >= Fraction(target))
    assert (printed == 1) == (good == valid)
    assert (printed == 0) == (good == 0)


@given(targets, st.integers(1, 10**9), st.integers(-3, 3))
def test_an_sli_next_to_its_target_stays_on_its_side(target: Decimal, valid: int, away: int) -> None:
    good = min(max(int(Fraction(target) * valid) + away, 0), valid)
    printed = number(sli_text(good, valid, target)) / 100
    assert (printed >= Fraction(target)) == (good >= Fraction(target) * valid)


@given(counts, targets)
def test_an_sli_is_off_by_at_most_half_of_its_last_digit(counted: tuple[int, int], target: Decimal) -> None:
    good, valid = counted
    if valid:
        text = sli_text(good, valid, target)
        digits = len(text.removesuffix(" %").partition(".")[2])
        assert abs(number(text) - Fraction(good * 100, valid)) <= Fraction(1, 2 * 10**digits)


@given(targets)
def test_a_target_is_printed_exactly(target: Decimal) -> None:
    assert number(target_text(target)) == Fraction(target) * 100


@pytest.mark.parametrize(
    ("share", "text"),
    [
        (None, "–"),
        (1.0, "100 %"),
        (0.0, "0 %"),
        (-0.0, "0 %"),
        (-0.38, "-38 %"),
        (-21.74, "-2,174 %"),
        (0.0901, "9.0 %"),
        (0.9951, "99.5 %"),
        (0.00004, "0.004 %"),
        (-0.0004, "-0.04 %"),
        (1e-300, "<0.000001 %"),
        (-1e-300, ">-0.000001 %"),
        (1 - 2**-53, ">99.999999 %"),
    ],
)
def test_what_is_left_of_a_budget_is_signed_and_never_clamped(share: float | None, text: str) -> None:
    assert budget_text(share) == text


@given(st.floats(-1e9, 1))
def test_a_budget_reads_as_overspent_only_if_it_is(share: float) -> None:
    text = budget_text(share)
    assert text.lstrip("<>").startswith("-") == (share < 0)
    assert (text == "100 %") == (share == 1)
    assert (text == "0 %") == (share == 0)


@pytest.mark.parametrize(
    ("rate", "text"),
    [
        (None, "–"),
        (0.0, "0"),
        (1.0, "1"),
        (14.4, "14.4"),
        (0.999, "0.999"),
        (1.0004, "1.0004"),
        (9.999, "10.00"),
        (123.4, "123"),
        (12345.6, "12,346"),
        (1e-12, "<0.000001"),
    ],
)
def test_a_burn_rate_has_three_figures_and_its_side_of_one(rate: float | None, text: str) -> None:
    assert burn_text(rate) == text


@given(st.floats(0, 1e12))
def test_a_burn_rate_reads_above_one_only_if_it_is(rate: float) -> None:
    text = burn_text(rate)
    if text[0] == "<":
        assert rate < 1e-6 or 1 < rate < 1.000001
    elif text[0] == ">":
        assert 0.999999 < rate < 1
    else:
        printed = number(text)
        assert (printed > 1) == (rate > 1)
        assert (printed < 1) == (rate < 1)
        assert (printed == 0) == (rate == 0)


def test_counts_have_their_thousands_apart() -> None:
    assert [count_text(count) for count in (0, 999, 1000, 12345678)] == ["0", "999", "1,000", "12,345,678"]


@given(st.integers(0, 2**63))
def test_a_size_has_a_unit_that_fits(size: int) -> None:
    figures, unit = size_text(size).split()
    scale = ["B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"].index(unit)
    assert abs(float(figures) * 1024**scale - size) <= 0.051 * 1024**scale

"""The oracle's quantiles against published numbers."""

from __future__ import annotations

from fractions import Fraction

import pytest
from oracle.quantile import quantile, repeated

SAMPLE = [35.0, 15.0, 50.0, 20.0, 40.0]
SHARES = ("0.05", "0.3", "0.4", "0.5", "0.95", "1")


@pytest.mark.parametrize(
    ("definition", "expected"),
    [
        (1, ["15", "20", "20", "35", "50", "50"]),
        (2, ["15", "20", "27.5", "35", "50", "50"]),
        (3, ["15", "20", "20", "20", "50", "50"]),
        (6, ["15", "19", "26", "35", "50", "50"]),
        (7, ["16", "23", "29", "35", "48", "50"]),
    ],
)
def test_the_textbook_sample_has_its_textbook_quantiles(definition: int, expected: list[str]) -> None:
    assert [quantile(SAMPLE, share, definition) for share in SHARES] == [Fraction(text) for text in expected]


def test_a_rank_is_decided_in_decimal() -> None:
    # 0.07 · 100 is 7.000000000000001 in floats.
    assert quantile([float(value) for value in range(1, 101)], "0.07", 1) == 7


def test_a_weight_repeats_its_value_and_nothing_has_no_quantile() -> None:
    assert quantile(repeated([(2.0, 3), (8.0, 1), (5.0, 0)]), "0.75", 7) == Fraction("3.5")
    assert quantile([], "0.5", 7) is None

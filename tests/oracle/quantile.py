"""Quantiles of a sample by the nine definitions of Hyndman and Fan (1996), in fractions."""

from __future__ import annotations

from fractions import Fraction
from math import floor
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

# What is added to n·q before its whole part is taken: of types 4 to 9, alpha + q·(1 − alpha − beta).
ALPHA_AND_BETA = {
    4: (Fraction(0), Fraction(1)),
    5: (Fraction(1, 2), Fraction(1, 2)),
    6: (Fraction(0), Fraction(0)),
    7: (Fraction(1), Fraction(1)),
    8: (Fraction(1, 3), Fraction(1, 3)),
    9: (Fraction(3, 8), Fraction(3, 8)),
}


def position(count: int, share: Fraction, definition: int) -> tuple[int, Fraction]:
    """j and gamma: the quantile is `(1 − gamma)·x[j] + gamma·x[j + 1]`, with x counted from 1 and cut at both ends."""
    if definition in (1, 2):
        m = Fraction(0)
    elif definition == 3:
        m = Fraction(-1, 2)
    else:
        alpha, beta = ALPHA_AND_BETA[definition]
        m = alpha + share * (1 - alpha - beta)
    j = floor(count * share + m)
    g = count * share + m - j
    if definition == 1:
        return j, Fraction(0 if g == 0 else 1)
    if definition == 2:
        return j, Fraction(1, 2) if g == 0 else Fraction(1)
    if definition == 3:
        return j, Fraction(0 if g == 0 and j % 2 == 0 else 1)
    return j, g


def neighbours(values: Sequence[float], share: str, definition: int) -> tuple[float, float, Fraction] | None:
    """The two values of a sample that make up a quantile and gamma; None of no values."""
    if not values:
        return None
    ordered = sorted(values)
    j, gamma = position(len(ordered), Fraction(share), definition)
    low, high = (ordered[min(max(rank, 1), len(ordered)) - 1] for rank in (j, j + 1))
    return low, high, gamma


def quantile(values: Sequence[float], share: str, definition: int) -> Fraction | None:
    """The quantile of a sample at a decimal from 0 to 1, exact; None of no values.

    A result of floats may be off by what adding and multiplying two of them rounds away.
    """
    found = neighbours(values, share, definition)
    if found is None:
        return None
    low, high, gamma = found
    return (1 - gamma) * Fraction(low) + gamma * Fraction(high)


def repeated(weighted: Iterable[tuple[float, int]]) -> list[float]:
    """A sample of which each value stands there as often as its weight says."""
    return [value for value, weight in weighted for _ in range(weight)]

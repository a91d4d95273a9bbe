"""`factors: all`: every factor that tells one policy from another on the traffic at hand."""

from __future__ import annotations

import math
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from backburn.alerts.tuning.field import Field
    from backburn.model.grid import AlertPolicyGrid

__all__ = ["between", "with_factors"]

_MOST = 2_000
"""So many are enough to tell policies apart by less than a percent; a grid can name more."""


def with_factors(grid: AlertPolicyGrid, field: Field) -> AlertPolicyGrid:
    """Give the grid with its factors written out.

    An alert at one of them fires on another set of peaks of the burn rate than at the next. Between every two peaks
    the number with the fewest digits is taken; of very many they are thinned out evenly.
    """
    if grid.factors is not None:
        return grid
    from backburn import _rust
    from backburn.alerts.tuning.asked import asked

    scenes = [one.scene() for one in field.staged]
    peaks = sorted({Fraction(above, below) for above, below in _rust.peaks(scenes, asked(grid), field.threads)})
    return replace(grid, factors=tuple(_thinned(list(between(peaks)))))


def between(peaks: Sequence[Fraction]) -> Iterable[Fraction]:
    """Give a short decimal below the first peak, and one from each peak up to the next.

    >>> [str(factor) for factor in between([Fraction(10, 3), Fraction(7, 2), Fraction(20)])]
    ['2', '17/5', '8']
    """
    if not peaks:
        return
    floor = Fraction(0)
    for low, high in pairwise([floor, *peaks]):
        yield _shortest(low, high)


def _shortest(low: Fraction, high: Fraction) -> Fraction:
    """Give the decimal of the fewest digits in [low, high) that lies nearest to the middle of its ends' logarithms."""
    middle = Fraction(math.sqrt(float(low or high / 4) * float(high)))
    scale = 1
    while True:
        least, most = max(1, math.ceil(low * scale)), math.ceil(high * scale) - 1
        if least <= most:
            return Fraction(min(max(round(middle * scale), least), most), scale)
        scale *= 10


def _thinned(factors: Sequence[Fraction]) -> Sequence[Fraction]:
    if len(factors) <= _MOST:
        return factors
    return [factors[at * (len(factors) - 1) // (_MOST - 1)] for at in range(_MOST)]

"""Words beside points: where each stands, so that none cover each other, a point or the edge."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    Box = tuple[float, float, float, float]

__all__ = ["Placed", "Spot", "placed"]

_LETTER, _LINE = 5.0, 12.0
"""How wide a letter and how high a line of small words is."""

_AROUND = 6.0
"""A point takes so much on each side."""

_STEPS = (0, 1, -1, 2, -2, 3, -3, 4, -4, 5, -5, 6, -6)
_FAR = 4.0
"""Words may cover so much of something rather than stand a line further away."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """A point in a panel, from its lower left corner, and the words that belong to it; none if they are empty."""

    across: float
    up: float
    words: str = ""
    size: float = _AROUND


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """Words of a spot, and where they are: the `left` or `right` end of their middle line, or its `center`.

    `lines` is how many lines away from their point they stand.
    """

    spot: int
    across: float
    up: float
    words: str
    align: Literal["left", "right", "center"]
    lines: int

    @property
    def box(self) -> Box:
        """The left, lower, right and upper edge."""
        long = _LETTER * len(self.words)
        left = self.across - {"left": 0.0, "right": long, "center": long / 2}[self.align]
        return left, self.up - _LINE / 2, left + long, self.up + _LINE / 2


def placed(spots: Sequence[Spot], width: float, height: float) -> list[Placed]:
    """Place the words of each spot beside it, as near as there is room; the first go first.

    >>> spots = [Spot(across=50, up=50, words="one"), Spot(across=50, up=52, words="two")]
    >>> [(one.words, one.align, one.across, one.up) for one in placed(spots, 400, 100)]
    [('one', 'left', 60.0, 50.0), ('two', 'right', 40.0, 52.0)]
    """
    taken = [_around(spot) for spot in spots]
    found: list[Placed] = []
    for number, spot in enumerate(spots):
        if not spot.words:
            continue
        tried = list(_tried(number, spot))
        costs = [_cost(one, taken, width, height) for one in tried]
        best = tried[costs.index(min(costs))]
        taken.append(best.box)
        found.append(best)
    return found


def _around(spot: Spot) -> Box:
    return spot.across - spot.size, spot.up - spot.size, spot.across + spot.size, spot.up + spot.size


def _tried(number: int, spot: Spot) -> Iterator[Placed]:
    gap = spot.size + 4
    sides: tuple[tuple[float, Literal["left", "right", "center"]], ...] = (
        (spot.across + gap, "left"),
        (spot.across - gap, "right"),
        (spot.across, "center"),
    )
    for lines in _STEPS:
        for across, align in sides:
            up = spot.up + lines * _LINE
            if align == "center":
                # Above or below a point words need room for half of it.
                up += (spot.size - _AROUND + 2) * (lines > 0) - (spot.size - _AROUND + 2) * (lines < 0)
            if lines or align != "center":
                yield Placed(spot=number, across=across, up=up, words=spot.words, align=align, lines=abs(lines))


def _cost(one: Placed, taken: Sequence[Box], width: float, height: float) -> float:
    """What is outside is worse than what is covered, and that is worse than what is far."""
    covered = sum(_common(one.box, box) for box in taken)
    return _outside(one.box, width, height) * 1000 + covered + _FAR * one.lines


def _common(one: Box, other: Box) -> float:
    wide = min(one[2], other[2]) - max(one[0], other[0])
    high = min(one[3], other[3]) - max(one[1], other[1])
    return wide * high if wide > 0 and high > 0 else 0.0


def _outside(box: Box, width: float, height: float) -> float:
    return max(-box[0], 0.0) + max(-box[1], 0.0) + max(box[2] - width, 0.0) + max(box[3] - height, 0.0)

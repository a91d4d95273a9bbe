"""Numbers spread evenly between two others, on a linear or on a logarithmic scale, rounded so that they read well."""

from __future__ import annotations

from decimal import Context, Decimal
from fractions import Fraction
from typing import Literal

__all__ = ["SCALES", "Scale", "spread"]

Scale = Literal["log", "linear"]
SCALES: tuple[Scale, ...] = ("log", "linear")

_DIGITS = 4
# Far more digits than are kept, and the same ones on every machine, which a library of floats does not promise.
_EXACT = Context(prec=40)
_NEAR = Context(prec=20)
_ROUND = Context(prec=_DIGITS)


def spread(first: Fraction, last: Fraction, steps: int, scale: Scale) -> tuple[Fraction, ...]:
    """Give numbers from `first` to `last`, which are kept exactly, in rising order and each once.

    On a logarithmic scale each number between them is rounded to four significant digits, and those that this makes
    equal are dropped: there may be fewer numbers than steps. On a linear one they are rounded to the fourth significant
    digit of their distance, which keeps all of them.

    >>> [str(number) for number in spread(Fraction(1), Fraction(100), 5, "log")]
    ['1', '1581/500', '10', '1581/50', '100']
    >>> [float(number) for number in spread(Fraction(1), Fraction(2), 4, "linear")]
    [1.0, 1.3333, 1.6667, 2.0]
    >>> len(spread(Fraction(1), Fraction(1001, 1000), 50, "log"))
    2
    """
    between = (_log if scale == "log" else _linear)(first, last, steps)
    return tuple(dict.fromkeys((first, *(number for number in between if first < number < last), last)))


def _log(first: Fraction, last: Fraction, steps: int) -> list[Fraction]:
    low, high = (_EXACT.ln(_EXACT.divide(number.numerator, number.denominator)) for number in (first, last))
    length = _EXACT.subtract(high, low)
    numbers = []
    for step in range(1, steps - 1):
        share = _EXACT.divide(_EXACT.multiply(length, step), steps - 1)
        # Rounded twice: else 3.162499…9, which stands for 3.1625 itself, would go down with the digits that are lost.
        number = _NEAR.plus(_EXACT.exp(_EXACT.add(low, share)))
        numbers.append(Fraction(_ROUND.plus(number)))
    return numbers


def _linear(first: Fraction, last: Fraction, steps: int) -> list[Fraction]:
    distance = (last - first) / (steps - 1)
    size = _EXACT.divide(distance.numerator, distance.denominator).adjusted()
    unit = Fraction(Decimal(1).scaleb(size + 1 - _DIGITS))
    return [round((first + step * distance) / unit) * unit for step in range(1, steps - 1)]

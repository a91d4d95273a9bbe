"""Shares as people read them, never rounded across what they are compared with."""

from __future__ import annotations

from decimal import ROUND_CEILING, ROUND_FLOOR, Context, Decimal
from typing import TYPE_CHECKING

from backburn.units import share_text

if TYPE_CHECKING:
    from fractions import Fraction

__all__ = ["percent", "percent_above", "percent_below"]


def percent(share: Decimal) -> str:
    """Write an exact share.

    >>> percent(Decimal("0.9995")), percent(Decimal("0.80"))
    ('99.95%', '80%')
    """
    return f"{share_text(share * 100)}%"


def percent_below(share: Fraction) -> str:
    """Write a share with three digits, rounded down.

    >>> from fractions import Fraction
    >>> percent_below(Fraction(79996, 100000)), percent_below(Fraction(1, 14400))
    ('79.9%', '0.00694%')
    """
    return _rounded(share, ROUND_FLOOR)


def percent_above(share: Fraction) -> str:
    """Write a share with two digits, rounded up: a bound that holds.

    >>> from fractions import Fraction
    >>> percent_above(Fraction(1, 90)), percent_above(Fraction(1))
    ('1.2%', '100%')
    """
    return _rounded(share, ROUND_CEILING)


def _rounded(share: Fraction, rounding: str) -> str:
    digits = 3 if rounding == ROUND_FLOOR else 2
    context = Context(prec=digits, rounding=rounding)
    rounded = context.divide(Decimal(share.numerator * 100), Decimal(share.denominator))
    return f"{share_text(rounded)}%"

"""Exact numbers of formulas as people read them: lengths of time, shares and factors."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from backburn.output.numbers import UNDEFINED

__all__ = ["factor_text", "ratio_text", "time_text"]

_MINUTE = 60
_UNITS = (("d", 86_400), ("h", 3_600), ("m", _MINUTE), ("s", 1))


def time_text(seconds: Fraction | None) -> str:
    """Write a length of time in its two greatest units, rounded; less than a minute with three figures.

    >>> time_text(Fraction("51.84")), time_text(Fraction(345, 1)), time_text(Fraction(72_000 * 36, 35)), time_text(None)
    ('51.8s', '5m45s', '20h34m', '–')
    >>> time_text(Fraction("59.99")), time_text(Fraction(86_399)), time_text(Fraction(0))
    ('1m', '1d', '0s')
    """
    if seconds is None:
        return UNDEFINED
    if (short := _figures(seconds, 3)) < _MINUTE:
        return f"{_plain(short)}s"
    for at, (_, size) in enumerate(_UNITS):
        fine = _UNITS[min(at + 1, len(_UNITS) - 1)][1]
        # The finer of the two units is rounded, and may carry over into a greater one.
        count = int(seconds / fine + Fraction(1, 2)) * fine
        if count >= size:
            parts = []
            for unit, length in _UNITS:
                whole, count = divmod(count, length)
                if whole:
                    parts.append(f"{whole:,}{unit}")
            return "".join(parts)
    return UNDEFINED


def ratio_text(ratio: Fraction | None, figures: int = 6) -> str:
    """Write a share with up to so many figures.

    >>> ratio_text(Fraction("0.01344")), ratio_text(Fraction(1, 3)), ratio_text(Fraction(1)), ratio_text(None)
    ('1.344 %', '33.3333 %', '100 %', '–')
    >>> ratio_text(Fraction("0.000000144")), ratio_text(Fraction("4.60714"), 3)
    ('0.0000144 %', '461 %')
    """
    return UNDEFINED if ratio is None else f"{_plain(_figures(100 * ratio, figures))} %"


def factor_text(factor: Fraction | None) -> str:
    """Write a burn rate with up to six figures.

    >>> factor_text(Fraction("14.4")), factor_text(Fraction(14, 15)), factor_text(Fraction(100_000))
    ('14.4', '0.933333', '100,000')
    """
    return UNDEFINED if factor is None else _plain(_figures(factor, 6))


def _figures(value: Fraction, figures: int) -> Decimal:
    return Decimal(f"{float(value):.{figures}g}")


def _plain(value: Decimal) -> str:
    text = f"{value:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text

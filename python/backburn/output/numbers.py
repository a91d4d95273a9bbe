"""Numbers as people read them; rounding never moves one across what it is compared with."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from backburn.units import share_text

__all__ = [
    "NO_EVENTS",
    "UNDEFINED",
    "budget_text",
    "burn_text",
    "count_text",
    "duration_text",
    "percent_text",
    "rate_estimate",
    "ratio_estimate",
    "size_text",
    "sli_text",
    "target_text",
]

NO_EVENTS = "no events"
UNDEFINED = "–"

_LEAST_SLI_DIGITS = 2
_MOST_DIGITS = 6
_MOST_DURATION_DIGITS = 12
_HUNDRED = 100


def count_text(count: int) -> str:
    """Write a count with its thousands apart.

    >>> count_text(1234567)
    '1,234,567'
    """
    return f"{count:,}"


def target_text(target: Decimal) -> str:
    """Write a target as it was promised, with all its digits.

    >>> target_text(Decimal("0.9995"))
    '99.95 %'
    """
    return f"{share_text(_percentage(target))} %"


def sli_text(good: int | Fraction, valid: int, target: Decimal) -> str:
    """Write good/valid as a percentage with the fewest digits, at least those of the target, that do not mislead.

    The text is below the target exactly if the SLI is, and reads 0 % or 100 % only if it is that.

    >>> sli_text(999_500, 1_000_000, Decimal("0.9995"))
    '99.95 %'
    >>> sli_text(999_496, 1_000_000, Decimal("0.9995"))
    '99.9496 %'
    >>> sli_text(9_999_999, 10_000_000, Decimal("0.999"))
    '99.99999 %'
    >>> sli_text(0, 0, Decimal("0.999"))
    'no events'
    """
    if valid == 0:
        return NO_EVENTS
    if good in {0, valid}:
        return "100 %" if good else "0 %"
    percentage = Fraction(good) * _HUNDRED / valid
    wanted = Fraction(target) * _HUNDRED

    def honest(printed: Fraction) -> bool:
        same_side = (printed >= wanted) == (percentage >= wanted)
        return same_side and 0 < printed < _HUNDRED

    digits = max(_LEAST_SLI_DIGITS, len(share_text(_percentage(target)).partition(".")[2]))
    while not honest(_rounded(percentage, digits)):
        digits += 1
    return f"{_fixed(percentage, digits)} %"


def budget_text(remaining: float | None) -> str:
    """Write the share of the budget that is left; never clamped, and 0 % or 100 % only if it is that.

    >>> budget_text(-0.38), budget_text(0.6249), budget_text(0.04), budget_text(None)
    ('-38 %', '62 %', '4.0 %', '–')
    >>> budget_text(0.99996), budget_text(-0.0000000001)
    ('99.996 %', '>-0.000001 %')
    """
    if remaining is None:
        return UNDEFINED
    percentage = Fraction(remaining) * _HUNDRED
    digits = 0 if abs(percentage) >= 10 else 1  # noqa: PLR2004 - below ten a tenth is worth reading.
    return f"{_beside(percentage, digits, walls=(0, _HUNDRED))} %"


def percent_text(ratio: float) -> str:
    """Write a share of events with three figures; 0 % only if there is none.

    >>> percent_text(0.0023942), percent_text(0.5), percent_text(0.0), percent_text(1e-9)
    ('0.239 %', '50 %', '0 %', '0.0000001 %')
    """
    return f"{ratio * _HUNDRED:.3g} %" if ratio == 0 or ratio > 1e-6 else f"{ratio * _HUNDRED:.9f}".rstrip("0") + " %"  # noqa: PLR2004 - less would be written as a power of ten.


def burn_text(rate: float | None) -> str:
    """Write a burn rate; one that is not 1 does not read as 1, for at 1 the budget lasts just as long as the window.

    >>> burn_text(14.4), burn_text(0.999), burn_text(0.0), burn_text(123.4), burn_text(None)
    ('14.4', '0.999', '0', '123', '–')
    """
    return _three_figures(rate, walls=(0, 1))


def ratio_estimate(value: float | None, low: float | None = None, high: float | None = None) -> str:
    """Write a ratio that was estimated, with the ends of its interval if it has one; only what is 0 or 1 reads so.

    >>> ratio_estimate(5 / 6, 0.3588, 0.9958), ratio_estimate(1.0), ratio_estimate(None)
    ('0.83 (0.36-0.996)', '1', '–')
    """
    return _with_ends(value, low, high, walls=(0, 1))


def rate_estimate(value: float | None, low: float | None = None, high: float | None = None) -> str:
    """Write how often something happens, with the ends of its interval if it has one; 0 only if it never does.

    >>> rate_estimate(1.0014, 0.0, 2.5), rate_estimate(0.00123), rate_estimate(None)
    ('1.00 (0-2.50)', '0.001', '–')
    """
    return _with_ends(value, low, high, walls=(0,))


def _with_ends(value: float | None, low: float | None, high: float | None, *, walls: tuple[int, ...]) -> str:
    text = _three_figures(value, walls=walls)
    if low is None or high is None:
        return text
    return f"{text} ({_three_figures(low, walls=walls)}-{_three_figures(high, walls=walls)})"


def _three_figures(number: float | None, *, walls: tuple[int, ...]) -> str:
    if number is None:
        return UNDEFINED
    value = Fraction(number)
    digits = 2 if value < 10 else 1 if value < _HUNDRED else 0  # noqa: PLR2004 - three figures in all.
    return _beside(value, digits, walls=walls)


def duration_text(value: float | None, unit: str | None) -> str:
    """Write a duration in its unit, with all its whole figures and at least three that count.

    >>> duration_text(5123.4, "ms"), duration_text(12.0, "ms"), duration_text(0.0123456, "s"), duration_text(0, "s")
    ('5,123 ms', '12 ms', '0.0123 s', '0 s')
    >>> duration_text(None, "s")
    '–'
    """
    if value is None:
        return UNDEFINED
    exact, digits = Fraction(value), 0
    while exact and digits < _MOST_DURATION_DIGITS and exact * 10**digits < _HUNDRED:
        digits += 1
    text = _fixed(exact, digits)
    if digits and _rounded(exact, digits) == exact:
        text = text.rstrip("0").rstrip(".")
    return f"{_grouped(text)} {unit}"


def size_text(size: int) -> str:
    """Write a number of bytes in the unit that fits.

    >>> size_text(999), size_text(2_370_789), size_text(1 << 40)
    ('999 B', '2.3 MiB', '1.0 TiB')
    """
    if size < 1024:  # noqa: PLR2004 - the step between the units.
        return f"{size} B"
    value, units = float(size), iter(("KiB", "MiB", "GiB", "TiB", "PiB", "EiB"))
    unit = ""
    while value >= 1024:  # noqa: PLR2004 - as above.
        value, unit = value / 1024, next(units)
    return f"{value:.1f} {unit}"


def _beside(value: Fraction, digits: int, *, walls: tuple[int, ...]) -> str:
    """Round to `digits`, or to more of them until the text is no wall unless the value is; at last say which side."""
    for wall in walls:
        if value == wall:
            return _grouped(str(wall))

    def honest(printed: Fraction) -> bool:
        return all((printed > wall) == (value > wall) and printed != wall for wall in walls)

    for tried in range(digits, _MOST_DIGITS + 1):
        if honest(_rounded(value, tried)):
            return _grouped(_fixed(value, tried))
    return _next_to(value, _rounded(value, _MOST_DIGITS))


def _next_to(value: Fraction, wall: Fraction) -> str:
    unit = Fraction(1, 10**_MOST_DIGITS)
    sign, bound = ("<", wall + unit) if value > wall else (">", wall - unit)
    return sign + _grouped(_fixed(bound, _MOST_DIGITS))


def _rounded(value: Fraction, digits: int) -> Fraction:
    scale: int = 10**digits
    return Fraction(round(value * scale), scale)


def _fixed(value: Fraction, digits: int) -> str:
    """Write the value with just so many digits after the point, rounded half to even."""
    scaled: int = round(value * 10**digits)
    sign, figures = ("-" if scaled < 0 else ""), str(abs(scaled)).rjust(digits + 1, "0")
    return f"{sign}{figures[:-digits]}.{figures[-digits:]}" if digits else f"{sign}{figures}"


def _grouped(text: str) -> str:
    sign, digits = ("-", text[1:]) if text.startswith("-") else ("", text)
    whole, point, part = digits.partition(".")
    return f"{sign}{int(whole):,}{point}{part}"


def _percentage(share: Decimal) -> Decimal:
    """Move the point, digit by digit: multiplying would round to the context's precision."""
    sign, digits, exponent = share.as_tuple()
    return Decimal((sign, digits, int(exponent) + 2))

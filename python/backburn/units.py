"""Lengths of time and shares, exactly as people write them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal

__all__ = ["MOST_DIGITS", "Duration", "parse_instant", "parse_share", "percent_text", "share_text"]

MOST_DIGITS = 18
"""The core holds shares as a 64-bit part of a power of ten: 18 digits after the point."""

_SECONDS = {
    "us": Decimal("0.000001"),
    "ms": Decimal("0.001"),
    "s": Decimal(1),
    "m": Decimal(60),
    "h": Decimal(3600),
    "d": Decimal(86400),
    "w": Decimal(604800),
}
_PARTS = re.compile(r"([0-9]+(?:\.[0-9]+)?)(us|ms|s|m|h|d|w)")
_SHARE = re.compile(r"([0-9]+(?:\.[0-9]+)?)(%?)")
_INSTANT = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d(:\d\d(\.\d{1,6})?)?([Zz]|[+-]\d\d:?\d\d)?", re.ASCII)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LONGEST = Decimal(86400 * 366 * 10_000)


@dataclass(frozen=True, slots=True)
class Duration:
    """A length of time: exact seconds, and the text it was written as.

    >>> Duration.parse("1h30m").seconds
    Decimal('5400')
    >>> Duration.parse("300ms").microseconds
    300000
    >>> Duration.parse("5 minutes")
    Traceback (most recent call last):
    ...
    ValueError: '5 minutes' is not a duration; write a number and a unit of us, ms, s, m, h, d or w, as in 30d or 1h30m
    """

    text: str
    seconds: Decimal

    @classmethod
    def parse(cls, text: str) -> Duration:
        """Read `30d`, `1h30m`, `300ms` or `0.5s`.

        Raises:
            ValueError: the text is not a duration, or is zero.
        """
        parts = list(_PARTS.finditer(text))
        if not parts or "".join(part.group(0) for part in parts) != text:
            msg = (
                f"{text!r} is not a duration; write a number and a unit of us, ms, s, m, h, d or w, as in 30d or 1h30m"
            )
            raise ValueError(msg)
        seconds = sum((Decimal(part.group(1)) * _SECONDS[part.group(2)] for part in parts), Decimal(0))
        if seconds <= 0:
            msg = f"{text!r} is no time at all; a duration is longer than zero"
            raise ValueError(msg)
        if seconds > _LONGEST:
            msg = f"{text!r} is longer than ten thousand years"
            raise ValueError(msg)
        return cls(text, seconds)

    @property
    def microseconds(self) -> int:
        """The length in whole microseconds.

        Raises:
            ValueError: the length is not a whole number of microseconds.
        """
        scaled = self.seconds * 1_000_000
        if scaled != scaled.to_integral_value():
            msg = f"{self.text!r} is not a whole number of microseconds"
            raise ValueError(msg)
        return int(scaled)


def parse_share(text: str) -> Decimal:
    """Read a share of 0 to 1, written as a percentage or as a decimal, exactly.

    >>> parse_share("99.95%")
    Decimal('0.9995')
    >>> parse_share("0.99950")
    Decimal('0.9995')
    >>> parse_share("99.95")
    Traceback (most recent call last):
    ...
    ValueError: '99.95' is more than 1; write 99.95% or 0.9995

    Raises:
        ValueError: the text is not a share, or has more digits than can be held exactly.
    """
    match = _SHARE.fullmatch(text)
    if match is None:
        msg = f"{text!r} is not a share; write a percentage such as 99.9% or a decimal such as 0.999"
        raise ValueError(msg)
    number, percent = Decimal(match.group(1)), match.group(2)
    share = _scaled(number) if percent else number
    if share > 1:
        if percent or number > 100:  # noqa: PLR2004 - a hundred per cent is all there is.
            msg = f"{text!r} is more than all; a share is at most 100%"
        else:
            msg = f"{text!r} is more than 1; write {text}% or {share_text(_scaled(number))}"
        raise ValueError(msg)
    digits = share_text(share).partition(".")[2]
    if len(digits) > MOST_DIGITS:
        msg = f"{text!r} has more than {MOST_DIGITS} digits after the point; round it"
        raise ValueError(msg)
    return Decimal(share_text(share))


def share_text(share: Decimal) -> str:
    """The plain decimal that the core reads: no exponent, no closing zeros.

    >>> share_text(Decimal("0.99950"))
    '0.9995'
    >>> share_text(Decimal("0.00000010"))
    '0.0000001'
    """
    text = format(share, "f")
    return (text.rstrip("0").rstrip(".") or "0") if "." in text else text


def percent_text(share: Decimal) -> str:
    """Write a share as people do, exactly.

    >>> percent_text(Decimal("0.9995"))
    '99.95%'
    """
    return f"{share_text(share.scaleb(2))}%"


def parse_instant(text: str) -> int:
    """Read a time with its zone, as microseconds since the epoch.

    >>> parse_instant("1970-01-01T01:00:00.000001+01:00")
    1
    >>> parse_instant("2025-10-26 02:30")
    Traceback (most recent call last):
    ...
    ValueError: '2025-10-26 02:30' names no zone; add Z for UTC or an offset such as +01:00

    Raises:
        ValueError: the text is not a time, or does not say in which zone.
    """
    match = _INSTANT.fullmatch(text)
    if match is None:
        msg = f"{text!r} is not a time; write a date, a time and a zone, as in 2025-10-26T02:30:00Z"
        raise ValueError(msg)
    if match.group(3) is None:
        msg = f"{text!r} names no zone; add Z for UTC or an offset such as +01:00"
        raise ValueError(msg)
    try:
        moment = datetime.fromisoformat(text.upper())
    except ValueError as error:
        msg = f"{text!r} is not a time: {error}"
        raise ValueError(msg) from None
    return (moment - _EPOCH) // timedelta(microseconds=1)


def _scaled(percentage: Decimal) -> Decimal:
    """A percentage as a share, digit by digit: division would round to the context's precision."""
    sign, digits, exponent = percentage.as_tuple()
    return Decimal((sign, digits, int(exponent) - 2))

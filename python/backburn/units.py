"""Lengths of time and shares, exactly as people write them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

__all__ = ["Duration"]

_SECONDS = {
    "us": Decimal("0.000001"),
    "ms": Decimal("0.001"),
    "s": Decimal(1),
    "m": Decimal(60),
    "h": Decimal(3600),
    "d": Decimal(86400),
    "w": Decimal(604800),
}
_PARTS = re.compile(r"(\d+(?:\.\d+)?)(us|ms|s|m|h|d|w)")


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

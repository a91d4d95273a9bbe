"""The numbers of alert policies: factors, shares of a budget, and rates of events."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Annotated

from backburn.document.fields import parsed
from backburn.document.shape import Reads
from backburn.model.policy import Consumed

__all__ = ["ConsumedField", "CountField", "FactorField", "RateField", "parse_count", "parse_factor", "parse_rate"]

_FACTOR = re.compile(r"[0-9]{1,12}(\.[0-9]{1,12})?")
_CONSUMED = re.compile(r"(>=?) ?([0-9]{1,6}(?:\.[0-9]{1,6})?)%")
_RATE = re.compile(r"([0-9]{1,12}(?:\.[0-9]{1,6})?) ?/ ?(s|m|h|d)")
_SECONDS = {"s": 1, "m": 60, "h": 3_600, "d": 86_400}


def parse_factor(text: str) -> Fraction:
    """A burn rate above 0.

    >>> parse_factor("14.4")
    Fraction(72, 5)
    """
    if _FACTOR.fullmatch(text.removesuffix("x")) is None:
        raise ValueError(f"{text!r} is not a burn rate; write how many times faster than allowed, as in 14.4")
    factor = Fraction(text.removesuffix("x"))
    if factor <= 0:
        raise ValueError(f"a factor of {text} is always passed; write one above 0")
    return factor


def _consumed(text: str) -> Consumed:
    match = _CONSUMED.fullmatch(text.strip())
    if match is None:
        raise ValueError(f"{text!r} is not a share of the budget; write one such as '>= 75%'")
    share = Fraction(match[2]) / 100
    if share <= 0:
        raise ValueError(f"{text!r} is always so; write a share above 0%")
    return Consumed(share=share, op="gte" if match[1] == ">=" else "gt")


def parse_rate(text: str) -> Fraction:
    """A rate above 0, in events per second.

    >>> parse_rate("30/m")
    Fraction(1, 2)
    """
    match = _RATE.fullmatch(text)
    if match is None:
        raise ValueError(f"{text!r} is not a rate of events; write one such as 10/s, 100/m or 1000/h")
    rate = Fraction(match[1]) / _SECONDS[match[2]]
    if rate <= 0:
        raise ValueError(f"a rate of {text} guards nothing; write one above 0, or leave it out")
    return rate


def parse_count(text: str) -> int:
    """A whole number from 1 on.

    >>> parse_count("3")
    3
    """
    if re.fullmatch(r"[1-9][0-9]{0,14}", text, re.ASCII) is None:
        raise ValueError(f"{text!r} is not a whole number from 1 on; write one such as 3")
    return int(text)


FactorField = Annotated[
    Fraction | None,
    Reads(parsed(parse_factor, "write factor: 14.4"), {"type": ["number", "string"], "exclusiveMinimum": 0}),
]
ConsumedField = Annotated[
    Consumed | None,
    Reads(parsed(_consumed, "write consumed: '>= 75%'"), {"type": "string", "pattern": r"^>=? ?[0-9]+(\.[0-9]+)?%$"}),
]
RateField = Annotated[
    Fraction | None,
    Reads(parsed(parse_rate, "write min_rate: 10/s"), {"type": "string", "pattern": r"^[0-9]+(\.[0-9]+)? ?/ ?[smhd]$"}),
]
CountField = Annotated[
    int | None, Reads(parsed(parse_count, "write min_bad: 3"), {"type": ["integer", "string"], "minimum": 1})
]

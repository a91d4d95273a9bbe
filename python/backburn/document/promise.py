"""Targets: the share of good events that is promised."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated

from backburn.document.fields import parsed
from backburn.document.lengths import parse_duration
from backburn.document.shape import Reads
from backburn.units import Duration, parse_share

__all__ = ["Target", "TargetField"]


@dataclass(frozen=True, slots=True)
class Target:
    """A share, with the threshold where it was written as a percentile."""

    share: Decimal
    threshold: Duration | None = None
    strict: bool = False


_PERCENTILE = re.compile(r"p([0-9]+(?:\.[0-9]+)?) *(<=|<) *(\S.*)")
_ALMOST = re.compile(r"(?:p[0-9.]+|median|avg|average|mean|max) *[<>=]", re.IGNORECASE)
_EXAMPLE = "write p95 < 300ms or p95 <= 300ms"


def parse_target(text: str) -> Target:
    """A target: a share strictly between 0 and 1, or a percentile below a threshold."""
    match = _PERCENTILE.fullmatch(text)
    if match is None:
        if _ALMOST.match(text):
            raise ValueError(f"{text!r} is not a percentile with a threshold; {_EXAMPLE}")
        return Target(_within(text, parse_share(text)))
    rank, sign, length = match.groups()
    try:
        share = _within(f"p{rank}", parse_share(f"{rank}%"))
    except ValueError as error:
        if Decimal(rank) > 100:  # noqa: PLR2004 - a percentile has no more.
            raise ValueError(f"'p{rank}' is no percentile; {_EXAMPLE}") from None
        raise ValueError(str(error).replace(f"{rank}%", f"p{rank}")) from None
    return Target(share, parse_duration(length, "ms"), strict=sign == "<")


def _within(text: str, share: Decimal) -> Decimal:
    if share == 1:
        raise ValueError(f"a target of {text} leaves no error budget; write less, such as 99.99%")
    if share == 0:
        raise ValueError(f"a target of {text} promises nothing; write more, such as 99%")
    return share


TargetField = Annotated[
    Target | None,
    Reads(
        parsed(parse_target, "write a percentage such as 99.9%, a decimal such as 0.999, or p95 < 300ms"),
        {
            "type": ["string", "number"],
            "pattern": r"^([0-9]+(\.[0-9]+)?%?|p[0-9]+(\.[0-9]+)? *<=? *[0-9].*)$",
            "exclusiveMinimum": 0,
            "exclusiveMaximum": 1,
        },
    ),
]

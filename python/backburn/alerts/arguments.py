"""What `explain` is asked, read exactly: shares, lists of them, a window, and how traffic changes."""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from backburn.alerts import burning
from backburn.errors import UsageError
from backburn.units import Duration, parse_share

if TYPE_CHECKING:
    Share = str | float | Decimal | Fraction

__all__ = ["change_of", "ratios_of", "share_of", "target_of", "usual_ratios", "window_of"]

_MULTIPLES = tuple(map(Fraction, ("1000", "150", "50", "20", "14.4", "6", "3", "1.5")))
_CHANGE = re.compile(r"([0-9]+(?:\.[0-9]+)?)x?", re.ASCII)


def usual_ratios(target: Fraction) -> tuple[Fraction, ...]:
    """Give the error ratios that are worth a look: a total outage, and multiples of what a target leaves.

    >>> [str(ratio) for ratio in usual_ratios(Fraction("0.9"))]
    ['1', '3/5', '3/10', '3/20']
    """
    worth = (burning.level(multiple, target) for multiple in _MULTIPLES)
    return tuple(dict.fromkeys((Fraction(1), *(min(ratio, Fraction(1)) for ratio in worth))))


def target_of(asked: Share) -> Fraction:
    """Read a target.

    Raises:
        UsageError: it is not a share between 0 and 1.
    """
    target = share_of(asked, "target")
    if not 0 < target < 1:
        text = str(asked)
        raise UsageError(f"target: {text} leaves nothing to alert on", "choose a share between 0 and 100%", value=text)
    return target


def ratios_of(asked: Share | Iterable[Share]) -> tuple[Fraction, ...]:
    """Read error ratios: one, several, or a text of several with commas between them.

    >>> ratios_of("1%,0.5%")
    (Fraction(1, 100), Fraction(1, 200))

    Raises:
        UsageError: one is not a share above 0.
    """
    listed: Iterable[Share]
    if isinstance(asked, str):
        listed = [part.strip() for part in asked.split(",")]
    else:
        listed = asked if isinstance(asked, Iterable) else [asked]
    ratios = tuple(dict.fromkeys(share_of(ratio, "error ratio") for ratio in listed))
    if not ratios or 0 in ratios:
        remedy = "choose shares above 0 and up to 100%, as in 1%,5%"
        raise UsageError("error ratio: 0 is no failure at all" if ratios else "there is no error ratio", remedy)
    return ratios


def share_of(asked: Share, what: str) -> Fraction:
    """Read a share of 0 to 1.

    Raises:
        UsageError: it is not one; the message names `what`.
    """
    if isinstance(asked, Fraction):
        if not 0 <= asked <= 1:
            raise UsageError(f"{what}: {asked} is not a share", "choose one between 0 and 1", value=str(asked))
        return asked
    # The shortest text that gives a float back is what the person typed.
    text = asked if isinstance(asked, str) else f"{Decimal(str(asked)):f}"
    try:
        return Fraction(parse_share(text))
    except ValueError as error:
        raise UsageError(f"{what}: {error}", value=text) from error


def change_of(asked: Share) -> Fraction:
    """Read how many times as much traffic there is.

    >>> change_of("0.5x"), change_of(2)
    (Fraction(1, 2), Fraction(2, 1))

    Raises:
        UsageError: it is not a number above 0.
    """
    text = asked if isinstance(asked, str) else str(asked)
    if isinstance(asked, Fraction):
        change = asked
    else:
        match = _CHANGE.fullmatch(text)
        change = Fraction(0) if match is None else Fraction(match.group(1))
    if change <= 0:
        message = f"traffic change: '{text}' is not a multiple of the traffic before"
        raise UsageError(message, "write a number above 0, as in 2x or 0.5x", value=text)
    return change


def window_of(asked: str | Duration) -> Duration:
    """Read a window.

    Raises:
        UsageError: it is not a length of time.
    """
    if isinstance(asked, Duration):
        return asked
    try:
        return Duration.parse(asked)
    except ValueError as error:
        raise UsageError(f"window: {error}", value=asked) from error

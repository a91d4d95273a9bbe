"""Lengths, numbers and texts as Prometheus reads them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backburn.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from fractions import Fraction

    from backburn.units import Duration

__all__ = ["literal", "prose", "quoted", "selector", "written"]

_UNITS = (("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1_000), ("ms", 1))
_WEEK = 604_800_000


def written(length: Duration) -> str:
    """Write a length as Prometheus itself does.

    >>> from backburn.units import Duration
    >>> [written(Duration.parse(text)) for text in ("90m", "25h", "28d", "30d", "1500ms")]
    ['1h30m', '1d1h', '4w', '30d', '1s500ms']

    Raises:
        UsageError: the length is not a whole number of milliseconds.
    """
    rest, odd = divmod(length.microseconds, 1000)
    if odd:
        remedy = "write whole milliseconds: Prometheus knows no shorter time"
        raise UsageError(f"'{length.text}' cannot be exported to Prometheus", remedy, value=length.text)
    if rest % _WEEK == 0:
        return f"{rest // _WEEK}w"
    text = ""
    for unit, size in _UNITS:
        count, rest = divmod(rest, size)
        text += f"{count}{unit}" if count else ""
    return text


def literal(number: Fraction) -> str:
    """The double nearest to an exact number, as shortly as it can be written.

    A quotient of two counts is rounded in the same way, so that a tie is a tie.

    >>> from fractions import Fraction
    >>> literal(Fraction(72, 5) * Fraction(1, 1000)), literal(Fraction(3))
    ('0.0144', '3')
    """
    return repr(float(number)).removesuffix(".0")


def quoted(text: str) -> str:
    r"""A text as it stands in an expression.

    >>> print(quoted('say "a\\b"'))
    "say \"a\\b\""
    """
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'


def selector(name: str, labels: Mapping[str, str], more: tuple[str, ...] = ()) -> str:
    """The series of a name that have these labels, and for which more matchers hold.

    >>> selector("up", {"job": "shop"}, ('zone!="eu"',))
    'up{job="shop",zone!="eu"}'
    """
    matchers = [*(f"{label}={quoted(value)}" for label, value in labels.items()), *more]
    return f"{name}{{{','.join(matchers)}}}" if matchers else name


def prose(text: str) -> str:
    """Words of people in an annotation, which is a template: its marks are taken literally.

    >>> prose("use {{mustaches}}")
    'use {{ "{{" }}mustaches}}'
    """
    return text.replace("{{", '{{ "{{" }}')

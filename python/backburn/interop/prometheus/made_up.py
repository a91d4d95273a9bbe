"""Counters that are made up for tests, so that the selectors of bad and of valid events find them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from backburn.errors import UsageError
from backburn.interop.prometheus.regions import Matcher

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

__all__ = ["Made", "made_up"]

_MATCHER = re.compile(r"""(\w+)\s*(=~|!~|!=|=)\s*("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|`[^`]*`)""")
_USUAL = ("200", "GET", "other", "0", "x", "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A counter of bad events, and one of the others: all valid events, or where both are one metric the good ones."""

    bad: tuple[str, Mapping[str, str]]
    other: tuple[str, Mapping[str, str]]
    shared: bool


def made_up(objective: str, bad: str, valid: str, labels: Mapping[str, str]) -> Made:
    """Make up counters of a series with these labels.

    >>> made = made_up("availability", 'http_total{code=~"5.."}', 'http_total{job="shop"}', {"route": "/pay"})
    >>> made.bad
    ('http_total', {'route': '/pay', 'code': '500', 'job': 'shop'})
    >>> made.other
    ('http_total', {'route': '/pay', 'job': 'shop', 'code': '200'})

    Raises:
        UsageError: no labels are found that only one of the selectors finds.
    """
    fails, every = _read(bad), _read(valid)
    names = _name(fails), _name(every)
    if names[0] is not None and names[0] == names[1]:
        failing = _labels([*fails, *every], labels)
        others = ([*every, matcher.opposite] for matcher in fails if matcher.label != "__name__")
        good = next((found for one in others if (found := _labels(one, labels)) is not None), None)
        if failing is not None and good is not None:
            return Made(bad=(names[0], failing), other=(names[0], good), shared=True)
    elif names[0] is not None and names[1] is not None:
        failing, whole = _labels(fails, labels), _labels(every, labels)
        if failing is not None and whole is not None:
            return Made(bad=(names[0], failing), other=(names[1], whole), shared=False)
    raise UsageError(
        f"{objective}: no counters can be made up that '{bad}' and '{valid}' tell apart",
        "write selectors with =, or =~ and words with | between them",
        value=bad,
    )


def _read(selector: str) -> list[Matcher]:
    """The matchers of a selector, its name among them."""
    name, _, inside = selector.partition("{")
    own = [Matcher("__name__", "=", name.strip())] if name.strip() else []
    return [*own, *(Matcher(label, op, _text(value)) for label, op, value in _MATCHER.findall(inside))]


def _text(quoted: str) -> str:
    inside = quoted[1:-1]
    if quoted.startswith("`"):
        return inside
    return re.sub(r"\\(.)", lambda found: {"n": "\n", "t": "\t"}.get(found[1], found[1]), inside)


def _name(matchers: Iterable[Matcher]) -> str | None:
    return next((one.value for one in matchers if one.label == "__name__" and one.op == "="), None)


def _labels(matchers: Iterable[Matcher], fixed: Mapping[str, str]) -> dict[str, str] | None:
    """Labels that all matchers hold for, with those that are fixed; None where none are found."""
    found = dict(fixed)
    asked = [one for one in matchers if one.label != "__name__"]
    for label in dict.fromkeys(one.label for one in asked):
        own = [one for one in asked if one.label == label]
        values = [fixed[label]] if label in fixed else [*(value for one in own for value in _values(one)), *_USUAL]
        value = next((value for value in values if all(one.holds({label: value}) for one in own)), None)
        if value is None:
            return None
        found[label] = value
    return {label: value for label, value in found.items() if value}


def _values(matcher: Matcher) -> Iterator[str]:
    """Values that a matcher may hold for: each word of a pattern, with a letter in place of what stands for any."""
    if matcher.op == "=":
        yield matcher.value
    if matcher.op == "=~":
        for word in re.sub(r"[()^$]|\?:", "", matcher.value).split("|"):
            for letter in ("0", "x"):
                some = re.sub(r"\[([^\]^])[^\]]*\]", r"\1", word)
                some = re.sub(r"\\d|\.[*+]?", letter, some).replace("\\", "")
                yield re.sub(r"(.)\{(\d+)[^}]*\}", lambda found: found[1] * int(found[2]), some)

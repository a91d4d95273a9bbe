"""Overrides as label matchers: the series of each target apart, so that none has two."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from backburn.errors import SpecError
from backburn.interop.prometheus.written import quoted

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from backburn.model.spec import Objective, Override

__all__ = ["Matcher", "Region", "regions"]

_OPPOSITE = {"=": "!=", "!=": "=", "=~": "!~", "!~": "=~"}


@dataclass(frozen=True, slots=True)
class Matcher:
    """What a label must be: `op` is one of Prometheus's four."""

    label: str
    op: str
    value: str

    @property
    def opposite(self) -> Matcher:
        """The matcher of all other values."""
        return Matcher(self.label, _OPPOSITE[self.op], self.value)

    def holds(self, labels: Mapping[str, str]) -> bool:
        """Whether a series matches; a label that is missing is empty."""
        value = labels.get(self.label, "")
        same = value == self.value if "~" not in self.op else re.fullmatch(self.value, value, re.DOTALL) is not None
        return same is not self.op.startswith("!")

    def __str__(self) -> str:
        return f"{self.label}{self.op}{quoted(self.value)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Region:
    """Series for which the same override holds, or none; a series is in one region at most."""

    override: Override | None
    matchers: tuple[Matcher, ...]

    def holds(self, labels: Mapping[str, str]) -> bool:
        """Whether a series is in it."""
        return all(matcher.holds(labels) for matcher in self.matchers)


def regions(objective: Objective, labels: Mapping[str, str]) -> list[Region]:
    """Part the series of an objective by the first override that matches; `labels` says what labels are called.

    What an override does not match is that its first label does not, or that the first does and the second does not,
    and so on: parts that do not overlap.
    """
    found: list[Region] = []
    outside: list[tuple[Matcher, ...]] = [()]
    for override in objective.overrides:
        own = [
            matcher
            for label, pattern in override.match.items()
            for matcher in _matchers(objective, labels, label, pattern)
        ]
        found += [
            Region(override=override, matchers=both) for part in outside if (both := _both(part, own)) is not None
        ]
        outside = [
            both
            for part in outside
            for at, matcher in enumerate(own)
            if (both := _both(part, [*own[:at], matcher.opposite])) is not None
        ]
    return [*found, *(Region(override=None, matchers=part) for part in outside)]


def _both(part: tuple[Matcher, ...], more: list[Matcher]) -> tuple[Matcher, ...] | None:
    """All matchers, each once; None where two of them contradict each other, so that no series matches."""
    every = dict.fromkeys((*part, *more))
    equal = {matcher.label: matcher.value for matcher in every if matcher.op == "="}
    opposed = any(matcher.opposite in every for matcher in every)
    missed = any(matcher.label in equal and not matcher.holds(equal) for matcher in every)
    return None if opposed or missed else tuple(every)


def _matchers(objective: Objective, labels: Mapping[str, str], label: str, pattern: str) -> Iterator[Matcher]:
    if label not in labels:
        raise SpecError(
            f"{objective.name}: an override is for some values of '{label}', which the rules cannot tell apart",
            f"add {label} to prometheus.by",
            value=label,
        )
    name = labels[label]
    if not any(letter in pattern for letter in "*?["):
        yield Matcher(name, "=", pattern)
        return
    # To Prometheus a label that is missing is empty, and no pattern matches null.
    yield Matcher(name, "=~", _expression(pattern) if pattern.strip("*") else ".+")


def _expression(pattern: str) -> str:
    """A shell pattern as a regular expression; those of Prometheus match the whole value."""
    expression, at = "", 0
    while at < len(pattern):
        letter = pattern[at]
        end = pattern.find("]", at + 2 + (pattern[at + 1 : at + 2] == "!")) if letter == "[" else -1
        if end > 0:
            inside = pattern[at + 1 : end].replace("\\", "\\\\").replace("[", "\\[")
            expression += f"[{'^' + inside[1:] if inside[0] == '!' else inside.replace('^', chr(92) + '^')}]"
            at = end
        else:
            expression += {"*": ".*", "?": "."}.get(letter, f"\\{letter}" if letter in "\\.+*?()|[]{}^$" else letter)
        at += 1
    return expression

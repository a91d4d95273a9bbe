"""What cumulative counters say happened, one pair of readings after the other.

A row holds what two counters said at one moment: that of the good or bad events (`part`) and that of all (`valid`).
"""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING, Literal

from oracle.rows import number

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

Value = int | float | str | None
Key = tuple[str | None, ...]
GREATEST = 2**63 - 1


@dataclass(frozen=True, kw_only=True)
class Row:
    """One poll of one series."""

    time: int
    key: Key
    part: Value
    valid: Value


@dataclass(frozen=True, kw_only=True, order=True)
class Sample:
    """A reading of both counters."""

    time: int
    part: int
    valid: int


def reading(value: Value) -> int | None:
    """A whole number from 0, however it is written; None for what no counter says."""
    if isinstance(value, str):
        value = number(value)
    if value is None or not math.isfinite(value) or value != int(value):
        return None
    return int(value) if 0 <= value <= GREATEST else None


def kind(row: Row) -> Literal["absent", "unreadable", "sample"]:
    """What a row is: one without either reading tells nothing, and was not expected to."""
    if row.part is None and row.valid is None:
        return "absent"
    return "unreadable" if reading(row.part) is None or reading(row.valid) is None else "sample"


def samples(rows: Iterable[Row]) -> Mapping[Key, Sequence[Sample]]:
    """The readings of each series by time, the same one only once."""
    found: dict[Key, set[Sample]] = {}
    for row in rows:
        part, valid = reading(row.part), reading(row.valid)
        if part is not None and valid is not None:
            found.setdefault(row.key, set()).add(Sample(time=row.time, part=part, valid=valid))
    return {key: sorted(own) for key, own in found.items()}


def contradict(rows: Iterable[Row]) -> bool:
    """Whether a series has two readings at one moment that differ."""
    return any(len({one.time for one in own}) < len(own) for own in samples(rows).values())


def grown(before: int, now: int) -> int:
    """How much a counter grew: one that is lower than before began anew at zero."""
    return now - before if now >= before else now


@dataclass(frozen=True, kw_only=True)
class Happened:
    """Events that became known at `time`, between two readings that are near enough."""

    time: int
    good: int
    bad: int
    unknown: int


def happened(own: Sequence[Sample], *, counts: Literal["good", "bad"], max_gap: int) -> list[Happened]:
    """What happened in a series. Where a part is greater than its whole, nobody knows what its events were."""
    events = []
    for before, now in pairwise(own):
        if now.time - before.time > max_gap:
            continue
        part, valid = grown(before.part, now.part), grown(before.valid, now.valid)
        good, bad, unknown = (part, valid - part, 0) if counts == "good" else (valid - part, part, 0)
        if part > valid:
            good, bad, unknown = 0, 0, part
        events.append(Happened(time=now.time - 1, good=good, bad=bad, unknown=unknown))
    return events


def total(
    series: Iterable[Sequence[Sample]],
    window: tuple[int, int],
    *,
    counts: Literal["good", "bad"],
    max_gap: int,
) -> Mapping[str, int]:
    """The events of some series in a window."""
    lanes: Counter[str] = Counter()
    for own in series:
        for one in happened(own, counts=counts, max_gap=max_gap):
            if window[0] <= one.time < window[1]:
                lanes.update(good=one.good, bad=one.bad, unknown=one.unknown)
    return lanes


def steps_between(own: Sequence[Sample], step: int, max_gap: int, *, near: bool) -> set[int]:
    """The steps that lie, in whole or in part, between neighbours that are near enough, or between the others."""
    steps: set[int] = set()
    for before, now in pairwise(own):
        if (now.time - before.time <= max_gap) == near:
            steps.update(range(before.time // step, (now.time - 1) // step + 1))
    return steps


def observed(
    everyone: Mapping[Key, Sequence[Sample]],
    own: Iterable[Key],
    window: tuple[int, int],
    *,
    step: int,
    max_gap: int,
) -> Fraction:
    """The share of a window's steps of which some series (`own`) together tell what happened.

    Somebody was read there, and none of the own series was silent for too long, unless another of them tells.
    """
    own = list(own)
    read = {at for one in everyone.values() for at in steps_between(one, step, max_gap, near=True)}
    told = {at for key in own for at in steps_between(everyone[key], step, max_gap, near=True)}
    silent = {at for key in own for at in steps_between(everyone[key], step, max_gap, near=False)}
    steps = range(window[0] // step, window[1] // step)
    return Fraction(sum(at in read - (silent - told) for at in steps), len(steps)) if steps else Fraction(0)

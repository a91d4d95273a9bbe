"""Slices of time, each judged by itself: what a window of them adds up to."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from oracle.coverage import without
from oracle.judge import Judgement

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from oracle.spec import Slices
    from oracle.window import Span


@dataclass(frozen=True, kw_only=True)
class Sum:
    """How good the slices of a window are together, how many of them count, how many do not, how many are cut."""

    good: Fraction
    counted: int
    undefined: int
    cut: int


def snapped(span: Span, length: int, tick: int, *, rolling: bool) -> tuple[Span, int]:
    """A rolling window ends with the last complete slice; of any other those count that lie inside as a whole."""
    if rolling:
        last = tick // length * length
        return (last - (span[1] - span[0]), last), 0
    touched = {edge // length for edge in (span[0], span[1] - 1)} if span[0] < span[1] else set()
    cut = sum(not (span[0] <= k * length and (k + 1) * length <= span[1]) for k in touched)
    first, last = -(-span[0] // length) * length, span[1] // length * length
    if first >= last:
        return (min(first, span[1]), min(first, span[1])), cut
    return (first, last), cut


@dataclass(frozen=True, kw_only=True)
class Own:
    """Events of a series as (time, good, bad), the time left out of it, and that for which there are logs."""

    events: Sequence[tuple[int, int, int]]
    holes: Sequence[Span]
    covered: Sequence[Span]
    no_data: str


def total(rule: Slices, target: Fraction, own: Own, span: Span, cut: int) -> Sum:
    """Add up the slices of a span that begins and ends with one."""
    counts: dict[int, list[int]] = defaultdict(lambda: [0, 0])
    for time, good, bad in own.events:
        if span[0] <= time < span[1] and not any(start <= time < end for start, end in own.holes):
            counts[time // rule.length][0] += good
            counts[time // rule.length][1] += bad
    values = []
    for k in sorted({*counts, *touched(own.covered, span, rule.length)}):
        value = judged(rule, target, own, k, counts.get(k, [0, 0]))
        if value is not None:
            values.append(value)
    everything = (span[1] - span[0]) // rule.length
    return Sum(good=sum(values, Fraction(0)), counted=len(values), undefined=everything - len(values), cut=cut)


def touched(covered: Iterable[Span], span: Span, length: int) -> Iterable[int]:
    """The slices of a span in which something is covered; no other one without events counts."""
    for start, end in covered:
        inside = (max(start, span[0]), min(end, span[1]))
        if inside[0] < inside[1]:
            yield from range(inside[0] // length, -(-inside[1] // length))


def judged(rule: Slices, target: Fraction, own: Own, k: int, counts: Sequence[int]) -> Fraction | None:
    """How good slice k is; None where it does not count."""
    good, bad = counts
    if good + bad >= max(1, rule.min_events):
        if rule.ratio:
            return Fraction(good * 2**64 // (good + bad), 2**64)
        return Fraction(good >= target * (good + bad))
    rest = [(k * rule.length, (k + 1) * rule.length)]
    for hole in own.holes:
        rest = without(rest, hole)
    unseen = rest
    for span in own.covered:
        unseen = without(unseen, span)
    if not rest or unseen:
        return None
    return {"undefined": None, "good": Fraction(1), "bad": Fraction(0)}[own.no_data]


def judge(slices: Sum, target: Fraction) -> Judgement:
    """SLI = good / counted; met ⇔ good ≥ target · counted; the budget is (1 − target) · counted slices."""
    if slices.counted == 0:
        return Judgement(sli=None, met=None, allowed=None, consumed=None, remaining=None, burn=None)
    allowed, bad = (1 - target) * slices.counted, slices.counted - slices.good
    return Judgement(
        sli=slices.good / slices.counted,
        met=slices.good >= target * slices.counted,
        allowed=allowed,
        consumed=bad / allowed,
        remaining=(allowed - bad) / allowed,
        burn=bad / slices.counted / (1 - target),
    )

"""Which time the logs vouch for: "quiet" and "logs missing" look alike, so silence is told apart by its length."""

from __future__ import annotations

from typing import TYPE_CHECKING

from oracle import rows
from oracle.step import end_of_step, start_of_step, widen

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from fractions import Fraction

    from oracle.rows import Row
    from oracle.spec import Spec
    from oracle.window import Span

HOUR = 3_600_000_000


def covered(sources: Sequence[Sequence[Row]], spec: Spec) -> list[Span]:
    """The covered time of some sources, as sorted spans.

    A source covers its steps from that of its first row to that of its last; rows count that can be used, also ignored
    ones. Holes of at most an hour between sources are bridged. With `gaps: unknown` a longer silence of all of them is
    not covered, inside a source or between two. The asked span cuts off what lies outside, and the `unknown` spans,
    widened to steps, are taken out.
    """
    touched = [steps_of(source, spec) for source in sources]
    if spec.gaps == "quiet":
        spans = [(steps[0][0], steps[-1][1]) for steps in touched if steps]
    else:
        spans = [step for steps in touched for step in steps]
    united = bridge(spans, HOUR)
    if spec.start is not None:
        united = [(max(start, spec.start), end) for start, end in united if end > spec.start]
    if spec.end is not None:
        united = [(start, min(end, spec.end)) for start, end in united if start < spec.end]
    for hole in spec.unknown:
        united = without(united, widen(hole, spec.step))
    return united


def steps_of(source: Iterable[Row], spec: Spec) -> list[Span]:
    """The steps in which a source has rows, sorted."""
    times = [rows.known_at(row, spec) for row in source if not rows.is_reject(row, spec)]
    return sorted(
        {(start_of_step(time, spec.step), end_of_step(time, spec.step)) for time in times if time is not None}
    )


def bridge(spans: Iterable[Span], gap: int) -> list[Span]:
    """The spans united, with holes of at most `gap` filled."""
    united: list[Span] = []
    for start, end in sorted(spans):
        if united and start - united[-1][1] <= gap:
            united[-1] = (united[-1][0], max(united[-1][1], end))
        else:
            united.append((start, end))
    return united


def without(spans: Iterable[Span], hole: Span) -> list[Span]:
    """The spans without the times in `hole`."""
    pieces = [piece for start, end in spans for piece in ((start, min(end, hole[0])), (max(start, hole[1]), end))]
    return [(start, end) for start, end in pieces if start < end]


def observed(covered_spans: Sequence[Span], pieces: Sequence[Span]) -> Fraction:
    """The share of a window, given in pieces, that is covered; none of an empty window is."""
    from fractions import Fraction

    length = sum(end - start for start, end in pieces)
    inside = sum(max(0, min(end, piece[1]) - max(start, piece[0])) for start, end in covered_spans for piece in pieces)
    return Fraction(inside, length) if length > 0 else Fraction(0)

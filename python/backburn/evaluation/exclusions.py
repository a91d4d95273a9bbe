"""Time that a document leaves out of budgets and coverage, and what is left of a window without it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backburn.evaluation.series import match_all
from backburn.evaluation.windows import missing, whole_steps

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from backburn.evaluation.series import Labels
    from backburn.evaluation.windows import Span
    from backburn.model.spec import Exclusion, Spec

__all__ = ["applying", "pieces", "widened"]


def applying(spec: Spec, labels: Labels) -> tuple[Exclusion, ...]:
    """Give the exclusions that apply to a series: those all of whose patterns match its labels."""
    return tuple(one for one in spec.exclusions if match_all(one.series, labels))


def widened(exclusions: Iterable[Exclusion], step: int) -> list[Span]:
    """Give their spans, united, sorted and widened to steps, which cannot be split.

    >>> from backburn.model import Exclusion, TimeSpan
    >>> spans = (TimeSpan(start=start, end=end) for start, end in ((70, 80), (0, 61)))
    >>> widened([Exclusion(span=span, reason="move") for span in spans], 60)
    [(0, 120)]
    """
    united: list[Span] = []
    for start, end in sorted(whole_steps(one.span, step) for one in exclusions):
        if united and start <= united[-1][1]:
            united[-1] = (united[-1][0], max(united[-1][1], end))
        else:
            united.append((start, end))
    return united


def pieces(window: Span, left_out: Sequence[Span]) -> list[Span]:
    """Give what is left of a window.

    >>> pieces((0, 100), [(20, 40)])
    [(0, 20), (40, 100)]
    """
    return missing(left_out, window) if left_out else [window]

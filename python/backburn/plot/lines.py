"""The points that lines are drawn through."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from backburn.evaluation.outline import Extremes

__all__ = ["Lines", "lines"]

Lines = list[dict[str, Any]]
"""A record for each point: `t` (milliseconds), the line's `window`, its value `v` (None breaks the line), and whether
the point is `alone`, which a line does not show."""


def lines(known: Sequence[tuple[str, Sequence[Extremes | None]]], span: tuple[int, int, int]) -> Lines:
    """Give the points of some lines, each named: the least and the greatest value of each stretch, in order of time.

    >>> from backburn.evaluation.outline import Extremes
    >>> one = Extremes(least=(2000, 0.1), greatest=(1000, 0.9), last=(2000, 0.1), known=2, over=0)
    >>> [(point["t"], point["v"], point["alone"]) for point in lines([("1h", [one, None])], (0, 4000, 1000))]
    [(1.0, 0.9, False), (2.0, 0.1, False), (3.0, None, False)]
    """
    return [point for window, column in known for point in _line(window, column, span)]


def _line(window: str, column: Sequence[Extremes | None], span: tuple[int, int, int]) -> Iterator[dict[str, Any]]:
    first, last, every = span
    ticks = (last - first) // every + 1
    for at, seen in enumerate(column):
        if seen is None:
            # One break is enough for all stretches that follow each other.
            if at and column[at - 1] is not None:
                begins = -(-at * ticks // len(column))
                yield _point(window, first + begins * every, None, alone=False)
            continue
        ends = dict(sorted((seen.least, seen.greatest)))
        beside = [column[near] for near in (at - 1, at + 1) if 0 <= near < len(column)]
        alone = len(ends) == 1 and not any(beside)
        for tick, value in ends.items():
            yield _point(window, tick, value, alone=alone)


def _point(window: str, tick: int, value: float | None, *, alone: bool) -> dict[str, Any]:
    return {"t": tick / 1000, "window": window, "v": value, "alone": alone}

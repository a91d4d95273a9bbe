"""A timeline seen from afar: the extremes of each stretch of ticks, and which series are the worst."""

from __future__ import annotations

from dataclasses import dataclass
from heapq import nsmallest
from typing import TYPE_CHECKING

from backburn.evaluation.rolling import BUDGET, percentiles

if TYPE_CHECKING:
    from collections.abc import Sequence

    from backburn import _rust
    from backburn.evaluation.timetable import Timeline

__all__ = ["Extremes", "extremes", "named", "outline", "worst"]

_AT_ONCE = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Extremes:
    """The least, the greatest and the last value of a stretch of ticks, each after its tick in microseconds.

    `known` are the ticks at which there is a value, `over` those at which it is above 1.
    """

    least: tuple[int, float]
    greatest: tuple[int, float]
    last: tuple[int, float]
    known: int
    over: int


def outline(
    timeline: Timeline, track: int, series: tuple[int, int], stretches: int, columns: Sequence[str] | None = None
) -> list[dict[str, list[Extremes | None]]]:
    """Give for each of the series `[from, to)` of an objective, by the names of columns, the extremes of each stretch.

    None stands where a column is undefined at every tick of a stretch. Without `columns` they are the timeline's.
    """
    asked = timeline.columns if columns is None else columns
    return extremes(timeline.made(asked), named(timeline.windows, asked), (track, series), stretches)


def extremes(
    made: _rust.Timeline, names: Sequence[str], which: tuple[int, tuple[int, int]], stretches: int
) -> list[dict[str, list[Extremes | None]]]:
    """Do the same with what the core made: `names` are those of its columns, `which` an objective and its series."""
    return [
        {name: [_extremes(*one) if one else None for one in column] for name, column in zip(names, of, strict=True)}
        for of in made.outline(*which, stretches)
    ]


def named(windows: Sequence[str], columns: Sequence[str]) -> list[str]:
    """Name the columns of numbers in their order."""
    quantiles = percentiles(columns)
    of_windows = [one for one in columns if one not in {BUDGET, *quantiles}]
    names = [f"{one}_{window}" for window in windows for one in of_windows]
    names += [BUDGET] if BUDGET in columns else []
    return names + [f"{one}_{window}" for window in windows for one in quantiles]


def worst(timeline: Timeline, track: int, most: int) -> list[int]:
    """List the series of an objective whose budget ends lowest, the lowest first; where none is told, those that burn.

    Series without events come last. At most `most` are listed.
    """
    if BUDGET in timeline.columns:
        column = BUDGET
    elif "burn" in timeline.columns:
        column = "burn"
    else:
        return list(range(min(most, timeline.tracks[track].series)))

    def rank(number: int, of: dict[str, list[Extremes | None]]) -> tuple[bool, float, int]:
        known = [seen for column in of.values() for seen in column if seen is not None]
        if not known:
            return True, 0.0, number
        value = known[0].last[1] if column == BUDGET else -max(seen.greatest[1] for seen in known)
        return False, value, number

    ranked = []
    for first in range(0, timeline.tracks[track].series, _AT_ONCE):
        some = outline(timeline, track, (first, first + _AT_ONCE), 1, [column])
        ranked += [rank(first + number, of) for number, of in enumerate(some)]
        ranked = nsmallest(most, ranked)
    return [number for _, _, number in ranked]


def _extremes(
    least: tuple[int, float], greatest: tuple[int, float], last: tuple[int, float], known: tuple[int, int]
) -> Extremes:
    return Extremes(least=least, greatest=greatest, last=last, known=known[0], over=known[1])

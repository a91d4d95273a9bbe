"""A timeline as panels over time: SLI, what is left of the budget, burn rates, percentiles."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from backburn.evaluation.outline import outline, worst
from backburn.evaluation.rolling import BUDGET, percentiles
from backburn.plot import lines, panels, words
from backburn.plot.sheet import Sheet, choosable, styled

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from decimal import Decimal

    from backburn.evaluation.outline import Extremes
    from backburn.evaluation.timetable import Timeline, Track

__all__ = ["MOST", "chart"]

MOST = 4
"""So many series of an objective are drawn."""


def chart(timeline: Timeline) -> dict[str, Any]:
    """Give the chart of a timeline as Vega-Lite, with the numbers in it.

    For the worst series of each objective: the SLI of each window beside its target, what is left of the budget, burn
    rates on a logarithmic scale, and percentiles where there are any.
    """
    import altair as alt

    points: dict[str, lines.Lines] = {}
    blocks = [block for number in range(len(timeline.tracks)) for block in _blocks(timeline, number, points)]
    title = alt.TitleParams(
        words.documents(timeline.specs), subtitle=list(_caption(timeline, len(blocks))), anchor="start", offset=16
    )
    whole = alt.vconcat(*blocks, title=title, spacing=28).resolve_scale(color="shared")
    return choosable(styled(whole).to_dict(), points)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Block:
    """One series, with what is drawn of it and where."""

    timeline: Timeline
    sheet: Sheet
    track: Track
    target: Decimal
    seen: Mapping[str, list[Extremes | None]]

    def across(self, column: str) -> lines.Lines:
        """Give the lines of a column, one for each window."""
        known = [(window, self.seen[f"{column}_{window}"]) for window in self.timeline.windows]
        return lines.lines(known, self.track.span)


def _blocks(timeline: Timeline, number: int, points: dict[str, lines.Lines]) -> Iterator[Any]:
    import altair as alt

    track = timeline.tracks[number]
    shared = Sheet(windows=timeline.windows, ends=track.span[:2], datasets=points)
    for at in worst(timeline, number, MOST):
        (seen,) = outline(timeline, number, (at, at + 1), words.STRETCHES)
        block = _Block(timeline=timeline, sheet=shared, track=track, target=track.targets[at], seen=seen)
        title = alt.TitleParams(
            words.series(track, track.keys[at]), subtitle=words.promised(track, block.target), anchor="start"
        )
        yield alt.vconcat(*_panels(block), title=title, spacing=10).resolve_scale(x="shared")


def _panels(block: _Block) -> Iterator[Any]:
    told, shared = block.timeline.columns, block.sheet
    if "sli" in told:
        yield panels.sli(shared, block.across("sli"), block.target)
    if BUDGET in told:
        yield panels.budget(shared, lines.lines([("", block.seen[BUDGET])], block.track.span))
    if "burn" in told:
        yield panels.burn(shared, panels.burns(shared, block.across("burn")))
    for name in percentiles(told):
        if block.track.unit is not None:
            axis = panels.Axis(name=name, unit=block.track.unit, threshold=block.track.threshold)
            yield panels.lasted(shared, block.across(name), axis)


def _caption(timeline: Timeline, shown: int) -> Iterator[str]:
    """Say what the picture cannot show by itself: its zone, what was left out, and what a line is made of."""
    yield from words.ticks(track.span for track in timeline.tracks)
    series = sum(track.series for track in timeline.tracks)
    if shown < series:
        yield f"The {shown} worst of {series:,} series: those whose budget ends lowest"
    yield from words.stretched(timeline.tracks)

"""A timeline as panels over time: SLI, what is left of the budget, burn rates, percentiles."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from backburn.engine.times import from_micros, length_text
from backburn.evaluation.outline import outline, worst
from backburn.evaluation.percent import percent
from backburn.evaluation.rolling import BUDGET, percentiles
from backburn.plot import lines, panels
from backburn.plot.files import check, rendered

if TYPE_CHECKING:
    import os
    from collections.abc import Iterator, Mapping
    from decimal import Decimal

    from backburn.evaluation.outline import Extremes
    from backburn.evaluation.timetable import Timeline, Track

__all__ = ["MOST", "chart", "draw"]

MOST = 4
"""So many series of an objective are drawn."""

_BUDGETS = {"all": "all data"}
_STRETCHES = 400
"""A line has so many stretches, of two points each: one for about every two points of a panel's width."""


def draw(timeline: Timeline, path: str | os.PathLike[str]) -> None:
    """Draw a timeline into a file, whole or not at all: `.html` (a page that needs no network), `.svg` or `.png`.

    For the worst series of each objective: the SLI of each window beside its target, what is left of the budget, burn
    rates on a logarithmic scale, and percentiles where there are any. A long timeline is drawn by the least and the
    greatest value of each stretch of ticks, so that no extreme is lost; where nothing is known there is a gap.

    Raises:
        UsageError: the file is no picture, or Altair and vl-convert are not installed (`pip install 'backburn[plot]'`).
        DataError: the file cannot be written.
    """
    from backburn.output.deliver import save_pieces

    ending = check(path)
    save_pieces([rendered(chart(timeline), ending)], str(path))


def chart(timeline: Timeline) -> dict[str, Any]:
    """Give the chart as Vega-Lite, with the numbers in it."""
    import altair as alt

    points: dict[str, lines.Lines] = {}
    blocks = [block for number in range(len(timeline.tracks)) for block in _blocks(timeline, number, points)]
    names = ", ".join(one.name if one.version is None else f"{one.name} {one.version}" for one in timeline.specs)
    title = alt.TitleParams(names, subtitle=list(_caption(timeline, len(blocks))), anchor="start", offset=16)
    whole = alt.vconcat(*blocks, title=title, spacing=28).resolve_scale(color="shared")
    return panels.choosable(panels.styled(whole).to_dict(), points)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Block:
    """One series, with what is drawn of it and where."""

    timeline: Timeline
    sheet: panels.Sheet
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
    sheet = panels.Sheet(windows=timeline.windows, span=track.span, datasets=points)
    for at in worst(timeline, number, MOST):
        (seen,) = outline(timeline, number, (at, at + 1), _STRETCHES)
        block = _Block(timeline=timeline, sheet=sheet, track=track, target=track.targets[at], seen=seen)
        title = alt.TitleParams(
            _name(track, at),
            subtitle=f"target {percent(block.target)}, budget of {_BUDGETS.get(track.window, track.window)}",
            anchor="start",
        )
        yield alt.vconcat(*_panels(block), title=title, spacing=10).resolve_scale(x="shared")


def _panels(block: _Block) -> Iterator[Any]:
    told, sheet = block.timeline.columns, block.sheet
    if "sli" in told:
        yield panels.sli(sheet, block.across("sli"), block.target)
    if BUDGET in told:
        yield panels.budget(sheet, lines.lines([("", block.seen[BUDGET])], block.track.span))
    if "burn" in told:
        yield panels.burn(sheet, block.across("burn"))
    for name in percentiles(told):
        if block.track.unit is not None:
            axis = panels.Axis(name=name, unit=block.track.unit, threshold=block.track.threshold)
            yield panels.lasted(sheet, block.across(name), axis)


def _name(track: Track, at: int) -> str:
    values = ["null" if value is None else value for value in track.keys[at]]
    service = [] if track.service is None else [track.service]
    return " · ".join([*service, track.objective, *values])


def _caption(timeline: Timeline, shown: int) -> Iterator[str]:
    """Say what the picture cannot show by itself: its zone, what was left out, and what a line is made of."""
    spans = dict.fromkeys(track.span for track in timeline.tracks)
    for first, last, every in spans:
        ends = " to ".join(f"{from_micros(edge):%Y-%m-%d %H:%M}" for edge in (first, last))
        yield f"{ends} UTC, a tick every {length_text(every)}"
    series = sum(track.series for track in timeline.tracks)
    if shown < series:
        yield f"The {shown} worst of {series:,} series: those whose budget ends lowest"
    longest = max(timeline.tracks, key=lambda track: track.ticks)
    if longest.ticks > _STRETCHES:
        stretch = -(-longest.ticks // _STRETCHES)
        length = length_text(stretch * longest.span[2])
        yield (
            f"Lines join the least and the greatest value of every {stretch} ticks ({length}); "
            "a gap is shown where a whole stretch is undefined"
        )

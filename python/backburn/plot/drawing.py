"""Results drawn into files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backburn.plot import timeline
from backburn.plot.files import check, rendered

if TYPE_CHECKING:
    import os

    from backburn.evaluation.timetable import Timeline

__all__ = ["draw"]


def draw(result: Timeline, path: str | os.PathLike[str]) -> None:
    """Draw a result into a file, whole or not at all: `.html` (a page that needs no network), `.svg` or `.png`.

    Of a timeline the worst series of each objective are drawn: the SLI of each window beside its target, what is left
    of the budget, burn rates on a logarithmic scale, and percentiles where there are any. What is long is drawn by the
    least and the greatest value of each stretch of ticks, so that no extreme is lost; where nothing is known there is a
    gap.

    Raises:
        UsageError: the file is no picture, or Altair and vl-convert are not installed (`pip install 'backburn[plot]'`).
        DataError: the file cannot be written.
    """
    from backburn.output.deliver import save_pieces

    ending = check(path)
    save_pieces([rendered(timeline.chart(result), ending)], str(path))

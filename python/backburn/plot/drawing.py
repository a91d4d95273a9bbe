"""Results drawn into files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backburn.alerts.result import Backtest
from backburn.alerts.tuning.result import Tuning
from backburn.errors import UsageError
from backburn.plot import backtest, timeline, tune
from backburn.plot.files import check, rendered

if TYPE_CHECKING:
    import os
    from collections.abc import Sequence

    from backburn.evaluation.timetable import Timeline
    from backburn.plot.bands import Incident

__all__ = ["draw"]


def draw(
    result: Timeline | Backtest | Tuning, path: str | os.PathLike[str], incidents: Sequence[Incident] = ()
) -> None:
    """Draw a result into a file, whole or not at all: `.html` (a page that needs no network), `.svg` or `.png`.

    Of a timeline the worst series of each objective are drawn: the SLI of each window beside its target, what is left
    of the budget, burn rates on a logarithmic scale, and percentiles where there are any. What is long is drawn by the
    least and the greatest value of each stretch of ticks, so that no extreme is lost; where nothing is known there is a
    gap.

    Of a backtest the series that spent the most budget while alerts fired are drawn: when alerts were pending and
    fired, the burn rates that each policy looks at beside its factors, and what is left of the budget. `incidents`,
    each from when to when and what to call it, stand above the alerts, and so do the labels that it is scored by.

    Of a tuning recall is drawn against pages a week, on the part that policies were chosen on and on the part held out:
    the front, the choice, the policies of the catalogue, and what chance would have found.

    Raises:
        UsageError: the file is no picture, another result than a backtest is given incidents, or Altair and vl-convert
            are not installed (`pip install 'backburn[plot]'`).
        DataError: the file cannot be written.
    """
    from backburn.output.deliver import save_pieces

    ending = check(path)
    if isinstance(result, Backtest):
        made = backtest.chart(result, incidents)
    elif incidents:
        what = "a tuning" if isinstance(result, Tuning) else "a timeline"
        raise UsageError(f"incidents: {what} shows no incidents", "leave them out, or draw a backtest")
    elif isinstance(result, Tuning):
        made = tune.chart(result)
    else:
        made = timeline.chart(result)
    save_pieces([rendered(made, ending)], str(path))

"""`backburn timeline`: rolling windows at every tick."""

from __future__ import annotations

from typing import Any

import click

from backburn.cli import options
from backburn.cli.helps import Verb
from backburn.cli.verbs import VERBS

__all__ = ["timeline"]


@click.command(cls=Verb, short_help=VERBS["timeline"])
@options.spec
@click.option("--every", metavar="D", help="The time between two ticks (5m); else a step.")
@click.option("--burn", metavar="WINDOWS", help="The windows (5m,1h,6h), in place of report.burn.")
@click.option(
    "--columns",
    metavar="COLUMNS",
    help="What is told: valid, bad, sli, burn, budget_remaining, and percentiles (p95); all but these unless given.",
)
@click.option("--plot", metavar="FILE", help="Draw it too (.html, .svg or .png).")
@options.reading
@options.output
def timeline(**given: Any) -> None:  # noqa: ANN401 - the options above, handed on by name.
    """Say at every tick what happened in the windows before it, how fast it burnt the budget, and what is left.

    The table sums up each series: where it stands at the last tick, and its worst one. All ticks are in the other
    formats, which are written as they are computed: csv, ndjson, json, and with -o parquet.
    """
    from backburn import timeline as roll
    from backburn.cli.present import present
    from backburn.cli.tell import progress
    from backburn.output.formats import choose_format
    from backburn.output.timeline import answer

    form = choose_format(given["format"], given["file"], more=("parquet",))
    if given["plot"] is not None:
        from backburn.plot.files import check

        check(given["plot"])
    specs, data = options.rows_from(given["spec"], given["data"], given["named"])
    with progress(quiet=given["quiet"]) as teller:
        found = roll(
            specs,
            data,
            every=given["every"],
            burn=given["burn"],
            columns=given["columns"],
            progress=teller,
            **options.reading_of(given).arguments(),
        )
    if given["plot"] is not None:
        from backburn.plot import draw

        draw(found, given["plot"])
    present(answer(found), form, file=given["file"], quiet=given["quiet"])

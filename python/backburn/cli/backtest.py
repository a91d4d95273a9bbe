"""`backburn backtest`: what alert policies would have done."""

from __future__ import annotations

from typing import Any

import click

from backburn.cli import options
from backburn.cli.helps import Verb
from backburn.cli.verbs import VERBS

__all__ = ["backtest"]


@click.command(cls=Verb, short_help=VERBS["backtest"])
@options.spec
@click.option(
    "--policy",
    multiple=True,
    metavar="NAME",
    help="A policy of the catalogue, a file, or all; may be repeated. Those that the documents name unless given.",
)
@click.option("--every", metavar="D", help="The time between two ticks (5m); else what the policy says, or a step.")
@click.option("--labels", metavar="FILE", help="Incidents that pages are scored by (.csv, .json or .ndjson).")
@click.option("--alerts", metavar="FILE", help="Write a row for each alert there (.parquet, .csv or .ndjson).")
@click.option("--ticks", metavar="FILE", help="Write every alert's state and burn rates at every tick there.")
@click.option("--plot", metavar="FILE", help="Draw it too (.html, .svg or .png).")
@options.reading
@options.output
def backtest(**given: Any) -> None:  # noqa: ANN401 - the options above, handed on by name.
    """Replay alert policies on recorded traffic: which alerts fire, when, how high, and what is left of the budget.

    The table sums up each policy, shows its alerts on a line of time, and lists the worst of them. Several policies
    stand side by side; `--policy all` says what the thresholds of every known tool would have done here. Pages are
    scored by events that follow from what failed, and by incidents that people wrote down, if `--labels` names them.
    """
    from backburn import backtest as replay
    from backburn.cli.present import present
    from backburn.cli.tell import progress
    from backburn.output import rows
    from backburn.output.backtest import answer
    from backburn.output.formats import choose_format

    form = choose_format(given["format"], given["file"])
    for file in (given["alerts"], given["ticks"]):
        if file is not None:
            rows.check(file)
    if given["plot"] is not None:
        from backburn.plot.files import check

        check(given["plot"])
    specs, data = options.rows_from(given["spec"], given["data"], given["named"])
    with progress(quiet=given["quiet"]) as teller:
        found = replay(
            specs,
            data,
            policy=given["policy"] or None,
            every=given["every"],
            labels=given["labels"],
            progress=teller,
            **options.reading_of(given).arguments(),
        )
    if given["alerts"] is not None:
        table = found.to_pyarrow()
        rows.write(table.schema, table.to_batches(), given["alerts"])
    if given["ticks"] is not None:
        rows.write(found.ticks.schema(), found.ticks.batches(), given["ticks"])
    if given["plot"] is not None:
        from backburn.plot import draw

        draw(found, given["plot"])
    present(answer(found), form, file=given["file"], quiet=given["quiet"])

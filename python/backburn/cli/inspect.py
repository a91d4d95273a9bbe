"""`backburn inspect`: what files are, before anyone says what to count in them."""

from __future__ import annotations

from typing import Any

import click

from backburn.cli import options
from backburn.cli.helps import Verb
from backburn.cli.verbs import VERBS

__all__ = ["inspect"]


@click.command(cls=Verb, short_help=VERBS["inspect"])
@click.argument("data", nargs=-1, required=True, metavar="DATA...")
@click.option(
    "--rows", type=options.Whole(0), metavar="N", default=3, show_default=True, help="How many rows of each to show."
)
@click.option("--start", metavar="T", help="Say what would be skipped by who reads from this time on.")
@click.option("--end", metavar="T", help="Say what would be skipped by who reads before this time.")
@click.option("--time", metavar="COLUMN", help="What --start and --end choose by; else timestamp, or the only one.")
@options.log_format
@options.output
def inspect(**given: Any) -> None:  # noqa: ANN401 - the options above, handed on by name.
    """Say what DATA are: format and why, columns, first rows; of saved rollups, what they hold."""
    from backburn import inspect as look
    from backburn.cli.present import present
    from backburn.output.formats import choose_format
    from backburn.output.inspection import answer

    form = choose_format(given["format"], given["file"])
    inspection = look(
        list(given["data"]),
        format=given["log_format"],
        rows=given["rows"],
        start=given["start"],
        end=given["end"],
        time=given["time"],
    )
    present(answer(inspection), form, file=given["file"], quiet=given["quiet"])

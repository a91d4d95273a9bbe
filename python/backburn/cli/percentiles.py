"""`backburn percentiles`: how long requests took, span by span."""

from __future__ import annotations

from typing import Any

import click

from backburn.cli import options
from backburn.cli.helps import Verb
from backburn.cli.verbs import VERBS

__all__ = ["percentiles"]


@click.command(cls=Verb, short_help=VERBS["percentiles"])
@options.spec
@click.option("--every", metavar="D", help="The length of a span (1h); else all of the data is one.")
@click.option("--exact", is_flag=True, help="Read the rows again until every quantile is exact.")
@click.option(
    "--type",
    "type",
    type=options.Whole(1),
    metavar="N",
    default=7,
    show_default=True,
    help="The definition of a quantile, 1 to 9 (Hyndman and Fan).",
)
@options.reading
@options.output
def percentiles(**given: Any) -> None:  # noqa: ANN401 - the options above, handed on by name.
    """Say how long the valid requests of every latency objective of SPEC took, in its data or in DATA.

    The quantiles are those of `report.quantiles`. They come from histograms, with the error that is stated, or with
    --exact from the rows.
    """
    from backburn import percentiles as spread
    from backburn.cli.present import present
    from backburn.cli.tell import progress
    from backburn.output.formats import choose_format
    from backburn.output.percentiles import answer

    form = choose_format(given["format"], given["file"])
    specs, data = options.rows_from(given["spec"], given["data"], given["named"])
    with progress(quiet=given["quiet"]) as teller:
        found = spread(
            specs,
            data,
            every=given["every"],
            exact=given["exact"],
            type=given["type"],
            progress=teller,
            **options.reading_of(given).arguments(),
        )
    present(answer(found), form, file=given["file"], quiet=given["quiet"])

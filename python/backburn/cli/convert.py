"""`backburn convert`: any log as Parquet."""

from __future__ import annotations

from typing import Any

import click

from backburn.cli import options
from backburn.cli.helps import Verb
from backburn.cli.verbs import VERBS

__all__ = ["convert"]


@click.command(cls=Verb, short_help=VERBS["convert"])
@click.argument("data", nargs=-1, required=True, metavar="LOG...")
@click.option("-o", "--output", "file", required=True, metavar="FILE", help="Write the rows there (Parquet).")
@click.option("--threads", type=options.Whole(1), metavar="N", help="How many threads read.")
@options.rejects
@options.log_format
@options.form
@options.quiet
def convert(**given: Any) -> None:  # noqa: ANN401 - the options above, handed on by name.
    """Write the rows of all LOGs to one Parquet file, whole or not at all.

    Columns are those that the format has, under the common names; what is counted in the file is what is counted in
    the logs.
    """
    from backburn import convert as write
    from backburn.cli.present import present
    from backburn.cli.tell import progress
    from backburn.output.conversion import answer
    from backburn.output.formats import choose_format

    form = choose_format(given["format"], None)
    with progress(quiet=given["quiet"]) as teller:
        conversion = write(
            list(given["data"]),
            given["file"],
            format=given["log_format"],
            threads=given["threads"],
            rejects=given["rejects"],
            progress=teller,
        )
    present(answer(conversion), form, quiet=given["quiet"])

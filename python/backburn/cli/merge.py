"""`backburn merge`: rollups put together."""

from __future__ import annotations

import json
from typing import Any

import click

from backburn.cli import options
from backburn.cli.helps import Verb
from backburn.cli.verbs import VERBS

__all__ = ["merge"]


@click.command(cls=Verb, short_help=VERBS["merge"])
@click.argument("rollups", nargs=-1, required=True, metavar="ROLLUP...")
@click.option("-o", "--output", "file", required=True, metavar="FILE", help="Save the merged counts there (Parquet).")
@options.form
@options.quiet
def merge(**given: Any) -> None:  # noqa: ANN401 - the options above, handed on by name.
    """Merge saved ROLLUPs, in whatever order, into one.

    Rollups that count the same rows, or different things under one name, are an error.
    """
    from backburn import merge as put_together
    from backburn.cli.present import present
    from backburn.output.formats import choose_format
    from backburn.output.rollup import answer

    form = choose_format(given["format"], None)
    merged = put_together(given["rollups"])
    merged.save(given["file"])
    present(answer("merge", json.loads(merged.facts()), given["file"]), form, quiet=given["quiet"])

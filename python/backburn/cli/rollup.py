"""`backburn rollup`: rows counted once and for all."""

from __future__ import annotations

import json
from typing import Any

import click

from backburn.cli import options
from backburn.cli.helps import Verb
from backburn.cli.verbs import VERBS

__all__ = ["rollup"]


@click.command(cls=Verb, short_help=VERBS["rollup"])
@options.spec
@options.reading
@click.option("-o", "--output", "file", required=True, metavar="FILE", help="Save the counts there (Parquet).")
@options.form
@options.quiet
def rollup(**given: Any) -> None:  # noqa: ANN401 - the options above, handed on by name.
    """Count the rows that SPEC is about, and save the counts.

    Every later question, with any target and any window, can be asked of the file:
    `backburn evaluate SPEC FILE`. It is ordinary Parquet.
    """
    from backburn import rollup as count
    from backburn.cli.present import present
    from backburn.cli.tell import progress
    from backburn.output.formats import choose_format
    from backburn.output.rollup import answer

    form = choose_format(given["format"], None)
    specs, data = options.rows_from(given["spec"], given["data"], given["named"])
    with progress(quiet=given["quiet"]) as teller:
        spec = specs[0] if len(specs) == 1 else given["spec"]
        counted = count(spec, data, progress=teller, **options.reading_of(given).arguments())
    counted.save(given["file"])
    present(answer("rollup", json.loads(counted.facts()), given["file"]), form, quiet=given["quiet"])

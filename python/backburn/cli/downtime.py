"""`backburn downtime`: how long everything may be down."""

from __future__ import annotations

from typing import Any

import click

from backburn.cli import options
from backburn.cli.helps import Verb
from backburn.cli.verbs import VERBS

__all__ = ["downtime"]


@click.command(cls=Verb, short_help=VERBS["downtime"])
@click.argument("targets", nargs=-1, required=True, metavar="TARGET...")
@click.option("--window", metavar="W", help="One window (30d, quarter), in place of the common ones.")
@options.output
def downtime(**given: Any) -> None:  # noqa: ANN401 - the options above, handed on by name.
    """Say how long everything may be down under each TARGET, such as 99.9% or 0.9995."""
    from backburn import downtime as allow
    from backburn.cli.present import present
    from backburn.output.downtime import answer
    from backburn.output.formats import choose_format

    form = choose_format(given["format"], given["file"])
    allowed = [allow(target, given["window"]) for target in given["targets"]]
    present(answer(allowed), form, file=given["file"], quiet=given["quiet"])

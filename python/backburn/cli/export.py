"""`backburn export`: saved counts in the words of another tool."""

from __future__ import annotations

from typing import Any

import click

from backburn.cli.helps import Verb
from backburn.cli.verbs import VERBS
from backburn.errors import UsageError

__all__ = ["export"]


@click.command(cls=Verb, short_help=VERBS["export"])
@click.argument("format")
@click.argument("rollup")
@click.option(
    "--label", "labels", multiple=True, metavar="NAME=VALUE", help="A label for every series; may be repeated."
)
@click.option("-o", "--output", "file", metavar="FILE", help="Write there, whole or not at all.")
def export(**given: Any) -> None:  # noqa: ANN401 - the options above, handed on by name.
    """Write the saved ROLLUP in FORMAT, which is openmetrics: cumulative counters with a sample at every step.

    Prometheus takes the file with `promtool tsdb create-blocks-from openmetrics FILE DIRECTORY`; there
    increase(backburn_availability_bad_total[1h]) is what Backburn counts in that hour.
    """
    from backburn import export as give
    from backburn.output import pour

    exported = give(given["format"], given["rollup"], labels=dict(map(_pair, given["labels"])))
    if given["file"] in {None, "-"}:
        pour(exported)
    else:
        exported.save(given["file"])


def _pair(text: str) -> tuple[str, str]:
    name, mark, value = text.partition("=")
    if not (name and mark and value):
        raise UsageError(f"--label: '{text}' is not NAME=VALUE", "as in --label service=shop", value=text)
    return name, value

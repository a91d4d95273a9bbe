"""`backburn export`: saved counts, or promises and their alerts, in the words of another tool."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from backburn.cli.helps import Verb
from backburn.cli.verbs import VERBS
from backburn.errors import UsageError

if TYPE_CHECKING:
    from backburn.interop.prometheus import Rules

__all__ = ["export"]

_RULES = ("policy", "names", "silence", "tests", "data")


@click.command(cls=Verb, short_help=VERBS["export"])
@click.argument("format")
@click.argument("source")
@click.argument("data", nargs=-1)
@click.option(
    "--label", "labels", multiple=True, metavar="NAME=VALUE", help="A label for every series; may be repeated."
)
@click.option(
    "--policy", metavar="NAME", help="For rules: a policy of the catalogue, or a file, in place of the spec's."
)
@click.option("--names", metavar="N", help="For rules: sloth, where dashboards of Sloth are to go on.")
@click.option(
    "--silence", metavar="D", help="For rules: alert on counters that stand still or are gone for so long (10m)."
)
@click.option(
    "--tests", metavar="FILE", help="For rules: write what promtool has to find in DATA, or the spec's own data."
)
@click.option("-o", "--output", "file", metavar="FILE", help="Write there, whole or not at all.")
def export(**given: Any) -> None:  # noqa: ANN401 - the options above, handed on by name.
    """Write SOURCE in FORMAT, which is openmetrics or prometheus.

    openmetrics: the saved rollup SOURCE as cumulative counters with a sample at every step. Prometheus takes the file
    with `promtool tsdb create-blocks-from openmetrics FILE DIRECTORY`; there
    increase(backburn_availability_bad_total[1h]) is what Backburn counts in that hour.

    prometheus: the promises of SOURCE, a file or directory, as rules that fire when `backtest` says so: counts of each
    window are recorded, and alerts compare their quotients. They look at the counters that the documents name
    (prometheus: {bad, valid, by}), else at those of openmetrics. With --tests the worst incidents of the data become
    tests for `promtool test rules FILE`.
    """
    from backburn import export as give
    from backburn.output import pour, save

    labels = dict(map(_pair, given["labels"]))
    if given["format"] == "openmetrics":
        _refuse(given)
        counters = give("openmetrics", given["source"], labels=labels)
        pour(counters) if given["file"] in {None, "-"} else counters.save(given["file"])
        return
    words = {"policy": given["policy"], "silence": given["silence"]} | (
        {"names": given["names"]} if given["names"] else {}
    )
    rules = give(given["format"], given["source"], labels=labels, **words)
    tests = _tests(rules, given)
    if given["file"] in {None, "-"}:
        pour(rules)
    else:
        save(rules.text(), given["file"])
    if tests is not None:
        save(tests, given["tests"])


def _refuse(given: dict[str, Any]) -> None:
    """Refuse what only rules have."""
    wrong = next((name for name in _RULES if given[name]), None)
    if wrong is not None:
        what = "DATA" if wrong == "data" else f"--{wrong}"
        raise UsageError(f"{what} is for rules, not for counters", "leave it out, or export prometheus", value=wrong)


def _tests(rules: Rules, given: dict[str, Any]) -> str | None:
    if given["tests"] is None:
        if given["data"]:
            raise UsageError("rules are made without data", "name a file for what happened, as in --tests tests.yaml")
        return None
    if given["file"] in {None, "-"}:
        raise UsageError("tests name the file of their rules", "write the rules to one, as in -o rules.yaml")
    from backburn.interop.prometheus.replayed import file_of_tests

    place = os.path.relpath(given["file"], Path(given["tests"]).parent)
    return file_of_tests(rules, given["data"] or None, given["policy"], file=place)


def _pair(text: str) -> tuple[str, str]:
    name, mark, value = text.partition("=")
    if not (name and mark and value):
        raise UsageError(f"--label: '{text}' is not NAME=VALUE", "as in --label service=shop", value=text)
    return name, value

"""`backburn evaluate`: promises held against logs."""

from __future__ import annotations

from typing import Any

import click

from backburn.cli import options
from backburn.cli.helps import Verb
from backburn.cli.verbs import VERBS

__all__ = ["evaluate"]


@click.command(cls=Verb, short_help=VERBS["evaluate"])
@options.spec
@click.option("--at", metavar="T", help="The tick at which windows end; else the first one after the last event.")
@click.option("--window", metavar="D", help="The one window to judge (7d, all), in place of the objectives' own.")
@click.option("--exit-zero", is_flag=True, help="Leave with 0 whatever the verdicts are.")
@options.reading
@options.output
def evaluate(**given: Any) -> int:  # noqa: ANN401 - the options above, handed on by name.
    """Hold the promises of SPEC, a file or directory, against its data, or against DATA.

    DATA are logs or saved rollups: files, directories or quoted patterns, or `-` for what another command writes.

    Each result in JSON also says how sure it is, at 95 %: intervals of its SLI, and whether there are too few events to
    tell. Rare, long incidents make even the interval drawn from blocks of time too narrow.

    Exit codes: 0 all met; 1 something is breached; 2 a wrong call or spec; 3 data that cannot be used; 4 nothing is
    breached, but something cannot be judged.
    """
    from backburn import evaluate as judge
    from backburn.cli.present import present
    from backburn.cli.tell import progress
    from backburn.output.evaluation import answer
    from backburn.output.formats import choose_format

    form = choose_format(given["format"], given["file"])
    specs, data = options.rows_from(given["spec"], given["data"], given["named"])
    with progress(quiet=given["quiet"]) as teller:
        evaluation = judge(
            specs,
            data,
            at=given["at"],
            window=given["window"],
            progress=teller,
            **options.reading_of(given).arguments(),
        )
    present(answer(evaluation), form, file=given["file"], quiet=given["quiet"])
    return 0 if given["exit_zero"] else evaluation.exit_code

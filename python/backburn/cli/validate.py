"""`backburn validate`: every error of a document, and what is worth a second look."""

from __future__ import annotations

from typing import Any

import click

from backburn.cli import options
from backburn.cli.helps import Verb
from backburn.cli.verbs import VERBS

__all__ = ["validate"]


@click.command(cls=Verb, short_help=VERBS["validate"])
@click.argument("specs", nargs=-1, required=True, metavar="SPEC...")
@click.option("--strict", is_flag=True, help="Leave with 1 where there are warnings.")
@options.output
def validate(**given: Any) -> int:  # noqa: ANN401 - the options above, handed on by name.
    """Check SPECs, files or directories, without their data.

    Exit codes: 0 no errors; 1 warnings, with --strict; 2 errors.
    """
    from backburn import validate as check
    from backburn.cli.present import present
    from backburn.output.findings import answer
    from backburn.output.formats import choose_format

    form = choose_format(given["format"], given["file"])
    findings = [finding for spec in given["specs"] for finding in check(spec)]
    present(answer(findings), form, file=given["file"], quiet=given["quiet"])
    severities = {finding.severity for finding in findings}
    if "error" in severities:
        return 2
    return 1 if given["strict"] and "warning" in severities else 0

"""`backburn validate`: every error of a document, and what is worth a second look."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from backburn.cli import options
from backburn.cli.helps import Verb
from backburn.cli.verbs import VERBS

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from backburn.model.finding import Finding

    Progress = Callable[[int, int, int], None] | None

__all__ = ["validate"]


@click.command(cls=Verb, short_help=VERBS["validate"])
@click.argument("specs", nargs=-1, required=True, metavar="SPEC...")
@click.option(
    "--data",
    "rows",
    multiple=True,
    metavar="[NAME=]PATH",
    help="Count these logs or saved rollups too, and find what their traffic does not bear; with NAME only for the "
    "document of that name. May be repeated.",
)
@click.option("--strict", is_flag=True, help="Leave with 1 where there are warnings.")
@options.output
def validate(**given: Any) -> int:  # noqa: ANN401 - the options above, handed on by name.
    """Check SPECs, files or directories, by themselves, or with --data at the traffic that they are about.

    At the traffic seen, a budget may be less than one event, a percentile may be of too few, and a window may be longer
    than the data.

    Exit codes: 0 no errors; 1 warnings, with --strict; 2 errors; 3 data that cannot be used.
    """
    from backburn.cli.present import present
    from backburn.cli.tell import progress
    from backburn.output.findings import answer
    from backburn.output.formats import choose_format

    form = choose_format(given["format"], given["file"])
    with progress(quiet=given["quiet"]) as teller:
        findings = _check(given["specs"], given["rows"], teller)
    present(answer(findings), form, file=given["file"], quiet=given["quiet"])
    severities = {finding.severity for finding in findings}
    if "error" in severities:
        return 2
    return 1 if given["strict"] and "warning" in severities else 0


def _check(paths: Sequence[str], rows: Sequence[str], teller: Progress) -> list[Finding]:
    """Check every document; rows are counted only where no document has an error."""
    from backburn import load_specs
    from backburn import validate as check

    findings = [finding for path in paths for finding in check(path)]
    if not rows or any(finding.severity == "error" for finding in findings):
        return findings
    specs = [spec for path in paths for spec in load_specs(path)]
    data = _shared_out(rows, {spec.name for spec in specs})
    return [finding for spec in specs for finding in check(spec, data.get(spec.name) or data[None], progress=teller)]


def _shared_out(rows: Sequence[str], names: set[str]) -> dict[str | None, list[str] | None]:
    """Tell the rows of one document from those of all, which have no name; a path may hold a `=` as well."""
    shared: dict[str | None, list[str]] = {}
    for text in rows:
        name, mark, path = text.partition("=")
        if mark and path and name in names:
            shared.setdefault(name, []).append(path)
        else:
            shared.setdefault(None, []).append(text)
    return {None: None, **shared}

"""`backburn init`: a first spec for a log."""

from __future__ import annotations

import shlex
from typing import Any

import click

from backburn.cli import options
from backburn.cli.helps import Verb
from backburn.cli.verbs import VERBS

__all__ = ["init"]


@click.command(cls=Verb, short_help=VERBS["init"])
@click.argument("log")
@click.option("-o", "--output", "file", metavar="SPEC", help="Write there; a file that exists is left alone.")
@options.log_format
@options.quiet
def init(**given: Any) -> None:  # noqa: ANN401 - the options above, handed on by name.
    """Look at LOG, a file, directory or quoted pattern, and write a spec that fits it.

    The spec is YAML with the reason for each guess beside it, and it validates.
    """
    from backburn import init as draft
    from backburn.cli.tell import note
    from backburn.output import save, send
    from backburn.output.deliver import check_free

    file, wanted = given["file"], given["log_format"]
    if file in {None, "-"}:
        send(draft(given["log"], format=wanted))
        return
    check_free(file)  # Before the log is read, for that may take long.
    save(draft(given["log"], output=file, format=wanted), file, exclusive=True)
    if not given["quiet"]:
        note(f"wrote {file}; next, run: backburn evaluate {shlex.quote(file)}")

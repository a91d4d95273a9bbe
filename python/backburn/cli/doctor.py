"""`backburn doctor`: whether this installation can do its work."""

from __future__ import annotations

from typing import Any

import click

from backburn.cli import options
from backburn.cli.helps import Verb
from backburn.cli.verbs import VERBS

__all__ = ["doctor"]


@click.command(cls=Verb, short_help=VERBS["doctor"])
@options.output
def doctor(**given: Any) -> int:  # noqa: ANN401 - the options above, handed on by name.
    """Look at this installation, and say what to do where something is amiss.

    Exit codes: 0 it can do its work; 3 something is in its way.
    """
    from backburn import doctor as look
    from backburn.cli.present import present
    from backburn.output.doctor import answer
    from backburn.output.formats import choose_format

    form = choose_format(given["format"], given["file"])
    looked = look()
    present(answer(looked), form, file=given["file"], quiet=given["quiet"])
    return 3 if any(check.status == "problem" for check in looked.checks) else 0

"""The last step of every verb: the answer, in the format that is meant, to where it belongs."""

from __future__ import annotations

import os
import shutil
import sys
from typing import TYPE_CHECKING

from backburn.cli.tell import coloured, notes
from backburn.errors import UsageError
from backburn.output.text import visible

if TYPE_CHECKING:
    from backburn.output.answer import Answer
    from backburn.output.render import Look

__all__ = ["present"]


def present(answer: Answer, format: str, *, file: str | None = None, quiet: bool = False) -> None:
    """Print the answer, or write it to a file, and say its notes where the format has no room for them."""
    from backburn.output import pour, render, save, send
    from backburn.output.deliver import fill, save_pieces

    printed = file is None or file == "-"
    if format in answer.files:
        if printed or file is None:
            raise UsageError(f"{format} is for files", f"name one with -o, as in -o result.{format}", value=format)
        fill(answer.files[format], file)
    elif format in answer.pieces:
        if printed or file is None:
            pour(answer.pieces[format]())
        else:
            save_pieces(answer.pieces[format](), file)
    elif file is None or file == "-":
        look = _look()
        text = render(answer, format, look)
        # What a table shows is harmless already; other formats hold the logs' own words for programs.
        harmful = look.terminal and format in {"csv", "json", "ndjson"}
        send("\n".join(map(visible, text.split("\n"))) if harmful else text)
    else:
        save(render(answer, format), file)
    if not quiet and format != "json":
        notes(answer)


def _look() -> Look:
    """A terminal is as wide as it is; a pipe is endless, unless COLUMNS says how wide its reader is."""
    from backburn.output.render import Look

    terminal = sys.stdout is not None and sys.stdout.isatty()
    if not terminal and not os.environ.get("COLUMNS", "").isdigit():
        return Look()
    return Look(width=max(shutil.get_terminal_size().columns, 1), colour=coloured(sys.stdout), terminal=terminal)

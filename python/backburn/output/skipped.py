"""How it looks that something did not have to be read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backburn.output.numbers import count_text

if TYPE_CHECKING:
    from backburn.engine.skipped import Skipped

__all__ = ["skipped_text"]


def skipped_text(skipped: Skipped) -> str | None:
    """Say what was skipped; None where nothing was.

    >>> from backburn.engine.skipped import Skipped
    >>> skipped_text(Skipped(files=28, row_groups=12))
    'not read, outside the asked time: 28 files and 12 row groups'
    >>> skipped_text(Skipped(files=1, row_groups=0))
    'not read, outside the asked time: 1 file'
    """
    parts = [
        f"{count_text(count)} {noun if count == 1 else noun + 's'}"
        for count, noun in ((skipped.files, "file"), (skipped.row_groups, "row group"))
        if count
    ]
    return f"not read, outside the asked time: {' and '.join(parts)}" if parts else None

"""What is said beside the data: errors, notes and progress, all on standard error."""

from __future__ import annotations

import contextlib
import os
import sys
import time
from typing import TYPE_CHECKING

from backburn.cli.pace import Pace
from backburn.output.text import visible

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backburn.output.answer import Answer

__all__ = ["Progress", "coloured", "fail", "note", "notes", "progress", "tell"]

_RED, _CYAN, _BOLD, _PLAIN = "\x1b[1;31m", "\x1b[36m", "\x1b[1m", "\x1b[0m"
_PATIENCE = 0.5
_BEAT = 0.1


def tell(text: str) -> None:
    """Write a line, or several, to standard error; when nobody can read it, nobody is told."""
    with contextlib.suppress(OSError, ValueError, AttributeError):
        encoding = sys.stderr.encoding or "utf-8"
        sys.stderr.write(text.encode(encoding, "backslashreplace").decode(encoding) + "\n")
        sys.stderr.flush()


def fail(message: str, remedy: str | None = None) -> None:
    """Say what is wrong, and on the next line what to do about it."""
    tell(f"{_painted('error:', _RED)} {_lines(message)}")
    if remedy:
        tell(f"  {_painted('help:', _BOLD)} {_lines(remedy)}")


def note(message: str, code: str | None = None) -> None:
    """Say something worth knowing."""
    tell(f"{_painted('note:', _CYAN)} {_lines(message)}" + (f" ({code})" if code else ""))


def notes(answer: Answer) -> None:
    """Say every note of an answer."""
    for code, message in answer.notes:
        note(message, code)


def coloured(stream: object) -> bool:
    """Say whether colours may be used: on a terminal that has them, for a person who did not refuse them."""
    if os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
        return False
    isatty = getattr(stream, "isatty", None)
    with contextlib.suppress(ValueError):
        return bool(isatty and isatty())
    return False


class Progress:
    """A line on a terminal that says how far the reading has come; it appears only when reading takes its time."""

    def __init__(self) -> None:
        self._created = self._last = time.monotonic()
        self._pace = Pace(self._created)
        self._shown = False

    def __call__(self, done: int, total: int, rows: int) -> None:
        """Tell of `done` parts out of `total`, and of the rows read so far; a total of 1 or 0 says nothing of parts."""
        self._tell(done, total, rows, reads=True)

    def works(self, done: int, total: int) -> None:
        """Tell of the parts of what is no reading."""
        self._tell(done, total, 0, reads=False)

    def _tell(self, done: int, total: int, rows: int, *, reads: bool) -> None:
        now = time.monotonic()
        if self._pace.is_over(done, rows) or self._pace.reads != reads:
            self._pace = Pace(now, reads=reads)
        self._pace.note(now, done, total, rows)
        if now - self._created < _PATIENCE or now - self._last < _BEAT:
            return
        self._last = now
        self._write(f"\r\x1b[K{self._pace.text(now)[: _room()]}")
        self._shown = True

    def clear(self) -> None:
        """Take the line away, so that what follows stands where it would have stood."""
        if self._shown:
            self._write("\r\x1b[K")
            self._shown = False

    @staticmethod
    def _write(text: str) -> None:
        with contextlib.suppress(OSError, ValueError):
            sys.stderr.write(text)
            sys.stderr.flush()


def _room() -> int | None:
    """Count the columns of a line: one that is broken could not be taken away."""
    with contextlib.suppress(OSError, ValueError):
        columns = os.get_terminal_size(sys.stderr.fileno()).columns
        return columns - 1 if columns else None
    return None


@contextlib.contextmanager
def progress(*, quiet: bool) -> Iterator[Progress | None]:
    """Give what tells of progress, or None where nobody watches."""
    watched = False
    with contextlib.suppress(ValueError, AttributeError):
        watched = not quiet and sys.stderr.isatty() and os.environ.get("TERM") != "dumb"
    if not watched:
        yield None
        return
    teller = Progress()
    try:
        yield teller
    finally:
        teller.clear()


def _painted(text: str, colour: str) -> str:
    return f"{colour}{text}{_PLAIN}" if coloured(sys.stderr) else text


def _lines(text: str) -> str:
    return "\n".join(map(visible, text.split("\n")))

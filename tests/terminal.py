"""The program on a terminal, and what a person sees there."""

from __future__ import annotations

import contextlib
import os
import pty
import select
import subprocess
import sys
import time
from typing import TYPE_CHECKING

from shell import environment, program

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = ["Terminal", "on_terminal"]

# Ctrl-C is a signal only to those whose controlling terminal it is typed on: a new session takes this one.
_TAKE = """
import fcntl, os, sys, termios
fcntl.ioctl(0, termios.TIOCSCTTY, 0)
os.execv(sys.argv[1], sys.argv[1:])
"""


class Terminal:
    """A terminal on which a program runs: what it has shown so far, and the keys."""

    def __init__(self, leader: int, process: subprocess.Popen[bytes]) -> None:
        self._leader = leader
        self._shown = bytearray()
        self.process = process

    @property
    def screen(self) -> str:
        """All that was shown, with what was taken away since."""
        return self._shown.decode(errors="replace")

    def press(self, key: bytes) -> None:
        """Type something."""
        os.write(self._leader, key)

    def read_for(self, seconds: float) -> None:
        """Read what is shown, for some time or until the other end is closed."""
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            if not select.select([self._leader], [], [], left)[0]:
                return
            try:
                self._shown += os.read(self._leader, 65_536)
            except OSError:  # Linux says so when the last program has closed the terminal.
                return

    def wait(self, seconds: float) -> int | None:
        """Read until the program ends, and give its exit code; None where it takes longer."""
        end = time.monotonic() + seconds
        while self.process.poll() is None and time.monotonic() < end:
            self.read_for(0.01)
        self.read_for(0.1)
        return self.process.returncode


@contextlib.contextmanager
def on_terminal(arguments: list[str], folder: Path) -> Iterator[Terminal]:
    """Start the program in a folder, on a terminal of its own."""
    leader, follower = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-c", _TAKE, program(), *arguments],
        cwd=folder,
        env=environment() | {"TERM": "xterm"},
        stdin=follower,
        stdout=follower,
        stderr=follower,
        start_new_session=True,
    )
    os.close(follower)
    try:
        yield Terminal(leader, process)
    finally:
        process.kill()
        process.wait()
        os.close(leader)

"""The program as a person meets it: a command line, what it prints, and its exit code."""

from __future__ import annotations

import atexit
import functools
import os
import shlex
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

__all__ = ["Outcome", "environment", "program", "run"]

WIDTH = 100
LONGEST = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a command printed, and the exit code it left."""

    exit: int
    stdout: str
    stderr: str


@functools.cache
def program() -> Path:
    """The installed `backburn`, or one that runs the module where only that can be imported."""
    installed = Path(sys.executable).parent / "backburn"
    if installed.is_file():
        return installed
    folder = Path(tempfile.mkdtemp(prefix="backburn-program-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    folder.chmod(0o755)
    script = folder / "backburn"
    script.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -m backburn "$@"\n', encoding="utf-8")
    script.chmod(0o755)
    return script


def environment() -> dict[str, str]:
    """A terminal of known width without colours, in which nothing of the person who runs the tests is left."""
    return {
        "PATH": f"{program().parent}:{os.environ.get('PATH', '/usr/bin:/bin')}",
        "HOME": "/nonexistent",
        "LANG": "C.UTF-8",
        "LC_ALL": "C.UTF-8",
        "TZ": "UTC",
        "COLUMNS": str(WIDTH),
        "LINES": "40",
        "TERM": "dumb",
        "NO_COLOR": "1",
        "PYTHONDONTWRITEBYTECODE": "1",
    }


def run(command: str, folder: Path, *, merged: bool = False) -> Outcome:
    """Run a command line in a folder; `merged` puts both streams into one, as a terminal does."""
    done = subprocess.run(
        ["bash", "-c", command],
        cwd=folder,
        env=environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT if merged else subprocess.PIPE,
        timeout=LONGEST,
        check=False,
    )
    decode = functools.partial(str, encoding="utf-8", errors="replace")
    return Outcome(exit=done.returncode, stdout=decode(done.stdout), stderr=decode(done.stderr or b""))

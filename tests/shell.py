"""The program as a person meets it: a command line, what it prints, and its exit code."""

from __future__ import annotations

import atexit
import functools
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
import threading
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


def run(command: str, folder: Path, *, merged: bool = False, warm: bool = False) -> Outcome:
    """Run a command line in a folder; `merged` puts both streams into one, as a terminal does.

    With `warm` a plain `backburn ...` does not wait for an interpreter to start and import (see `warm.py`): for tests
    of what is said, which are many, and not of how a process starts.
    """
    if warm and _is_plain(command):
        return _Warm.ready().run(shlex.split(command), folder, merged=merged)
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
    return Outcome(exit=done.returncode, stdout=_decoded(done.stdout), stderr=_decoded(done.stderr or b""))


def _decoded(shown: bytes) -> str:
    return str(shown, encoding="utf-8", errors="replace")


def _is_plain(command: str) -> bool:
    """Whether there is nothing in a command line for a shell to do but to take words apart."""
    return command.startswith("backburn ") and not re.search(r"[^\w\s./:=,+@%-]", re.sub("'[^'\n]*'", "", command))


class _Warm:
    """The one process from which commands are forked, started when it is first asked."""

    _lock = threading.Lock()

    def __init__(self) -> None:
        self.server = subprocess.Popen(
            [sys.executable, str(Path(__file__).parent / "warm.py")],
            env=environment(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        atexit.register(self.server.kill)

    @classmethod
    @functools.cache
    def ready(cls) -> _Warm:
        return cls()

    def run(self, words: list[str], folder: Path, *, merged: bool) -> Outcome:
        """Run a command in a process of its own."""
        with tempfile.TemporaryDirectory(prefix="backburn-shown-") as place:
            out, err = Path(place) / "out", Path(place) / "err"
            for path in (out, err):
                path.touch()
            asked = {"words": words, "folder": str(folder), "stdout": str(out), "stderr": str(out if merged else err)}
            with self._lock:
                code = self._ask(json.dumps(asked))
            return Outcome(exit=code, stdout=_decoded(out.read_bytes()), stderr=_decoded(err.read_bytes()))

    def _ask(self, line: str) -> int:
        if self.server.stdin is None or self.server.stdout is None:
            raise RuntimeError("the process was started without pipes")
        late = threading.Timer(LONGEST, self.server.kill)
        late.start()
        try:
            self.server.stdin.write(line + "\n")
            self.server.stdin.flush()
            answer = self.server.stdout.readline()
        finally:
            late.cancel()
        if not answer:
            raise TimeoutError(f"no answer within {LONGEST} s to {line}")
        return int(answer)

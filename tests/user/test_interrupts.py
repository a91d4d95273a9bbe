"""Ctrl-C on a terminal ends a scan within a second, with 130 and without a traceback."""

from __future__ import annotations

import os
import pty
import select
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest
from shell import environment, program

if TYPE_CHECKING:
    from pathlib import Path

INTERRUPT = b"\x03"
# Ctrl-C is a signal only to those whose controlling terminal it is typed on: a new session takes this one.
ON_TERMINAL = """
import fcntl, os, sys, termios
fcntl.ioctl(0, termios.TIOCSCTTY, 0)
os.execv(sys.argv[1], sys.argv[1:])
"""
DOCUMENT = """\
apiVersion: backburn/v1
kind: ServiceLevelObjectives
metadata: {service: shop, owner: sre}
source: {data: [log.csv], by: [path]}
objectives:
"""
OBJECTIVE = """\
  - {name: promise-%d, sli: {kind: ratio, good: "path LIKE '%%/p%%t%%/%d%%'"}, target: 50%%, window: all}
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A log that takes some seconds to read: many files, which their first and last lines tell apart."""
    place = tmp_path_factory.mktemp("interrupts")
    promises = "".join(OBJECTIVE % (number, number) for number in range(12))
    (place / "slo.yaml").write_text(DOCUMENT + promises, encoding="utf-8")
    rows = "".join(f"2026-06-01T10:{row // 1000 % 60:02}:00Z,200,/path/{row % 100}\n" for row in range(100_000))
    for number in range(60):
        first, last = (f"2026-06-01T{hour}:00:00Z,200,/file/{number}\n" for hour in ("09", "11"))
        text = f"timestamp,status,path\n{first}{rows}{last}"
        (place / f"log-{number:02}.csv").write_text(text, encoding="utf-8")
    return place


def interrupted(arguments: list[str], folder: Path, after: float) -> tuple[int, str, float]:
    """Press Ctrl-C some seconds after the start: the exit code, what the terminal shows, and the seconds it took."""
    leader, follower = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-c", ON_TERMINAL, program(), *arguments],
        cwd=folder,
        env=environment() | {"TERM": "xterm"},
        stdin=follower,
        stdout=follower,
        stderr=follower,
        start_new_session=True,
    )
    os.close(follower)
    screen = bytearray()
    try:
        read_for(leader, screen, after)
        if process.poll() is not None:
            pytest.fail(f"it ended before it could be interrupted: {screen.decode(errors='replace')}")
        start = time.monotonic()
        os.write(leader, INTERRUPT)
        while process.poll() is None and time.monotonic() - start < 30:
            read_for(leader, screen, 0.01)
        took = time.monotonic() - start
        read_for(leader, screen, 0.1)
    finally:
        process.kill()
        process.wait()
        os.close(leader)
    return process.returncode, screen.decode(errors="replace"), took


def read_for(leader: int, screen: bytearray, seconds: float) -> None:
    """Read what the terminal shows, for some time or until its other end is closed."""
    end = time.monotonic() + seconds
    while (left := end - time.monotonic()) > 0:
        if not select.select([leader], [], [], left)[0]:
            return
        try:
            screen += os.read(leader, 65_536)
        except OSError:  # Linux says so when the last program has closed the terminal.
            return


@pytest.mark.parametrize("verb", ["evaluate", "rollup"])
def test_ctrl_c_ends_a_scan_within_a_second(folder: Path, verb: str) -> None:
    logs = sorted(path.name for path in folder.glob("log-*.csv"))
    output = ["-o", "out.parquet"] if verb == "rollup" else []
    code, screen, took = interrupted([verb, "slo.yaml", *logs, "--threads", "1", *output], folder, after=1.0)
    assert code == 130, screen
    assert took < 1.0
    assert "Traceback" not in screen
    assert not (folder / "out.parquet").exists()
    assert sorted(path.name for path in folder.iterdir()) == sorted([*logs, "slo.yaml"])

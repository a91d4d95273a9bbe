"""Ctrl-C on a terminal ends a scan within a second, with 130 and without a traceback."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest
from terminal import on_terminal

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.alone

INTERRUPT = b"\x03"


def interrupted(arguments: list[str], folder: Path, after: float) -> tuple[int | None, str, float]:
    """Press Ctrl-C some seconds after the start: the exit code, what the terminal shows, and the seconds it took."""
    with on_terminal(arguments, folder) as terminal:
        terminal.read_for(after)
        if terminal.process.poll() is not None:
            pytest.fail(f"it ended before it could be interrupted: {terminal.screen}")
        start = time.monotonic()
        terminal.press(INTERRUPT)
        while terminal.process.poll() is None and time.monotonic() - start < 30:
            terminal.read_for(0.01)
        took = time.monotonic() - start
        return terminal.wait(1), terminal.screen, took


@pytest.mark.parametrize("verb", ["evaluate", "rollup"])
def test_ctrl_c_ends_a_scan_within_a_second(long_log: Path, verb: str) -> None:
    logs = sorted(path.name for path in long_log.glob("log-*.csv"))
    output = ["-o", "out.parquet"] if verb == "rollup" else []
    code, screen, took = interrupted([verb, "slo.yaml", *logs, "--threads", "1", *output], long_log, after=1.0)
    assert code == 130, screen
    assert took < 1.0
    assert "Traceback" not in screen
    assert not (long_log / "out.parquet").exists()
    assert sorted(path.name for path in long_log.iterdir()) == sorted([*logs, "slo.yaml"])

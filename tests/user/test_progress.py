"""Who waits at a terminal sees how far the reading has come; nobody else does, and nothing of it stays."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from shell import run
from terminal import on_terminal

if TYPE_CHECKING:
    from pathlib import Path

LINE = re.compile(r"\r\x1b\[Kreading: (\d+) %, ([\d,]+) rows, [\d,]+ a second(, (?:\d+ min )?\d+ s left)?(?=\r)")
ROWS = 60 * 100_002


def test_a_terminal_shows_rows_pace_share_and_time_left(long_log: Path) -> None:
    logs = sorted(path.name for path in long_log.glob("log-*.csv"))
    with on_terminal(["evaluate", "slo.yaml", *logs, "--threads", "1"], long_log) as terminal:
        terminal.wait(110)
        screen = terminal.screen
    told = LINE.findall(screen)
    assert len(told) > 3, screen
    shares = [int(share) for share, _, _ in told]
    rows = [int(number.replace(",", "")) for _, number, _ in told]
    assert (shares, rows) == (sorted(shares), sorted(rows))
    assert shares[0] < 50
    assert 75 < shares[-1] <= 100
    assert rows[-1] <= ROWS
    left = [bool(words) for _, _, words in told]
    assert not left[0]
    assert any(left)
    # The last of them is gone before the answer begins.
    before, _, answer = screen.rpartition("\r\x1b[K")
    assert "reading" in before
    assert "reading" not in answer
    assert answer.startswith(f"shop: {ROWS:,} rows")


def test_a_pipe_is_told_nothing(long_log: Path) -> None:
    left = run("backburn evaluate slo.yaml log-0*.csv --threads 1 2>&1 | cat", long_log)
    assert "reading" not in left.stdout
    assert "\x1b" not in left.stdout
    assert left.stdout.startswith("shop: 1,000,020 rows")

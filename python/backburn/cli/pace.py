"""How fast the reading goes, and how long it will take."""

from __future__ import annotations

import math

__all__ = ["Pace", "left_text"]

_MEMORY = 3.0
"""Seconds after which what was weighs a third of what is."""
_CONFIDENCE = 1.0
"""Seconds of work after which it is worth saying how many are left."""
_MINUTE, _HOUR = 60, 3600


class Pace:
    """One reading of some files or of a stream, from its first row on; or other work, which has parts and no rows."""

    def __init__(self, begun: float, *, reads: bool = True) -> None:
        self.reads = reads
        self._begun = self._seen = begun
        self._done = self._total = self._rows = 0
        self._rate = self._weight = 0.0

    def is_over(self, done: int, rows: int) -> bool:
        """Whether it is another reading that has come so far: one that is behind this one."""
        return done < self._done or rows < self._rows

    def note(self, now: float, done: int, total: int, rows: int) -> None:
        """Note that `done` parts of `total` are done at a moment in seconds, and the number of rows."""
        if not done and not rows:
            # Files are being opened, which says nothing about the time that their rows take.
            self._begun = now
        elif now > self._seen:
            new = 1 - math.exp((self._seen - now) / _MEMORY)
            self._rate += ((done - self._done) / (now - self._seen) - self._rate) * new
            self._weight += (1 - self._weight) * new
        self._seen, self._done, self._total, self._rows = now, done, total, rows

    def left(self, now: float) -> float | None:
        """Say how many seconds it will take from now on at the pace of the last few; None where nobody can tell."""
        if self._total <= 1 or self._done >= self._total or now - self._begun < _CONFIDENCE or self._rate <= 0:
            return None
        # The average began at nothing; what it has not heard of yet is taken out.
        return (self._total - self._done) * self._weight / self._rate

    def text(self, now: float) -> str:
        """Sum up: `reading: 42 %, 21,000,000 rows, 25,000,000 a second, 3 s left`, or `working: 42 %, 3 s left`."""
        parts = [f"{self._done * 100 // self._total} %"] if self._total > 1 else []
        if self.reads:
            parts.append(f"{self._rows:,} rows")
        if self.reads and now > self._begun:
            parts.append(f"{int(self._rows / (now - self._begun)):,} a second")
        left = self.left(now)
        if left is not None:
            parts.append(left_text(left))
        what = "reading" if self.reads else "working"
        return f"{what}: {', '.join(parts)}" if parts else what


def left_text(seconds: float) -> str:
    """Write how long something will take, in whole seconds and never as none.

    >>> left_text(2.1), left_text(125), left_text(3720)
    ('3 s left', '2 min 5 s left', '1 h 2 min left')
    """
    whole = max(math.ceil(seconds), 1)
    if whole < _MINUTE:
        return f"{whole} s left"
    if whole < _HOUR:
        return f"{whole // _MINUTE} min {whole % _MINUTE} s left"
    return f"{whole // _HOUR:,} h {whole % _HOUR // _MINUTE} min left"

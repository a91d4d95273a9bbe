"""What an engine's module offers: for each task a function that prepares it and tells how its answer is read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import pyarrow as pa

MODULES = {
    "Backburn": "backburn",
    "DuckDB": "duckdb",
    "Polars": "polars",
    "pyarrow": "pyarrow",
    "grep": "grep",
    "promtool": "promtool",
    "NumPy": "numpy",
}
"""Each engine's name, and what its module is called after."""
COLUMNS = ["timestamp", "service", "status", "duration_ms"]
SLOW_MS = 300
ALLOWED = 0.001
"""1 − target of the availability promise, 99.9 %."""
QUANTILES = (0.5, 0.9, 0.95, 0.99)
WINDOWS = {"5m": 5, "30m": 30, "1h": 60, "2h": 120, "6h": 360, "12h": 720, "1d": 1440, "3d": 4320}
"""The windows of the burn rates, in minutes."""
TIERS = (
    ("page", "1h", "5m", "14.4"),
    ("page", "6h", "30m", "6"),
    ("ticket", "1d", "2h", "3"),
    ("ticket", "3d", "6h", "1"),
)
"""An alert policy: each alert is true where both burn rates of one of its pairs are above the factor."""
ROLLING = 0.95
"""The quantile that rolls over the last hour."""
POLICY_TICKS = 2_000 * 20 * 43_200
"""Policies of the grid that is swept, series, and ticks of each."""
MINUTE_US = 60_000_000
HOUR_US = 3_600_000_000


class NotThereError(Exception):
    """An engine cannot do the task at all; the message says what it lacks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Setup:
    """Where the rows are, and how many threads may work."""

    folder: Path
    threads: int

    @property
    def files(self) -> list[str]:
        """The Parquet files, in order."""
        return [str(path) for path in sorted(self.folder.glob("*.parquet"))]

    def text(self, ending: str) -> str:
        """The month as text."""
        return str(self.folder / f"requests.{ending}")

    @property
    def log(self) -> str:
        """The access log."""
        return str(self.folder / "access.log")


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """One task, ready to run.

    `run` is what is timed, and nothing else is; it may call its argument with a word to note the time so far.
    `answer` turns what `run` gives into the form in which answers are compared; it is not timed.
    """

    run: Callable[[Callable[[str], None]], Any]
    answer: Callable[[Any], pa.Table] | None = None


Tasks = dict[str, "Callable[[Setup], Work]"]

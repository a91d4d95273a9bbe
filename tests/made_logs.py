"""Small Parquet logs and documents for tests."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

START = datetime(2025, 10, 1, tzinfo=UTC)
"""When the made logs begin."""


def write_log(path: Path, rows: Iterable[dict[str, Any]]) -> Path:
    """Write rows with `at` (minutes after START) and any other columns; absent statuses and durations are 200 and 1."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    filled = [{"status": 200, "duration_ms": 1.0, **row} for row in rows]
    times = [START + timedelta(minutes=row.pop("at")) for row in filled]
    table = pa.Table.from_pylist(filled)
    pq.write_table(table.append_column("timestamp", pa.array(times, pa.timestamp("us", "UTC"))), path)
    return path


def counted_rows(first: datetime, apart: timedelta, counts: Iterable[tuple[int, int]]) -> dict[str, list[Any]]:
    """Give rows of good and bad events (column `n`), one pair a span of `apart` from `first` on."""
    rows: dict[str, list[Any]] = {"timestamp": [], "status": [], "n": []}
    for number, pair in enumerate(counts):
        for status, count in zip((200, 500), pair, strict=True):
            if count:
                rows["timestamp"].append(first + number * apart)
                rows["status"].append(status)
                rows["n"].append(count)
    return rows


def document(**changes: Any) -> dict[str, Any]:
    """Give a document with one objective of availability, with other fields changed."""
    made: dict[str, Any] = {
        "apiVersion": "backburn/v1",
        "kind": "ServiceLevelObjectives",
        "metadata": {"service": "shop", "owner": "team"},
        "source": {},
        "objectives": [objective()],
    }
    return made | changes


def objective(**changes: Any) -> dict[str, Any]:
    """Give an objective of availability over all of the data, with other fields changed."""
    made: dict[str, Any] = {
        "name": "availability",
        "sli": {"kind": "availability"},
        "target": "99%",
        "window": "all",
    }
    return made | changes

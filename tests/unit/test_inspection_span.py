"""From when to when a log is, as far as `inspect` sees it without reading all of it."""

from __future__ import annotations

import gzip
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq

import backburn

if TYPE_CHECKING:
    from pathlib import Path

LINE = '192.0.2.1 - - [{:02}/Jun/2026:10:00:00 +0000] "GET /{} HTTP/1.1" 200 5\n'


def span(path: Path) -> tuple[datetime | None, datetime | None]:
    file = backburn.inspect(path).files[0]
    return file.start, file.end


def june(day: int) -> datetime:
    return datetime(2026, 6, day, 10, tzinfo=UTC)


def test_all_rows_of_a_small_log_are_seen(tmp_path: Path) -> None:
    text = "".join(LINE.format(day, "") for day in (3, 1, 9, 4))
    (tmp_path / "plain.log").write_text(text, encoding="utf-8")
    (tmp_path / "packed.log").write_bytes(gzip.compress(text.encode()))
    rows = "".join(f"2026-06-{day:02}T10:00:00Z,200\n" for day in (3, 1, 9, 4))
    (tmp_path / "rows.csv").write_text(f"timestamp,status\n{rows}", encoding="utf-8")
    for name in ("plain.log", "packed.log", "rows.csv"):
        assert span(tmp_path / name) == (june(1), june(9)), name


def test_the_first_and_last_rows_of_a_large_log_are_seen(tmp_path: Path) -> None:
    path = tmp_path / "large.log"
    with path.open("w", encoding="utf-8") as file:
        for day in range(1, 21):
            file.write(LINE.format(day, "a" * 900) * 1_000)
    assert path.stat().st_size > 2 * 8 * 1024 * 1024
    assert span(path) == (june(1), june(20))


def test_parquet_is_known_by_its_statistics(tmp_path: Path) -> None:
    times = pa.array([june(5), june(2), None, june(7)], pa.timestamp("ms", "UTC"))
    table = pa.table({"at": times, "status": [200, 200, 200, 503]})
    pq.write_table(table, tmp_path / "told.parquet", row_group_size=2)
    pq.write_table(table, tmp_path / "untold.parquet", write_statistics=False)
    assert span(tmp_path / "told.parquet") == (june(2), june(7))
    assert span(tmp_path / "untold.parquet") == (None, None)


def test_times_that_somebody_has_to_explain_are_not_guessed(tmp_path: Path) -> None:
    path = tmp_path / "rows.csv"
    path.write_text("timestamp,status\n1780308000,200\n1780308060,200\n", encoding="utf-8")
    assert span(path) == (None, None)

"""Many series, sparse and shuffled: every cell of the saved rollup is what DuckDB counts from the same log."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import duckdb
import pytest

import backburn

if TYPE_CHECKING:
    from pathlib import Path

SPEC: dict[str, Any] = {
    "apiVersion": "backburn/v1",
    "kind": "ServiceLevelObjectives",
    "metadata": {"service": "shop"},
    "source": {
        "count": "n",
        "columns": {"duration": {"column": "took", "unit": "ms"}},
        "exclude": [{"when": "status = 429", "reason": "Rate limit"}],
        "by": ["series"],
    },
    "objectives": [
        {"name": "up", "sli": {"kind": "availability"}, "target": "99%", "window": "1d"},
        {"name": "fast", "sli": {"kind": "latency", "threshold": "300ms"}, "target": "95%", "window": "1d"},
    ],
}
# Hashes of the row's number stand for chance, so that the log is the same in every run.
LOG = """
    SELECT make_timestamptz(1759276800000000 + (hash(i) % {span})::BIGINT) AS "timestamp",
           's' || (hash(i + 1000000007) % {series}) AS series,
           [200, 200, 200, 301, 404, 429, 500, 503, 0, NULL][1 + (hash(i + 2000000014) % 10)::INTEGER] AS status,
           CASE WHEN i % 50 = 0 THEN NULL ELSE (hash(i + 3000000021) % 600000) / 1000 END AS took,
           (1 + hash(i + 4000000028) % 3)::INTEGER AS n
    FROM range({rows}) AS numbers(i)
"""
EXPECTED = """
    SELECT measure, series, time_bucket(INTERVAL 1 MINUTE, "timestamp") AS step_start,
           sum(CASE WHEN lane = 'good' THEN n ELSE 0 END)::BIGINT AS good,
           sum(CASE WHEN lane = 'bad' THEN n ELSE 0 END)::BIGINT AS bad,
           sum(CASE WHEN lane = 'excluded' THEN n ELSE 0 END)::BIGINT AS excluded,
           sum(CASE WHEN lane = 'unknown' THEN n ELSE 0 END)::BIGINT AS unknown,
           count(*) AS "rows"
    FROM (
        SELECT *, 'up' AS measure, CASE WHEN status = 429 THEN 'excluded' WHEN status BETWEEN 100 AND 499 THEN 'good'
                                        WHEN status BETWEEN 500 AND 599 THEN 'bad' ELSE 'unknown' END AS lane FROM log
        UNION ALL
        SELECT *, 'fast', CASE WHEN status = 429 THEN 'excluded' WHEN took IS NULL THEN 'unknown'
                               WHEN took <= 300 THEN 'good' ELSE 'bad' END FROM log
    )
    GROUP BY ALL
"""
FOUND = """
    SELECT measure, series, step_start, good::BIGINT, bad::BIGINT, excluded::BIGINT, unknown::BIGINT, "rows"::BIGINT
    FROM read_parquet(?) WHERE kind = 'tally'
"""


@pytest.mark.parametrize(
    ("rows", "series", "days"),
    [
        (200_000, 20_000, 30),  # Nearly every row has a cell of its own.
        (200_000, 3, 30),  # Long series, out of order.
        (200_000, 5_000, 1),
    ],
)
def test_every_cell_equals_what_duckdb_counts(tmp_path: Path, rows: int, series: int, days: int) -> None:
    log, saved = tmp_path / "log.parquet", tmp_path / "counted.parquet"
    with duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'UTC'")
        made = LOG.format(rows=rows, series=series, span=days * 86_400_000_000)
        connection.execute(f"CREATE TABLE log AS {made}")
        connection.execute("COPY log TO $1 (FORMAT parquet, ROW_GROUP_SIZE 20480)", [str(log)])
        backburn.rollup(SPEC, log).save(str(saved))
        connection.execute(f"CREATE TABLE expected AS {EXPECTED}")
        connection.execute(f"CREATE TABLE found AS {FOUND}", [str(saved)])
        cells = connection.execute("SELECT count(*) FROM expected").fetchone()
        assert connection.execute("SELECT count(*) FROM found").fetchone() == cells
        assert connection.execute("FROM expected EXCEPT FROM found").fetchall() == []

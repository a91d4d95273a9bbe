"""The tasks in SQL as it is mostly written: the first that comes to mind, without regard for what is fast."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc
from work import ALLOWED, HOUR_US, MINUTE_US, QUANTILES, SLOW_MS, WINDOWS

RECIPES = {
    "t1-plain": "minutes as `date_trunc('minute', timestamp)`",
    "t2-plain": "hours as `date_trunc('hour', timestamp)`, a `quantile_cont` for each quantile",
    "t3-plain": "`t1-plain`, and sums over `ROWS` frames",
    "logs-plain": "all nine fields of each line by one `regexp_extract`, and `strptime`",
}
COUNTS = f"""
    SELECT service, date_trunc('minute', timestamp) AS minute, count(*) AS total,
           count(*) FILTER (status >= 500) AS bad, count(*) FILTER (duration_ms > {SLOW_MS}) AS slow
    FROM rows GROUP BY ALL"""
EXACT = f"""
    SELECT service, date_trunc('hour', timestamp) AS hour,
           {", ".join(f'quantile_cont(duration_ms, {q}) AS "q{q}"' for q in QUANTILES)}
    FROM rows GROUP BY ALL"""
_BURNS = ", ".join(
    f"sum(bad) OVER of_{name} / nullif(sum(total) OVER of_{name}, 0) / {ALLOWED} AS burn_{name}" for name in WINDOWS
)
_FRAMES = ", ".join(
    f"of_{name} AS (PARTITION BY service ORDER BY minute ROWS BETWEEN {steps - 1} PRECEDING AND CURRENT ROW)"
    for name, steps in WINDOWS.items()
)
BURN_RATES = f"""
    WITH counts AS ({COUNTS}),
    grid AS (
        SELECT service, unnest(generate_series(
            (SELECT min(minute) FROM counts), (SELECT max(minute) FROM counts), INTERVAL 1 MINUTE)) AS minute
        FROM (SELECT DISTINCT service FROM counts)
    ),
    dense AS (
        SELECT service, minute, coalesce(total, 0) AS total, coalesce(bad, 0) AS bad, coalesce(slow, 0) AS slow
        FROM grid LEFT JOIN counts USING (service, minute)
    )
    SELECT service, minute, total, bad, slow, {_BURNS} FROM dense WINDOW {_FRAMES}"""
LOG = r"""
    SELECT date_trunc('minute', strptime(line.time, '%d/%b/%Y:%H:%M:%S %z')) AS minute,
           count(*) AS total, count(*) FILTER (line.status LIKE '5%') AS bad
    FROM (SELECT regexp_extract(
              line, '^(\S+) (\S+) (\S+) \[([^\]]+)\] "([^"]*)" (\d{{3}}) (\S+) "([^"]*)" "([^"]*)"',
              ['host', 'ident', 'user', 'time', 'request', 'status', 'bytes', 'referer', 'agent']) AS line
          FROM {lines})
    GROUP BY ALL"""


def _numbered(product: pa.Table, column: str, width: int) -> pa.Table:
    """The number of each minute or hour instead of its beginning."""
    numbers = pc.divide(pc.cast(pc.cast(product[column], pa.timestamp("us", "UTC")), pa.int64()), width)
    return product.set_column(product.column_names.index(column), column, numbers)


def counts(product: pa.Table) -> pa.Table:
    """Counts by the number of their minute."""
    return _numbered(product, "minute", MINUTE_US)


def quantiles(product: pa.Table) -> pa.Table:
    """Quantiles by the number of their hour."""
    return _numbered(product, "hour", HOUR_US)


def burns(product: pa.Table) -> pa.Table:
    """Burn rates by the number of the tick that ends their minute."""
    minutes = counts(product)
    return minutes.append_column("tick", pc.add(minutes["minute"], 1))

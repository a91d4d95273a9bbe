"""DuckDB: each task in the fastest of the ways to write it that were tried, and in the usual one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import duckdb
import plain_sql
import pyarrow as pa
import pyarrow.parquet as pq
from work import ALLOWED, COLUMNS, HOUR_US, MINUTE_US, QUANTILES, ROLLING, SLOW_MS, TIERS, WINDOWS, Work

if TYPE_CHECKING:
    from collections.abc import Callable

    from work import Setup, Tasks

RECIPE = (
    "minutes as `epoch_us(timestamp) // 60000000` (twice as fast as `date_trunc` on a zoned time); all quantiles of a "
    "group in one `quantile_cont` with a list (twice as fast as four); burn rates as differences of running sums by "
    "`lag` (three times as fast as `ROWS` frames); `preserve_insertion_order = false`; the result as an Arrow table"
)
TASK_RECIPES = {
    **plain_sql.RECIPES,
    "rolling-p95": "a quantile over `RANGE` frames, of which one row a minute is kept (lists of sixty minutes put "
    "together, and a join of each row with its sixty ticks, took longer)",
    "logs": "time and status of every line by a `regexp_extract` each, and `strptime`",
    "logs-fast": "lines grouped by the text of their minute, of which `strptime` reads each once",
    "ndjson": "`read_json` with the types of the four columns that are needed",
    "csv": "`read_csv` with the types of all columns",
    "sweep-no-for": "a join of the ticks at which a share of bad events changes with the factors that lie between",
}

_COUNTS = f"""
    SELECT service, epoch_us(timestamp) // {MINUTE_US} AS minute, count(*) AS total,
           count_if(status >= 500) AS bad, count_if(duration_ms > {SLOW_MS}) AS slow
    FROM rows GROUP BY ALL"""
_EXACT = f"""
    SELECT service, epoch_us(timestamp) // {HOUR_US} AS hour,
           quantile_cont(duration_ms, {list(QUANTILES)}) AS quantiles
    FROM rows GROUP BY ALL"""
# The least value that at least this share of the values does not exceed, by whole numbers: rank ceil(n * q).
_RANKS = ", ".join(f"sorted[(len(sorted) * {round(q * 100)} + 99) // 100]" for q in QUANTILES)
_TYPE_1 = f"""
    SELECT service, hour, [{_RANKS}] AS quantiles
    FROM (SELECT service, epoch_us(timestamp) // {HOUR_US} AS hour, list_sort(list(duration_ms)) AS sorted
          FROM rows GROUP BY ALL)"""
_DURING = "OVER (PARTITION BY service ORDER BY minute)"
_BURNS = ", ".join(
    f"(bad_so_far - lag(bad_so_far, {steps}, 0) OVER series)"
    f" / nullif(so_far - lag(so_far, {steps}, 0) OVER series, 0) / {ALLOWED} AS burn_{window}"
    for window, steps in WINDOWS.items()
)
# A tick is asked for every minute, also where a service had no request.
_BURN_RATES = f"""
    WITH counts AS MATERIALIZED ({{counts}}),
    grid AS (
        SELECT service, unnest(range((SELECT min(minute) FROM counts), (SELECT max(minute) + 1 FROM counts))) AS minute
        FROM (SELECT DISTINCT service FROM counts)
    ),
    dense AS (
        SELECT service, minute, coalesce(total, 0) AS total, coalesce(bad, 0) AS bad, coalesce(slow, 0) AS slow
        FROM grid LEFT JOIN counts USING (service, minute)
    ),
    sums AS (
        SELECT *, (sum(total) {_DURING})::BIGINT AS so_far, (sum(bad) {_DURING})::BIGINT AS bad_so_far FROM dense
    )
    SELECT service, minute + 1 AS tick, total, bad, slow, {_BURNS}
    FROM sums WINDOW series AS (PARTITION BY service ORDER BY minute)"""
# Burn rates are compared as products of whole numbers: a rate that equals its factor is not above it.
_HELD = ", ".join(
    f"bad_so_far - lag(bad_so_far, {steps}, 0) OVER series AS bad_{window}, "
    f"so_far - lag(so_far, {steps}, 0) OVER series AS valid_{window}"
    for window, steps in WINDOWS.items()
)


def _true(alert: str) -> str:
    """Whether an alert is true at a tick."""
    pairs = [
        " AND ".join(f"bad_{window} * 10000 > {round(float(factor) * 10)} * valid_{window}" for window in (long, short))
        for name, long, short, factor in TIERS
        if name == alert
    ]
    return " OR ".join(f"({pair})" for pair in pairs)


_ALERTS = list(dict.fromkeys(alert for alert, *_ in TIERS))
_REPLAY = f"""
    WITH counts AS (SELECT * FROM rows),
    grid AS (
        SELECT service, unnest(range((SELECT min(minute) FROM counts), (SELECT max(minute) + 1 FROM counts))) AS minute
        FROM (SELECT DISTINCT service FROM counts)
    ),
    dense AS (
        SELECT service, minute, coalesce(total, 0) AS total, coalesce(bad, 0) AS bad
        FROM grid LEFT JOIN counts USING (service, minute)
    ),
    sums AS (
        SELECT *, (sum(total) {_DURING})::BIGINT AS so_far, (sum(bad) {_DURING})::BIGINT AS bad_so_far FROM dense
    ),
    held AS (SELECT service, minute + 1 AS tick, {_HELD} FROM sums WINDOW series AS {_DURING.removeprefix("OVER ")}),
    states AS (
        SELECT service, tick, unnest({_ALERTS}) AS alert, unnest([{", ".join(map(_true, _ALERTS))}]) AS fires FROM held
    ),
    edges AS (
        SELECT *, lag(fires, 1, false) OVER ticks AS fired FROM states
        WINDOW ticks AS (PARTITION BY service, alert ORDER BY tick)
    )
    SELECT service, alert, tick AS start,
           lead(tick) OVER (PARTITION BY service, alert ORDER BY tick) AS "end", fires
    FROM edges WHERE fires <> fired
    QUALIFY fires"""
# One row of each minute is kept, and a tick without rows in its last minute is left out.
_ROLLING = f"""
    SELECT service, minute + 1 AS tick, quantile_cont(duration_ms, {ROLLING}) OVER (
               PARTITION BY service ORDER BY minute RANGE BETWEEN 59 PRECEDING AND CURRENT ROW) AS q
    FROM (SELECT service, epoch_us(timestamp) // {MINUTE_US} AS minute, duration_ms FROM rows)
    QUALIFY row_number() OVER (PARTITION BY service, minute) = 1"""
# A line is one column: there is no delimiter, quote or escape that it could hold.
_LINES = (
    "read_csv('{log}', columns = {{'line': 'VARCHAR'}}, delim = chr(1), quote = '', escape = '', header = false,"
    " auto_detect = false)"
)
_TYPES = {"timestamp": "TIMESTAMPTZ", "service": "VARCHAR", "status": "USMALLINT", "duration_ms": "DOUBLE"}
# A file of delimited cells has to name all of its columns, in their order.
_ALL_TYPES = {"timestamp": "TIMESTAMPTZ", "service": "VARCHAR", "route": "VARCHAR"} | _TYPES | {"user_id": "UINTEGER"}
_TEXTS = {
    "ndjson": f"read_json('{{file}}', format = 'newline_delimited', columns = {_TYPES})",
    "csv": f"read_csv('{{file}}', header = true, columns = {_ALL_TYPES})",
}
# The 29 fields that every version of the format has, in their order.
_BEFORE = ("type", "timestamp", "elb", "client", "target", "request_time", "target_time", "response_time", "status")
_ALB_TYPES = dict.fromkeys(_BEFORE, "VARCHAR") | {
    "timestamp": "TIMESTAMPTZ",
    "target_time": "DOUBLE",
    "status": "USMALLINT",
}
_ALB_TYPES |= {f"field_{number}": "VARCHAR" for number in range(len(_BEFORE) + 1, 30)}
_TEXTS["alb"] = (
    "(SELECT elb AS service, timestamp, status, target_time * 1000 AS duration_ms FROM read_csv('{file}', delim = ' ',"
    f""" quote = '"', escape = '"', header = false, auto_detect = false, columns = {_ALB_TYPES}))"""
)
_LOG = r"""
    SELECT epoch_us(strptime(regexp_extract(line, '\[([^\]]+)\]', 1), '%d/%b/%Y:%H:%M:%S %z')) // 60000000 AS minute,
           count(*) AS total, count_if(regexp_extract(line, '" (\d{{3}}) ', 1)[1] = '5') AS bad
    FROM {lines} GROUP BY ALL"""
_LOG_FAST = r"""
    SELECT epoch_us(strptime(minute || ':00 ' || zone, '%d/%b/%Y:%H:%M:%S %z')) // 60000000 AS minute,
           sum(total)::BIGINT AS total, sum(bad)::BIGINT AS bad
    FROM (SELECT parts.minute AS minute, parts.zone AS zone, count(*) AS total, count_if(parts.status >= '5') AS bad
          FROM (SELECT regexp_extract(line, '\[([^\]]{{17}}):\d\d ([^\]]+)\] ".*?" (\d)',
                                      ['minute', 'zone', 'status']) AS parts
                FROM {lines}) GROUP BY ALL) GROUP BY ALL"""


def _connect(setup: Setup) -> Any:
    connection = duckdb.connect(config={"threads": setup.threads})
    connection.execute("SET TimeZone = 'UTC'")
    connection.execute("SET preserve_insertion_order = false")
    return connection


def _query(setup: Setup, query: str, answer: Callable[[pa.Table], pa.Table]) -> Work:
    """Work on the files of a folder."""
    connection = _connect(setup)
    query = query.replace("FROM rows", f"FROM read_parquet('{setup.folder}/*.parquet')")
    return Work(run=lambda _: connection.sql(query).to_arrow_table(), answer=answer)


def _in_memory(setup: Setup, query: str, table: pa.Table, answer: Callable[[pa.Table], pa.Table]) -> Work:
    """Work on a table that is in memory."""
    connection = _connect(setup)
    connection.register("rows", table)
    return Work(run=lambda _: connection.sql(query).to_arrow_table(), answer=answer)


def _quantiles(product: pa.Table) -> pa.Table:
    values = product["quantiles"].combine_chunks()
    lists = values.flatten().to_numpy().reshape(-1, len(QUANTILES))
    columns = {f"q{q}": lists[:, at] for at, q in enumerate(QUANTILES)}
    return pa.table({"service": product["service"], "hour": product["hour"], **columns})


def _same(product: pa.Table) -> pa.Table:
    return product


def _on_counts(setup: Setup, query: str, answer: Callable[[pa.Table], pa.Table]) -> Work:
    counts = _query(setup, _COUNTS, _same).run(lambda _: None)
    return _in_memory(setup, query, counts, answer)


def _log(setup: Setup, query: str, answer: Callable[[pa.Table], pa.Table] = _same) -> Work:
    connection = _connect(setup)
    query = query.format(lines=_LINES.format(log=setup.log))
    return Work(run=lambda _: connection.sql(query).to_arrow_table(), answer=answer)


def _text(setup: Setup, ending: str) -> Work:
    connection = _connect(setup)
    rows = _TEXTS[ending].replace("{file}", setup.text(ending))
    query = _COUNTS.replace("FROM rows", f"FROM {rows}")
    return Work(run=lambda _: connection.sql(query).to_arrow_table(), answer=_same)


def _sweep(setup: Setup) -> Work:
    from by_backburn import ALERTING
    from sweep_sql import QUERY, tables

    connection = _connect(setup)
    connection.register("rows", _query(setup, _COUNTS, _same).run(lambda _: None))
    for name, table in tables(setup, ALERTING).items():
        connection.register(name, table)
    return Work(run=lambda _: connection.sql(QUERY).to_arrow_table(), answer=_same)


TASKS: Tasks = {
    "t1": lambda setup: _query(setup, _COUNTS, _same),
    "t2": lambda setup: _query(setup, _EXACT, _quantiles),
    "t2-type-1": lambda setup: _query(setup, _TYPE_1, _quantiles),
    "t3": lambda setup: _query(setup, _BURN_RATES.format(counts=_COUNTS), _same),
    "t1-plain": lambda setup: _query(setup, plain_sql.COUNTS, plain_sql.counts),
    "t2-plain": lambda setup: _query(setup, plain_sql.EXACT, plain_sql.quantiles),
    "t3-plain": lambda setup: _query(setup, plain_sql.BURN_RATES, plain_sql.burns),
    "t1-memory": lambda setup: _in_memory(setup, _COUNTS, pq.read_table(setup.files, columns=COLUMNS), _same),
    "burns": lambda setup: _on_counts(setup, _BURN_RATES.format(counts="SELECT * FROM rows"), _same),
    "replay": lambda setup: _on_counts(setup, _REPLAY, lambda product: product.drop_columns("fires")),
    "sweep-no-for": _sweep,
    "rolling-p95": lambda setup: _in_memory(setup, _ROLLING, pq.read_table(setup.files, columns=COLUMNS), _same),
    "logs": lambda setup: _log(setup, _LOG),
    "logs-fast": lambda setup: _log(setup, _LOG_FAST),
    "logs-plain": lambda setup: _log(setup, plain_sql.LOG, plain_sql.counts),
    "ndjson": lambda setup: _text(setup, "ndjson"),
    "csv": lambda setup: _text(setup, "csv"),
    "alb": lambda setup: _text(setup, "alb"),
}

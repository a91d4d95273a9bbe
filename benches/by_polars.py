"""Polars: each task in the fastest of the ways to write it that were tried, on either of its engines."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Literal

import polars as pl
import pyarrow.parquet as pq
from work import ALLOWED, COLUMNS, HOUR_US, MINUTE_US, QUANTILES, ROLLING, SLOW_MS, WINDOWS, Work

if TYPE_CHECKING:
    from collections.abc import Callable

    import pyarrow as pa
    from work import Setup, Tasks

RECIPE = (
    "`scan_parquet`, minutes as `timestamp.cast(Int64) // 60_000_000`; quantiles by `quantile(q, 'linear')` (sorting "
    "once into a list was no faster); burn rates as differences of `cum_sum` and its `shift` on a dense, sorted grid"
)

Engine = Literal["streaming", "in-memory"]


def _counts(rows: pl.LazyFrame) -> pl.LazyFrame:
    minute = (pl.col("timestamp").cast(pl.Int64) // MINUTE_US).cast(pl.Int32).alias("minute")
    return rows.group_by("service", minute).agg(
        pl.len().cast(pl.Int64).alias("total"),
        (pl.col("status") >= 500).sum().cast(pl.Int64).alias("bad"),  # noqa: PLR2004 - a server error.
        (pl.col("duration_ms") > SLOW_MS).sum().cast(pl.Int64).alias("slow"),
    )


def _quantiles(rows: pl.LazyFrame) -> pl.LazyFrame:
    hour = (pl.col("timestamp").cast(pl.Int64) // HOUR_US).alias("hour")
    return rows.group_by("service", hour).agg(
        [pl.col("duration_ms").quantile(q, "linear").alias(f"q{q}") for q in QUANTILES]
    )


def _burns(counts: pl.LazyFrame) -> pl.LazyFrame:
    """A tick for every minute, also where a service had no request."""
    minutes = counts.select(pl.int_range(pl.col("minute").min(), pl.col("minute").max() + 1).alias("minute"))
    dense = (
        counts.select("service")
        .unique()
        .join(minutes.cast(pl.Int32), how="cross")
        .join(counts, on=["service", "minute"], how="left")
        .with_columns(pl.col("total", "bad", "slow").fill_null(0))
        .sort("service", "minute")
    )
    sums = dense.with_columns(
        pl.col("total").cum_sum().over("service").alias("so_far"),
        pl.col("bad").cum_sum().over("service").alias("bad_so_far"),
        (pl.col("minute") - pl.col("minute").min()).alias("nth"),
    )

    def within(column: str, steps: int) -> pl.Expr:
        before = pl.when(pl.col("nth") >= steps).then(pl.col(column).shift(steps)).otherwise(0)
        return pl.col(column) - before

    rates = [
        (within("bad_so_far", steps) / within("so_far", steps) / ALLOWED).alias(f"burn_{window}")
        for window, steps in WINDOWS.items()
    ]
    return sums.select("service", (pl.col("minute") + 1).alias("tick"), "total", "bad", "slow", *rates)


def _rolling(rows: pl.LazyFrame) -> pl.LazyFrame:
    quantile = pl.col("duration_ms").quantile(ROLLING, "linear").alias("q")
    groups = rows.sort("service", "timestamp").group_by_dynamic(
        "timestamp", every="1m", period="1h", group_by="service", closed="left", label="right"
    )
    tick = (pl.col("timestamp").cast(pl.Int64) // MINUTE_US).alias("tick")
    return groups.agg(quantile).select("service", tick, "q")


def _answer(frame: pl.DataFrame) -> pa.Table:
    return frame.with_columns(pl.col("service").cast(pl.String)).to_arrow()


def _work(query: pl.LazyFrame, engine: Engine) -> Work:
    def run(_: Callable[[str], None]) -> pl.DataFrame:
        return query.collect(engine=engine)

    return Work(run=run, answer=_answer)


def _from_files(setup: Setup, engine: Engine, query: Callable[[pl.LazyFrame], pl.LazyFrame]) -> Work:
    return _work(query(pl.scan_parquet(setup.files)), engine)


def _in_memory(setup: Setup, engine: Engine, query: Callable[[pl.LazyFrame], pl.LazyFrame]) -> Work:
    frame = pl.from_arrow(pq.read_table(setup.files, columns=COLUMNS))
    if not isinstance(frame, pl.DataFrame):
        raise TypeError("a table becomes a frame")
    return _work(query(frame.lazy()), engine)


def _on_counts(setup: Setup, engine: Engine) -> Work:
    counts = _counts(pl.scan_parquet(setup.files)).collect(engine="streaming")
    return _work(_burns(counts.lazy()), engine)


def _with(engine: Engine) -> Tasks:
    return {
        f"t1-{engine}": partial(_from_files, engine=engine, query=_counts),
        f"t2-{engine}": partial(_from_files, engine=engine, query=_quantiles),
        f"t3-{engine}": partial(_from_files, engine=engine, query=lambda rows: _burns(_counts(rows))),
        f"t1-memory-{engine}": partial(_in_memory, engine=engine, query=_counts),
        f"rolling-p95-{engine}": partial(_in_memory, engine=engine, query=_rolling),
        f"burns-{engine}": partial(_on_counts, engine=engine),
    }


TASKS: Tasks = {**_with("streaming"), **_with("in-memory")}

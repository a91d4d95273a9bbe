"""What is measured: every case with its engine, task, rows and threads."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

MOST_SHUFFLED = 20_000_000
MOST_LINES = 3_000_000
MOST_TEXT = 5_000_000
MOST_ROLLING = 5_000_000
"""Engines that go over the rows of an hour at every minute would need minutes for more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dataset:
    """Rows of one kind; folders are named by both."""

    kind: str
    rows: int

    @property
    def name(self) -> str:
        """The name of its folder."""
        return f"{self.kind}-{self.rows}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One thing that is measured.

    `compare` names the case whose answer it must give, and `how` tells the comparison.
    """

    group: str
    engine: str
    task: str
    dataset: Dataset
    threads: int
    compare: str | None = None
    how: str = "counts"
    timed: bool = True
    label: str = ""

    @property
    def name(self) -> str:
        """Unique, and what `--only` looks at."""
        return f"{self.group}/{self.label or f'{self.engine}-{self.task}'}"


def all_cases(rows: int, threads: int, *, huge: int | None = None) -> list[Case]:
    """Every case for a month of so many rows, in groups that become the tables of the report."""
    fleet = Dataset(kind="month", rows=rows)
    some = Dataset(kind="month", rows=min(rows, MOST_SHUFFLED))
    return [
        *_parquet(fleet, threads),
        *_memory(fleet, threads),
        *_rolling(fleet, Dataset(kind="month", rows=min(rows, MOST_ROLLING)), threads),
        *_alerts(fleet, threads),
        *_sweeps(fleet, threads),
        *_orders(some, threads),
        *_logs(Dataset(kind="logs", rows=min(rows, MOST_LINES)), threads),
        *_text(Dataset(kind="text", rows=min(rows, MOST_TEXT)), threads),
        *_footprints(rows, huge, threads),
    ]


def _maker(group: str, rows: Dataset, threads: int, usual: str | None = None) -> Callable[..., Case]:
    """What makes the cases of a group on the same rows, held against `usual` unless they say otherwise."""

    def case(engine: str, task: str, compare: str | None = usual, how: str = "counts", *, timed: bool = True) -> Case:
        return Case(
            group=group, engine=engine, task=task, dataset=rows, threads=threads, compare=compare, how=how, timed=timed
        )

    return case


def _parquet(fleet: Dataset, threads: int) -> list[Case]:
    case = _maker("parquet", fleet, threads)
    counts, quantiles, burns = "parquet/duckdb-t1", "parquet/duckdb-t2", "parquet/duckdb-t3"
    one = Case(
        group="parquet",
        engine="backburn",
        task="t1",
        dataset=fleet,
        threads=1,
        compare=counts,
        label="backburn-t1-one-thread",
    )
    return [
        case("pyarrow", "decode"),
        case("duckdb", "t1"),
        case("polars", "t1-streaming", counts),
        case("polars", "t1-in-memory", counts),
        case("backburn", "t1", counts),
        one,
        case("duckdb", "t2"),
        case("polars", "t2-streaming", quantiles, "quantiles"),
        case("polars", "t2-in-memory", quantiles, "quantiles"),
        case("backburn", "t2-exact", quantiles, "quantiles"),
        case("duckdb", "t2-type-1", timed=False),
        case("backburn", "t2", "parquet/duckdb-t2-type-1", "bounds"),
        case("duckdb", "t3"),
        case("duckdb", "t1-plain", counts),
        case("duckdb", "t2-plain", quantiles, "quantiles"),
        case("duckdb", "t3-plain", burns, "burns"),
        case("polars", "t3-streaming", burns, "burns"),
        case("polars", "t3-in-memory", burns, "burns"),
        case("backburn", "t3", burns, "burns"),
        case("backburn", "all", counts),
        case("duckdb", "burns", burns, "burns"),
        case("polars", "burns-streaming", burns, "burns"),
        case("polars", "burns-in-memory", burns, "burns"),
        case("backburn", "burns", burns, "burns"),
    ]


def _memory(fleet: Dataset, threads: int) -> list[Case]:
    case = _maker("memory", fleet, threads, "memory/duckdb-t1-memory")
    return [
        case("duckdb", "t1-memory", None),
        case("polars", "t1-memory-streaming"),
        case("polars", "t1-memory-in-memory"),
        case("backburn", "t1-memory"),
        Case(group="memory", engine="duckdb", task="t2-type-1", dataset=fleet, threads=threads, timed=False),
        case("backburn", "t1-t2-memory", "memory/duckdb-t2-type-1", "bounds"),
        case("backburn", "t1-of-both-memory", timed=False),
    ]


def _rolling(fleet: Dataset, some: Dataset, threads: int) -> list[Case]:
    """Percentiles of the last hour at every minute, and all of a timeline as a file."""
    reference, burns = "timeline/duckdb-rolling-p95", "parquet/duckdb-t3"

    def case(engine: str, task: str, rows: Dataset, compare: str | None = None, how: str = "counts") -> Case:
        return Case(group="timeline", engine=engine, task=task, dataset=rows, threads=threads, compare=compare, how=how)

    return [
        case("duckdb", "rolling-p95", some),
        case("polars", "rolling-p95-in-memory", some, reference, "rolling"),
        case("backburn", "rolling-p95", some, reference, "rolling"),
        case("backburn", "timeline-parquet", fleet, burns, "burns"),
    ]


def _alerts(fleet: Dataset, threads: int) -> list[Case]:
    """A policy replayed on the counts of each service."""

    def case(engine: str, compare: str | None = None) -> Case:
        return Case(
            group="alerts",
            engine=engine,
            task="replay",
            dataset=fleet,
            threads=threads,
            compare=compare,
            how="alerts",
        )

    promtool = Case(group="alerts", engine="promtool", task="replay-6-hours", dataset=fleet, threads=threads)
    return [case("duckdb"), case("backburn", "alerts/duckdb-replay"), promtool]


def _sweeps(fleet: Dataset, threads: int) -> list[Case]:
    """A grid of policies on the counts of each service."""
    reference = "sweep/numpy-sweep"

    def case(engine: str, task: str, threads: int, compare: str | None = reference, label: str = "") -> Case:
        return Case(
            group="sweep",
            engine=engine,
            task=task,
            dataset=fleet,
            threads=threads,
            compare=compare,
            how="sweep",
            label=label,
        )

    return [
        case("numpy", "sweep", 1, None),
        case("duckdb", "sweep-no-for", threads),
        case("backburn", "sweep", threads),
        case("backburn", "sweep", 1, label="backburn-sweep-one-thread"),
        case("backburn", "sweep-5000", threads),
    ]


def _orders(some: Dataset, threads: int) -> list[Case]:
    """The same rows in order and in none, and many series in none."""
    shuffled = Dataset(kind="shuffled", rows=some.rows)
    many = Dataset(kind="many", rows=some.rows)
    cases = []
    for word, rows in (("sorted", some), ("shuffled", shuffled), ("many", many)):
        reference = f"orders/duckdb-{word}"
        cases += [
            Case(
                group="orders", engine="pyarrow", task="decode", dataset=rows, threads=threads, label=f"pyarrow-{word}"
            ),
            Case(
                group="orders",
                engine="duckdb",
                task="t1",
                dataset=rows,
                threads=threads,
                timed=False,
                label=f"duckdb-{word}",
            ),
            Case(
                group="orders",
                engine="backburn",
                task="t1-kept" if word == "many" else "t1",
                dataset=rows,
                threads=threads,
                compare=reference,
                label=f"backburn-{word}",
            ),
        ]
    return cases


def _logs(lines: Dataset, threads: int) -> list[Case]:
    case = _maker("logs", lines, threads, "logs/duckdb-logs")
    return [
        case("grep", "logs-500", None),
        case("duckdb", "logs", None),
        case("duckdb", "logs-fast"),
        case("duckdb", "logs-plain"),
        case("backburn", "logs"),
    ]


def _text(rows: Dataset, threads: int) -> list[Case]:
    """The same rows as JSON lines, as CSV and as lines of a load balancer."""

    def case(engine: str, task: str, compare: str | None = None) -> Case:
        return Case(group="text", engine=engine, task=task, dataset=rows, threads=threads, compare=compare)

    return [
        case("duckdb", "ndjson"),
        case("backburn", "ndjson", "text/duckdb-ndjson"),
        case("duckdb", "csv"),
        case("backburn", "csv", "text/duckdb-csv"),
        case("duckdb", "alb"),
        case("backburn", "alb", "text/duckdb-alb"),
    ]


def _footprints(rows: int, huge: int | None, threads: int) -> list[Case]:
    """Peak memory by the number of rows and the size of row groups, where it is asked for."""
    if huge is None:
        return []
    sets = [Dataset(kind="month", rows=rows), Dataset(kind="month", rows=huge), Dataset(kind="large-groups", rows=rows)]
    return [
        Case(group="footprint", engine="backburn", task=task, dataset=one, threads=threads, label=f"{task}-{one.name}")
        for task in ("t1", "t2", "t2-exact", "all")
        for one in sets
    ]

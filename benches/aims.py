"""What Backburn aims at, each as a bound on what was measured."""

from __future__ import annotations

from dataclasses import dataclass
from operator import ge, le
from typing import TYPE_CHECKING

from work import POLICY_TICKS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from results import Found

_RATES_MS, _REPLAY_MS, _NS_A_ROW, _MB, _SWEPT = 30, 20, 200, 300, 1e10


@dataclass(frozen=True, slots=True, kw_only=True)
class Aim:
    """A bound and what was found; without a value the reason says what was not measured."""

    text: str
    bound: str
    value: str | None
    reached: bool = False
    reason: str = ""


def aims(found: Found) -> Iterator[Aim]:
    """Every aim, in the order of the tables."""
    backburn, others = ("parquet/backburn-all",), _better(found)
    duckdb = tuple(f"parquet/duckdb-{task}" for task in ("t1", "t2", "t3"))
    yield _ratio(
        found, "T1, T2 and T3 in one pass against pyarrow's decode", backburn, ("parquet/pyarrow-decode",), 1.0
    )
    yield _times(found, "the better of DuckDB and Polars for each task, summed, against one pass", others, backburn, 4)
    plain = tuple(f"{case}-plain" for case in duckdb)
    yield _times(found, "DuckDB alone in its usual SQL, summed, against one pass", plain, backburn, 8)
    yield _times(found, "DuckDB alone in its fastest SQL, summed, against one pass", duckdb, backburn, 8)
    polars = _least(found, "memory/polars-t1-memory-streaming", "memory/polars-t1-memory-in-memory")
    yield _ratio(found, "in memory, T1 and T2 against Polars' T1", ("memory/backburn-t1-t2-memory",), (polars,), 0.5)
    yield _below(
        found,
        "8 burn rates of 20 series at every minute",
        "parquet/backburn-burns",
        factor=1e3,
        limit=_RATES_MS,
        unit="ms",
    )
    rolling = ("timeline/backburn-rolling-p95",)
    for engine, case in (("DuckDB", "duckdb-rolling-p95"), ("Polars", "polars-rolling-p95-in-memory")):
        yield _times(found, f"p95 of the last hour at every minute: {engine}", (f"timeline/{case}",), rolling, 10)
    parquet = "timeline/backburn-timeline-parquet"
    yield _below(found, "a timeline of 8 windows of 20 series to Parquet", parquet, factor=1, limit=1, unit="s")
    replay = "alerts/backburn-replay"
    yield _below(found, "a policy replayed on 20 series", replay, factor=1e3, limit=_REPLAY_MS, unit="ms")
    yield from _sweeps(found)
    one, two = "parquet/backburn-t1-one-thread", "parquet/backburn-t1"
    yield _times(found, "one thread against two", (one,), (two,), 1.7)
    yield _ratio(
        found, "shuffled rows against sorted ones", ("orders/backburn-shuffled",), ("orders/backburn-sorted",), 3
    )
    many = "orders/backburn-many"
    yield _below(
        found, "100,000 series, shuffled: a row", many, factor=1e9 / found.rows_of(many), limit=_NS_A_ROW, unit="ns"
    )
    yield _memory(found, "100,000 series, shuffled: memory", many, 1024)
    for words, case in (
        ("all fields by `regexp_extract`, and `strptime`", "duckdb-logs-plain"),
        ("two fields by `regexp_extract`, and `strptime`", "duckdb-logs"),
    ):
        yield _times(found, f"access log: DuckDB ({words})", (f"logs/{case}",), ("logs/backburn-logs",), 8)
    yield _ratio(found, "access log: against grep", ("logs/backburn-logs",), ("logs/grep-logs-500",), 1.5)
    for ending, reader in (
        ("ndjson", "JSON lines: against DuckDB's `read_json`"),
        ("csv", "CSV: against its `read_csv`"),
        ("alb", "lines of a load balancer: against its `read_csv`"),
    ):
        yield _ratio(found, reader, (f"text/backburn-{ending}",), (f"text/duckdb-{ending}",), 1)
    for task in ("t1", "all"):
        yield _memory(found, f"memory of `{task}`", f"parquet/backburn-{task}", _MB)
    yield from (
        _memory(found, f"memory of {case.name.partition('/')[2]}", case.name, _MB)
        for case in found.cases
        if case.group == "footprint"
    )


def _sweeps(found: Found) -> Iterator[Aim]:
    swept, numpy, more = (f"sweep/{name}" for name in ("backburn-sweep", "numpy-sweep", "backburn-sweep-5000"))
    yield _rate(found, "a grid swept: policy-ticks a second", swept, POLICY_TICKS, _SWEPT)
    yield _times(found, "a grid swept: NumPy, which has one thread", (numpy,), (swept,), 10)
    yield _times(found, "a grid swept: NumPy, both on one thread", (numpy,), (f"{swept}-one-thread",), 10)
    yield _ratio(found, "5,000 factors against 50", (more,), (swept,), 3)


def _rate(found: Found, text: str, name: str, amount: float, limit: float) -> Aim:
    """How much has to be done in a second."""
    seconds, bound = found.seconds(name), f"≥ {limit / 1e9:g} × 10⁹"
    if seconds is None:
        return Aim(text=text, bound=bound, value=None, reason=_unmeasured(found, name))
    rate = amount / seconds
    return Aim(text=text, bound=bound, value=f"{rate / 1e9:.1f} × 10⁹", reached=rate >= limit)


def _least(found: Found, *names: str) -> str:
    """The fastest of some cases, or the first where one was not measured."""
    return min(names, key=lambda name: found.seconds(name) or 0.0)


def _better(found: Found) -> tuple[str, ...]:
    """For each task the faster engine of the two others."""
    return tuple(
        _least(found, f"parquet/duckdb-{task}", f"parquet/polars-{task}-streaming", f"parquet/polars-{task}-in-memory")
        for task in ("t1", "t2", "t3")
    )


def _unmeasured(found: Found, *names: str) -> str:
    """Why these cannot be compared; empty where all were measured."""
    lacking = [name for name in names if found.seconds(name) is None]
    return "; ".join(f"{name}: {found.missing.get(name, 'not asked for')}" for name in lacking)


def _quotient(found: Found, above: tuple[str, ...], below: tuple[str, ...]) -> float | None:
    if _unmeasured(found, *above, *below):
        return None
    one, two = (sum(found.seconds(name) or 0.0 for name in names) for names in (above, below))
    return one / two


def _compared(
    found: Found,
    text: str,
    above: tuple[str, ...],
    below: tuple[str, ...],
    bound: tuple[str, Callable[[float, float], bool], float],
) -> Aim:
    sign, holds, limit = bound
    value = _quotient(found, above, below)
    words = f"{sign} {limit:g}×"
    if value is None:
        return Aim(text=text, bound=words, value=None, reason=_unmeasured(found, *above, *below))
    return Aim(text=text, bound=words, value=f"{value:.2f}×", reached=holds(value, limit))


def _ratio(found: Found, text: str, above: tuple[str, ...], below: tuple[str, ...], limit: float) -> Aim:
    """A share of another's time that must not be exceeded."""
    return _compared(found, text, above, below, ("≤", le, limit))


def _times(found: Found, text: str, above: tuple[str, ...], below: tuple[str, ...], limit: float) -> Aim:
    """How many times faster something has to be."""
    return _compared(found, text, above, below, ("≥", ge, limit))


def _below(found: Found, text: str, name: str, *, factor: float, limit: float, unit: str) -> Aim:
    seconds = found.seconds(name)
    bound = f"≤ {limit:g} {unit}"
    if seconds is None:
        return Aim(text=text, bound=bound, value=None, reason=_unmeasured(found, name))
    return Aim(text=text, bound=bound, value=f"{seconds * factor:.1f} {unit}", reached=seconds * factor <= limit)


def _memory(found: Found, text: str, name: str, limit: float) -> Aim:
    above = found.above(name)
    bound = f"≤ {limit:g} MB"
    if above is None:
        return Aim(text=text, bound=bound, value=None, reason=_unmeasured(found, name))
    return Aim(text=text, bound=bound, value=f"{above:.0f} MB", reached=above <= limit)

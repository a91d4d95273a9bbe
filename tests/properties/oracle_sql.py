"""The oracle's counts a second time, by brute force in DuckDB: two definitions that must not differ by a row."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import duckdb
from oracle.predicate import literal_sql
from oracle.rows import GREATEST_WEIGHT, TIMES
from oracle.spec import UNITS, Availability, Latency

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from oracle.evaluate import Key
    from oracle.rows import Row
    from oracle.spec import Objective, Spec
    from oracle.window import Span

TYPES = {
    "number": "BIGINT",
    "ts": "BIGINT",
    "code": "BIGINT",
    "took": "DOUBLE",
    "n": "BIGINT",
    "zone": "VARCHAR",
    "host": "VARCHAR",
    "size": "BIGINT",
    "success": "BOOLEAN",
    "path": "VARCHAR",
}


def counts(rows: Sequence[Row], spec: Spec, objective: Objective, span: Span) -> Mapping[Key, Mapping[str, int]]:
    """Events per series and lane (`good`, `bad`, `unknown`, or the reason of an exclude) known within `span`."""
    by = spec.by if objective.by is None else objective.by
    labels = "".join(f'"{label}", ' for label in by)
    query = f"""
        WITH roles AS (SELECT *, {spec.names["status"]} AS status, {spec.names["duration"]} AS duration FROM log),
        known AS (SELECT *, {known(spec)} AS known_at, {weight(spec)} AS weight FROM roles),
        usable AS (SELECT * FROM known WHERE known_at IS NOT NULL AND weight IS NOT NULL AND {asked(spec)}),
        sorted AS (SELECT *, {lane(spec, objective)} AS lane FROM usable)
        SELECT {labels} lane, sum(weight) FROM sorted
        WHERE lane IS NOT NULL AND known_at >= {span[0]} AND known_at < {span[1]} GROUP BY ALL
    """  # noqa: S608 - the text is the tests' own.
    found: dict[Key, Counter[str]] = {}
    with connected() as connection:
        connection.execute(f"CREATE TABLE log ({', '.join(f'{name} {kind}' for name, kind in TYPES.items())})")
        values: list[list[Any]] = [[row[name] for name in TYPES] for row in rows]
        connection.executemany(f"INSERT INTO log VALUES ({', '.join('?' * len(TYPES))})", values)  # noqa: S608
        for *key, name, total in connection.execute(query).fetchall():
            found.setdefault(tuple(key), Counter())[name] += int(total)
    return found


def connected() -> duckdb.DuckDBPyConnection:
    """DuckDB with our name for its matches, and with SQL's null where something is divided by zero."""
    connection = duckdb.connect()
    connection.execute("SET ieee_floating_point_ops = false")
    connection.execute("SET error_on_division_by_zero = false")
    connection.execute("CREATE MACRO regexp_like(text, pattern) AS regexp_matches(text, pattern)")
    return connection


def known(spec: Spec) -> str:
    """When a row became known, or NULL."""
    time = f"CASE WHEN ts BETWEEN {TIMES.start} AND {TIMES.stop - 1} THEN ts END"
    if spec.marks == "end":
        return time
    # A duration is logged with three digits, which a decimal holds exactly.
    took = f"floor(CAST(duration AS DECIMAL(30, 9)) * {UNITS[spec.duration_unit]})"
    return f"{time} + CASE WHEN duration >= 0 AND isfinite(duration) THEN CAST({took} AS BIGINT) END"


def weight(spec: Spec) -> str:
    """How many events a row stands for, or NULL."""
    return (
        "1" if spec.count is None else f"CASE WHEN {spec.count} BETWEEN 1 AND {GREATEST_WEIGHT} THEN {spec.count} END"
    )


def asked(spec: Spec) -> str:
    """Whether a row lies in the asked span."""
    edges = ((">=", spec.start), ("<", spec.end))
    return " AND ".join(["TRUE", *(f"known_at {operator} {edge}" for operator, edge in edges if edge is not None)])


def lane(spec: Spec, objective: Objective) -> str:
    """The lane of a row; NULL is out of scope."""
    scopes = [scope for scope in (spec.where, objective.valid) if scope is not None]
    cases = [f"WHEN ({scope.sql()}) IS NOT TRUE THEN NULL" for scope in scopes]
    excludes = (*spec.exclude, *objective.exclude)
    cases += [f"WHEN {exclude.when.sql()} THEN {literal_sql(exclude.reason)}" for exclude in excludes]
    good = verdict(objective)
    return f"CASE {' '.join(cases)} WHEN ({good}) IS NULL THEN 'unknown' WHEN {good} THEN 'good' ELSE 'bad' END"


def verdict(objective: Objective) -> str:
    """Whether a row is good; NULL where it does not tell."""
    sli = objective.sli
    if isinstance(sli, Availability):
        return "CASE WHEN status BETWEEN 100 AND 599 THEN status < 500 END"
    if isinstance(sli, Latency):
        limit = sli.threshold * {"s": 1, "ms": 1_000, "us": 1_000_000}[sli.unit]
        test = f"duration {'<' if sli.strict else '<='} CAST({limit:f} AS DOUBLE)"
        return f"CASE WHEN duration >= 0 AND isfinite(duration) THEN {test} END"
    return f"({sli.predicate.sql()}) = {str(sli.good).upper()}"

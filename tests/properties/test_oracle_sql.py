"""Two definitions of every count agree: the oracle, row by row, and DuckDB, by brute force."""

from __future__ import annotations

import math
from collections import Counter
from typing import TYPE_CHECKING

from hypothesis import given
from oracle import rows as oracle_rows
from oracle.evaluate import count, evaluate
from properties.oracle_sql import counts
from properties.strategies import cases

if TYPE_CHECKING:
    from oracle.rows import Row
    from oracle.spec import Spec


def without_nan(row: Row) -> Row:
    """The row with a null for NaN, which DuckDB takes for a number above all others."""
    return {name: None if isinstance(value, float) and math.isnan(value) else value for name, value in row.items()}


@given(case=cases())
def test_the_oracle_counts_what_duckdb_counts(case: tuple[list[list[Row]], Spec]) -> None:
    sources, spec = case
    log = [without_nan(row) for source in sources for row in source]
    usable = [row for row in log if oracle_rows.in_asked_span(row, spec) and not oracle_rows.is_reject(row, spec)]
    for result in evaluate([log], spec).results:
        objective = next(one for one in spec.objectives if one.name == result.objective)
        by = spec.by if objective.by is None else objective.by
        key = tuple(result.series.values())
        own = [row for row in usable if not by or oracle_rows.key(row, spec, by) == key]
        lanes = Counter[str]()
        for piece in result.pieces:
            lanes.update(counts(log, spec, objective, piece).get(key, {}))
        counted = count(own, spec, objective, result.pieces)
        unknown = lanes.get("unknown", 0)
        assert counted.good == lanes.get("good", 0)
        assert counted.bad == lanes.get("bad", 0) + (unknown if objective.unparsable == "bad" else 0)
        excluded = {name: total for name, total in lanes.items() if name not in {"good", "bad", "unknown"}}
        if objective.unparsable == "exclude" and unknown:
            excluded["unparsable"] = unknown
        assert dict(counted.excluded_by) == excluded
        assert result.counts == counted

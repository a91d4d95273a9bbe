"""Are two answers the same? Counts exactly, exact quantiles and burn rates but for rounding, others within their bound.

    python benches/answers.py HOW REFERENCE OTHER
    python benches/answers.py number ANSWER NUMBER

prints nothing where they are, and else how they differ.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import feather
from work import QUANTILES, WINDOWS

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

_ROUNDING = 1e-9
"""Exact quantiles are interpolated, and burn rates divided, in floats; engines order these operations differently."""


def _columns(table: pa.Table, keys: list[str]) -> dict[str, NDArray[Any]]:
    """The columns, sorted by the keys; a null is a NaN."""
    if "service" in table.column_names:
        texts = pc.cast(table["service"], pa.string())
        table = table.set_column(table.column_names.index("service"), "service", texts)
    table = table.sort_by([(key, "ascending") for key in keys])
    return {name: table[name].to_numpy() for name in table.column_names}


def _keyed(reference: pa.Table, other: pa.Table, keys: list[str]) -> tuple[dict[str, Any], dict[str, Any]]:
    one, two = _columns(reference, keys), _columns(other, keys)
    for key in keys:
        if len(one[key]) != len(two[key]):
            raise DifferentError(f"{len(one[key])} answers against {len(two[key])}")
        if not np.array_equal(one[key], two[key]):
            raise DifferentError(f"other values of {key}")
    return one, two


class DifferentError(Exception):
    """Two answers are not the same; the message says how."""


def _complain(name: str, wrong: NDArray[np.bool_], one: NDArray[Any], two: NDArray[Any]) -> None:
    if wrong.any():
        at = int(np.argmax(wrong))
        raise DifferentError(f"{name}: {int(wrong.sum())} differ, the first is {one[at]} against {two[at]}")


def counts(reference: pa.Table, other: pa.Table) -> None:
    """Every count of every service and minute."""
    keys = [key for key in ("service", "minute") if key in reference.column_names]
    one, two = _keyed(reference, other, keys)
    for name in ("total", "bad", "slow"):
        if name in one:
            _complain(name, one[name] != two[name], one[name], two[name])


def quantiles(reference: pa.Table, other: pa.Table) -> None:
    """Exact quantiles by interpolation."""
    one, two = _keyed(reference, other, ["service", "hour"])
    for name in (f"q{q}" for q in QUANTILES):
        _complain(name, ~np.isclose(one[name], two[name], rtol=_ROUNDING, atol=0), one[name], two[name])


def bounds(reference: pa.Table, other: pa.Table) -> None:
    """Quantiles of histograms against values that occurred: within the error that each one states."""
    one, two = _keyed(reference, other, ["service", "hour"])
    for name in (f"q{q}" for q in QUANTILES):
        off = np.abs(two[name] - one[name]) > two["error"] * np.abs(one[name]) * (1 + _ROUNDING)
        _complain(name, off | np.isnan(two[name]), one[name], two[name])


def burns(reference: pa.Table, other: pa.Table) -> None:
    """Burn rates at every tick for which the whole window lies within the rows."""
    services, first = pc.count_distinct(reference["service"]).as_py(), pc.min(reference["tick"]).as_py()
    last = pc.max(reference["tick"]).as_py()
    if reference.num_rows != services * (last - first + 1):
        raise DifferentError("the reference lacks ticks")
    within = pc.and_(pc.greater_equal(other["tick"], first), pc.less_equal(other["tick"], last))
    one, two = _keyed(reference, other.filter(within), ["service", "tick"])
    for window, minutes in WINDOWS.items():
        name = f"burn_{window}"
        whole = one["tick"] - first + 1 >= minutes
        same = np.isclose(one[name], two[name], rtol=_ROUNDING, atol=0, equal_nan=True)
        _complain(name, whole & ~same, one[name], two[name])


def rolling(reference: pa.Table, other: pa.Table) -> None:
    """Percentiles of the last hour, at the ticks that both tell: within the error that each one states, if any does."""
    keys = ["service", "tick"]
    tables = []
    for name, table in (("one", reference), ("two", other)):
        text = table.set_column(table.column_names.index("service"), "service", pc.cast(table["service"], pa.string()))
        columns = [*keys, "q"] if "error" not in table.column_names else [*keys, "q", "error"]
        tables.append(text.select(columns).rename_columns([*keys, name, *columns[3:]]))
    both = tables[0].join(tables[1], keys, join_type="inner")
    # An engine may leave out the first hour.
    if both.num_rows < 0.99 * reference.num_rows:
        raise DifferentError(f"only {both.num_rows} of {reference.num_rows} ticks are told")
    one, two = both["one"].to_numpy(), both["two"].to_numpy()
    error = both["error"].to_numpy() if "error" in both.column_names else np.zeros(len(one))
    _complain("q", ~(np.abs(two - one) <= (error + _ROUNDING) * np.abs(one)), one, two)


def alerts(reference: pa.Table, other: pa.Table) -> None:
    """When each alert of each service began and ended."""
    keys = ["service", "alert", "start"]
    tables = []
    for table in (reference, other):
        texts = {name: pc.cast(table[name], pa.string()) for name in ("service", "alert")}
        ends = pc.fill_null(pc.cast(table["end"], pa.int64()), -1)
        whole = pa.table({**texts, "start": pc.cast(table["start"], pa.int64()), "end": ends})
        tables.append(whole.sort_by([(key, "ascending") for key in keys]))
    if tables[0].num_rows != tables[1].num_rows:
        raise DifferentError(f"{tables[0].num_rows} alerts against {tables[1].num_rows}")
    if not tables[0].equals(tables[1]):
        raise DifferentError("alerts begin or end at other times")


def sweep(reference: pa.Table, other: pa.Table) -> None:
    """What each policy did, of those and of that which the other tells: counts exactly, and sums but for rounding."""
    waits = pc.unique(other["wait"])
    one, two = _keyed(reference.filter(pc.is_in(reference["wait"], waits)), other, ["pair", "wait", "factor"])
    if not one["alerts"].any():
        raise DifferentError("no policy had an alert")
    for name in other.column_names:
        rounded = name.endswith("_sum")
        # Backburn adds budgets up in parts of 2^-32.
        wrong = ~np.isclose(one[name], two[name], rtol=_ROUNDING, atol=1e-6) if rounded else one[name] != two[name]
        _complain(name, wrong, one[name], two[name])


def same(how: str, reference: pa.Table, other: pa.Table) -> str | None:
    """How they differ, if they do."""
    ways: dict[str, Callable[[pa.Table, pa.Table], None]] = {
        "counts": counts,
        "quantiles": quantiles,
        "bounds": bounds,
        "burns": burns,
        "rolling": rolling,
        "alerts": alerts,
        "sweep": sweep,
    }
    try:
        ways[how](reference, other)
    except DifferentError as error:
        return str(error)
    return None


def main() -> None:
    """Compare two files."""
    how, one, two = sys.argv[1:]
    if how == "number":
        found = feather.read_table(Path(one)).column(0)[0].as_py()
        print("" if found == int(two) else f"{found} against {two}", end="")
        return
    print(same(how, feather.read_table(Path(one)), feather.read_table(Path(two))) or "", end="")


if __name__ == "__main__":
    main()

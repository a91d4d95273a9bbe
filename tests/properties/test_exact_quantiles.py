"""Exact quantiles by several scans are those of the oracle and of NumPy, whatever holds the rows."""

from __future__ import annotations

import json
import math
import tempfile
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet
import pytest
from hypothesis import event, given
from hypothesis import strategies as st
from oracle.quantile import neighbours, quantile, repeated

from backburn import DataError, SpecError, _rust, document
from backburn.engine.request import request

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hypothesis.strategies import DrawFn

HOUR = 3_600_000_000
ONCE = False
QUANTILES = ("0.5", "0.9", "0.95", "0.99", "0", "1", "0.07", "0.25", "0.333333333333333333")
METHODS = (
    "inverted_cdf",
    "averaged_inverted_cdf",
    "closest_observation",
    "interpolated_inverted_cdf",
    "hazen",
    "weibull",
    "linear",
    "median_unbiased",
    "normal_unbiased",
)
SPEC: dict[str, Any] = {
    "apiVersion": "backburn/v1",
    "kind": "ServiceLevelObjectives",
    "metadata": {"service": "shop"},
    "source": {"columns": {"duration": {"column": "took", "unit": "ms"}}, "count": "n", "by": ["host", "zone"]},
    "objectives": [
        {"name": "fast", "sli": {"kind": "latency", "threshold": "300ms"}, "target": "95%", "window": "1d"},
        {"name": "named", "sli": {"kind": "ratio", "good": "zone IS NOT NULL"}, "target": "95%", "window": "1d"},
    ],
}

# Hour, host, zone, milliseconds, how many events.
Row = tuple[int, str | None, str, float, int]


def near(value: float, ulps: int) -> float:
    """A double so many doubles away."""
    for _ in range(abs(ulps)):
        value = math.nextafter(value, math.inf if ulps > 0 else 0.0)
    return value


@st.composite
def durations(draw: DrawFn) -> float:
    """Values that share a bucket, lie on the edge of one, or are as small or large as doubles can be."""
    kind = draw(st.sampled_from(["bucket", "whole", "power", "edge", "any"]))
    match kind:
        case "bucket":
            return draw(st.floats(250.0, 251.0))
        case "whole":
            return float(draw(st.integers(0, 5))) * 1000.0
        case "power":
            return near(2.0 ** draw(st.integers(-1074, 1023)), draw(st.integers(-1, 1)))
        case "edge":
            return near(2.0 ** (draw(st.integers(-320, 640)) / 64), draw(st.integers(-1, 1)))
        case _:
            return draw(st.floats(0.0, allow_infinity=False))


@st.composite
def logs(draw: DrawFn) -> list[Row]:
    row = st.tuples(
        st.integers(0, 2),
        st.sampled_from(["api", "web", None]),
        st.sampled_from(["eu", "us"]),
        durations(),
        st.integers(1, 3),
    )
    return draw(st.lists(row, min_size=1, max_size=80))


def table(rows: list[Row]) -> pa.Table:
    hours, hosts, zones, took, counts = zip(*rows, strict=True)
    return pa.table(
        {
            "timestamp": pa.array([hour * HOUR + 7 for hour in hours], pa.timestamp("us", "UTC")),
            "host": pa.array(hosts, pa.string()),
            "zone": pa.array(zones, pa.string()),
            "took": pa.array(took, pa.float64()),
            "n": pa.array(counts, pa.int64()),
        }
    )


class Data:
    """A log held as a table, as files of two formats, or half as each."""

    def __init__(self, rows: list[Row], holder: str, folder: str, threads: int) -> None:
        self.request = json.dumps(request(document.from_dict(SPEC), histogram=(HOUR, 6)))
        self.threads = threads
        half = len(rows) // 2
        cut = {"table": 0, "parquet": len(rows)}.get(holder, half)
        self.paths: list[str] = []
        self.stream = table(rows[cut:]) if cut < len(rows) else None
        if cut:
            self.paths.append(str(Path(folder, "a.parquet")))
            pa.parquet.write_table(table(rows[:cut]), self.paths[0], row_group_size=7)
        if holder == "text" and self.stream is not None:
            self.paths.append(str(Path(folder, "b.csv")))
            pa.csv.write_csv(self.stream, self.paths[-1])
            self.stream = None

    def scan(self) -> _rust.Rollup:
        parts = []
        if self.paths:
            parts.append(_rust.scan(self.request, self.paths, self.threads))
        if self.stream is not None:
            parts.append(_rust.scan_stream(self.request, self.stream, "a table", ONCE, self.threads))
        return _rust.merge(parts)

    def collect(self, search: _rust.Search) -> Iterator[_rust.Collected]:
        if self.stream is not None:
            yield _rust.collect_stream(self.request, self.stream, "a table", ONCE, search, self.threads)
        if self.paths:
            yield _rust.collect(self.request, self.paths, search, self.threads)


def found(data: Data, views: list[tuple[str, list[str]]], every: int | None, definition: int) -> _rust.Search:
    search = _rust.Search.begin(data.scan(), views, every, QUANTILES, definition)
    while not search.done:
        search = search.refine(list(data.collect(search)))
    return search


def close(value: float | None, sample: list[float], share: str, definition: int) -> bool:
    """Whether a value is the quantile, exactly where it is one of the sample, and else but for rounding."""
    pair = neighbours(sample, share, definition)
    exact = quantile(sample, share, definition)
    assert value is not None
    assert pair is not None
    assert exact is not None
    low, high, gamma = pair
    if gamma in (0, 1) or low == high:
        return Fraction(value) == exact
    return abs(Fraction(value) - exact) <= 3 * Fraction(math.ulp(high))


@given(
    rows=logs(),
    holder=st.sampled_from(["table", "parquet", "text", "both"]),
    every=st.sampled_from([None, HOUR]),
    definition=st.integers(1, 9),
    threads=st.integers(1, 3),
)
def test_quantiles_are_those_of_the_sorted_rows(
    rows: list[Row], holder: str, every: int | None, definition: int, threads: int
) -> None:
    views = [("fast", ["host"]), ("fast", []), ("fast", ["zone", "host"])]
    with tempfile.TemporaryDirectory() as folder:
        search = found(Data(rows, holder, folder, threads), views, every, definition)
    assert search.passes <= 2
    event(f"{search.passes} scans")
    seen = []
    samples: dict[tuple[int, Any, int], list[float]] = {}
    first = min(hour for hour, *_ in rows)
    for hour, host, zone, took, count in rows:
        for view, key in enumerate([(host,), (), (zone, host)]):
            span = (first if every is None else hour) * HOUR
            samples.setdefault((view, key, span), []).extend(repeated([(took, count)]))
    answers = search.answers()
    by_view = [len({key for view, key, _ in samples if view == number}) for number in range(len(views))]
    numbers = [number for number, count in enumerate(by_view) for _ in range(count)]
    for number, (name, key, spans) in zip(numbers, answers, strict=True):
        assert name == "fast"
        for start, end, count, values in spans:
            assert end - start == HOUR or every is None
            sample = samples[number, key, start]
            seen.append((number, key, start))
            assert count == len(sample)
            for share, value in zip(QUANTILES, values, strict=True):
                assert close(value, sample, share, definition), (share, value, sorted(sample))
    none_first = sorted(samples, key=lambda cell: (cell[0], [(part is not None, part) for part in cell[1]], cell[2]))
    assert seen == none_first


@given(
    took=st.lists(st.floats(1.0, 1e6), min_size=1, max_size=60),
    definition=st.integers(1, 9),
)
def test_quantiles_are_those_of_numpy(took: list[float], definition: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        data = Data([(0, "api", "eu", value, 1) for value in took], "table", folder, 1)
        ((_, _, ((_, _, _, values),)),) = found(data, [("fast", [])], None, definition).answers()
    for share, value in zip(QUANTILES, values, strict=True):
        # Ranks in floats are wrong where they decide between two values: NumPy is asked where they are exact.
        if definition <= 3 and share not in {"0", "0.25", "0.5", "1"}:
            continue
        method: Any = METHODS[definition - 1]
        assert value == pytest.approx(float(np.quantile(took, float(share), method=method)), rel=1e-9)


def test_a_spread_of_values_in_one_bucket_takes_no_more_scans_than_there_is_room_for(tmp_path: Path) -> None:
    took = np.random.default_rng(7).permutation(np.linspace(300.0, 301.0, 200_001))
    rows: list[Row] = [(0, "api", "eu", 0.0, 1)]
    data = Data(rows, "table", str(tmp_path), 2)
    columns = {"took": took, "host": ["api"] * len(took), "zone": ["eu"] * len(took), "n": [1] * len(took)}
    data.stream = pa.table({"timestamp": pa.array([0] * len(took), pa.timestamp("us", "UTC")), **columns})
    search = found(data, [("fast", [])], HOUR, 1)
    assert search.passes == 2
    ((_, _, ((start, end, count, values),)),) = search.answers()
    assert (start, end, count) == (0, HOUR, len(took))
    assert values[0] == 300.5
    assert values[4:6] == [300.0, 301.0]


def test_what_cannot_be_searched_is_refused(tmp_path: Path) -> None:
    data = Data([(0, "api", "eu", 5.0, 1), (0, "api", "eu", 5.01, 1)], "parquet", str(tmp_path), 1)
    rollup = data.scan()
    fast = [("fast", ["zone"])]
    for name, by in [("slow", "zone"), ("fast", "city")]:
        with pytest.raises(KeyError):
            _rust.Search.begin(rollup, [(name, [by])], HOUR, ["0.5"], 7)
    for name, every, share, definition, message in [
        ("fast", 2 * HOUR, "0.5", 7, "in spans of another length"),
        ("fast", 0, "0.5", 7, "spans of 0 microseconds"),
        ("named", HOUR, "0.5", 7, "no durations were recorded for indicator 'named'"),
        ("fast", HOUR, "1.5", 7, "'1.5' is not a quantile"),
        ("fast", HOUR, "0.5", 10, "there is no quantile of type 10"),
    ]:
        with pytest.raises(SpecError, match=message):
            _rust.Search.begin(rollup, [(name, ["zone"])], every, [share], definition)
    search = _rust.Search.begin(rollup, fast, HOUR, ["0.5"], 7)
    assert not search.done
    assert search.answers() == [("fast", ("eu",), [(0, HOUR, 2, [None])])]
    with pytest.raises(SpecError, match="collected for another search"):
        search.refine(list(data.collect(_rust.Search.begin(rollup, fast, HOUR, ["0.5"], 7))))
    with pytest.raises(DataError, match=r"the data changed between two scans: .* is not there any more") as raised:
        search.refine([])
    assert raised.value.remedy is not None
    pa.parquet.write_table(table([(0, "api", "eu", 5.0, 1), (0, "api", "eu", 5.02, 1)]), data.paths[0])
    with pytest.raises(DataError, match="the data changed between two scans"):
        search.refine(list(data.collect(search)))

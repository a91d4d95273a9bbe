"""Quantiles of a real load test: those that JMeter wrote itself, and those that NumPy and DuckDB find."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.csv as pa_csv
import pytest

import backburn

if TYPE_CHECKING:
    from pathlib import Path

SPEC: dict[str, Any] = {
    "apiVersion": "backburn/v1",
    "kind": "ServiceLevelObjectives",
    "metadata": {"service": "silapor"},
    "source": {
        "columns": {
            "timestamp": {"column": "timeStamp", "unit": "ms"},
            "status": "responseCode",
            "duration": {"column": "elapsed", "unit": "ms"},
        },
        "by": ["label"],
    },
    "objectives": [
        {"name": "fast", "sli": {"kind": "latency", "threshold": "5s"}, "target": "95%", "window": "all"},
    ],
}
REPORTED = {"0.5": "medianResTime", "0.9": "pct1ResTime", "0.95": "pct2ResTime", "0.99": "pct3ResTime"}
QUANTILES = [*REPORTED, "0", "0.001", "0.25", "1"]
METHODS = {
    1: "inverted_cdf",
    2: "averaged_inverted_cdf",
    3: "closest_observation",
    4: "interpolated_inverted_cdf",
    5: "hazen",
    6: "weibull",
    7: "linear",
    8: "median_unbiased",
    9: "normal_unbiased",
}


@pytest.fixture(scope="module")
def log(shared_data: Path) -> Path:
    return shared_data / "jmeter" / "load_test_final.jtl"


@pytest.fixture(scope="module")
def table(log: Path) -> pa.Table:
    return pa_csv.read_csv(log).select(["timeStamp", "responseCode", "elapsed", "label"])


def of_labels(found: backburn.Percentiles) -> dict[str | None, dict[str, float | None]]:
    return {result.series["label"]: dict(result.quantiles) for result in found.results}


def test_exact_quantiles_of_every_label_are_jmeters_own(log: Path) -> None:
    statistics = json.loads(log.with_suffix(".statistics.json").read_text(encoding="utf-8"))
    total = statistics.pop("Total")
    wanted = {name: {q: one[field] for q, field in REPORTED.items()} for name, one in statistics.items()}
    found = of_labels(backburn.percentiles(SPEC, log, exact=True, type=6, quantiles=list(REPORTED)))
    assert found.keys() == wanted.keys()
    for name, quantiles in found.items():
        assert quantiles == pytest.approx(wanted[str(name)], rel=1e-12)
    (everyone,) = backburn.percentiles(SPEC, log, exact=True, type=6, by=[], quantiles=list(REPORTED)).results
    assert everyone.count == total["sampleCount"] == 10_387
    assert everyone.quantiles == pytest.approx({q: total[field] for q, field in REPORTED.items()}, rel=1e-12)


def test_histograms_are_as_near_to_jmeters_own_as_they_state(log: Path) -> None:
    statistics = json.loads(log.with_suffix(".statistics.json").read_text(encoding="utf-8"))
    found = backburn.percentiles(SPEC, log, type=6, quantiles=list(REPORTED))
    assert {result.series["label"] for result in found} == statistics.keys() - {"Total"}
    for result in found:
        wanted = {q: statistics[result.series["label"]][field] for q, field in REPORTED.items()}
        assert result.error == pytest.approx(0.005415, abs=1e-6)
        assert result.quantiles == pytest.approx(wanted, rel=result.error)


@pytest.mark.parametrize(("definition", "method"), METHODS.items())
def test_exact_quantiles_of_every_type_are_numpys(table: pa.Table, definition: int, method: str) -> None:
    found = of_labels(backburn.percentiles(SPEC, table, exact=True, type=definition, quantiles=QUANTILES))
    labels = np.array(table["label"].to_pylist())
    elapsed = table["elapsed"].to_numpy()
    assert set(labels) == found.keys()
    for label, quantiles in found.items():
        values = elapsed[labels == label]
        wanted = np.quantile(values, [float(q) for q in quantiles], method=method)  # type: ignore[call-overload]
        assert list(quantiles.values()) == pytest.approx(list(wanted), rel=1e-12)


@pytest.mark.parametrize(("definition", "function"), [(7, "quantile_cont"), (1, "quantile_disc")])
def test_exact_quantiles_of_every_minute_are_duckdbs(table: pa.Table, definition: int, function: str) -> None:
    found = backburn.percentiles(SPEC, table, every="1m", exact=True, type=definition, quantiles=QUANTILES)
    listed = f"[{', '.join(QUANTILES)}]"
    with duckdb.connect() as connection:
        asked = f"label, timeStamp // 60000, count(*), {function}(elapsed, {listed})"
        rows = connection.from_arrow(table).aggregate(asked).fetchall()
    wanted = {(label, minute): (count, values) for label, minute, count, values in rows}
    seen = {
        (one.series["label"], round(one.start.timestamp()) // 60): (one.count, list(one.quantiles.values()))
        for one in found
        if one.count
    }
    assert seen.keys() == wanted.keys()
    assert len(seen) > len({label for label, _ in seen})
    for place, (count, values) in seen.items():
        assert count == wanted[place][0]
        assert values == pytest.approx([float(value) for value in wanted[place][1]], rel=1e-12)

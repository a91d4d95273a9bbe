"""A real load test: counts per label equal the statistics that JMeter itself wrote."""

from __future__ import annotations

import csv
import json
from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest

import backburn

if TYPE_CHECKING:
    from pathlib import Path


def spec(objective: dict[str, Any], by: list[str]) -> dict[str, Any]:
    return {
        "apiVersion": "backburn/v1",
        "kind": "ServiceLevelObjectives",
        "metadata": {"service": "silapor"},
        "source": {
            "columns": {
                "timestamp": {"column": "timeStamp", "unit": "ms"},
                "status": "responseCode",
                "duration": {"column": "elapsed", "unit": "ms"},
            },
            "by": by,
        },
        "objectives": [{"name": "success", "target": "99%", "window": "all", **objective}],
    }


BY_FLAG = {"sli": {"kind": "ratio", "good": "success = 'true'"}}
BY_STATUS = {"sli": {"kind": "availability"}}


@pytest.fixture(scope="module")
def log(shared_data: Path) -> Path:
    return shared_data / "jmeter" / "load_test_final.jtl"


@pytest.fixture(scope="module")
def records(log: Path) -> list[dict[str, str]]:
    with log.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_counts_and_errors_of_every_label_equal_jmeters_own(log: Path) -> None:
    statistics = json.loads(log.with_suffix(".statistics.json").read_text(encoding="utf-8"))
    wanted = {name: (one["sampleCount"], one["errorCount"]) for name, one in statistics.items() if name != "Total"}
    found = backburn.evaluate(spec(BY_FLAG, ["label"]), log).to_dict()
    assert {one["series"]["label"]: (one["valid"], one["bad"]) for one in found["results"]} == wanted
    assert sum(count for count, _ in wanted.values()) == statistics["Total"]["sampleCount"] == 10_387
    assert found["data"]["rows"] == 10_387
    assert found["data"]["rejected"] == 0


def test_success_by_status_is_not_success_by_flag(log: Path, records: list[dict[str, str]]) -> None:
    by_flag = Counter(record["success"] for record in records)
    by_status = Counter(int(record["responseCode"]) >= 500 for record in records)
    assert (by_flag["true"], by_flag["false"]) == (9303, 1084)
    assert (by_status[False], by_status[True]) == (10_385, 2)
    for objective, good, bad in ((BY_FLAG, 9303, 1084), (BY_STATUS, 10_385, 2)):
        (result,) = backburn.evaluate(spec(objective, []), log).to_dict()["results"]
        assert (result["good"], result["bad"]) == (good, bad)
        assert result["sli"] == good / 10_387
        assert result["met"] == (good >= 0.99 * 10_387)


def test_latency_counts_equal_an_independent_count(log: Path, records: list[dict[str, str]]) -> None:
    fast = Counter(record["label"] for record in records if int(record["elapsed"]) <= 5000)
    everything = Counter(record["label"] for record in records)
    objective = {"sli": {"kind": "latency", "threshold": "5s"}}
    results = backburn.evaluate(spec(objective, ["label"]), log).to_dict()["results"]
    assert {one["series"]["label"]: one["good"] for one in results} == {name: fast[name] for name in everything}
    assert {one["series"]["label"]: one["valid"] for one in results} == dict(everything)

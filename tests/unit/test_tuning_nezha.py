"""Tuning on the injected faults of a real fleet: what so few events of one day can decide, and what not."""

from __future__ import annotations

import csv
import json
import math
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

import backburn

if TYPE_CHECKING:
    from pathlib import Path

SPEC: dict[str, Any] = {
    "apiVersion": "backburn/v1",
    "kind": "ServiceLevelObjectives",
    "metadata": {"service": "frontend"},
    "source": {"count": "n", "columns": {"timestamp": {"column": "at", "unit": "s"}}},
    "objectives": [{"name": "success", "sli": {"kind": "ratio", "good": "ok = 1"}, "target": "99%", "window": "7d"}],
}
SHORT = {
    "windows": [{"long": "30m", "short": "5m"}, {"long": "15m", "short": "3m"}, {"window": "10m"}, {"window": "5m"}],
    "factors": {"from": 0.1, "to": 50, "steps": 40},
    "for": ["0s", "1m", "2m"],
}
MINUTE = 10_000
"""The file has rates of success and no counts: every minute is taken for so many requests."""


@pytest.fixture(scope="module")
def log(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    rows = ["at,ok,n"]
    with (shared_data / "nezha/2022-08-22-front_service.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            rate = float(row["SuccessRate(%)"])
            if not math.isnan(rate):
                good = round(rate / 100 * MINUTE)
                parts = ((1, good), (0, MINUTE - good))
                rows += [f"{row['TimeStamp']},{ok},{count}" for ok, count in parts if count]
    made = tmp_path_factory.mktemp("nezha") / "front.csv"
    made.write_text("\n".join(rows) + "\n", encoding="utf-8")
    return made


@pytest.fixture(scope="module")
def labels(shared_data: Path) -> list[dict[str, str]]:
    faults = json.loads((shared_data / "nezha/2022-08-22-fault_list.json").read_text(encoding="utf-8"))
    starts = [datetime.fromtimestamp(int(fault["inject_timestamp"]), UTC) for hour in faults.values() for fault in hour]
    return [{"start": at.isoformat(), "end": (at + timedelta(minutes=4)).isoformat()} for at in starts]


def test_all_faults_lie_in_the_warm_up_of_the_usual_windows(log: Path, labels: list[dict[str, str]]) -> None:
    tuning = backburn.tune(SPEC, log, labels=labels)
    assert tuning.chosen is None
    assert tuning.reason == (
        "the data cannot choose: the earlier part has 0 of the 5 events that are needed and the later part has 0 of "
        "the 3 events that are needed (24 begin in the warm-up of 6h or outside of the data)"
    )
    (note,) = [note.message for note in tuning.notes if note.code == "BB307"]
    assert note == "windows longer than a third of the data, 20h8m, are not tried: 12h/1h, 1d/2h, 3d/6h"


def test_short_windows_see_faults_but_a_few_hours_cannot_claim_anything(
    log: Path, labels: list[dict[str, str]]
) -> None:
    tuning = backburn.tune(SPEC, log, labels=labels, grid=SHORT, end="2022-08-22T08:30:00Z", train="50%")
    assert tuning.train.events + tuning.holdout.events <= len(labels) == 24
    if tuning.chosen is not None:
        assert tuning.chosen.score.recall.method == "events"
        assert not any(one.improves or one.enough for one in tuning.comparisons)
    else:
        assert tuning.reason is not None
        assert "events that are needed" in tuning.reason


def test_a_backtest_holds_policies_against_the_faults(log: Path, labels: list[dict[str, str]]) -> None:
    found = backburn.backtest(SPEC, log, labels=labels, policy="workbook-1-error-rate")
    score = found.score("workbook-1-error-rate")
    assert score is not None
    assert score.truth == "labels"
    assert score.events + score.left_out_events == 24
    assert 0 < score.detected <= score.events
    assert score.random is not None
    assert score.random.precision_p is not None
    assert score.random.precision_p < 0.05
    assert score.precision.low is not None
    assert score.precision.low < (score.precision.value or 0)

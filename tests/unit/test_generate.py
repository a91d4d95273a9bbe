"""The generator of made-up traffic: its counts, truth, labels and determinism."""

from __future__ import annotations

import csv
import hashlib
import subprocess
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

import backburn

ROOT = Path(__file__).parents[2]
DATA = ROOT / "data"
ROWS, DAYS, SERVICES = 60_000, 3, 8


def generate(folder: Path, *options: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(DATA / "generate.py"), "-o", str(folder), *options]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def digest(folder: Path) -> dict[str, str]:
    """A hash of every column of every file, and of every text file."""
    found = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.glob("*.csv")}
    for path in sorted(folder.glob("*.parquet")):
        for name, column in zip(pq.read_schema(path).names, pq.read_table(path).columns, strict=True):
            text = repr(column.to_pylist()).encode()
            found[f"{path.name} {name}"] = hashlib.sha256(text).hexdigest()
    return found


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def month(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("generated")
    size = ("--rows", "6e4", "--days", str(DAYS), "--services", str(SERVICES))
    done = generate(folder, *size, "--seed", "7", "--workers", "2", "--row-group", "5000")
    assert done.returncode == 0, done.stderr
    return folder


def requests(folder: Path) -> list[dict[str, Any]]:
    return [row for path in sorted(folder.glob("*.parquet")) for row in pq.read_table(path).to_pylist()]


def test_files_hold_the_rows_asked_for_a_day_each_and_sorted(month: Path) -> None:
    names = [path.name for path in sorted(month.glob("*.parquet"))]
    assert names == [f"requests-2025-10-0{day}.parquet" for day in (1, 2, 3)]
    assert len(requests(month)) == ROWS
    assert list(requests(month)[0]) == ["timestamp", "service", "route", "status", "duration_ms", "user_id"]
    for day, name in enumerate(names, start=1):
        times: list[Any] = pq.read_table(month / name)["timestamp"].to_pylist()
        assert times == sorted(times)
        assert {moment.day for moment in times} == {day}
        assert pq.read_metadata(month / name).row_group(0).num_rows == 5000


def test_the_same_seed_makes_the_same_rows_on_any_number_of_processes(month: Path, tmp_path: Path) -> None:
    size = ("--rows", "60000", "--days", str(DAYS), "--services", str(SERVICES))
    assert generate(tmp_path / "one", *size, "--seed", "7", "--workers", "1").returncode == 0
    assert digest(tmp_path / "one") == digest(month)
    assert generate(tmp_path / "other", *size, "--seed", "8").returncode == 0
    assert digest(tmp_path / "other") != digest(month)


def test_targets_tell_what_the_rows_hold(month: Path) -> None:
    rows, truth = requests(month), rows_of(month / "targets.csv")
    assert sum(int(row["requests"]) for row in truth) == ROWS
    for row in truth:
        own = [request for request in rows if request["service"] == row["service"]]
        assert len(own) == int(row["requests"])
        assert sum(request["status"] >= 500 for request in own) == int(row["bad"])
        assert sum(request["duration_ms"] >= 300 for request in own) == int(row["slow"])
        for share, count in (("availability", "bad"), ("fast", "slow")):
            expected = (1 - float(row[share])) * len(own)
            assert abs(int(row[count]) - expected) <= 6 * max(expected, 1) ** 0.5


def test_services_are_built_to_meet_and_to_miss_their_targets(month: Path) -> None:
    truth = rows_of(month / "targets.csv")
    for row in truth:
        assert (float(row["availability"]) >= 0.999) == (row["meets_availability"] == "true")
        assert (float(row["fast"]) >= 0.95) == (row["meets_latency"] == "true")
    assert {row["meets_availability"] for row in truth} == {"true", "false"}
    assert {row["meets_latency"] for row in truth} == {"true", "false"}


def test_incidents_have_every_shape_and_lie_within_the_span(month: Path) -> None:
    labels = rows_of(month / "incidents.csv")
    assert list(labels[0]) == ["id", "kind", "service", "start", "end", "severity", "class", "source"]
    assert {row["class"] for row in labels} == {"outage", "slow-burn", "latency-step", "flapping", "low-traffic-noise"}
    first, last = (datetime.fromisoformat(f"2025-10-0{day}T00:00:00Z") for day in (1, 4))
    for row in labels:
        assert first <= datetime.fromisoformat(row["start"]) < datetime.fromisoformat(row["end"]) <= last
    assert len({row["id"] for row in labels}) == len(labels)


@pytest.mark.parametrize(
    ("shape", "column", "least"), [("outage", "status", 500), ("latency-step", "duration_ms", 300)]
)
def test_an_incident_is_seen_in_the_rows(month: Path, shape: str, column: str, least: int) -> None:
    labels = [row for row in rows_of(month / "incidents.csv") if row["class"] == shape]
    inside: list[bool] = []
    outside: list[bool] = []
    for label in labels:
        start, end = (datetime.fromisoformat(label[edge]) for edge in ("start", "end"))
        for row in requests(month):
            if row["service"] == label["service"]:
                (inside if start <= row["timestamp"] < end else outside).append(row[column] >= least)
    assert sum(inside) / len(inside) > 5 * sum(outside) / len(outside)


def test_the_example_specification_finds_what_was_generated(month: Path) -> None:
    truth = {row["service"]: row for row in rows_of(month / "targets.csv")}
    found = backburn.evaluate(DATA / "examples" / "fleet.yaml", sorted(month.glob("*.parquet")), window="all")
    counts = {"availability": "bad", "latency-p95": "slow"}
    results = found.to_dict()["results"]
    assert len(results) == len(counts) * SERVICES
    for result in results:
        service = truth[result["series"]["service"]]
        forgiven = result["excluded_by"].get("Rate limit 429s", 0)
        assert result["valid"] + forgiven == int(service["requests"])
        # A request that was asked to slow down may have been a slow one, but never a failed one.
        spare = forgiven if result["objective"] == "latency-p95" else 0
        assert 0 <= int(service[counts[result["objective"]]]) - result["bad"] <= spare


@pytest.mark.parametrize(
    "options", [("--rows", "0"), ("--rows", "1.5"), ("--rows", "many"), ("--days", "92"), ("--services", "-1")]
)
def test_impossible_sizes_are_refused(tmp_path: Path, options: tuple[str, str]) -> None:
    refused = generate(tmp_path / "none", *options)
    assert refused.returncode == 2
    assert options[0] in refused.stderr
    assert not (tmp_path / "none").exists()


def test_the_committed_sample_is_what_its_script_writes() -> None:
    script = [sys.executable, str(DATA / "sample_log.py"), "--seed", "1"]
    written = subprocess.run(script, capture_output=True, check=True).stdout
    assert written == (DATA / "samples" / "access.log").read_bytes()

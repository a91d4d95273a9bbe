"""From a stranger's log to a believed number: two commands in an empty directory."""

from __future__ import annotations

import csv
import gzip
import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from shell import run

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
SERVED = {str(status) for status in range(100, 500)}


def believe(log: Path, folder: Path) -> tuple[str, list[dict[str, Any]]]:
    """Run the two commands: the specification, and the main results of its objectives."""
    both = run(f"backburn init '{log}' -o slo.yaml && backburn evaluate slo.yaml", folder)
    assert both.exit in {0, 1}, both.stderr
    assert both.stdout.strip()
    checked = run("backburn validate slo.yaml", folder)
    assert (checked.exit, checked.stderr) == (0, "")
    document = json.loads(run("backburn evaluate slo.yaml --format json", folder).stdout)
    results = [result for result in document["results"] if result["budget"] is not None]
    assert results
    assert all(result["met"] is not None for result in results)
    assert (both.exit == 1) == any(result["met"] is False for result in document["results"])
    return (folder / "slo.yaml").read_text(encoding="utf-8"), results


@dataclass(frozen=True, slots=True)
class Row:
    """What a row says, read without the product: when its event became known, and whether it was good."""

    known: datetime
    good: bool


def expect_counts(result: dict[str, Any], rows: list[Row]) -> None:
    """Hold a result against a plain count of the rows in its window."""
    start, end = (datetime.fromisoformat(result["window"][edge]) for edge in ("start", "end"))
    inside = [row.good for row in rows if start <= row.known < end]
    assert inside
    counts = (result["good"], result["bad"], result["valid"])
    assert counts == (inside.count(True), inside.count(False), len(inside))
    assert result["sli"] == inside.count(True) / len(inside)


def of(results: list[dict[str, Any]], objective: str) -> list[dict[str, Any]]:
    return [result for result in results if result["objective"] == objective]


def everything(folder: Path) -> tuple[int, int, list[dict[str, Any]]]:
    """All rows and rejected rows, and the results for all of them, whatever window the specification chose."""
    evaluation = json.loads(run("backburn evaluate slo.yaml --window all --format json", folder).stdout)
    return evaluation["data"]["rows"], evaluation["data"]["rejected"], evaluation["results"]


def is_commented(specification: str) -> bool:
    return len(re.findall(r"(?m)(?:^|\s)# \S+ \S+", specification)) >= 4


def test_an_apache_access_log(shared_data: Path, tmp_path: Path) -> None:
    log = shared_data / "apache" / "access.log.gz"
    specification, results = believe(log, tmp_path)
    assert is_commented(specification)
    with gzip.open(log, "rt", encoding="utf-8", errors="replace") as text:
        lines = text.read().splitlines()
    rows = [
        Row(
            known=datetime.strptime(line.split("[")[1].split("]")[0], "%d/%b/%Y:%H:%M:%S %z"),
            good=not line.split('" ')[1].startswith("5"),
        )
        for line in lines
    ]
    assert len(lines) == 10_000
    (availability,) = of(results, "availability")
    expect_counts(availability, rows)
    read, rejected, all_time = everything(tmp_path)
    assert (read, rejected) == (10_000, 0)
    expect_counts(of(all_time, "availability")[0], rows)


def test_a_parquet_log(tmp_path: Path) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    start = datetime(2026, 6, 1, 10, tzinfo=UTC)
    known = [start + timedelta(seconds=3 * row) for row in range(5_000)]
    statuses = [503 if row % 50 == 0 else 404 if row % 7 == 0 else 200 for row in range(5_000)]
    durations = [float((row * 37) % 900) for row in range(5_000)]
    log = tmp_path / "log.parquet"
    columns = {"timestamp": known, "status": pa.array(statuses, pa.uint16()), "duration_ms": durations}
    pq.write_table(pa.table(columns), log, row_group_size=700)
    specification, results = believe(log, tmp_path)
    assert is_commented(specification)
    rows = [Row(time, status < 500) for time, status in zip(known, statuses, strict=True)]
    availability, latency = sorted(results, key=lambda result: str(result["objective"]))
    expect_counts(availability, rows)
    expect_counts(of(everything(tmp_path)[2], "availability")[0], rows)
    threshold, strict = threshold_ms(specification)
    verdicts = (duration < threshold if strict else duration <= threshold for duration in durations)
    expect_counts(latency, [Row(time, good) for time, good in zip(known, verdicts, strict=True)])


def threshold_ms(specification: str) -> tuple[float, bool]:
    """The threshold of the one latency objective, in milliseconds, and whether it is strictly below."""
    words = re.search(r"(?:p\d+ (<=?)|threshold:) (\d+(?:\.\d+)?)(ms|s)\b", specification)
    assert words is not None
    sign, number, unit = words.groups()
    return float(number) * {"ms": 1, "s": 1000}[unit], sign == "<"


def test_a_load_test_of_jmeter(shared_data: Path, tmp_path: Path) -> None:
    log = shared_data / "jmeter" / "load_test_final.jtl"
    specification, results = believe(log, tmp_path)
    assert is_commented(specification)
    with log.open(newline="", encoding="utf-8") as text:
        records = list(csv.DictReader(text))
    assert len(records) == 10_387
    assert everything(tmp_path)[:2] == (10_387, 0)
    judged: dict[str, Callable[[dict[str, str]], bool]] = {
        "success": lambda record: record["success"] == "true",
        "availability": lambda record: record["responseCode"] in SERVED,
    }
    for objective, good in judged.items():
        series = of(results, objective)
        assert {result["series"]["label"] for result in series} == {record["label"] for record in records}
        for result in series:
            rows = [
                Row(
                    known=EPOCH + timedelta(milliseconds=int(record["timeStamp"]) + int(record["elapsed"])),
                    good=good(record),
                )
                for record in records
                if record["label"] == result["series"]["label"]
            ]
            expect_counts(result, rows)
            assert result["valid"] == len(rows)


@pytest.mark.parametrize("name", ["access log.txt", "логи.log", "it's.log"])
def test_any_name_will_do(name: str, tmp_path: Path) -> None:
    log = tmp_path / name
    log.write_text(
        "".join(
            f'192.0.2.1 - - [01/Jun/2026:{minute // 60:02}:{minute % 60:02}:00 +0000] "GET / HTTP/1.1" 200 1\n'
            for minute in range(300)
        ),
        encoding="utf-8",
    )
    started = run(f'backburn init "{name}" -o slo.yaml && backburn evaluate slo.yaml', tmp_path)
    assert started.exit == 0, started.stderr
    assert "1 of 1 met" in started.stdout

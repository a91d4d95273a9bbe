"""Logs as Parquet: nothing that is counted changes."""

from __future__ import annotations

import gzip
import json
from typing import TYPE_CHECKING

import pyarrow.parquet as pq
import pytest
from shell import run

import backburn

if TYPE_CHECKING:
    from pathlib import Path

LINE = '192.0.2.{} - - [03/Nov/2025:09:{:02}:{:02} +0000] "GET /a?b={} HTTP/1.1" {} 15 "-" "curl/8.0" 0.{:03}\n'


def log_of(lines: int) -> str:
    rows = (LINE.format(n % 256, n // 60 % 60, n % 60, n, 500 if n % 7 == 0 else 200, n % 997) for n in range(lines))
    return "".join(rows) + "not a line\n"


def numbers(evaluation: backburn.Evaluation) -> list[dict[str, object]]:
    return [result.to_dict() for result in evaluation.results]


def test_what_is_counted_in_the_file_is_what_is_counted_in_the_logs(tmp_path: Path) -> None:
    log, parquet = tmp_path / "access.log.gz", tmp_path / "access.parquet"
    log.write_bytes(gzip.compress(log_of(3000).encode()))
    spec = tmp_path / "slo.yaml"
    backburn.init(log, output=spec)
    spec.write_text(backburn.init(log, output=spec))
    conversion = backburn.convert(log, parquet)
    assert (conversion.data.rows, conversion.data.rejected) == (3000, 1)
    assert conversion.notes[0].code == "BB402"
    assert (conversion.files[0].format, conversion.size) == ("nginx-combined-time", parquet.stat().st_size)
    assert numbers(backburn.evaluate(spec, parquet)) == numbers(backburn.evaluate(spec))


def test_a_document_that_names_the_logs_format_reads_the_file_too(tmp_path: Path) -> None:
    log, parquet, spec = tmp_path / "access.log", tmp_path / "access.parquet", tmp_path / "slo.yaml"
    log.write_text(log_of(300))
    text = backburn.init(log, output=spec)
    spec.write_text(text.replace("source:\n", "source:\n  format: nginx-combined-time\n"))
    backburn.convert(log, parquet)
    assert numbers(backburn.evaluate(spec, parquet)) == numbers(backburn.evaluate(spec))


def test_a_large_log_keeps_its_order_whoever_reads_it(tmp_path: Path) -> None:
    log = tmp_path / "access.log"
    log.write_text(log_of(200_000))
    files = [tmp_path / f"{threads}.parquet" for threads in (1, 3)]
    seen: list[tuple[int, int, int]] = []
    for threads, file in zip((1, 3), files, strict=True):
        backburn.convert(log, file, threads=threads, progress=lambda *told: seen.append(told))
    assert files[0].read_bytes() == files[1].read_bytes()
    assert pq.read_table(files[0], columns=["query"]).column(0).to_pylist() == [f"b={n}" for n in range(200_000)]
    # Where the machine is slow, somebody looks before the log was found.
    assert {whole for _, whole, _ in seen} - {0} == {log.stat().st_size}
    assert all(done <= whole for done, whole, _ in seen)


def test_the_command_says_what_it_wrote(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(
        '{"ts": "2025-11-03T09:00:00Z", "http": {"status": 200}}\n{"ts": 1\n{"ts": null}\n'
    )
    done = run("backburn convert a.json -o a.parquet", tmp_path)
    assert done.exit == 0
    assert done.stdout.splitlines()[0].startswith("a.parquet: 2 rows, 1 rejected, 2 columns, ")
    assert done.stdout.splitlines()[2:] == [
        "log     format  why                            rows",
        "a.json  ndjson  2 of 3 lines are JSON objects     2",
    ]
    assert "1 of 3 rows rejected: not JSON (1, first at a.json:2" in done.stderr
    document = json.loads(run("backburn convert a.json -o a.parquet --format json", tmp_path).stdout)
    assert document["results"][0]["columns"][1] == {"name": "http.status", "type": "text (untyped)", "unit": None}
    assert document["data"]["rejects"][0]["examples"] == [{"file": "a.json", "line": 2, "value": '{"ts": 1'}]
    again = run("backburn convert a.parquet -o b.parquet", tmp_path)
    assert again.exit == 3
    assert "it is Parquet already" in again.stderr
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.json", "a.parquet"]


def test_what_is_written_must_be_said(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("a,b\n1,2\n")
    assert run("backburn convert a.csv", tmp_path).exit == 2
    with pytest.raises(backburn.DataNotFoundError, match="no such directory"):
        backburn.convert(tmp_path / "a.csv", tmp_path / "no" / "b.parquet")


def test_the_format_of_a_log_can_be_said(tmp_path: Path) -> None:
    (tmp_path / "own.log").write_text("2025-11-03T09:00:00Z|200|0.5\nnot a line at all\n")
    said = "--log-format '$time_iso8601|$status|$request_time'"
    assert run("backburn inspect own.log", tmp_path).exit == 3
    assert run(f"backburn inspect own.log {said}", tmp_path).exit == 0
    assert run(f"backburn convert own.log -o own.parquet {said}", tmp_path).exit == 0
    assert pq.read_table(tmp_path / "own.parquet", columns=["duration"]).column(0).to_pylist() == [0.5]
    assert run(f"backburn init own.log -o slo.yaml {said}", tmp_path).exit == 0
    assert run("backburn evaluate slo.yaml", tmp_path).stdout.endswith("2 of 2 met.\n")

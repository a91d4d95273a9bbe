from __future__ import annotations

import gzip
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from drafts import draft, line
from made_logs import write_log

import backburn

if TYPE_CHECKING:
    from pathlib import Path


def test_a_parquet_log_of_services_just_works(tmp_path: Path) -> None:
    rows = [
        {"at": n, "service": "ab"[n % 2], "status": 500 if n % 300 == 0 else 200, "duration_ms": float(n % 400)}
        for n in range(36 * 60)
    ]
    text, evaluation = draft(write_log(tmp_path / "requests.parquet", rows))
    assert line(text, "by:").startswith("by: [service]")
    assert line(text, "duration:").startswith("duration: {column: duration_ms, unit: ms}")
    assert line(text, "sli: {kind: latency").startswith("sli: {kind: latency, threshold: 500ms}")
    # 99.66 % of all requests are good, but of those of service a in the last day only 99.31 %.
    assert line(text, "target: 99") == (
        "target: 99%  # the highest common target that every service keeps in its last 1d: the worst, 'a', 99.3055%; "
        "what users need is yours to say"
    )
    assert all(result.met for result in evaluation.results)
    # A day and a half cannot judge a week.
    assert line(text, "window:").startswith(
        "window: 1d  # the longest usual window of which this log, which spans 1d12h, covers 80%"
    )
    assert line(text, "report:").startswith("report: {burn: [5m, 1h, 6h]}")
    assert {result.service for result in evaluation.results} == {"a", "b"}


def test_what_is_drafted_is_met_in_the_window_that_is_drafted(tmp_path: Path) -> None:
    # All of the log, or both services together, would keep a higher target and a lower threshold.
    rows: list[dict[str, Any]] = [
        {"at": n, "service": "ab"[n % 2], "status": 200, "duration_ms": 250.0 if n > 560 and n % 2 else 40.0}
        for n in range(600)
    ]
    for n in (501, 521, 541, 561, 500):
        rows[n]["status"] = 503
    text, evaluation = draft(write_log(tmp_path / "log.parquet", rows))
    assert line(text, "window:").startswith("window: 6h")
    why = "the highest common target that every service keeps in its last 6h: the worst, 'b', 97.7777%"
    assert line(text, "target:").startswith(f"target: 95%  # {why};")
    assert "threshold: 300ms" in line(text, "sli: {kind: latency")
    assert [result for result in evaluation.results if not result.met] == []


def test_a_series_that_keeps_nothing_is_named_beside_the_target_of_the_whole(tmp_path: Path) -> None:
    rows = [{"at": n, "service": "b" if n == 7 else "a", "status": 500 if n == 7 else 200} for n in range(120)]
    text, _ = draft(write_log(tmp_path / "log.parquet", [*rows, {"at": 115, "service": "b", "status": 500}]))
    why = (
        "the highest common target that this log as a whole keeps in its last 1h: 98.3606%, though service 'b' keeps 0%"
    )
    assert line(text, "target:").startswith(f"target: 95%  # {why};")


def test_every_guess_has_its_reason(tmp_path: Path) -> None:
    text, _ = draft(write_log(tmp_path / "requests.parquet", [{"at": n} for n in range(10)]))
    settings = [line for line in text.splitlines()[4:] if ": " in line and not line.lstrip().startswith("- name")]
    assert [line for line in settings if "  # " not in line and "data:" not in line] == []


def test_the_window_is_the_longest_that_the_log_can_judge(tmp_path: Path) -> None:
    for days, window in ((30, "30d"), (6, "7d"), (5, "1d"), (0.21, "6h"), (0.05, "1h"), (0.02, "all")):
        rows = [{"at": minute} for minute in range(0, int(days * 24 * 60), 20)]
        text, _ = draft(write_log(tmp_path / "log.parquet", rows))
        assert line(text, "window:").startswith(f"window: {window}  #"), days


def test_a_log_with_long_silences_can_still_be_judged(tmp_path: Path) -> None:
    text, _ = draft(write_log(tmp_path / "log.parquet", [{"at": hour * 180} for hour in range(100)]))
    assert line(text, "gaps:").startswith("gaps: quiet  #")


def test_rows_that_cannot_be_used_are_accepted_with_their_reason(tmp_path: Path) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    log = write_log(tmp_path / "log.parquet", [{"at": n} for n in range(100)])
    table = pq.read_table(log)
    times = [None if n % 20 == 7 else time for n, time in enumerate(table["timestamp"].to_pylist())]
    column = table.column_names.index("timestamp")
    pq.write_table(table.set_column(column, "timestamp", pa.array(times, pa.timestamp("us", "UTC"))), log)
    text, evaluation = draft(log)
    assert line(text, "max_rejected:").startswith("max_rejected: 5%  # 5 rows cannot be used: null timestamp")
    assert evaluation.data.rejected == 5


def test_seconds_are_told_from_milliseconds_by_magnitude(tmp_path: Path) -> None:
    import pyarrow.parquet as pq

    log = write_log(tmp_path / "log.parquet", [{"at": n, "latency": (n % 20 + 1) / 25} for n in range(300)])
    pq.write_table(pq.read_table(log).drop_columns("duration_ms"), log)
    text, _ = draft(log)
    assert "unit: s}  # a guess: half of the first 200 values are up to 0." in line(text, "duration:")
    assert "threshold: 1s" in line(text, "sli: {kind: latency")


def test_a_naive_time_is_a_guess_that_says_so(tmp_path: Path) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    log = tmp_path / "log.parquet"
    times = [datetime(2025, 10, 1) + timedelta(minutes=n) for n in range(100)]  # noqa: DTZ001 - naive on purpose.
    pq.write_table(pa.table({"ts": pa.array(times, pa.timestamp("ms")), "code": ["200"] * 100}), log)
    text, _ = draft(log)
    assert line(text, "timestamp:") == (
        "timestamp: {column: ts, timezone: UTC}  # it holds times; they name no zone, so UTC is a guess"
    )


def test_too_many_services_are_not_a_label(tmp_path: Path) -> None:
    rows = [{"at": n % 50, "service": f"s{n}", "app": "web"} for n in range(60)]
    text, _ = draft(write_log(tmp_path / "log.parquet", rows))
    # The column `service` is there still, so that no other can go by its name.
    assert line(text, "by:").startswith("by: [app]  # one series per value; there are 1")


def test_a_column_of_services_is_called_so(tmp_path: Path) -> None:
    text, evaluation = draft(write_log(tmp_path / "log.parquet", [{"at": n, "app": "web"} for n in range(9)]))
    assert line(text, "service: app  #")
    assert line(text, "by:").startswith("by: [service]  # one series per value; there are 1")
    assert {result.service for result in evaluation.results} == {"web"}


def test_what_says_nothing_about_good_and_bad_cannot_be_drafted(tmp_path: Path) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    log = tmp_path / "log.parquet"
    pq.write_table(pa.table({"ts": pa.array([datetime(2025, 10, 1, tzinfo=UTC)]), "user": ["a"]}), log)
    with pytest.raises(backburn.DataError, match=r"no column tells good requests from bad ones.*ts, user"):
        backburn.init(log)
    pq.write_table(pa.table({"when": ["noon"], "status": [200]}), log)
    with pytest.raises(backburn.DataError, match="no column looks like a time"):
        backburn.init(log)
    pq.write_table(pa.table({"time": ["noon"], "status": [200]}), log)
    with pytest.raises(backburn.DataError, match="not clear how the times in column 'time' are written"):
        backburn.init(log)


def test_a_rollup_is_no_log(tmp_path: Path) -> None:
    log = write_log(tmp_path / "log.parquet", [{"at": 0}])
    text, _ = draft(log)
    (tmp_path / "other.yaml").write_text(text)
    backburn.rollup(tmp_path / "other.yaml").save(str(tmp_path / "saved"))
    with pytest.raises(backburn.UsageError, match="is a saved rollup, not a log"):
        backburn.init(tmp_path / "saved")


def test_an_access_log_is_recognised(tmp_path: Path) -> None:
    begun = datetime(2025, 10, 1, tzinfo=UTC)
    lines = (
        f'10.0.0.1 - - [{begun + timedelta(minutes=n):%d/%b/%Y:%H:%M:%S %z}] "GET /{n} HTTP/1.1" '
        f'{503 if n == 50 else 200} 5 "-" "test"\n'
        for n in range(120)
    )
    log = tmp_path / "access.log.gz"
    log.write_bytes(gzip.compress("".join(lines).encode()))
    text, evaluation = draft(log)
    assert line(text, "format:").startswith("format: combined  #")
    assert line(text, "window:").startswith("window: 1h")
    assert [result.bad for result in evaluation.results] == [0]


def test_a_real_access_log_gets_a_promise_that_it_can_judge(tmp_path: Path, shared_data: Path) -> None:
    log = tmp_path / "access.log.gz"
    log.write_bytes((shared_data / "apache" / "access.log.gz").read_bytes())
    text, evaluation = draft(log)
    assert line(text, "window:").startswith("window: 1d")
    assert (evaluation.data.rows, evaluation.data.rejected) == (10_000, 0)


def test_a_log_whose_format_marks_the_start_of_requests_says_so(tmp_path: Path) -> None:
    log = tmp_path / "traefik.log"
    entry = '192.0.2.1 - - [02/Mar/2026:08:00:{:02} +0000] "GET / HTTP/2.0" 200 9 "-" "-" {} "a@file" "http://b" {}ms\n'
    log.write_text("".join(entry.format(second, second, 5 * second) for second in range(60)), encoding="utf-8")
    text, _ = draft(log)
    assert line(text, "format:") == "format: traefik  # 20 of 20 lines are traefik"
    assert line(text, "timestamp:").startswith("timestamp: {column: timestamp, marks: start}")


def test_a_load_test_gets_its_flag_its_labels_and_its_clock(tmp_path: Path, shared_data: Path) -> None:
    log = tmp_path / "load_test_final.jtl"
    log.write_bytes((shared_data / "jmeter" / "load_test_final.jtl").read_bytes())
    text, evaluation = draft(log)
    assert line(text, "timestamp:").startswith("timestamp: {column: timeStamp, unit: ms, marks: start}")
    assert line(text, "duration:").startswith("duration: {column: elapsed}")
    assert line(text, "by:").startswith("by: [label]")
    assert line(text, "window:").startswith("window: all")
    assert evaluation.data.rows == 10_387
    # Two labels keep less than 99.9 %, and six fail always: no target but a silly one is kept by all.
    assert line(text, "target: 99.5%").startswith("target: 99.5%  # the highest common target that every label keeps")
    assert "label 'Admin Claims' keeps 0%" in line(text, "target: 90%")
    assert {result.objective for result in evaluation.results if not result.met} == {"success"}
    success = [result for result in evaluation.results if result.objective == "success"]
    assert sum(result.valid for result in success) == 10_387


def test_a_directory_of_all_sorts_is_no_log(tmp_path: Path) -> None:
    write_log(tmp_path / "log.parquet", [{"at": 0}])
    (tmp_path / "incidents.csv").write_text("id,start,end\n1,2025-10-01T00:00:00Z,2025-10-01T00:10:00Z\n")
    with pytest.raises(backburn.DataError, match="files of several formats: csv, parquet; name the logs alone"):
        backburn.init(tmp_path)
    assert "data: [" in backburn.init(f"{tmp_path}/*.parquet")

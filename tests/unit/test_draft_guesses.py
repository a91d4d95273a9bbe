"""What `init` makes of names and values that it did not expect."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from drafts import draft, line

import backburn

if TYPE_CHECKING:
    from pathlib import Path


def csv_log(path: Path, header: str, rows: list[str]) -> Path:
    path.write_text("".join(f"{row}\n" for row in [header, *rows]), encoding="utf-8")
    return path


def test_spans_say_their_unit_by_their_start_and_end(tmp_path: Path) -> None:
    # A duration of 3,000 would be taken for milliseconds.
    begun = 1_661_140_374_000_000_000
    spans = [(begun + n * 10**9, n * 3_000_123) for n in range(1, 60)]
    rows = [f"{start},{start + lasted},{lasted // 1000},Cart/Add" for start, lasted in spans]
    header = "StartTimeUnixNano,EndTimeUnixNano,Duration,OperationName"
    text, _ = draft(csv_log(tmp_path / "spans.csv", header, rows))
    assert line(text, "timestamp:").startswith("timestamp: {column: EndTimeUnixNano, unit: ns}")
    assert line(text, "duration:") == (
        "duration: {column: Duration, unit: us}  # it is what lies between 'StartTimeUnixNano' and 'EndTimeUnixNano'"
    )
    assert line(text, "sli: {kind: latency").startswith("sli: {kind: latency, threshold: 200ms}")
    assert line(text, "by:").startswith("by: [OperationName]")


@pytest.mark.parametrize(
    ("form", "read"),
    [
        ("{0:.0f}", "unit: s, marks: start}  # numbers like 1761955200 count s since 1970"),
        ("{1:%Y-%m-%dT%H:%M:%SZ}", "marks: start}  # times look like 2025-11-01T00:00:00Z"),
    ],
)
def test_a_time_that_is_called_a_start_marks_it(tmp_path: Path, form: str, read: str) -> None:
    times = [datetime(2025, 11, 1, tzinfo=UTC) + timedelta(seconds=n) for n in range(90)]
    rows = [f"{form.format(time.timestamp(), time)},250,200" for time in times]
    text, _ = draft(csv_log(tmp_path / "log.csv", "start_time,duration_ms,status", rows))
    assert line(text, "timestamp:") == (
        f"timestamp: {{column: start_time, {read}; its name says that it marks the start"
    )


@pytest.mark.parametrize(
    ("column", "good", "bad"), [("state", "up", "down"), ("success", "True", "False"), ("ok", "TRUE", "FALSE")]
)
def test_a_flag_is_told_as_it_is_spelled(tmp_path: Path, column: str, good: str, bad: str) -> None:
    rows = [f"2025-10-01T00:00:{n:02}Z,{bad if n % 20 == 7 else good}" for n in range(60)]
    text, evaluation = draft(csv_log(tmp_path / "probes.csv", f"timestamp,{column}", rows))
    assert line(text, "sli:") == (
        f"""sli: {{kind: ratio, good: "{column} = '{good}'"}}  # '{column}' holds {good} and {bad}"""
    )
    assert [(result.good, result.bad) for result in evaluation.results] == [(57, 3)]


def test_responses_are_no_durations(tmp_path: Path) -> None:
    rows = [f"2025-10-01T00:00:{n:02}Z,{n},{n},200" for n in range(60)]
    text, _ = draft(csv_log(tmp_path / "log.csv", "timestamp,responses,response,status", rows))
    assert "duration:" not in text
    text, _ = draft(csv_log(tmp_path / "other.csv", "timestamp,responses,response_ms,http_code", rows))
    assert line(text, "duration:") == "duration: {column: response_ms, unit: ms}  # its name says the unit"
    assert line(text, "status:").startswith("status: http_code  #")


def test_numbers_name_no_service(tmp_path: Path) -> None:
    rows = [f"2025-10-01T00:00:{n:02}Z,{n % 2},200" for n in range(60)]
    assert "by:" not in draft(csv_log(tmp_path / "log.csv", "timestamp,app,status", rows))[0]


def test_times_under_a_name_of_their_own_are_found(tmp_path: Path) -> None:
    times = [datetime(2025, 1, 1, tzinfo=UTC) + timedelta(minutes=n) for n in range(60)]
    rows = [f"200,{time:%Y-%m-%d},{time:%Y/%m/%d %H:%M:%S}" for time in times]
    log = csv_log(tmp_path / "log.csv", "status,day,seen", rows)
    text, evaluation = draft(log)
    assert line(text, "timestamp:") == (
        'timestamp: {column: seen, format: "%Y/%m/%d %H:%M:%S", timezone: UTC}  '
        "# times look like 2025/01/01 00:00:00; they name no zone, so UTC is a guess"
    )
    assert evaluation.data.start == times[0]


def test_days_are_no_times(tmp_path: Path) -> None:
    log = csv_log(tmp_path / "log.csv", "seen,status", ["2025-10-01,200", "2025-10-02,200"])
    words = "'seen' holds days without a time of day; write the hour too, such as 2025-10-01T00:00:00Z"
    with pytest.raises(backburn.DataError, match=words):
        backburn.init(log)


def test_many_columns_are_not_all_listed(tmp_path: Path) -> None:
    log = csv_log(
        tmp_path / "log.csv", "timestamp," + ",".join(f"c{n}" for n in range(40)), ["2025-10-01T00:00:00Z" + ",1" * 40]
    )
    with pytest.raises(backburn.DataError, match=r"c17, c18 and 21 more, which `backburn inspect` lists"):
        backburn.init(log)


def test_whoever_names_the_format_accepts_what_is_no_request(tmp_path: Path) -> None:
    log = tmp_path / "access.log"
    entry = '10.0.0.1 - - [01/Oct/2025:00:00:{:02} +0000] "GET / HTTP/1.1" 200 5 "-" "test" 0.010\n'
    log.write_text("".join(entry.format(n) + ("noise\n" if n % 3 == 0 else "") for n in range(30)), encoding="utf-8")
    with pytest.raises(backburn.DataError, match=r"25% of the rows .*say so by `--log-format nginx-combined-time`"):
        backburn.init(log)
    text, evaluation = draft(log, format="nginx-combined-time")
    assert line(text, "format:") == "format: nginx-combined-time  # as asked"
    assert line(text, "max_rejected:").startswith("max_rejected: 25%  # 10 rows cannot be used: not an nginx-combined-")
    assert (evaluation.data.rows, evaluation.data.rejected) == (30, 10)


def test_lines_that_docker_has_wrapped_have_to_be_taken_out(tmp_path: Path) -> None:
    log = tmp_path / "container-json.log"
    wrapped = {"log": '10.0.0.1 - - [01/Oct/2025:00:00:00 +0000] "GET / HTTP/1.1" 200 5\n', "stream": "stdout"}
    log.write_text(json.dumps({**wrapped, "time": "2025-10-01T00:00:00.1Z"}) + "\n", encoding="utf-8")
    with pytest.raises(backburn.DataError, match=r"wrapped in JSON by Docker; .*`jq -j \.log FILE > app\.log`"):
        backburn.init(log)

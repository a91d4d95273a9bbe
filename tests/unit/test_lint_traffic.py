"""What lint finds in promises at the traffic that their logs show."""

from __future__ import annotations

import json
from fractions import Fraction
from math import ceil
from typing import TYPE_CHECKING, Any

import made_logs
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

import backburn
from backburn import _rust
from backburn.cli.program import program
from backburn.errors import DataError

if TYPE_CHECKING:
    from pathlib import Path

DAY = 1_440
"""In minutes, as the times of made rows are."""

_TWO_DAYS = "which last 2d (2025-10-01T00:00:00Z to 2025-10-03T00:00:00Z)"
_SLOW = (
    "objective 'availability': at the traffic seen, {window} holds {events} events of service=slow, and {budget} of "
    "them is less than one: a single bad event breaks the promise; {needed} events would allow one "
    "(so it is with 1 of 2 series)"
)


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two days: `busy` has an event a minute, `slow` one in four hours."""
    rows = [{"at": at, "service": "busy"} for at in range(2 * DAY)]
    rows += [{"at": at, "service": "slow"} for at in range(0, 2 * DAY, 240)]
    return made_logs.write_log(tmp_path_factory.mktemp("traffic") / "log.parquet", rows)


def document(*objectives: dict[str, Any], by: tuple[str, ...] = ("service",), **more: Any) -> dict[str, Any]:
    source = {"by": list(by), "columns": {"duration": {"column": "duration_ms", "unit": "ms"}}}
    return (
        made_logs.document(
            source=source,
            objectives=list(objectives),
            metadata={"name": "x", "owner": "o"} | ({} if by else {"service": "shop"}),
        )
        | more
    )


def found(spec: dict[str, Any], data: Any) -> list[tuple[str, str]]:
    return [(finding.code, finding.message) for finding in backburn.validate(spec, data)]


def test_a_budget_of_less_than_one_event_names_the_series_with_the_fewest(log: Path) -> None:
    spec = document(made_logs.objective(target="99.9%", window="1d"))
    assert found(spec, log) == [
        ("BB207", _SLOW.format(window="1d", events=6, budget="0.1%", needed="1,000")),
    ]


@pytest.mark.parametrize(("target", "codes"), [("99.9306%", ["BB207"]), ("99.93%", []), ("99.9%", [])])
def test_a_budget_of_just_one_event_is_enough(log: Path, target: str, codes: list[str]) -> None:
    """1,440 events: a budget of 0.07 % is 1.008 events, and one of 0.0694 % is 0.99936."""
    spec = document(made_logs.objective(target=target, window="1d", sli=busy()))
    assert [code for code, _ in found(spec, log)] == codes


def busy(**more: Any) -> dict[str, Any]:
    return {"kind": "availability", "valid": "service = 'busy'", **more}


def test_traffic_is_scaled_to_a_window_that_is_longer_than_the_data(log: Path) -> None:
    """Twelve events in two days are 60 in ten, of which 1 % is less than one, and 102 in seventeen."""
    spec = document(made_logs.objective(target="99%", window="10d"))
    assert found(spec, log) == [
        ("BB405", f"objective 'availability': the window 10d is longer than the data, {_TWO_DAYS}"),
        ("BB207", _SLOW.format(window="10d", events=60, budget="1%", needed="100")),
    ]
    longer = document(made_logs.objective(target="99%", window="17d"))
    assert [code for code, _ in found(longer, log)] == ["BB405"]


def test_time_without_logs_has_no_traffic_of_its_own(tmp_path: Path) -> None:
    """Twelve hours are missing: 720 events in the other twelve are 1,440 a day, not 720."""
    rows = [{"at": at} for at in range(DAY) if not 300 <= at < 1_020]
    log = made_logs.write_log(tmp_path / "log.parquet", rows)
    spec = document(made_logs.objective(target="99.9%", window="1d"), by=())
    assert found(spec, log) == []
    quiet = spec | {"source": {"by": [], "gaps": "quiet"}}
    assert [code for code, _ in found(quiet, log)] == ["BB207"]
    assert "1d holds 720 events" in found(quiet, log)[0][1]


def test_what_exclusions_leave_out_is_no_traffic(tmp_path: Path) -> None:
    """A load test of an hour would make a quiet service look busy."""
    rows = [{"at": at} for at in range(0, DAY, 10)] + [{"at": 600 + at / 60} for at in range(3_600)]
    log = made_logs.write_log(tmp_path / "log.parquet", rows)
    spec = document(made_logs.objective(target="99.9%", window="23h"), by=())
    assert found(spec, log) == []
    left_out = {"start": "2025-10-01T10:00:00Z", "end": "2025-10-01T11:00:00Z", "reason": "load test"}
    (one,) = found(spec | {"exclusions": [left_out]}, log)
    assert one[0] == "BB207"
    assert "23h holds about 138 events, and" in one[1]  # 138 in 22 h 51 m, for the last event is at 23:50.


@pytest.mark.parametrize(
    ("target", "events", "codes"),
    [
        ("p99 < 300ms", 367, ["BB208"]),
        ("p99 < 300ms", 368, []),
        ("p90 < 300ms", 35, ["BB208"]),
        ("p90 < 300ms", 36, []),
        ("p99 < 300ms", 99, ["BB207", "BB208"]),
    ],
)
def test_a_percentile_needs_as_many_events_as_could_decide(
    tmp_path: Path, target: str, events: int, codes: list[str]
) -> None:
    log = made_logs.write_log(tmp_path / "log.parquet", [{"at": at} for at in range(events)])
    spec = document({"name": "fast", "sli": {"kind": "latency"}, "target": target, "window": "all"}, by=())
    messages = found(spec, log)
    assert [code for code, _ in messages] == codes
    if codes:
        assert f"all holds {events} events, too few to tell whether" in messages[-1][1]


def test_a_sample_tells_no_more_than_its_rows(tmp_path: Path) -> None:
    """Twenty rows that stand for twenty requests each: 400 events, of which p99 could be told if all had been seen."""
    rows = [{"at": at, "n": 20} for at in range(20)]
    log = made_logs.write_log(tmp_path / "log.parquet", rows)
    fast = {"name": "fast", "sli": {"kind": "latency"}, "target": "p99 < 300ms", "window": "all"}
    for means, codes in (("aggregated", []), ("sampled", ["BB208"])):
        spec = document(fast, by=())
        spec["source"]["columns"]["count"] = {"column": "n", "means": means}
        assert [code for code, _ in found(spec, log)] == codes


@pytest.mark.parametrize(
    ("window", "named"),
    [
        ("1d", None),
        ("2d", None),
        ("49h", "the window 49h is"),
        ("all", None),
        ({"events": 1_000}, None),
        ({"calendar": "day", "timezone": "UTC"}, None),
        ({"calendar": "week", "timezone": "UTC"}, "the window week UTC (2025-W40) is"),
        ({"start": "2025-09-30T23:00:00Z", "end": "2025-10-01T10:00:00Z"}, "is"),
        ({"start": "2025-10-01T00:00:00Z", "end": "2025-10-02T00:00:00Z"}, None),
    ],
)
def test_a_window_that_the_data_do_not_fill_is_found(log: Path, window: Any, named: str | None) -> None:
    spec = document(made_logs.objective(target="90%", window=window, sli=busy()))
    messages = [message for code, message in found(spec, log) if code == "BB405"]
    assert len(messages) == (named is not None)
    assert named is None or named in messages[0]


def test_windows_of_also_are_looked_at_too(log: Path) -> None:
    also = [{"window": "5m", "target": "99%"}, {"window": "30d", "target": "99%"}]
    spec = document(made_logs.objective(target="99.9%", window="7d", also=also, sli=busy()))
    messages = found(spec, log)
    assert [code for code, _ in messages] == ["BB405", "BB207"]
    assert "the windows 7d and 30d are longer" in messages[0][1]
    assert "5m holds 5 events of service=busy, and 1% of them" in messages[1][1]


def test_an_override_has_a_target_of_its_own(log: Path) -> None:
    overrides = [{"match": {"service": "slow"}, "target": "50%"}]
    assert found(document(made_logs.objective(target="99.9%", window="1d", overrides=overrides)), log) == []


def test_rows_of_other_objectives_are_no_traffic(log: Path) -> None:
    spec = document(made_logs.objective(sli={"kind": "availability", "valid": "service = 'none'"}))
    assert found(spec, log) == [("BB408", "objective 'availability': no row is in its scope")]


def test_a_saved_rollup_tells_the_same(log: Path, tmp_path: Path) -> None:
    spec = document(
        made_logs.objective(target="99.9%", window="30d"),
        {"name": "fast", "sli": {"kind": "latency"}, "target": "p99 < 300ms", "window": "1d"},
    )
    counted = backburn.rollup(spec, log)
    counted.save(str(tmp_path / "counts.parquet"))
    assert found(spec, log) == found(spec, counted) == found(spec, tmp_path / "counts.parquet")
    assert [code for code, _ in found(spec, log)] == ["BB405", "BB207", "BB207", "BB208"]


@pytest.mark.parametrize("who", [{}, {"objective": "availability"}])
def test_a_finding_is_silenced_with_its_reason(log: Path, who: dict[str, str]) -> None:
    ignore = [{"code": "BB207", "reason": "one failure is one too many", **who}]
    assert found(document(made_logs.objective(target="99.9%", window="1d"), ignore=ignore), log) == []


def test_thousands_of_series_are_one_finding(tmp_path: Path) -> None:
    rows = [{"at": at % 60, "service": f"s{at:04}"} for at in range(3_000)] + [{"at": 0, "service": "s0000"}]
    log = made_logs.write_log(tmp_path / "log.parquet", rows)
    (one,) = found(document(made_logs.objective(window="1h")), log)
    assert "1h holds 1 event of service=s0001, and" in one[1]
    assert one[1].endswith("(so it is with 3,000 of 3,000 series)")


@given(seen=st.integers(1, 400), minutes=st.integers(1, 600), hours=st.integers(1, 200), nines=st.integers(1, 4))
def test_the_budget_is_decided_exactly(seen: int, minutes: int, hours: int, nines: int) -> None:
    """`seen` events in `minutes`, the first at once and the last in the last minute, against a window of `hours`."""
    begin, minute = 1_759_276_800, 60
    moments = [begin + (minutes - 1) * minute * (number == seen - 1 and seen > 1) for number in range(seen)]
    length = minutes if seen > 1 else 1
    rows = {"timestamp": moments, "status": [200] * seen}
    target = "0." + "9" * nines
    spec = made_logs.document(
        source={"columns": {"timestamp": {"column": "timestamp", "unit": "s"}}, "gaps": "quiet"},
        objectives=[made_logs.objective(target=target, window=f"{hours}h")],
    )
    expected = Fraction(seen * hours * 60, length)
    assert ("BB207" in {code for code, _ in found(spec, rows)}) == (expected * (1 - Fraction(target)) < 1)


@pytest.mark.parametrize("target", ["0.5", "0.9", "0.95", "0.99", "0.999", "0.9995"])
def test_as_many_events_are_needed_as_exact_arithmetic_says(target: str) -> None:
    """Clopper and Pearson's lower end without a bad event is 0.025^(1/n), at least T where T^n is at most 0.025."""
    needed = _rust.events_needed(target)
    assert needed is not None
    share = Fraction(target)
    assert share**needed <= Fraction(1, 40) < share ** (needed - 1)
    assert needed > ceil(1 / (1 - share))  # So many events tell more than that the budget is one.


DOCUMENT = """\
apiVersion: backburn/v1
kind: ServiceLevelObjectives
metadata: {name: fleet, owner: web}
source: {by: [service]}
objectives:
  - {name: up, sli: {kind: availability}, target: 99.9%, window: 1d}
"""


def validate(*words: object) -> Any:
    return CliRunner().invoke(program, ["validate", *map(str, words)])


def test_the_command_line_says_where_the_promise_stands(spec_file: Any, log: Path) -> None:
    spec = spec_file(DOCUMENT)
    assert validate(spec).stdout == "no findings.\n"
    left = validate(spec, "--data", log)
    assert left.exit_code == 0
    assert left.stdout.startswith(f"{spec}:6:5: warning BB207 objectives[0]: objective 'up': at the traffic seen, ")
    assert left.stdout.endswith("; judge a longer window, tell fewer series apart, or lower the target\n\n1 warning.\n")
    assert validate(spec, "--data", log, "--strict").exit_code == 1
    (finding,) = json.loads(validate(spec, "--data", log, "--format", "json").stdout)["results"]
    assert (finding["code"], finding["line"], finding["column"]) == ("BB207", 6, 5)


def test_rows_may_be_those_of_one_document(spec_file: Any, log: Path, tmp_path: Path) -> None:
    other = DOCUMENT.replace("fleet", "other").replace("99.9%", "10%")
    spec = spec_file(DOCUMENT + "---\n" + other)
    assert validate(spec, "--data", f"other={log}").stdout == "no findings.\n"
    assert "1 warning." in validate(spec, "--data", f"fleet={log}").stdout
    hive = tmp_path / "day=1"
    hive.mkdir()
    (hive / "log.parquet").write_bytes(log.read_bytes())
    assert "1 warning." in validate(spec, "--data", f"{tmp_path}/day=1/log.parquet").stdout


def test_rows_are_read_only_where_documents_have_no_errors(spec_file: Any) -> None:
    wrong = spec_file(DOCUMENT.replace("99.9%", "99.9"), "wrong.yaml")
    left = validate(wrong, "--data", "nothing.parquet")
    assert left.exit_code == 2
    assert "BB106" in left.stdout
    missing = validate(spec_file(DOCUMENT), "--data", "nothing.parquet")
    assert missing.exit_code == 3


def test_data_without_rows_are_an_error_and_no_clean_bill(spec_file: Any, tmp_path: Path) -> None:
    empty = tmp_path / "empty.csv"
    empty.write_text("timestamp,status\n", encoding="utf-8")
    with pytest.raises(DataError):
        backburn.validate(spec_file(DOCUMENT.replace("by: [service]", "by: []").replace("name:", "service:", 1)), empty)

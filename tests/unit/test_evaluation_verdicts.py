from __future__ import annotations

import json
import pickle
from datetime import datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from made_logs import START, document, objective, write_log

import backburn

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from backburn import Evaluation, Result


@pytest.fixture
def log(tmp_path: Path) -> Path:
    """Two hours of a request a minute; the last one of each hour fails."""
    rows = [{"at": minute, "status": 500 if minute % 60 == 59 else 200} for minute in range(120)]
    return write_log(tmp_path / "log.parquet", rows)


def write(tmp_path: Path, rows: Iterable[dict[str, Any]]) -> Path:
    return write_log(tmp_path / "rows.parquet", rows)


def judge(log: Path, source: dict[str, Any] | None = None, **fields: Any) -> Evaluation:
    return backburn.evaluate(document(source=source or {}, objectives=[objective(**fields)]), log)


def only(evaluation: Evaluation) -> Result:
    (result,) = evaluation.results
    return result


def codes(evaluation: Evaluation) -> list[str]:
    return [note.code for note in evaluation.notes]


def test_a_result_has_counts_verdict_budget_and_identity(log: Path) -> None:
    result = only(judge(log, target="98%", window="2h"))
    assert (result.service, result.objective, result.series) == ("shop", "availability", {})
    assert (result.good, result.bad, result.valid, result.excluded) == (118, 2, 120, 0)
    assert result.sli == 118 / 120
    assert (result.met, result.reason, result.verdict) == (True, None, "met")
    assert (result.window.text, result.window.kind) == ("2h", "rolling")
    assert (result.window.start, result.window.end) == (START, START + timedelta(hours=2))
    assert result.observed == 1.0
    assert result.budget is not None
    assert (result.budget.spent, result.budget.minutes, result.budget.basis) == (2, 2.4, "observed")
    assert result.budget.allowed == 2.4
    assert result.budget.consumed == pytest.approx(2 / 2.4)
    assert result.budget.remaining == pytest.approx(0.4 / 2.4)


def test_meeting_is_decided_exactly(tmp_path: Path) -> None:
    rows = [{"at": minute, "status": 500 if minute == 0 else 200} for minute in range(1000)]
    log = write(tmp_path, rows)
    assert only(judge(log, target="99.9%")).met is True
    assert only(judge(log, target="99.90001%")).met is False


def test_all_begins_with_the_first_step_that_has_data(tmp_path: Path) -> None:
    result = only(judge(write(tmp_path, [{"at": 7.5}, {"at": 9}])))
    assert (result.window.text, result.window.kind) == ("all", "all")
    assert result.window.start == START + timedelta(minutes=7)
    assert result.window.end == START + timedelta(minutes=10)


def test_the_default_tick_knows_the_last_event(tmp_path: Path) -> None:
    # The event on the boundary belongs to the step that begins there, so the tick is the next one.
    result = only(judge(write(tmp_path, [{"at": 0}, {"at": 5}]), window="2m", target="90%"))
    assert result.window.end == START + timedelta(minutes=6)
    assert result.valid == 1


def test_a_tick_knows_only_what_was_before_it(log: Path) -> None:
    spec = document(objectives=[objective(window="10m", target="90%")])
    assert only(backburn.evaluate(spec, log, at="2025-10-01T00:59:00Z")).bad == 0
    assert only(backburn.evaluate(spec, log, at="2025-10-01T03:00:00+02:00")).bad == 1
    assert only(backburn.evaluate(spec, log, at=START + timedelta(hours=1))).bad == 1


@pytest.mark.parametrize(
    ("at", "words"),
    [
        ("2025-10-01T00:59:30Z", "use 2025-10-01T00:59:00Z or 2025-10-01T01:00:00Z"),
        ("2025-10-01T00:59:00", "names no zone"),
        (datetime(2025, 10, 1), "names no zone"),  # noqa: DTZ001 - a naive time is what is refused.
    ],
)
def test_a_wrong_tick_is_explained(log: Path, at: str | datetime, words: str) -> None:
    with pytest.raises(backburn.UsageError, match=words):
        backburn.evaluate(document(), log, at=at)


def test_further_windows_have_targets_but_no_budget(log: Path) -> None:
    also = [{"window": "30m", "target": "96%"}, {"window": "30m", "target": "97%"}][:1]
    main, further = judge(log, target="98%", window="2h", also=also).results
    assert main.budget is not None
    assert (further.window.text, further.target, further.budget) == ("30m", Decimal("0.96"), None)
    assert (further.bad, further.valid, further.met) == (1, 30, True)


def test_another_window_takes_the_place_of_all_of_them(log: Path) -> None:
    spec = document(objectives=[objective(window="2h", also=[{"window": "30m", "target": "96%"}])])
    assert [result.window.text for result in backburn.evaluate(spec, log, window="1h").results] == ["1h"]
    with pytest.raises(backburn.UsageError, match="window: 90s is not a multiple of the step 1m"):
        backburn.evaluate(spec, log, window="90s")
    with pytest.raises(backburn.UsageError, match=r"is not a duration; write \{calendar: month\}"):
        backburn.evaluate(spec, log, window="a month")


def test_a_step_that_does_not_divide_the_windows_is_refused(log: Path) -> None:
    with pytest.raises(backburn.SpecError, match="window 2h of availability is not a multiple of the step 7m"):
        backburn.evaluate(document(objectives=[objective(window="2h")]), log, step="7m")
    with pytest.raises(backburn.SpecError, match=r"window 5m of report.burn is not a multiple of the step 1h"):
        backburn.evaluate(document(report={"burn": ["5m"]}), log, step="1h")


def test_burn_rates_are_those_of_the_target(log: Path) -> None:
    spec = document(
        objectives=[objective(target="98%", window="2h", also=[{"window": "1h", "target": "90%"}])],
        report={"burn": ["1h", "10m"]},
    )
    main, further = backburn.evaluate(spec, log).results
    assert main.burn == {"1h": pytest.approx(1 / 60 / 0.02), "10m": pytest.approx(5)}
    assert further.burn == {"1h": pytest.approx(1 / 60 / 0.1), "10m": pytest.approx(1)}
    (main, _) = backburn.evaluate(spec, log, at="2025-10-01T03:00:00Z").results
    assert main.burn == {"1h": None, "10m": None}


def test_a_long_promise_is_not_kept_by_a_short_log(log: Path) -> None:
    evaluation = judge(log, window="30d", target="90%")
    result = only(evaluation)
    assert (result.met, result.valid) == (None, 120)
    assert result.observed == pytest.approx(2 / 720)
    assert result.reason == "only 0.277% of the window is observed, less than min_coverage (80%)"
    assert result.budget is not None
    assert result.budget.spent == 2
    assert evaluation.exit_code == 4
    assert codes(evaluation) == ["BB405"]


def test_coverage_is_compared_exactly(log: Path) -> None:
    at_the_edge = document(min_coverage="80%", objectives=[objective(window="150m", target="90%")])
    assert only(backburn.evaluate(at_the_edge, log)).met is True
    above = document(min_coverage="80.000001%", objectives=[objective(window="150m", target="90%")])
    assert only(backburn.evaluate(above, log)).met is None


def test_a_window_outside_the_data_is_unknown(log: Path) -> None:
    spec = document(objectives=[objective(window="1h", target="90%")])
    for at in ("2025-11-01T00:00:00Z", "2025-09-01T00:00:00Z"):
        result = only(backburn.evaluate(spec, log, at=at))
        assert (result.met, result.sli, result.valid, result.observed) == (None, None, 0, 0.0)
        assert result.reason is not None
        assert "outside the data, which goes from 2025-10-01T00:00:00Z to 2025-10-01T01:59:00Z" in result.reason


def test_missing_logs_are_no_quiet_night(tmp_path: Path) -> None:
    log = write(tmp_path, ({"at": minute} for minute in range(24 * 60) if not 120 <= minute < 300))
    evaluation = judge(log, window="1d")
    assert only(evaluation).observed == 0.875
    (note,) = evaluation.notes
    assert note.code == "BB401"
    assert note.message == (
        "logs missing 2025-10-01T02:00:00Z to 2025-10-01T05:00:00Z: 3h of 1d unknown; "
        "find the logs, or write gaps: quiet if there was no traffic"
    )
    quiet = judge(log, {"gaps": "quiet"}, window="1d")
    assert (only(quiet).observed, quiet.notes) == (1.0, ())


def test_an_hour_of_silence_is_quiet(tmp_path: Path) -> None:
    log = write(tmp_path, ({"at": minute} for minute in range(24 * 60) if not 120 <= minute < 180))
    assert only(judge(log, window="1d")).observed == 1.0


def test_times_without_logs_can_be_declared(log: Path) -> None:
    unknown = [{"start": "2025-10-01T00:30:00Z", "end": "2025-10-01T01:00:00Z"}]
    result = only(judge(log, {"unknown": unknown}, window="2h", target="90%"))
    assert (result.observed, result.met) == (0.75, None)


def test_a_step_of_which_a_part_is_declared_unknown_is_unknown(log: Path) -> None:
    within_a_step = [{"start": "2025-10-01T00:30:10Z", "end": "2025-10-01T00:30:20Z"}]
    assert only(judge(log, {"unknown": within_a_step}, window="2h")).observed == 119 / 120
    across = [{"start": "2025-10-01T00:30:59Z", "end": "2025-10-01T00:59:00.000001Z"}]
    assert only(judge(log, {"unknown": across}, window="2h")).observed == 0.75


def test_an_objective_sees_series_through_its_own_labels(tmp_path: Path) -> None:
    rows = [{"at": n % 10, "zone": "ab"[n % 2], "app": "xyz"[n % 3]} for n in range(60)]
    log = write(tmp_path, rows)
    source = {"by": ["zone", "app"]}
    assert [result.valid for result in judge(log, source).results] == [10] * 6
    by_zone = judge(log, source, by=["zone"]).results
    assert [(result.series, result.valid) for result in by_zone] == [({"zone": "a"}, 30), ({"zone": "b"}, 30)]
    assert only(judge(log, source, by=[])).valid == 60


def test_null_is_a_label_of_its_own_and_comes_first(tmp_path: Path) -> None:
    log = write(tmp_path, [{"at": 0, "zone": "a"}, {"at": 1, "zone": None}, {"at": 2, "zone": "null"}])
    assert [result.series["zone"] for result in judge(log, {"by": ["zone"]}).results] == [None, "a", "null"]


def test_the_service_can_be_a_label(tmp_path: Path) -> None:
    log = write(tmp_path, [{"at": 0, "service": "pay"}, {"at": 0, "service": "cart"}])
    spec = document(metadata={"name": "fleet", "owner": "team"}, source={"by": ["service"]})
    assert [result.service for result in backburn.evaluate(spec, log).results] == ["cart", "pay"]


def test_the_first_matching_override_sets_the_target(tmp_path: Path) -> None:
    log = write(tmp_path, [{"at": 0, "zone": zone} for zone in ("batch-1", "batch-2", "Batch-3", "web")])
    overrides = [
        {"match": {"zone": "batch-1"}, "target": "50%"},
        {"match": {"zone": "batch-*"}, "target": "60%"},
        {"match": {"zone": "cron*"}, "target": "70%"},
    ]
    evaluation = judge(log, {"by": ["zone"]}, overrides=overrides)
    targets = {result.series["zone"]: str(result.target) for result in evaluation.results}
    assert targets == {"batch-1": "0.5", "batch-2": "0.6", "Batch-3": "0.99", "web": "0.99"}
    assert [note.message for note in evaluation.notes] == [
        "objective 'availability': override zone=cron* matches no series"
    ]


def test_a_dead_service_does_not_vanish(tmp_path: Path) -> None:
    log = write(tmp_path, [{"at": 0, "zone": "a"}])
    evaluation = judge(log, {"by": ["zone"], "expect": {"zone": ["b", "a"]}})
    seen, absent = evaluation.results
    assert (seen.series, seen.met) == ({"zone": "a"}, True)
    assert (absent.series, absent.met, absent.sli, absent.valid) == ({"zone": "b"}, None, None, 0)
    assert absent.reason == "no events: expected series never seen"
    assert codes(evaluation) == ["BB406"]
    assert evaluation.exit_code == 4


def test_what_died_before_the_window_is_unknown(tmp_path: Path) -> None:
    rows = [{"at": minute, "zone": "a"} for minute in range(100)] + [{"at": 0, "zone": "b"}]
    _, dead = judge(write(tmp_path, rows), {"by": ["zone"]}, window="1h").results
    assert (dead.series, dead.met, dead.reason) == ({"zone": "b"}, None, "no events in the window")


def test_nothing_in_scope_is_not_kept(log: Path) -> None:
    evaluation = judge(log, {"where": "status = 1"})
    assert (only(evaluation).met, only(evaluation).reason) == (None, "no events: no row is in scope")
    assert codes(evaluation) == ["BB404", "BB408"]


def test_only_excluded_events_tell_nothing(log: Path) -> None:
    exclude = [{"when": "status >= 200", "reason": "tests"}]
    result = only(judge(log, {"exclude": exclude}))
    assert (result.met, result.excluded, result.excluded_by) == (None, 120, {"tests": 120})
    assert result.reason == "no valid events in the window: all 120 are excluded"


@pytest.mark.parametrize(
    ("unparsable", "counts"),
    [("bad", (9, 1, 0)), ("exclude", (9, 0, 1)), ("reject", (9, 0, 0))],
)
def test_rows_that_do_not_tell_follow_unparsable(tmp_path: Path, unparsable: str, counts: tuple[int, int, int]) -> None:
    log = write(tmp_path, [{"at": n, "status": None if n == 4 else 200} for n in range(10)])
    evaluation = judge(log, {"max_rejected": "10%"}, sli={"kind": "availability", "unparsable": unparsable})
    result = only(evaluation)
    assert (result.good, result.bad, result.excluded) == counts
    assert result.excluded_by == ({"unparsable": 1} if unparsable == "exclude" else {})
    (note,) = evaluation.notes
    assert note.code == "BB403"
    assert "1 row does not tell" in note.message


def test_too_many_rows_that_do_not_tell_are_a_data_error(tmp_path: Path) -> None:
    log = write(tmp_path, [{"at": n, "status": None if n == 4 else 200} for n in range(10)])
    sli = {"kind": "availability", "unparsable": "reject"}
    with pytest.raises(backburn.DataError) as raised:
        judge(log, {"max_rejected": "9.99%"}, sli=sli)
    message = str(raised.value)
    assert "1 of 10 rows for objective 'availability' (10%) cannot be used, and max_rejected is 9.99%" in message
    assert f"first at {log}, row 4" in message
    assert "`max_rejected: 10%`" in message
    assert judge(log, {"max_rejected": "10%"}, sli=sli).exit_code == 0


def test_too_many_rejects_are_a_data_error(tmp_path: Path) -> None:
    log = write(tmp_path, [{"at": n, "n": 0 if n == 4 else 1} for n in range(90)])
    with pytest.raises(backburn.DataError, match=r"1 of 90 rows .* cannot be used") as raised:
        judge(log, {"columns": {"count": "n"}})
    assert "`max_rejected: 1.2%`" in str(raised.value)
    evaluation = judge(log, {"columns": {"count": "n"}, "max_rejected": "1.2%"})
    assert (evaluation.data.rows, evaluation.data.rejected) == (89, 1)
    assert codes(evaluation) == ["BB402"]


def test_no_rows_are_never_a_promise_kept(tmp_path: Path, log: Path) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    empty = tmp_path / "empty.parquet"
    schema = pa.schema([("timestamp", pa.timestamp("us", "UTC")), ("status", pa.int64())])
    pq.write_table(schema.empty_table(), empty)
    with pytest.raises(backburn.DataError, match="no rows"):
        judge(empty)
    with pytest.raises(backburn.DataError, match="no rows"):
        backburn.evaluate(document(), log, start="2026-01-01T00:00:00Z")


def test_breached_outweighs_unknown_in_the_exit_code(log: Path) -> None:
    kept = objective(name="kept", target="90%")
    breached = objective(name="breached", target="99.9%")
    unknown = objective(name="unknown", target="90%", window="30d")

    def exit_code(*objectives: dict[str, Any]) -> int:
        return backburn.evaluate(document(objectives=list(objectives)), log).exit_code

    assert exit_code(kept) == 0
    assert exit_code(kept, unknown) == 4
    assert exit_code(kept, unknown, breached) == 1


def test_results_are_equal_for_any_number_of_threads(log: Path) -> None:
    assert backburn.evaluate(document(), log, threads=1) == backburn.evaluate(document(), log, threads=3)


def test_the_envelope_is_json_and_says_undefined_as_null(log: Path) -> None:
    spec = document(
        metadata={"service": "shop", "owner": "team", "version": "2.0"},
        objectives=[objective(window="1h", target="90%")],
        report={"burn": ["10m"]},
    )
    evaluation = backburn.evaluate(spec, log, at="2025-10-02T00:00:00Z")
    envelope = json.loads(json.dumps(evaluation.to_dict()))
    assert list(envelope) == ["schema_version", "command", "version", "specs", "data", "results", "notes"]
    assert (envelope["schema_version"], envelope["command"]) == (1, "evaluate")
    assert envelope["version"] == backburn.__version__
    (spec_identity,) = envelope["specs"]
    assert (spec_identity["name"], spec_identity["version"]) == ("shop", "2.0")
    assert envelope["data"] == {
        "files": [str(log)],
        "rows": 120,
        "ignored": 0,
        "rejected": 0,
        "rejects": [],
        "skipped": {"files": 0, "row_groups": 0},
        "start": "2025-10-01T00:00:00Z",
        "end": "2025-10-01T01:59:00Z",
    }
    (result,) = envelope["results"]
    assert list(result)[:4] == ["service", "objective", "series", "window"]
    assert result["window"] == {
        "text": "1h",
        "kind": "rolling",
        "start": "2025-10-01T23:00:00Z",
        "end": "2025-10-02T00:00:00Z",
        "period": None,
    }
    assert (result["sli"], result["met"], result["target"], result["burn"]) == (None, None, 0.9, {"10m": None})
    assert result["budget"] == {
        "basis": "observed",
        "unit": "events",
        "allowed": None,
        "spent": 0,
        "consumed": None,
        "remaining": None,
        "minutes": 6.0,
        "burn_to_date": None,
        "forecast": None,
        "exhaustion": {
            "answer": "unknown",
            "at": None,
            "earliest": None,
            "latest": None,
            "recovers_at": None,
            "ratio": None,
            "lookback": "24h",
        },
    }


def test_a_documents_fingerprint_changes_with_its_promises_and_not_with_its_prose(log: Path) -> None:
    def fingerprint(**fields: Any) -> str:
        return judge(log, **fields).specs[0].fingerprint

    assert fingerprint(title="Up", rationale="Because") == fingerprint()
    assert fingerprint(target="99.0%") == fingerprint()
    assert fingerprint(target="99.1%") != fingerprint()
    assert fingerprint(window="1d") != fingerprint()


def test_documents_of_a_directory_are_judged_together(tmp_path: Path, log: Path) -> None:
    folder = tmp_path / "slos"
    folder.mkdir()
    for name in ("one", "two"):
        (folder / f"{name}.yaml").write_text(
            f"apiVersion: backburn/v1\nkind: ServiceLevelObjectives\nmetadata: {{service: {name}, owner: team}}\n"
            f"source: {{data: [{json.dumps(str(log))}]}}\n"
            "objectives: [{name: availability, sli: {kind: availability}, target: 99%, window: all}]\n"
        )
    evaluation = backburn.evaluate(folder)
    assert [result.service for result in evaluation.results] == ["one", "two"]
    assert (evaluation.data.rows, evaluation.data.files) == (120, (str(log),))
    with pytest.raises(backburn.SpecError, match="2 documents where one is wanted: one, two"):
        backburn.rollup(folder)


@pytest.mark.parametrize("spec", [None, 7, [], [7]])
def test_what_is_no_specification_is_explained(spec: Any) -> None:
    with pytest.raises(backburn.UsageError, match="give a path, a dict or a Spec"):
        backburn.evaluate(spec)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"at": 7}, "at: 7 is not a time"),
        ({"window": 7}, "window: 7 is not a text"),
        ({"step": timedelta(minutes=5)}, "step: .* is not a text"),
    ],
)
def test_options_of_a_wrong_type_are_explained(log: Path, options: dict[str, Any], words: str) -> None:
    with pytest.raises(backburn.UsageError, match=words):
        backburn.evaluate(document(), log, **options)


def test_an_evaluation_survives_pickling(log: Path) -> None:
    evaluation = backburn.evaluate(document(report={"burn": ["1h"]}), log)
    assert pickle.loads(pickle.dumps(evaluation)) == evaluation  # noqa: S301 - these bytes are our own.


def test_a_reason_that_is_written_twice_is_one_reason(tmp_path: Path) -> None:
    log = write(tmp_path, [{"at": 0, "status": status} for status in (200, 429, 404, 503, 503)])
    forgiven = [
        {"when": f"status = {status}", "reason": reason} for status, reason in ((429, "a"), (503, "a"), (1, "b"))
    ]
    sli = {"kind": "availability", "exclude": [{"when": "status = 404", "reason": "a"}]}
    spec = document(source={"exclude": forgiven}, objectives=[objective(sli=sli)])
    rollup = backburn.rollup(spec, log)
    saved, exported = tmp_path / "saved.parquet", tmp_path / "exported.om"
    rollup.save(str(saved))
    backburn.export("openmetrics", rollup).save(exported)
    for data in (log, rollup, saved, exported):
        result = only(backburn.evaluate(spec, data))
        assert (result.good, result.excluded, dict(result.excluded_by)) == (1, 4, {"a": 4})

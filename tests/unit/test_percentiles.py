from __future__ import annotations

import dataclasses
import pickle
from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from made_logs import document, objective, write_log

import backburn

if TYPE_CHECKING:
    from pathlib import Path

HOUR = 60
FAST = objective(name="fast", sli={"kind": "latency", "threshold": "300ms"}, target="95%")
COLUMNS = {"duration": {"column": "duration_ms", "unit": "ms"}}


def spec(*objectives: dict[str, Any], **changes: Any) -> dict[str, Any]:
    source = {"columns": COLUMNS, "by": ["zone"], **changes.pop("source", {})}
    return document(source=source, objectives=list(objectives) or [FAST], **changes)


@pytest.fixture
def log(tmp_path: Path) -> Path:
    """Two zones: a in the first and third hour, with a null duration, and b in the first one."""
    rows = [{"at": n, "zone": "a", "duration_ms": 100.0 + n} for n in range(11)]
    rows += [{"at": 2 * HOUR + 1, "zone": "a", "duration_ms": 7.0}, {"at": 3, "zone": "b", "duration_ms": 0.0}]
    return write_log(tmp_path / "log.parquet", [*rows, {"at": 4, "zone": "b", "duration_ms": None}])


def rows_of(found: backburn.Percentiles, *names: str) -> list[tuple[Any, ...]]:
    return found.to_polars().select(names).rows()


LENIENT: dict[str, Any] = {"max_rejected": "10%"}


def test_without_every_all_of_the_data_is_one_span(log: Path) -> None:
    found = backburn.percentiles(spec(source=LENIENT), log)
    assert [(one.series["zone"], one.count) for one in found.results] == [("a", 12), ("b", 1)]
    one, other = found.results
    assert (one.service, one.objective, one.unit, one.method, one.type) == ("shop", "fast", "ms", "histogram", 7)
    assert one.window.to_dict() == {
        "text": "all",
        "kind": "all",
        "start": "2025-10-01T00:00:00Z",
        "end": "2025-10-01T02:02:00Z",
        "period": None,
    }
    assert (one.start, one.end) == (one.window.start, one.window.end)
    assert one.error is not None
    assert one.quantiles == pytest.approx({"0.5": 104.5, "0.95": 109.45, "0.99": 109.89}, rel=one.error)
    assert other.quantiles == {"0.5": 0.0, "0.95": 0.0, "0.99": 0.0}
    assert (one.reason, other.reason) == (None, None)


def test_spans_reach_from_the_first_event_to_the_last_and_empty_ones_are_shown(log: Path) -> None:
    found = backburn.percentiles(spec(source=LENIENT), log, every="1h", quantiles=["1"])
    a = [("a", 0, 11), ("a", 1, 0), ("a", 2, 1)]
    b = [("b", 0, 1), ("b", 1, 0), ("b", 2, 0)]
    assert [(one.series["zone"], one.start.hour, one.count) for one in found] == a + b
    for one in found:
        assert one.window.kind == "every"
        assert (one.quantiles["1"] is None, one.reason) == ((one.count == 0), None if one.count else NOTHING)


NOTHING = "no events in the window"


def test_spans_begin_at_multiples_since_the_epoch(log: Path) -> None:
    found = backburn.percentiles(spec(source=LENIENT), log, every="7m", by=[])
    starts = [one.start for one in found.results]
    assert starts[0] == datetime(2025, 9, 30, 23, 58, tzinfo=UTC)
    assert all(start.timestamp() % (7 * 60) == 0 for start in starts)
    assert sum(one.count or 0 for one in found.results) == 13


def test_an_objective_sees_its_own_labels_and_its_own_rows(log: Path) -> None:
    slow = objective(name="slow", sli={"kind": "latency", "threshold": "1s", "valid": "zone = 'a'"}, by=[])
    none = objective(name="none", sli={"kind": "latency", "threshold": "1s", "valid": "zone = 'c'"})
    found = backburn.percentiles(spec(slow, objective(), none), log, quantiles=[0.0, Decimal(1)])
    seen = [(one.objective, dict(one.series), one.count, one.reason) for one in found.results]
    assert seen == [("slow", {}, 12, None), ("none", {}, 0, "no events: no row is in scope")]
    assert [note.code for note in found.notes if "none" in note.message] == ["BB404", "BB408"]
    assert found.columns()[2].name == "window"


def test_an_expected_series_does_not_vanish(log: Path) -> None:
    found = backburn.percentiles(spec(source={**LENIENT, "expect": {"zone": ["b", "c"]}}), log, every="1h")
    (dead,) = (spread for spread in found.spreads if spread.series["zone"] == "c")
    assert dead.counts() == [0, 0, 0]
    assert {one.reason for one in found.results if one.series["zone"] == "c"} == {
        "no events: expected series never seen"
    }
    assert "BB406" in {note.code for note in found.notes}


def test_rollups_answer_what_their_histograms_fit_into(log: Path) -> None:
    counted = backburn.rollup(spec(source=LENIENT), log)
    from_rows = backburn.percentiles(spec(source=LENIENT), log, every="10m")
    assert rows_of(backburn.percentiles(spec(source=LENIENT), counted, every="10m"), "count", "p95") == rows_of(
        from_rows, "count", "p95"
    )
    misfit = backburn.percentiles(spec(source=LENIENT), counted, every="7m")
    reason = "histograms of 5m do not tell every 7m: ask for a multiple of 5m, or count the logs"
    assert {one.reason for one in misfit.results} == {reason}
    assert {(one.count, *one.quantiles.values()) for one in misfit.results} == {(None, None, None, None)}
    assert backburn.percentiles(spec(source=LENIENT), counted).results[0].count == 12


def test_a_rollup_without_durations_says_so(log: Path) -> None:
    counted = backburn.rollup(spec(source=LENIENT, report={"quantiles": []}), log)
    (one, _) = backburn.percentiles(spec(source=LENIENT), counted).results
    assert (one.count, one.unit, one.error, one.reason) == (None, None, None, "the rollup holds no durations")


def test_several_documents_answer_together(log: Path) -> None:
    shops = [
        backburn.load_spec(write_yaml(log.parent / f"{name}.json", spec(source=LENIENT, metadata={"service": name})))
        for name in ("cart", "pay")
    ]
    found = backburn.percentiles(shops, log, by=[], quantiles=["0.5"])
    assert [(one.service, one.count) for one in found] == [("cart", 13), ("pay", 13)]
    assert len(found.specs) == 2
    assert found.data.rows == 14


def write_yaml(path: Path, made: dict[str, Any]) -> Path:
    import json

    path.write_text(json.dumps(made), encoding="utf-8")
    return path


def test_every_library_sees_the_same_table(log: Path) -> None:
    found = backburn.percentiles(spec(source=LENIENT), log, every="1h", quantiles=["0.5", "0.999"])
    rows = found.records()
    assert list(rows[0]) == [
        *("service", "objective", "zone", "window", "start", "end", "count", "unit", "method", "type", "error"),
        *("p50", "p99.9", "reason"),
    ]
    assert rows[0]["start"] == datetime(2025, 10, 1, tzinfo=UTC)
    assert rows[1]["p50"] is None
    assert found.to_pyarrow().to_pylist() == found.to_polars().to_dicts() == rows
    assert pa.table(found).to_pylist() == pl.DataFrame(found).to_dicts() == rows
    frame = found.to_pandas()
    assert frame["count"].tolist() == [11, 0, 1, 1, 0, 0]
    assert frame["p50"].isna().tolist() == [False, True, False, False, True, True]
    assert frame["end"].tolist() == [row["end"] for row in rows]
    assert found._repr_html_().count("<tr>") == 7
    assert repr(found) == "Percentiles(shop: histogram, results=6, rows=14)"


def test_a_large_table_comes_in_parts_and_a_notebook_shows_its_beginning(log: Path) -> None:
    found = backburn.percentiles(spec(source={**LENIENT, "step": "1s"}), log, every="1s")
    assert len(found) == 2 * 7261
    many = dataclasses.replace(found, spreads=found.spreads * 10)
    assert [len(part[0]) for part in many.parts()] == [72_610, 72_610]
    assert many.to_pyarrow().num_rows == many.to_polars().height == len(many.to_pandas()) == len(many)
    assert "the first 1,000 of 145,220 rows" in many._repr_html_()
    assert pa.table(many)["p50"].null_count == many.to_polars()["p50"].null_count() == 145_220 - 130


def test_labels_that_are_called_like_columns_keep_their_values(tmp_path: Path) -> None:
    path = write_log(tmp_path / "log.parquet", [{"at": 0, "p95": "x", "count": "y", "path": "/"}])
    (row,) = backburn.percentiles(spec(source={"by": ["p95", "count", "path"]}), path).records()
    assert (row["label_p95"], row["label_count"], row["path"], row["count"]) == ("x", "y", "/", 1)
    assert row["p95"] == pytest.approx(1.0, rel=0.0055)


def test_results_are_frozen_and_survive_pickling(log: Path) -> None:
    found = backburn.percentiles(spec(source=LENIENT), log, every="1h")
    for frozen in (found, found.results[0], found.spreads[0], found.spreads[0].spans, found.spreads[0].found):
        assert frozen is not None
        name = dataclasses.fields(frozen)[0].name
        with pytest.raises(dataclasses.FrozenInstanceError):
            setattr(frozen, name, "other")
    assert pickle.loads(pickle.dumps(found)) == found  # noqa: S301 - bytes that this test has just made.


REFUSED: tuple[tuple[dict[str, Any], str], ...] = (
    ({"every": "90s"}, "every: 90s is not a multiple of the step 1m; choose a step that divides it"),
    ({"every": "fortnight"}, "every: 'fortnight' is not a duration"),
    ({"every": 3600}, "every: 3600 is not a text; write a duration such as 1h"),
    ({"type": 0}, "type: there is no quantile of type 0; give a number from 1 to 9"),
    ({"type": True}, "type: there is no quantile of type True"),
    ({"type": "7"}, "type: there is no quantile of type '7'"),
    ({"quantiles": ["99"]}, "quantiles: '99' is more than 1; write 99% or 0.99"),
    ({"quantiles": [-0.5]}, "quantiles: '-0.5' is not a share"),
    ({"quantiles": []}, "quantiles is empty; name some, as in [0.5, 0.99]"),
)


@pytest.mark.parametrize(("question", "message"), REFUSED)
def test_a_wrong_question_is_refused_before_any_row_is_read(question: dict[str, Any], message: str) -> None:
    with pytest.raises(backburn.UsageError) as raised:
        backburn.percentiles(spec(), "no/such.log", **question)
    assert str(raised.value).startswith(message)


def test_a_promise_about_something_else_has_no_durations(log: Path) -> None:
    with pytest.raises(backburn.SpecError, match="'shop': no objective is about latency; write one, as in"):
        backburn.percentiles(spec(objective()), log)
    with pytest.raises(backburn.UsageError, match=r"report\.quantiles is empty"):
        backburn.percentiles(spec(report={"quantiles": []}), log)


def test_rows_that_do_not_tell_are_counted_and_refused(log: Path) -> None:
    with pytest.raises(backburn.DataError, match="rows for objective 'fast'"):
        backburn.percentiles(spec(), log)
    found = backburn.percentiles(spec(source=LENIENT), log)
    assert "BB403" in {note.code for note in found.notes}


def test_more_spans_than_anyone_reads_are_refused() -> None:
    times = [datetime(1970, 1, 1, tzinfo=UTC), datetime(2025, 10, 1, tzinfo=UTC)]
    table = {"timestamp": times, "duration_ms": [1.0, 2.0], "zone": ["a", "a"]}
    with pytest.raises(backburn.DataError, match="every 1s would be 1,759,276,801 spans of 1 series"):
        backburn.percentiles(spec(source={"step": "1s"}), table, every="1s")


@pytest.mark.parametrize("data", ["rollup", "reader"])
def test_exact_needs_rows_that_can_be_read_twice(log: Path, data: str) -> None:
    lenient = spec(source=LENIENT)
    once = backburn.rollup(lenient, log) if data == "rollup" else pq.read_table(log).to_reader()
    with pytest.raises(backburn.UsageError, match="exact quantiles need the rows") as raised:
        backburn.percentiles(lenient, once, exact=True)
    assert raised.value.remedy is not None
    assert raised.value.remedy.endswith("or leave out exact")

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

import polars as pl
import pyarrow as pa
import pytest
from made_logs import document, objective, write_log

import backburn
from backburn.engine.skipped import Skipped
from backburn.evaluation.budget import Budget
from backburn.evaluation.provenance import Data, Note, SpecIdentity
from backburn.evaluation.result import Evaluation, Result, WindowSpan

if TYPE_CHECKING:
    from pathlib import Path

NOON = datetime(2025, 10, 1, 12, tzinfo=UTC)


def result(series: dict[str, str | None], *, met: bool | None = True) -> Result:
    return Result(
        service="shop",
        objective="availability",
        series=series,
        window=WindowSpan(text="1h", kind="rolling", start=NOON, end=NOON),
        good=9,
        bad=1,
        excluded=0,
        excluded_by={},
        valid=10,
        sli=0.9,
        target=Decimal("0.9"),
        met=met,
        reason=None if met is not None else "no events",
        observed=1.0,
        budget=Budget(allowed=1.0, spent=1, consumed=1.0, remaining=0.0, minutes=6.0) if met else None,
        burn={"5m": None, "1h": 1.0},
    )


def evaluation(*results: Result) -> Evaluation:
    skipped = Skipped(files=0, row_groups=0)
    data = Data(files=("a",), rows=10, ignored=0, rejected=0, rejects=(), skipped=skipped, start=NOON, end=NOON)
    specs = (SpecIdentity(name="<shop>", version=None, fingerprint="0"),)
    return Evaluation(version="1", specs=specs, data=data, results=results, notes=(Note(code="BB401", message="m"),))


TABLE = evaluation(result({"zone": "<a>"}), result({"zone": None, "target": "t"}, met=None))


def test_labels_budgets_and_burns_are_columns() -> None:
    frame = TABLE.to_pyarrow()
    assert frame.column_names[:4] == ["service", "objective", "zone", "label_target"]
    assert frame.column_names[-10:-7] == ["budget_recovers_at", "burn_5m", "burn_1h"]
    first, second = frame.to_pylist()
    assert (first["zone"], first["label_target"], first["target"], first["met"]) == ("<a>", None, 0.9, True)
    assert (second["zone"], second["met"], second["reason"]) == (None, None, "no events")
    assert (first["budget_spent"], second["budget_spent"], first["burn_5m"]) == (1, None, None)
    assert first["window_end"] == NOON
    assert frame.schema.field("window_start").type == pa.timestamp("us", "UTC")


def test_every_library_sees_the_same_table() -> None:
    rows = TABLE.records()
    assert TABLE.to_pyarrow().to_pylist() == rows
    assert TABLE.to_polars().to_dicts() == rows
    assert pa.table(TABLE).to_pylist() == rows
    assert pl.DataFrame(TABLE).to_dicts() == rows
    pandas = TABLE.to_pandas()
    assert list(pandas.columns) == [column.name for column in TABLE.columns()]
    assert pandas["good"].tolist() == [9, 9]
    assert pandas["met"].isna().tolist() == [False, True]


def test_no_results_are_still_a_table() -> None:
    assert evaluation().to_pyarrow().num_rows == 0
    assert evaluation().to_polars().height == 0
    assert len(evaluation().to_pandas()) == 0


def test_a_notebook_shows_a_table_in_which_nothing_is_markup() -> None:
    shown = TABLE._repr_html_()
    assert shown.startswith("<table>")
    assert "&lt;a&gt;" in shown
    assert "<a>" not in shown
    assert "<shop>" not in shown


def test_the_repr_says_how_it_went() -> None:
    assert repr(TABLE) == "Evaluation(<shop>: met=1, breached=0, unknown=1, rows=10)"


def test_results_are_frozen() -> None:
    for frozen in (TABLE, TABLE.data, TABLE.notes[0], TABLE.results[0], TABLE.results[0].window):
        name = dataclasses.fields(frozen)[0].name
        with pytest.raises(dataclasses.FrozenInstanceError):
            setattr(frozen, name, "other")


def test_downtime_and_doctor_are_tables_too() -> None:
    assert backburn.downtime("99.9%").to_polars()["seconds"].to_list()[3] == 2592.0
    table = backburn.doctor().to_pyarrow().to_pylist()
    assert table[0] == {"name": "backburn", "value": backburn.__version__, "status": "ok", "remedy": None}


def test_the_doctor_names_a_debug_build(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("backburn._rust.__build__", "debug")
    (found,) = [check for check in backburn.doctor().problems if check.name == "build"]
    assert found.status == "warning"
    assert found.remedy is not None
    monkeypatch.setattr("backburn._rust.__build__", "release")
    assert backburn.doctor().problems == ()
    assert repr(backburn.doctor()) == "Doctor(all well)"


def test_the_doctor_names_a_full_or_missing_place_for_temporary_files(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("tempfile.TemporaryFile", refuse)
    (found,) = [check for check in backburn.doctor().problems if check.name == "temporary files"]
    assert (found.status, "No space left" in found.value) == ("problem", True)


def test_an_evaluation_of_a_log_is_a_table(tmp_path: Path) -> None:
    log = write_log(tmp_path / "a.parquet", [{"at": n, "zone": "ab"[n % 2]} for n in range(4)])
    judged = backburn.evaluate(document(source={"by": ["zone"]}, objectives=[objective()]), log)
    assert judged.to_polars().select("zone", "valid").rows() == [("a", 2), ("b", 2)]

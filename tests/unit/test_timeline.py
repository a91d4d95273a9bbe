from __future__ import annotations

import csv
import dataclasses
import json
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_logs import START, document, objective, write_log

import backburn
from backburn.evaluation.timetable import Timeline

COLUMNS = ("valid", "bad", "sli", "burn", "budget_remaining", "p95", "p99.9")
TEXTS = st.one_of(st.none(), st.sampled_from(("", "eu", 'a,"b"', "x\ny", "ü\r", "null")))


def spec(**changes: Any) -> dict[str, Any]:
    return document(source={"by": ["zone"]}, report={"burn": ["2m", "1h"]}, **changes)


@pytest.fixture
def log(tmp_path: Path) -> Path:
    rows: list[dict[str, Any]] = [
        {"at": 0, "zone": "a"},
        {"at": 1, "zone": "b", "status": 500},
        {"at": 3, "zone": "a", "status": 503},
        {"at": 3, "zone": "a"},
        {"at": 8, "zone": None},
    ]
    return write_log(tmp_path / "log.parquet", rows)


def ticks(table: pa.Table) -> list[int]:
    moments: list[Any] = table["tick"].to_pylist()
    return [round((moment - START) / timedelta(minutes=1)) for moment in moments]


def of_zone(table: pa.Table, zone: str) -> pa.Table:
    return table.filter(pc.equal(table["zone"], pa.scalar(zone)))


def test_there_is_a_row_for_each_objective_series_and_tick(log: Path) -> None:
    objectives = [objective(), objective(name="total", by=[])]
    found = backburn.timeline(spec(objectives=objectives), log)
    table = found.to_pyarrow()
    assert table.column_names == [
        *("tick", "objective", "zone"),
        *("valid_2m", "bad_2m", "sli_2m", "burn_2m"),
        *("valid_1h", "bad_1h", "sli_1h", "burn_1h"),
        "budget_remaining",
    ]
    assert table.num_rows == found.rows == 9 * 4
    assert ticks(table) == [*range(1, 10)] * 4
    assert table["objective"].to_pylist() == ["availability"] * 27 + ["total"] * 9
    assert table["zone"].to_pylist() == [None] * 9 + ["a"] * 9 + ["b"] * 9 + [None] * 9
    assert table["valid_2m"].to_pylist()[9:18] == [1, 1, 0, 2, 2, 0, 0, 0, 0]
    assert table["bad_2m"].to_pylist()[9:18] == [0, 0, 0, 1, 1, 0, 0, 0, 0]
    burns = [0.0, 0.0, None, 50.0, 50.0, None, None, None, None]
    assert table["burn_2m"].to_pylist()[9:18] == [None if burn is None else pytest.approx(burn) for burn in burns]
    assert table["sli_1h"].to_pylist()[-1] == 0.6


def test_the_types_are_those_that_cost_least(log: Path) -> None:
    schema = backburn.timeline(spec(), log, burn="5m").to_pyarrow().schema
    texts = pa.dictionary(pa.int32(), pa.string())
    assert schema.types == [
        *(pa.timestamp("us", "UTC"), texts, texts),
        *(pa.uint64(), pa.uint64(), pa.float64(), pa.float64(), pa.float64()),
    ]
    assert [field.name for field in schema if field.nullable] == ["zone", "sli_5m", "burn_5m", "budget_remaining"]


def test_it_can_be_taken_any_number_of_times_by_anyone(log: Path) -> None:
    found = backburn.timeline(spec(), log)
    rows = found.to_pyarrow().to_pylist()
    assert pa.table(found).to_pylist() == rows
    assert found.to_polars().to_dicts() == rows
    assert pl.DataFrame(found).height == len(rows)
    assert list(pa.RecordBatchReader.from_stream(found).schema.names) == found.to_polars().columns
    pandas = found.to_pandas()
    assert pandas["valid_1h"].tolist() == [row["valid_1h"] for row in rows]
    assert pandas["burn_2m"].isna().tolist() == [row["burn_2m"] is None for row in rows]


def test_ticks_are_multiples_of_every_and_windows_need_not_be(log: Path) -> None:
    table = backburn.timeline(spec(), log, every="3m", burn=["2m", "7m"], columns=["valid"]).to_pyarrow()
    zone_a = of_zone(table, "a")
    assert table.column_names == ["tick", "objective", "zone", "valid_2m", "valid_7m"]
    assert ticks(zone_a) == [3, 6, 9]
    assert zone_a["valid_2m"].to_pylist() == [0, 0, 0]
    assert zone_a["valid_7m"].to_pylist() == [1, 3, 2]


@pytest.mark.parametrize("source", [{}, {"step": "30s"}])
def test_without_asking_the_windows_are_those_of_the_objectives(log: Path, source: dict[str, Any]) -> None:
    also = [{"window": "5m", "target": "99%"}, {"window": "all", "target": "99%"}]
    rolling = document(source=source, objectives=[objective(window="1h", also=also)])
    assert backburn.timeline(rolling, log).windows == ("1h", "5m")
    with pytest.raises(backburn.UsageError, match="no window is named; name some"):
        backburn.timeline(document(source=source), log)


def test_targets_follow_overrides(log: Path) -> None:
    overrides = [{"match": {"zone": "b*"}, "target": "90%"}]
    table = backburn.timeline(spec(objectives=[objective(overrides=overrides)]), log, every="9m").to_pyarrow()
    burns = dict(zip(table["zone"].to_pylist(), table["burn_1h"].to_pylist(), strict=True))
    assert burns == {None: 0.0, "a": pytest.approx(100 / 3), "b": 10.0}


def test_what_is_expected_and_never_seen_is_undefined(log: Path) -> None:
    asked = spec() | {"source": {"by": ["zone"], "expect": {"zone": ["a", "dead"]}}}
    found = backburn.timeline(asked, log)
    table = found.to_pyarrow()
    dead = of_zone(table, "dead")
    assert (dead.num_rows, set(dead["valid_1h"].to_pylist())) == (9, {0})
    assert dead["burn_1h"].null_count == dead["sli_1h"].null_count == 9
    assert "BB406" in [note.code for note in found.notes]


def test_an_objective_without_a_row_in_scope_is_undefined(log: Path) -> None:
    asked = spec(objectives=[objective(sli={"kind": "availability", "valid": "status = 999"})])
    table = backburn.timeline(asked, log).to_pyarrow()
    assert (table.num_rows, table["zone"].null_count, table["burn_1h"].null_count) == (9, 9, 9)


def test_labels_with_the_names_of_columns_are_set_apart(tmp_path: Path) -> None:
    rows = [{"at": 0, "tick": "x", "burn_rate": "y", "burns": "z"}]
    asked = document(source={"by": ["tick", "burn_rate", "burns"]})
    table = backburn.timeline(asked, write_log(tmp_path / "log.parquet", rows), burn="1m", columns="burn").to_pyarrow()
    assert table.column_names == ["tick", "objective", "label_tick", "label_burn_rate", "burns", "burn_1m"]
    assert [table[name][0].as_py() for name in table.column_names[2:]] == ["x", "y", "z", 0.0]


def test_documents_are_told_apart_by_their_service(log: Path) -> None:
    one = document(report={"burn": ["1h"]})
    other = document(metadata={"service": "desk", "owner": "team"}, source={"step": "3m"})
    specs = [
        backburn.load_spec(_written(log.parent / f"{name}.json", made)) for name, made in (("1", one), ("2", other))
    ]
    with pytest.raises(backburn.UsageError, match="no window"):
        backburn.timeline(specs[1], log)
    found = backburn.timeline(specs, log)
    assert found.windows == ("1h",)
    table = found.to_pyarrow()
    assert table.column_names[:3] == ["tick", "objective", "service"]
    assert ticks(table) == [*range(1, 10), 3, 6, 9]
    assert table["service"].to_pylist() == ["shop"] * 9 + ["desk"] * 3
    assert found.to_dict()["results"][-1] | {"sli": None, "burn": None} == {
        "service": "desk",
        "objective": "availability",
        "series": {},
        "tick": "2025-10-01T00:09:00Z",
        "valid": {"1h": 5},
        "bad": {"1h": 2},
        "sli": None,
        "burn": None,
        "budget_remaining": pytest.approx(1 - 2 / 5 / 0.01),
    }


def _written(path: Path, made: dict[str, Any]) -> Path:
    path.write_text(json.dumps(made), encoding="utf-8")
    return path


def test_the_envelope_has_a_result_for_each_row(log: Path) -> None:
    found = backburn.timeline(spec(), log, columns=["bad"])
    envelope = found.to_dict()
    assert envelope["command"] == "timeline"
    assert len(envelope["results"]) == found.rows
    assert envelope["results"][12] == {
        "service": "shop",
        "objective": "availability",
        "series": {"zone": "a"},
        "tick": "2025-10-01T00:04:00Z",
        "bad": {"2m": 1, "1h": 1},
    }


def test_long_series_and_many_series_are_cut_into_batches(tmp_path: Path) -> None:
    seconds = 70_000
    rows = [{"at": at / 60, "zone": zone} for at in (0, 65_530, 65_540, seconds - 1) for zone in ("a", "b")]
    long = write_log(tmp_path / "long.parquet", rows)
    found = backburn.timeline(spec(), long, step="1s", burn=["10s", "1d"], columns=["valid"], threads=2)
    batches = list(pa.RecordBatchReader.from_stream(found))
    assert [batch.num_rows for batch in batches] == [65_536, seconds - 65_536] * 2
    table = pa.Table.from_batches(batches)
    assert table["zone"].to_pylist() == ["a"] * seconds + ["b"] * seconds
    ends = [1] * 10 + [0] * 65_520 + [1] * 20 + [0] * (seconds - 65_551) + [1]
    assert table["valid_10s"].to_pylist() == ends * 2
    assert table["valid_1d"].to_pylist()[65_529:65_542] == [1] + [2] * 10 + [3] * 2

    many = write_log(
        tmp_path / "many.parquet", [{"at": at, "zone": f"{zone:05}"} for at in (0, 4) for zone in range(20_000)]
    )
    batches = list(pa.RecordBatchReader.from_stream(backburn.timeline(spec(), many, burn="2m")))
    assert [batch.num_rows for batch in batches] == [65_535, 100_000 - 65_535]
    table = pa.Table.from_batches(batches)
    assert table["valid_2m"].to_pylist() == [1, 1, 0, 0, 1] * 20_000
    assert table["zone"].to_pylist() == [f"{zone:05}" for zone in range(20_000) for _ in range(5)]


def test_saved_counts_with_durations_and_logs_go_together(log: Path, tmp_path: Path) -> None:
    fast = objective(sli={"kind": "latency", "threshold": "300ms"})
    columns = {"duration": {"column": "duration_ms", "unit": "ms"}}
    asked = document(source={"columns": columns}, objectives=[fast], report={"burn": ["1h"]})
    saved = tmp_path / "saved.rollup"
    backburn.rollup(asked, log).save(str(saved))
    later = write_log(tmp_path / "later.parquet", [{"at": 20, "duration_ms": 900.0}])
    table = backburn.timeline(asked, [saved, later], every="1h").to_pyarrow()
    assert (table["valid_1h"].to_pylist(), table["bad_1h"].to_pylist()) == ([6], [1])


def test_start_and_end_choose_rows(log: Path) -> None:
    found = backburn.timeline(spec(), log, start="2025-10-01T00:01:00Z", end=datetime(2025, 10, 1, 0, 4, tzinfo=UTC))
    assert ticks(found.to_pyarrow()) == [2, 3, 4] * 2


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"every": "90s"}, "every: 90s is not a multiple of the step 1m; choose a step that divides it"),
        ({"every": 5}, "every: 5 is not a text; write a duration such as 5m"),
        ({"every": "0.1us"}, "every: '0.1us' is not a whole number of microseconds"),
        ({"burn": "7s"}, "window 7s of 'shop' is not a multiple of the step 1m; choose a step that divides it"),
        ({"burn": [" "]}, "burn: the list is empty; name something, or leave it out"),
        ({"burn": {"1h"}}, "burn: {'1h'} is no list of texts"),
        (
            {"columns": ["burn", "q95"]},
            "columns: there is no column 'q95'; choose of valid, bad, sli, burn, budget_remaining, or a percentile",
        ),
        ({"columns": "p100.1"}, "columns: there is no column 'p100.1'"),
        ({"step": "1us", "burn": "1m"}, "a timeline of 1,440,000,003 rows is more than"),
    ],
)
def test_what_cannot_be_asked_is_said(
    log: Path, asked: dict[str, Any], message: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("backburn.evaluation.timeline._MOST_ROWS", 1_000_000_000)
    with pytest.raises(backburn.UsageError) as raised:
        backburn.timeline(spec(), log, **asked)
    assert str(raised.value).startswith(message)


def fast(**changes: Any) -> dict[str, Any]:
    made = objective(name="fast", sli={"kind": "latency", "threshold": "300ms"}, target="95%")
    columns = {"duration": {"column": "duration_ms", "unit": "ms"}}
    return document(source={"columns": columns}, objectives=[made, objective()], report={"burn": ["2m"]}, **changes)


def test_percentiles_need_a_promise_about_durations(log: Path) -> None:
    with pytest.raises(backburn.SpecError, match="p95: no objective of 'shop' is about latency; write one"):
        backburn.timeline(spec(), log, columns="p95")


def test_percentiles_are_null_where_no_durations_are_judged_and_name_their_unit(log: Path) -> None:
    found = backburn.timeline(fast(), log, columns=["p95", "bad", "p50.0", "p50"])
    table = found.to_pyarrow()
    assert table.column_names == ["tick", "objective", "bad_2m", "p50_2m", "p95_2m"]
    assert table["p95_2m"].to_pylist()[9:] == [None] * 9
    assert table["p95_2m"].null_count == 9 + 3
    assert table["p95_2m"][0].as_py() == pytest.approx(1.0, rel=0.006)
    assert table.schema.field("p95_2m").metadata == {b"unit": b"ms"}
    assert [track.unit for track in found.tracks] == ["ms", None]
    assert found.tracks[0].threshold == 300
    notes = {note.code: note.message for note in found.notes}
    assert notes["BB416"] == "objective 'fast': p50, p95 in ms, no value further off than 0.55%"
    assert "BB417" not in notes


def test_the_histograms_of_logs_fit_the_question_and_those_of_rollups_are_as_they_are(log: Path) -> None:
    rollup = backburn.rollup(fast(), log)
    asked: dict[str, Any] = {"columns": "p95", "every": "1m", "burn": ["2m", "5m"]}
    found = backburn.timeline(fast(), rollup, **asked)
    (note,) = [note.message for note in found.notes if note.code == "BB417"]
    assert note == "objective 'fast': no p95 of 2m, 5m where an edge falls inside a histogram, which holds 5m"
    told = found.to_pyarrow()["p95_5m"].to_pylist()[:9]
    # Whole windows end at minute 5, and at the end of all data.
    assert [at + 1 for at, value in enumerate(told) if value is not None] == [5]
    assert "BB417" not in [note.code for note in backburn.timeline(fast(), log, **asked).notes]
    chosen = backburn.timeline(fast(rollup={"histogram_step": "3m"}), log, columns="p95", every="3m", burn="6m")
    assert "BB417" not in [note.code for note in chosen.notes]
    bare = backburn.rollup(fast() | {"report": {"burn": ["2m"], "quantiles": []}}, log)
    without = backburn.timeline(fast(), bare, columns="p95")
    assert without.to_pyarrow()["p95_2m"].null_count == without.rows
    assert "objective 'fast': no p95: the rollup holds no durations" in [note.message for note in without.notes]


@pytest.mark.parametrize(
    ("window", "left"),
    [
        ("3m", [1, 1, 1, 0, 0, 0, None, None, 1]),
        ("all", [1, 1, 1, 1 / 3, 1 / 3, 1 / 3, 1 / 3, 1 / 3, 0.5]),
        ({"calendar": "day"}, [1, 1, 1, 1 / 3, 1 / 3, 1 / 3, 1 / 3, 1 / 3, 0.5]),
        ({"calendar": "day", "which": "previous"}, [None] * 9),
        ({"calendar": "day", "which": "2025-10-01"}, [1, 1, 1, 1 / 3, 1 / 3, 1 / 3, 1 / 3, 1 / 3, 0.5]),
        ({"events": 1}, [1, 1, 1, 0, 0, 0, 0, 0, 1]),
        ({"start": "2025-10-01T00:02:00Z", "end": "2025-10-01T00:04:00Z"}, [None] * 3 + [0] * 6),
    ],
)
def test_the_budget_is_that_of_the_objectives_own_window(tmp_path: Path, window: Any, left: list[float | None]) -> None:
    rows = [{"at": 0}, {"at": 3, "status": 500}, {"at": 3}, {"at": 8}]
    log = write_log(tmp_path / "log.parquet", rows)
    asked = document(objectives=[objective(window=window, target="50%")], report={"burn": ["1m"]})
    table = backburn.timeline(asked, log, columns="budget_remaining").to_pyarrow()
    assert table["budget_remaining"].to_pylist() == left


def test_civil_periods_follow_each_other_in_their_zone(tmp_path: Path) -> None:
    """The day of Sao Paulo begins at 03:00 UTC; at that tick it is still the day before that is looked at."""
    log = write_log(tmp_path / "log.parquet", [{"at": 0, "status": 500}, {"at": 60}, {"at": 180}, {"at": 240}])
    window = {"calendar": "day", "timezone": "America/Sao_Paulo"}
    both = [
        objective(window=window, target="50%"),
        objective(name="before", window=window | {"which": "previous"}, target="50%"),
    ]
    asked = document(objectives=both, report={"burn": ["1m"]})
    table = backburn.timeline(asked, log, columns="budget_remaining", every="1h").to_pyarrow()
    left = table["budget_remaining"].to_pylist()
    assert left == [-1, 0, 0, 1, 1, None, None, None, 0, 0]


def test_a_file_holds_all_of_it_or_is_not_there(log: Path, tmp_path: Path) -> None:
    found = backburn.timeline(fast(), log, columns=["valid", "sli", "budget_remaining", "p95"])
    rows = found.to_pyarrow().to_pylist()
    found.save(tmp_path / "a.parquet")
    read = pq.read_table(tmp_path / "a.parquet")
    assert read.to_pylist() == rows
    assert read.schema.names == found.to_pyarrow().schema.names
    found.save(tmp_path / "a.csv")
    lines = (tmp_path / "a.csv").read_text(encoding="utf-8").splitlines()
    assert lines[0] == ",".join(read.schema.names)
    assert lines[1].startswith("2025-10-01T00:01:00Z,fast,1,1.0,1.0,")
    assert len(lines) == found.rows + 1
    found.save(tmp_path / "a.ndjson")
    lines = (tmp_path / "a.ndjson").read_text(encoding="utf-8").splitlines()
    assert [json.loads(line) for line in lines] == found.to_dict()["results"]
    assert list(json.loads(lines[0])) == list(found.to_dict()["results"][0])
    with pytest.raises(backburn.UsageError, match=r"a timeline is not written as '\.xml'"):
        found.save(tmp_path / "a.xml")
    with pytest.raises(backburn.DataError):
        found.save(tmp_path / "none" / "a.parquet")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.csv", "a.ndjson", "a.parquet", "log.parquet"]


@given(
    columns=st.lists(st.sampled_from(COLUMNS), min_size=1, unique=True), texts=st.lists(TEXTS, min_size=1, max_size=4)
)
def test_text_says_what_the_table_says(columns: list[str], texts: list[str | None]) -> None:
    rows = [{"at": at, "zone": text, "service": "x"} for at, text in enumerate(texts)]
    with tempfile.TemporaryDirectory() as folder:
        log = write_log(Path(folder) / "log.parquet", rows)
        made = fast() | {"metadata": {"name": "all"}}
        made["source"] = made["source"] | {"by": ["service", "zone"]}
        found = backburn.timeline(made, log, burn=["2m", "1h"], columns=columns, threads=2)
        found.save(Path(folder) / "a.csv")
        found.save(Path(folder) / "a.ndjson")
        with (Path(folder) / "a.csv").open(encoding="utf-8", newline="") as file:
            read = list(csv.DictReader(file))
        lines = (Path(folder) / "a.ndjson").read_bytes().split(b"\n")[:-1]
        assert [json.loads(line) for line in lines] == found.to_dict()["results"]
        wanted = found.to_pyarrow().to_pylist()
        for row in wanted:
            row["tick"] = row["tick"].strftime("%Y-%m-%dT%H:%M:%SZ")
        assert [{name: number(value) for name, value in row.items()} for row in read] == [
            {name: "" if value is None else value for name, value in row.items()} for row in wanted
        ]


def number(text: str) -> Any:
    try:
        return float(text)
    except ValueError:
        return text


def test_data_without_rows_are_an_error(tmp_path: Path) -> None:
    empty = write_log(tmp_path / "log.parquet", [{"at": 0, "zone": "a"}])
    with pytest.raises(backburn.DataError, match="no rows"):
        backburn.timeline(spec(), empty, start="2025-10-02T00:00:00Z")


def test_it_is_frozen_and_says_what_it_is(log: Path) -> None:
    found = backburn.timeline(spec(), log)
    assert repr(found) == "Timeline(shop: rows=27, windows=[2m, 1h])"
    assert isinstance(found, Timeline)
    for frozen in (found, found.tracks[0]):
        with pytest.raises(dataclasses.FrozenInstanceError):
            setattr(frozen, dataclasses.fields(frozen)[-1].name, None)
    with pytest.raises(AttributeError):
        found.stream.rows = 1  # type: ignore[attr-defined]


def test_slices_of_a_silent_counter_are_those_of_an_evaluation_at_the_tick() -> None:
    start = datetime(2025, 10, 1, tzinfo=UTC)
    rows: dict[str, list[Any]] = {"timestamp": [], "host": [], "bad": [], "all": []}
    for minute, host in ((minute, host) for minute in range(180) for host in "ab"):
        if host == "b" or not 60 < minute < 120:
            for name, value in zip(rows, (start + timedelta(minutes=minute), host, 0, minute), strict=True):
                rows[name].append(value)
    sli = {"kind": "ratio", "bad": {"counter": "bad"}, "valid": {"counter": "all"}}
    sliced = {"method": "time-slices", "slice": "5m"}
    made = document(
        source={"by": ["host"]},
        objectives=[objective(sli=sli, window="30m", no_data="bad", budgeting=sliced)],
        report={"burn": ["30m"]},
    )
    rollup = backburn.rollup(made, rows)
    table = backburn.timeline(made, rollup, every="30m").to_pyarrow().to_pylist()
    silent = []
    for row in table:
        (result,) = [
            one for one in backburn.evaluate(made, rollup, at=row["tick"]).results if one.series["host"] == row["host"]
        ]
        assert result.budget is not None
        assert (row["budget_remaining"], row["burn_30m"]) == (result.budget.remaining, result.burn["30m"])
        silent += [row["host"]] if row["budget_remaining"] is None else []
    # Nobody knows of the counter that was silent, while the other one was read.
    assert silent == ["a", "a"]

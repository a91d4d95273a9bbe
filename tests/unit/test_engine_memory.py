from __future__ import annotations

import json
import pickle
import subprocess
import sys
import time
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import duckdb
import numpy as np
import pandas as pd  # type: ignore[import-untyped]
import polars as pl
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset
import pytest
from made_logs import START, document, objective, write_log

import backburn
from backburn.engine.memory import stream_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from conftest import SpecFile

MINUTES = 200
STATUSES = [500 if minute % 7 == 0 else 200 for minute in range(MINUTES)]
ZONES = [None if minute % 11 == 0 else ("api", "web", "")[minute % 3] for minute in range(MINUTES)]
COLUMNS: dict[str, list[Any]] = {
    "timestamp": [START + timedelta(minutes=minute) for minute in range(MINUTES)],
    "status": STATUSES,
    "zone": ZONES,
    "host": ["h"] * MINUTES,
}


def spec(**source: Any) -> dict[str, Any]:
    named = {"kind": "ratio", "good": "zone = 'api' OR zone LIKE 'w%'"}
    objectives = [objective(), objective(name="named", sli=named)]
    return document(source={"by": ["zone"], "max_rejected": "100%", **source}, objectives=objectives)


def results(data: Any, **source: Any) -> Any:
    return backburn.evaluate(spec(**source), data).results


def table() -> pa.Table:
    return pa.table(COLUMNS)


def frame() -> pl.DataFrame:
    return pl.DataFrame(COLUMNS)


@pytest.fixture(scope="module")
def expected(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """What the same rows give when they are read from a file."""
    path = tmp_path_factory.mktemp("memory") / "log.parquet"
    rows = [
        {"at": minute, "status": status, "zone": zone}
        for minute, (status, zone) in enumerate(zip(STATUSES, ZONES, strict=True))
    ]
    return results(write_log(path, rows))


OBJECTS: dict[str, tuple[Callable[[], Any], str]] = {
    "table": (table, "a pyarrow Table"),
    "batch": (lambda: table().to_batches()[0], "a pyarrow RecordBatch"),
    "reader": (lambda: table().to_reader(max_chunksize=7), "a pyarrow RecordBatchReader"),
    "records": (lambda: table().to_struct_array(), "a pyarrow ChunkedArray"),
    "one array of records": (lambda: table().to_struct_array().combine_chunks(), "a pyarrow StructArray"),
    "dataset": (lambda: pyarrow.dataset.dataset(table()), "a pyarrow InMemoryDataset"),
    "scanner": (lambda: pyarrow.dataset.dataset(table()).scanner(), "a pyarrow Scanner"),
    "Polars": (frame, "a Polars DataFrame"),
    "Polars in chunks": (lambda: pl.concat([frame()[:50], frame()[50:]], rechunk=False), "a Polars DataFrame"),
    "Polars with categories": (
        lambda: frame().with_columns(pl.col("zone").cast(pl.Categorical), pl.col("host").cast(pl.Enum(["h"]))),
        "a Polars DataFrame",
    ),
    "Polars, lazily": (lambda: frame().lazy().filter(pl.col("host") == "h"), "a Polars LazyFrame"),
    "a series of Polars": (lambda: frame().to_struct(), "a Polars Series"),
    "pandas": (lambda: pd.DataFrame(COLUMNS), "a pandas DataFrame"),
    "pandas with an index": (lambda: pd.DataFrame(COLUMNS).set_index("timestamp"), "a pandas DataFrame"),
    "pandas with categories": (
        lambda: pd.DataFrame(COLUMNS).astype({"zone": "category", "status": "Int16"}),
        "a pandas DataFrame",
    ),
    "pandas beside what Arrow does not know": (
        lambda: pd.DataFrame(COLUMNS).assign(other=object()),
        "a pandas DataFrame",
    ),
    "DuckDB": (lambda: duckdb.connect().from_arrow(table()), "a DuckDB relation"),
    "a dict of lists": (lambda: COLUMNS, "a dict of arrays"),
    "a dict of arrays": (
        lambda: {
            "timestamp": table()["timestamp"],
            "status": np.array(STATUSES, np.uint16),
            "zone": pl.Series(ZONES),
            "host": pd.Series(["h"] * MINUTES),
        },
        "a dict of arrays",
    ),
}


@pytest.mark.parametrize("kind", OBJECTS)
def test_rows_in_memory_are_judged_as_those_of_a_file(kind: str, expected: Any) -> None:
    make, name = OBJECTS[kind]
    evaluation = backburn.evaluate(spec(), make())
    assert evaluation.results == expected
    assert (evaluation.data.files, evaluation.data.rows) == ((name,), MINUTES)


def cast(**types: Any) -> pa.Table:
    changed = table()
    for column, kind in types.items():
        place = changed.schema.get_field_index(column)
        changed = changed.set_column(place, column, changed[column].cast(kind))
    return changed


def naive(unit: Any) -> Any:
    return pc.cast(pc.local_timestamp(table()["timestamp"]), pa.timestamp(unit))


KEYS = [pa.int8(), pa.int16(), pa.int32(), pa.int64(), pa.uint8(), pa.uint16(), pa.uint32(), pa.uint64()]
TEXTS = [pa.string(), pa.large_string(), pa.string_view()]


@pytest.mark.parametrize("text", TEXTS, ids=str)
@pytest.mark.parametrize("key", [None, *KEYS], ids=str)
def test_text_is_text_in_every_layout(text: Any, key: Any, expected: Any) -> None:
    kind = text if key is None else pa.dictionary(key, text)
    if key is None:
        stored = cast(zone=text, status=text)
    else:
        values = pa.array(["", "web", None, "api", "unused"], text)
        place = {value: place for place, value in enumerate(values.to_pylist())}
        # A null stands in the keys of some rows and in the values of others.
        keys = [None if value is None and minute % 2 else place[value] for minute, value in enumerate(ZONES)]
        column: Any = pa.DictionaryArray.from_arrays(pa.array(keys, key), values)
        assert column.to_pylist() == ZONES
        stored = table().set_column(2, "zone", column)
    assert stored.schema.field("zone").type == kind
    assert results(stored) == expected
    assert results(pa.Table.from_batches(stored.slice(0, 90).to_batches() + stored.slice(90).to_batches())) == expected


@pytest.mark.parametrize("unit", ["s", "ms", "us", "ns"])
def test_times_are_moments_in_every_unit_and_zone(unit: str, expected: Any) -> None:
    assert results(cast(timestamp=pa.timestamp(unit, "UTC"))) == expected
    assert results(cast(timestamp=pa.timestamp(unit, "Asia/Kolkata"))) == expected
    local = table().set_column(0, "timestamp", naive(unit))
    assert results(local, columns={"timestamp": {"column": "timestamp", "timezone": "UTC"}}) == expected
    with pytest.raises(backburn.SpecError, match=r"a pyarrow Table: .* do not say their zone; .*timezone: UTC"):
        results(local)


@pytest.mark.parametrize("text", TEXTS, ids=str)
def test_times_may_be_text(text: Any, expected: Any) -> None:
    written = [time.isoformat() for time in COLUMNS["timestamp"]]
    plain = pa.array(written, text)
    packed = pa.DictionaryArray.from_arrays(pa.array(range(MINUTES), pa.uint16()), plain)
    for times in (plain, packed):
        assert results(table().set_column(0, "timestamp", times)) == expected


def test_slices_and_misaligned_buffers_hold_their_own_rows(expected: Any) -> None:
    padded = pa.concat_tables([table().slice(50, 13), table(), table().slice(0, 5)])
    assert results(padded.combine_chunks().slice(13, MINUTES)) == expected
    numbers = np.array(STATUSES, np.int64).tobytes()
    misaligned = pa.Array.from_buffers(pa.int64(), MINUTES, [None, pa.py_buffer(b"x" + numbers).slice(1)])
    values = misaligned.buffers()[1]
    assert values is not None
    assert values.address % 8 == 1
    assert results(table().set_column(1, "status", misaligned)) == expected


def test_columns_without_a_value_are_null_everywhere() -> None:
    (up, named) = results(table().set_column(1, "status", pa.nulls(MINUTES)).set_column(2, "zone", pa.nulls(MINUTES)))
    # A status that is none counts as bad, a predicate that is null is rejected.
    assert (up.series, up.good, up.bad) == ({"zone": None}, 0, MINUTES)
    assert (named.good, named.bad) == (0, 0)


@pytest.mark.parametrize("lazily", [False, True])
def test_polars_may_hold_columns_of_nothing(lazily: bool, expected: Any) -> None:
    beside = frame().with_columns(pl.lit(None).alias("host"))
    assert beside.schema["host"] == pl.Null
    assert results(beside.lazy() if lazily else beside) == expected
    in_it = beside.select("timestamp", "status", zone="host")
    (up, named) = results(in_it.lazy() if lazily else in_it)
    assert (up.series, up.valid, named.valid) == ({"zone": None}, MINUTES, 0)
    assert results(in_it.to_struct())[0] == up


def test_rows_of_several_kinds_merge(tmp_path: Path, expected: Any) -> None:
    path = write_log(
        tmp_path / "first.parquet",
        [{"at": minute, "status": STATUSES[minute], "zone": ZONES[minute]} for minute in range(60)],
    )
    counted = backburn.rollup(spec(), table().slice(60, 40))
    pieces = [path, counted, frame()[100:150], pd.DataFrame(COLUMNS)[150:180], table().slice(180)]
    evaluation = backburn.evaluate(spec(), pieces)
    assert evaluation.results == expected
    assert set(evaluation.data.files) == {
        str(path),
        "a pyarrow Table",
        "a Polars DataFrame (data[2])",
        "a pandas DataFrame (data[3])",
        "a pyarrow Table (data[4])",
    }


def test_rows_are_never_counted_twice() -> None:
    words = r"'a Polars DataFrame \(data\[1\]\)' and 'a pyarrow Table \(data\[0\]\)' have equal content.*counted twice"
    with pytest.raises(backburn.RollupMismatchError, match=words):
        results([table(), frame()])
    with pytest.raises(backburn.RollupMismatchError, match="counted twice"):
        backburn.rollup(spec(), table()).merge(backburn.rollup(spec(), table()))


def test_start_and_end_choose_rows() -> None:
    end = "2025-10-01T00:30:00Z"
    assert backburn.evaluate(spec(), frame(), start=START, end=end).data.rows == 30


def test_a_reader_can_be_read_once(spec_file: SpecFile) -> None:
    reader = table().to_reader()
    assert backburn.evaluate(spec(), reader).data.rows == MINUTES
    words = "a pyarrow RecordBatchReader: empty or already consumed.*make it anew"
    with pytest.raises(backburn.DataError, match=words):
        backburn.evaluate(spec(), reader)
    with pytest.raises(backburn.DataError, match=words):
        backburn.rollup(spec(), table()[:0].to_reader())
    text = json.dumps(spec())
    both = backburn.load_specs(spec_file(f"{text}\n---\n{text.replace('shop', 'market')}\n"))
    with pytest.raises(backburn.DataError, match="each specification"):
        backburn.evaluate(both, table().to_reader())
    assert len(backburn.evaluate(both, table()).results) == 2 * len(results(table()))


@pytest.mark.parametrize("kind", [kind for kind in OBJECTS if kind not in {"reader", "scanner"}])
def test_whatever_is_no_reader_can_be_read_again(kind: str, expected: Any) -> None:
    data = OBJECTS[kind][0]()
    assert results(data) == expected
    assert results(data) == expected


EMPTY: dict[str, Callable[[], Any]] = {
    "table": lambda: table()[:0],
    "no chunks": table().schema.empty_table,
    "batch": lambda: table().to_batches()[0][:0],
    "Polars": lambda: frame().clear(),
    "Polars, lazily": lambda: frame().lazy().filter(pl.col("host") == "other"),
    "pandas": lambda: pd.DataFrame(COLUMNS)[:0],
    "DuckDB": lambda: duckdb.connect().from_arrow(table()).filter("status = 1"),
    "dataset": lambda: pyarrow.dataset.dataset(table()[:0]),
}


@pytest.mark.parametrize("kind", EMPTY)
def test_nothing_in_memory_is_as_an_empty_file(kind: str) -> None:
    data = EMPTY[kind]()
    with pytest.raises(backburn.DataError, match=r"a \w+ \w+: no rows"):
        backburn.evaluate(spec(), data)
    counted = backburn.rollup(spec(), data)
    assert repr(counted) == "Rollup(rows=0, indicators=[availability, named])"


def test_examples_say_the_row_of_the_whole_stream() -> None:
    times = list(COLUMNS["timestamp"])
    times[150] = None
    broken = table().set_column(0, "timestamp", pa.array(times, pa.timestamp("us", "UTC")))
    evaluation = backburn.evaluate(spec(), broken.to_reader(max_chunksize=20))
    (reject,) = evaluation.data.rejects
    assert (reject.reason, reject.count) == ("null timestamp", 1)
    assert (reject.examples[0].file, reject.examples[0].row) == ("a pyarrow RecordBatchReader", 150)


def test_only_the_needed_columns_are_read(monkeypatch: pytest.MonkeyPatch, expected: Any) -> None:
    needed = ["host", "status", "timestamp", "zone"]
    chosen: list[list[str]] = []
    select = pl.LazyFrame.select

    def spy(self: pl.LazyFrame, columns: list[str]) -> pl.LazyFrame:
        chosen.append(sorted(columns))
        return select(self, columns)

    monkeypatch.setattr(pl.LazyFrame, "select", spy)
    assert results(frame().lazy()) == expected
    assert results(frame().lazy(), where="host = 'h'") == expected
    assert chosen == [needed[1:], needed]


def test_names_that_need_quotes_are_columns() -> None:
    odd = 'the "zone", so to say'
    renamed = table().rename_columns(["timestamp", "status", odd, "host"])
    for data in (duckdb.connect().from_arrow(renamed), pl.DataFrame(renamed).lazy(), renamed):
        assert len(results(data, columns={"zone": odd})) == 8


def failing() -> Iterator[pa.RecordBatch]:
    yield table().to_batches()[0]
    raise OSError("the disk is gone")


class Refusing:
    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        raise RuntimeError("not today")


@pytest.mark.parametrize(
    ("data", "error", "words"),
    [
        (7, backburn.UsageError, "data of type builtins.int cannot be read; give a path.*an Arrow table"),
        ([table, 7], backburn.UsageError, "data of type builtins.function"),
        (pa.chunked_array([[1]]), backburn.DataError, "a pyarrow ChunkedArray: a stream of whole numbers, not of rows"),
        (
            lambda: pa.RecordBatchReader.from_batches(table().schema, failing()),
            backburn.DataError,
            "a pyarrow RecordBatchReader: the stream broke off after 200 rows: .*the disk is gone; the error is",
        ),
        (Refusing(), backburn.DataError, "a .*Refusing: it gives no Arrow data: not today; look at the types"),
        (
            lambda: frame().lazy().with_columns(x=pl.col("nope")),
            backburn.DataError,
            "a Polars LazyFrame: it cannot be read: .*nope",
        ),
        (
            lambda: frame().lazy().with_columns(status=pl.col("host").cast(pl.Int64)),
            backburn.DataError,
            "a Polars LazyFrame: .*conversion from `str` to `i64` failed",
        ),
        (
            lambda: duckdb.connect().from_arrow(table()).project("timestamp, host::INT AS status, zone"),
            backburn.DataError,
            "a DuckDB relation: .*Could not convert string 'h' to INT32",
        ),
        (
            lambda: pd.DataFrame(COLUMNS).assign(status=object()),
            backburn.DataError,
            "a pandas DataFrame: it gives no Arrow data: .*Could not convert",
        ),
        (
            lambda: table().rename_columns(["timestamp", "stauts", "zone", "host"]),
            backburn.DataError,
            "a pyarrow Table: no column plays the role 'status'; write `columns: {status: stauts}`",
        ),
        (
            lambda: frame().lazy().rename({"status": "stauts"}),
            backburn.DataError,
            "a Polars LazyFrame: no column plays the role 'status'; write `columns: {status: stauts}`",
        ),
        (
            {"timestamp": [1], "status": [200, 200]},
            backburn.DataError,
            "a dict of arrays: the columns have different lengths: 'timestamp' has 1, 'status' has 2",
        ),
        ({"timestamp": "now"}, backburn.UsageError, "column 'timestamp' is no array but of type str"),
        ({"status": 200}, backburn.UsageError, "column 'status' is no array but of type int"),
        ({"status": [200, "x"]}, backburn.DataError, "column 'status' cannot be made an array: .*'x'.*None is null"),
        ({1: [200]}, backburn.UsageError, "has the column 1; names of columns are text"),
    ],
)
def test_what_cannot_be_read_is_explained(data: Any, error: type[Exception], words: str) -> None:
    with pytest.raises(error, match=words) as raised:
        results(data() if callable(data) and not isinstance(data, Refusing) else data)
    assert str(pickle.loads(pickle.dumps(raised.value))) == str(raised.value)  # noqa: S301 - it was made here.
    assert "Traceback" not in str(raised.value)


def test_the_error_of_another_library_is_the_cause() -> None:
    with pytest.raises(backburn.DataError) as raised:
        results(Refusing())
    assert isinstance(raised.value.__cause__, RuntimeError)


def test_a_dict_of_arrays_names_the_library_that_it_needs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(backburn.UsageError, match=r"pip install 'backburn\[arrow\]'"):
        results(COLUMNS)


def test_inspecting_wants_files() -> None:
    with pytest.raises(backburn.UsageError, match=r"a pyarrow Table \(data\[1\]\) is not a file"):
        backburn.inspect(["log.csv", table()])


def test_objects_are_told_apart_without_importing_their_libraries() -> None:
    code = """
import sys
from backburn.engine.memory import stream_of
assert stream_of(object()) is None and stream_of({}).name == "a dict of arrays"
print(*sorted({"pyarrow", "polars", "pandas", "duckdb", "numpy"} & sys.modules.keys()))
"""
    assert subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout == "\n"
    assert stream_of(START) is None


def test_progress_is_told() -> None:
    def slowly() -> Iterator[pa.RecordBatch]:
        for batch in table().to_batches(max_chunksize=50):
            time.sleep(0.1)
            yield batch

    told: list[tuple[int, int, int]] = []
    reader = pa.RecordBatchReader.from_batches(table().schema, slowly())
    backburn.rollup(spec(), reader, progress=lambda *parts: told.append(parts))
    assert told
    assert all(total == 1 for _, total, _ in told)
    assert [rows for *_, rows in told] == sorted(rows for *_, rows in told)

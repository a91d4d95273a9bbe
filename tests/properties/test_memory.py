"""Rows in memory are judged as the oracle and as files say, whatever holds them and however they are laid out."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

import duckdb
import polars as pl
import pyarrow as pa
import pyarrow.dataset
import pytest
from hypothesis import event, given
from hypothesis import strategies as st
from oracle.evaluate import evaluate
from properties.documents import document, moment
from properties.files import table
from properties.strategies import cases
from properties.test_engine_oracle import assert_same, engine

import backburn

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hypothesis.strategies import DrawFn
    from oracle.rows import Row
    from oracle.spec import Spec

TEXTS = (pa.string(), pa.large_string(), pa.string_view())
KEYS = (pa.int8(), pa.int16(), pa.int32(), pa.int64(), pa.uint8(), pa.uint16(), pa.uint32(), pa.uint64())
WHOLE = {"code": (pa.int16(), pa.int32(), pa.int64()), "n": (pa.int64(),), "size": (pa.int64(),)}

HOLDERS = ("table", "batch", "reader", "records", "dataset", "Polars", "lazy", "DuckDB")


@st.composite
def laid_out(draw: DrawFn, rows: Sequence[Row]) -> pa.Table:
    """The rows as a table whose columns have any layout, cut into chunks anywhere, each at an offset of its buffers."""
    plain = table(rows)
    columns = {}
    for name in plain.column_names:
        column = plain[name].combine_chunks()
        if column.type == pa.string():
            column = draw(texts(column))
        elif name in WHOLE:
            column = column.cast(draw(st.sampled_from(WHOLE[name])))
        elif name == "ts":
            column = column.cast(
                pa.timestamp(draw(st.sampled_from(("us", "ns"))), draw(st.sampled_from(("UTC", "Asia/Kolkata"))))
            )
        if column.null_count == len(column) and name in {"host", "zone", "path", "code"} and draw(st.booleans()):
            column = pa.nulls(len(column))
        columns[name] = column
    whole = pa.table(columns)
    cuts = sorted(draw(st.lists(st.integers(0, len(rows)), max_size=4)))
    edges = [0, *cuts, len(rows)]
    slices = [whole.slice(start, end - start) for start, end in pairwise(edges)]
    return pa.concat_tables(slices)


@st.composite
def texts(draw: DrawFn, column: Any) -> Any:
    """A column of text in any layout; a dictionary may hold a value twice, a null, and values that no row has."""
    text = draw(st.sampled_from(TEXTS))
    if draw(st.booleans()):
        return pa.array(column.to_pylist(), text)
    values = [*dict.fromkeys(column.to_pylist()), "nobody's", None]
    values += draw(st.lists(st.sampled_from(values), max_size=2))
    places = {value: [place for place, other in enumerate(values) if other == value] for value in values}
    keys = [draw(st.sampled_from(places[value] + [None] * (value is None))) for value in column.to_pylist()]
    positions: Any = pa.array(keys, draw(st.sampled_from(KEYS)))
    return pa.DictionaryArray.from_arrays(positions, pa.array(values, text))


def held(rows: pa.Table, holder: str) -> Any:  # noqa: PLR0911 - a case for each of them.
    """The rows of a table in something else."""
    match holder:
        case "batch":
            return rows.combine_chunks().to_batches()[0]
        case "reader":
            return rows.to_reader()
        case "records":
            return rows.to_struct_array()
        case "dataset":
            return pyarrow.dataset.dataset(rows)
        case "Polars":
            return pl.DataFrame(rows)
        case "lazy":
            return pl.DataFrame(rows).lazy()
        case "DuckDB":
            return duckdb.connect().from_arrow(rows)
        case _:
            return rows


@given(case=cases(), data=st.data(), threads=st.integers(1, 3))
def test_rows_in_memory_are_judged_as_the_oracle_judges(
    case: tuple[list[list[Row]], Spec], data: st.DataObject, threads: int
) -> None:
    sources, spec = case
    holders = st.sampled_from(HOLDERS)
    given_rows = [held(data.draw(laid_out(rows)), data.draw(holders)) for rows in sources]
    options: dict[str, Any] = {
        option: None if time is None else moment(time)
        for option, time in (("at", spec.at), ("start", spec.start), ("end", spec.end))
    }
    wanted = evaluate(sources, spec)
    if wanted.rows == 0:
        event("nothing in the asked span")
        with pytest.raises(backburn.DataError):
            backburn.evaluate(document(spec), given_rows, threads=threads, **options)
        return
    event(f"{min(len(wanted.results), 5)} results")
    found = backburn.evaluate(document(spec), given_rows, threads=threads, **options).to_dict()
    assert_same(found, wanted, spec)
    assert found["results"] == engine(sources, spec, "plain", 5, threads)["results"]

"""Results as flat tables: Arrow, pyarrow, Polars, pandas and notebooks."""

from __future__ import annotations

import html
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import TYPE_CHECKING, Any, Literal

from backburn.engine.times import from_micros, rfc3339

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import pandas as pd  # type: ignore[import-untyped]  # Its stubs are a package of their own.
    import polars as pl
    import pyarrow as pa

__all__ = ["Column", "Tabular"]

_SHOWN = 1_000
"""A notebook that shows more rows than these is no longer one that can be scrolled."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column of a flat table."""

    name: str
    kind: Literal["text", "count", "number", "flag", "time"]


class Tabular:
    """What every result with rows offers; a subclass gives `columns` and `records`, and `parts` if it has columns."""

    __slots__ = ()

    def columns(self) -> tuple[Column, ...]:
        """Name the columns of the flat table."""
        raise NotImplementedError

    def records(self) -> list[dict[str, Any]]:
        """Give the rows of the flat table, each with a value or None for every column."""
        raise NotImplementedError

    def parts(self) -> Iterator[list[Sequence[Any]]]:
        """Give the flat table part by part: the values of each column; a time may be whole microseconds."""
        records = self.records()
        yield [[record[column.name] for record in records] for column in self.columns()]

    def to_pyarrow(self) -> pa.Table:
        """Give the flat table as a `pyarrow.Table` (pyarrow has to be installed)."""
        return self._reader().read_all()

    def to_polars(self) -> pl.DataFrame:
        """Give the flat table as a `polars.DataFrame` (Polars has to be installed)."""
        import polars as pl

        types: dict[str, pl.DataType] = {
            "text": pl.String(),
            "count": pl.UInt64(),
            "number": pl.Float64(),
            "flag": pl.Boolean(),
            "time": pl.Datetime("us", "UTC"),
        }
        columns = self.columns()
        empty = pl.DataFrame(schema={column.name: types[column.kind] for column in columns})
        parts = (
            pl.DataFrame(
                [pl.Series(one.name, values, types[one.kind]) for one, values in zip(columns, part, strict=True)]
            )
            for part in self.parts()
        )
        return pl.concat([empty, *parts])

    def to_pandas(self) -> pd.DataFrame:
        """Give the flat table as a `pandas.DataFrame` (pandas has to be installed)."""
        import pandas as pd

        types = {
            "text": "string",
            "count": "UInt64",
            "number": "Float64",
            "flag": "boolean",
            "time": "datetime64[us, UTC]",
        }
        columns, parts = self.columns(), list(self.parts())
        return pd.DataFrame(
            {
                column.name: pd.Series([value for part in parts for value in part[place]], dtype=types[column.kind])
                for place, column in enumerate(columns)
            }
        )

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        stream: object = self._reader().__arrow_c_stream__(requested_schema)  # type: ignore[no-untyped-call]
        return stream

    def _reader(self) -> pa.RecordBatchReader:
        """Give the flat table batch by batch."""
        import pyarrow as pa

        types: dict[str, pa.DataType] = {
            "text": pa.string(),
            "count": pa.uint64(),
            "number": pa.float64(),
            "flag": pa.bool_(),
            "time": pa.timestamp("us", tz="UTC"),
        }
        schema = pa.schema([(column.name, types[column.kind]) for column in self.columns()])
        batches = (
            pa.RecordBatch.from_arrays(
                [pa.array(values, kind) for values, kind in zip(part, schema.types, strict=True)], schema=schema
            )
            for part in self.parts()
        )
        return pa.RecordBatchReader.from_batches(schema, batches)

    def _repr_html_(self) -> str:
        columns = self.columns()
        rows: list[Sequence[object]] = []
        count = 0
        for part in self.parts():
            rows.extend(islice(zip(*part, strict=True), _SHOWN - len(rows)))
            count += len(part[0])
        head = "".join(f"<th>{html.escape(column.name)}</th>" for column in columns)
        body = "".join(_row(columns, row) for row in rows)
        more = f" (the first {_SHOWN:,} of {count:,} rows)" if count > _SHOWN else ""
        caption = html.escape(repr(self)) + more
        return f"<table><caption>{caption}</caption><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def _row(columns: Sequence[Column], row: Sequence[object]) -> str:
    cells = (html.escape(_cell(column, value)) for column, value in zip(columns, row, strict=True))
    return f"<tr>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>"


def _cell(column: Column, value: object) -> str:
    if value is None:
        return "null"
    if column.kind == "time" and isinstance(value, int):
        value = from_micros(value)
    return rfc3339(value) if isinstance(value, datetime) else str(value)

"""Results as flat tables: Arrow, pyarrow, Polars, pandas and notebooks."""

from __future__ import annotations

import html
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal

from backburn.engine.times import rfc3339

if TYPE_CHECKING:
    import pandas as pd  # type: ignore[import-untyped]  # Its stubs are a package of their own.
    import polars as pl
    import pyarrow as pa

__all__ = ["Column", "Tabular"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column of a flat table."""

    name: str
    kind: Literal["text", "count", "number", "flag", "time"]


class Tabular:
    """What every result with rows offers; a subclass gives `columns` and `records`."""

    __slots__ = ()

    def columns(self) -> tuple[Column, ...]:
        """Name the columns of the flat table."""
        raise NotImplementedError

    def records(self) -> list[dict[str, Any]]:
        """Give the rows of the flat table, each with a value or None for every column."""
        raise NotImplementedError

    def to_pyarrow(self) -> pa.Table:
        """Give the flat table as a `pyarrow.Table` (pyarrow has to be installed)."""
        import pyarrow as pa

        types: dict[str, pa.DataType] = {
            "text": pa.string(),
            "count": pa.uint64(),
            "number": pa.float64(),
            "flag": pa.bool_(),
            "time": pa.timestamp("us", tz="UTC"),
        }
        schema = pa.schema([(column.name, types[column.kind]) for column in self.columns()])
        return pa.Table.from_pylist(self.records(), schema=schema)

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
        schema = {column.name: types[column.kind] for column in self.columns()}
        return pl.DataFrame(self.records(), schema=schema, orient="row")

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
        records = self.records()
        return pd.DataFrame(
            {
                column.name: pd.Series([record[column.name] for record in records], dtype=types[column.kind])
                for column in self.columns()
            }
        )

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        stream: object = self.to_pyarrow().__arrow_c_stream__(requested_schema)  # type: ignore[no-untyped-call]
        return stream

    def _repr_html_(self) -> str:
        columns = self.columns()
        head = "".join(f"<th>{html.escape(column.name)}</th>" for column in columns)
        rows = (
            "".join(f"<td>{html.escape(_cell(record[column.name]))}</td>" for column in columns)
            for record in self.records()
        )
        body = "".join(f"<tr>{row}</tr>" for row in rows)
        caption = html.escape(repr(self))
        return f"<table><caption>{caption}</caption><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def _cell(value: object) -> str:
    if value is None:
        return "null"
    return rfc3339(value) if isinstance(value, datetime) else str(value)

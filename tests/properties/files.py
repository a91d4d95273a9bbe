"""Random rows as files, in the formats and types that logs come in."""

from __future__ import annotations

import csv
import json
import math
from typing import TYPE_CHECKING, Any, Literal

import pyarrow as pa
import pyarrow.parquet as pq
from properties.documents import moment

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from oracle.rows import Row

Format = Literal["parquet", "arrow", "csv", "ndjson"]

SCHEMAS: dict[str, dict[str, Any]] = {
    "plain": {"code": pa.int32(), "took": pa.float64(), "n": pa.int64(), "zone": pa.string()},
    "dictionary": {
        "code": pa.int16(),
        "took": pa.float64(),
        "n": pa.float64(),
        "zone": pa.dictionary(pa.int8(), pa.string()),
    },
    "large": {"code": pa.string(), "took": pa.float64(), "n": pa.int64(), "zone": pa.large_string()},
}
OTHERS: dict[str, Any] = {
    "ts": pa.timestamp("us", tz="UTC"),
    "host": pa.string(),
    "size": pa.int64(),
    "success": pa.bool_(),
    "path": pa.string(),
    "number": pa.int64(),
}


def write(rows: Sequence[Row], path: Path, *, schema: str = "plain", row_group: int = 1000) -> Path:
    """Write rows as the path's ending says."""
    if path.suffix == ".csv":
        return write_csv(rows, path)
    if path.suffix == ".ndjson":
        return write_ndjson(rows, path)
    if path.suffix == ".arrow":
        with pa.OSFile(str(path), "wb") as file, pa.ipc.new_file(file, table(rows).schema) as writer:
            writer.write_table(table(rows), max_chunksize=row_group)
        return path
    pq.write_table(table(rows, schema=schema), path, row_group_size=row_group)
    return path


def table(rows: Sequence[Row], *, schema: str = "plain") -> pa.Table:
    """Rows as columns of the types of a schema."""
    types = {**OTHERS, **SCHEMAS[schema]}
    arrays = {}
    for name, kind in types.items():
        values: list[Any] = [row[name] for row in rows]
        if kind == pa.string():
            values = [None if value is None else str(value) for value in values]
        arrays[name] = pa.array(values, kind)
    return pa.table(arrays)


def ending_of(schema: str) -> str:
    """The ending of a file of a schema, which may be the name of a format."""
    return schema if schema in {"arrow", "csv", "ndjson"} else "parquet"


def as_read(row: Row, schema: str) -> Row:
    """The row as a reader can know it: CSV does not tell an empty text from a null, and only decimals are numbers."""

    def unknown(value: Any) -> bool:
        empty = value == "" and schema == "csv"
        return empty or (isinstance(value, float) and not math.isfinite(value))

    text = schema in {"csv", "ndjson"}
    return {name: None if text and unknown(value) else value for name, value in row.items()}


def write_ndjson(rows: Sequence[Row], path: Path) -> Path:
    """Write rows as JSON lines."""
    with path.open("w", encoding="utf-8") as file:
        for row in rows:
            written = {
                name: moment(value) if name == "ts" and isinstance(value, int) else value for name, value in row.items()
            }
            file.write(json.dumps(written, allow_nan=False) + "\n")
    return path


def write_csv(rows: Sequence[Row], path: Path) -> Path:
    """Write rows as CSV: a null is an empty cell."""
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(rows[0])
        writer.writerows([[cell(name, value) for name, value in row.items()] for row in rows])
    return path


def cell(name: str, value: Any) -> str:
    """A value as a log writes it."""
    if value is None:
        return ""
    if name == "ts":
        return moment(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    return repr(value) if isinstance(value, float) else str(value)

"""Many rows as a file: batches as they come, whole or not at all, and never all of them in memory."""

from __future__ import annotations

import json
from pathlib import PurePath
from typing import TYPE_CHECKING

from backburn.engine.times import rfc3339
from backburn.errors import UsageError
from backburn.output.deliver import fill

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

    import pyarrow as pa

__all__ = ["check", "write"]

_FORMS = (".parquet", ".csv", ".ndjson")


def check(path: str) -> str:
    """Give the ending of a file for rows.

    Raises:
        UsageError: nothing is written to a file of this ending.
    """
    ending = PurePath(path).suffix.lower()
    if ending not in _FORMS:
        remedy = f"name a file that ends with {', '.join(_FORMS)}"
        raise UsageError(f"rows are not written as '{ending}': '{path}'", remedy, value=path)
    return ending


def write(schema: pa.Schema, batches: Iterable[pa.RecordBatch], path: str) -> None:
    """Write rows to `.parquet`, `.csv` or `.ndjson`, by the file's ending.

    Raises:
        UsageError: it is another ending.
        DataError: the file cannot be written.
    """
    into = {".parquet": _parquet, ".csv": _csv, ".ndjson": _ndjson}[check(path)]
    fill(lambda part: into(schema, batches, part), path)


def _parquet(schema: pa.Schema, batches: Iterable[pa.RecordBatch], path: str) -> None:
    import pyarrow.parquet as pq

    with pq.ParquetWriter(path, schema, compression="zstd") as writer:
        for batch in batches:
            writer.write_batch(batch)


def _csv(schema: pa.Schema, batches: Iterable[pa.RecordBatch], path: str) -> None:
    import pyarrow as pa
    import pyarrow.csv as pc

    # Its writer knows no dictionaries, and writes moments as no other output of ours does.
    plain = pa.schema([(field.name, pa.string() if _is_text(field) else field.type) for field in schema])
    with pc.CSVWriter(path, plain, write_options=pc.WriteOptions(quoting_style="needed")) as writer:
        for batch in batches:
            both = zip(batch.columns, schema, strict=True)
            columns = [_text(column) if _is_text(field) else column for column, field in both]
            writer.write_batch(pa.RecordBatch.from_arrays(columns, schema=plain))


def _is_text(field: pa.Field[Any]) -> bool:
    import pyarrow as pa

    return bool(pa.types.is_dictionary(field.type) or pa.types.is_timestamp(field.type))


def _text(column: Any) -> Any:  # noqa: ANN401 - an array of texts or moments, for which pyarrow has no plain type.
    import pyarrow as pa
    import pyarrow.compute as pc

    if not pa.types.is_timestamp(column.type):
        return column.cast(pa.string())
    return pc.strftime(column.cast(pa.timestamp("s", "UTC")), format="%Y-%m-%dT%H:%M:%SZ")


def _ndjson(schema: pa.Schema, batches: Iterable[pa.RecordBatch], path: str) -> None:
    del schema
    with open(path, "w", encoding="utf-8") as file:  # noqa: PTH123 - a path that was given as text.
        for batch in batches:
            file.writelines(json.dumps(_plain(row), ensure_ascii=False) + "\n" for row in batch.to_pylist())


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    return {name: rfc3339(value) if hasattr(value, "tzinfo") else value for name, value in row.items()}

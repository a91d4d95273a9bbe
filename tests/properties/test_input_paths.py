"""The same rows give the same Rollup, by whatever path they come: files of every format, packed or not, and memory."""

from __future__ import annotations

import csv
import json
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import duckdb
import polars as pl
import pyarrow as pa
import pyarrow.dataset
import pyarrow.parquet as pq
from hypothesis import given, settings
from hypothesis import strategies as st
from properties.carriers import CARRIERS, PACKERS
from properties.servers import SECOND, SERVERS, Request, requests

import backburn

if TYPE_CHECKING:
    from collections.abc import Callable

SPEC = {
    "apiVersion": "backburn/v1",
    "kind": "ServiceLevelObjectives",
    "metadata": {"service": "shop", "owner": "team"},
    "source": {
        "columns": {"duration": {"column": "duration", "unit": "s"}},
        "by": ["method"],
        "where": "bytes <> 7",
        "exclude": [{"when": "path LIKE '/a%'", "reason": "Ours"}],
        "max_rejected": 0,
    },
    "objectives": [
        {"name": "up", "sli": {"kind": "availability"}, "target": "99%", "window": "all"},
        {"name": "fast", "sli": {"kind": "latency", "threshold": "300ms"}, "target": "95%", "window": "all"},
        {
            "name": "asked",
            "sli": {"kind": "ratio", "good": "query LIKE '%=%'", "valid": "user_agent IS NOT NULL OR status < 300"},
            "target": "50%",
            "window": "all",
        },
    ],
}
TEXT: pa.DataType = pa.string()
NUMBER: pa.DataType = pa.int64()
TYPES = pa.schema(
    [
        ("timestamp", pa.timestamp("us", "UTC")),
        ("method", TEXT),
        ("path", TEXT),
        ("query", TEXT),
        ("status", NUMBER),
        ("bytes", NUMBER),
        ("duration", pa.float64()),
        ("user_agent", TEXT),
    ]
)


def near(one: Request) -> Request:
    """A request in a few minutes, so that many share a cell, without an empty text, which CSV takes for a null."""
    time = 1_761_955_200_000_000 + one.time % (300 * SECOND)
    return replace(
        one, time=time, took=one.took % 600, bytes=one.bytes % 9, query=one.query or None, agent=one.agent or None
    )


def table(found: list[Request]) -> pa.Table:
    columns: dict[str, list[Any]] = {
        "timestamp": [one.time for one in found],
        "method": [one.method for one in found],
        "path": [one.path for one in found],
        "query": [one.query for one in found],
        "status": [one.status for one in found],
        "bytes": [one.bytes for one in found],
        "duration": [one.took / 1000 for one in found],
        "user_agent": [one.agent for one in found],
    }
    return pa.table(columns, TYPES)


def cells(rows: pa.Table) -> list[dict[str, Any]]:
    """Rows as text formats have them, the time in ISO's form."""
    return [{**row, "timestamp": row["timestamp"].isoformat()} for row in rows.to_pylist()]


# ---------------------------------------------------------------------------------------------------------------------
# Files.


def parquet(**options: Any) -> Callable[[list[Request], Path], Any]:
    def write(found: list[Request], path: Path) -> Path:
        pq.write_table(table(found), path, **options)
        return path

    return write


def arrow(new: Callable[..., Any], compression: Literal["lz4", "zstd"] | None) -> Callable[[list[Request], Path], Any]:
    def write(found: list[Request], path: Path) -> Path:
        with (
            pa.OSFile(str(path), "wb") as file,
            new(file, TYPES, options=pa.ipc.IpcWriteOptions(compression=compression)) as writer,
        ):
            writer.write_table(table(found), max_chunksize=3)
        return path

    return write


def separated(delimiter: str, packer: str) -> Callable[[list[Request], Path], Any]:
    def write(found: list[Request], path: Path) -> Path:
        with path.open("w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, TYPES.names, delimiter=delimiter)
            writer.writeheader()
            writer.writerows(cells(table(found)))
        path.write_bytes(PACKERS[packer](path.read_bytes()))
        return path

    return write


def json_lines(packer: str, carrier: str = "nothing") -> Callable[[list[Request], Path], Any]:
    return lambda found, path: lines([json.dumps(row) for row in cells(table(found))], path, packer, carrier)


def access_log(packer: str, carrier: str = "nothing") -> Callable[[list[Request], Path], Any]:
    write = SERVERS["nginx-combined-time"].write
    return lambda found, path: lines([write(one) for one in found], path, packer, carrier)


def lines(texts: list[str], path: Path, packer: str, carrier: str) -> Path:
    carried = [part for number, text in enumerate(texts) for part in CARRIERS[carrier](text.encode(), number)]
    path.write_bytes(PACKERS[packer](b"\n".join([*carried, b""])))
    return path


FILES = {
    "Parquet, Zstandard": parquet(compression="zstd", data_page_version="2.0"),
    "Parquet, plain": parquet(compression=None, use_dictionary=False, row_group_size=4),
    "an Arrow file": arrow(pa.ipc.new_file, None),
    "an Arrow file, LZ4": arrow(pa.ipc.new_file, "lz4"),
    "an Arrow stream": arrow(pa.ipc.new_stream, None),
    "an Arrow stream, Zstandard": arrow(pa.ipc.new_stream, "zstd"),
    **{
        f"{name}, {packer}": separated(delimiter, packer)
        for name, delimiter in {"CSV": ",", "TSV": "\t", "semicolons": ";", "bars": "|"}.items()
        for packer in PACKERS
    },
    **{f"JSON lines, {packer}": json_lines(packer) for packer in PACKERS},
    **{f"an access log, {packer}": access_log(packer) for packer in PACKERS},
    **{f"JSON lines in {carrier}": json_lines("plain", carrier) for carrier in CARRIERS if carrier != "nothing"},
    **{f"an access log in {carrier}": access_log("plain", carrier) for carrier in CARRIERS if carrier != "nothing"},
}

# ---------------------------------------------------------------------------------------------------------------------
# Memory.


MEMORY: dict[str, Callable[[pa.Table], Any]] = {
    "a table": lambda rows: rows,
    "a reader": lambda rows: rows.to_reader(max_chunksize=3),
    "a batch": lambda rows: rows.combine_chunks().to_batches()[0],
    "a dataset": pyarrow.dataset.dataset,
    "a frame of Polars": pl.from_arrow,
    "a lazy frame": lambda rows: pl.DataFrame(rows).lazy(),
    "a frame of pandas": lambda rows: rows.to_pandas(),
    "a relation of DuckDB": duckdb.from_arrow,
    "a dict of lists": lambda rows: rows.to_pydict(),
    "a dict of arrays": lambda rows: dict(zip(rows.column_names, rows.columns, strict=True)),
}


def in_memory(make: Callable[[pa.Table], Any]) -> Callable[[list[Request], Path], Any]:
    return lambda found, _: make(table(found))


PATHS = {**FILES, **{name: in_memory(make) for name, make in MEMORY.items()}}


def told(counted: backburn.Rollup) -> tuple[pa.Table, dict[str, Any]]:
    """What a Rollup says, but for what its source is called and how large it is."""
    facts = json.loads(counted.facts())
    for source in facts["sources"]:
        for own in ("name", "size", "hash"):
            del source[own]
    # A row of a text file has a line, one of another file a number.
    for example in (one for i in facts["indicators"] for reason in i["unknown"] for one in reason["examples"]):
        for own in ("file", "line", "row"):
            example.pop(own, None)
    return pa.table(counted), facts


@settings(max_examples=settings().max_examples // 4)
@given(found=st.lists(requests().map(near), min_size=1, max_size=20))
def test_every_path_gives_the_same_rollup(found: list[Request]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        # Of all paths for the same rows, since to think of rows takes longer than to count them.
        wanted = told(backburn.rollup(SPEC, parquet()(found, Path(folder) / "wanted")))
        for name, come in PATHS.items():
            assert told(backburn.rollup(SPEC, come(found, Path(folder) / "log"))) == wanted, name

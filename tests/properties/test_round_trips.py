"""Rows, written as each text format has them, are read back: by `convert`, whose Parquet pyarrow reads."""

from __future__ import annotations

import csv
import io
import json
import tempfile
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from properties.carriers import CARRIERS, PACKERS
from properties.servers import SERVERS, Request, apache, nginx, requests

import backburn

ROOT = Path(__file__).parents[2]
packers = st.sampled_from(sorted(PACKERS))


def read(data: bytes, format: str | None) -> tuple[list[dict[str, Any]], str]:
    """The rows of a log, times in microseconds, and the format that it was found to have."""
    with tempfile.TemporaryDirectory() as folder:
        log, parquet = Path(folder) / "log", Path(folder) / "log.parquet"
        log.write_bytes(data)
        conversion = backburn.convert(log, parquet, format=format)
        table = pq.read_table(parquet)
    assert conversion.data.rejected == 0, conversion.data.rejects
    for place, field in enumerate(table.schema):
        if pa.types.is_timestamp(field.type):
            table = table.set_column(place, field.name, table.column(place).cast(pa.int64()))
    return table.to_pylist(), conversion.files[0].format


def packed(lines: list[str], packer: str, carrier: str = "nothing") -> bytes:
    carried = [part for number, line in enumerate(lines) for part in CARRIERS[carrier](line.encode(), number)]
    return PACKERS[packer](b"".join(part + b"\n" for part in carried))


def expected(one: Request, name: str) -> dict[str, Any]:
    """The cells that the row of a line must have."""
    server = SERVERS[name]
    row: dict[str, Any] = {
        "timestamp": one.time,
        "method": one.method,
        "path": one.path,
        "query": one.query,
        "protocol": one.protocol,
        "status": one.status,
        "bytes": one.bytes or None if name in {"common", "combined"} else one.bytes,
    }
    known = {"user_agent": one.agent, "trace_id": one.trace}
    row |= {column: known.get(column, getattr(one, column, None)) for column in server.knows.split()}
    if server.unit:
        per_millisecond = 1e6 if server.unit < 0 else 1000 / server.unit
        row[server.duration] = pytest.approx(one.took * per_millisecond, rel=1e-12)
    if name == "cloudfront":
        row |= {"user_agent": None if one.agent is None else quote(one.agent), "query": one.query or None}
    if name == "haproxy":
        row["captures"] = f"{{{one.agent or ''}|x}}"
    return row


def test_every_preset_has_a_server() -> None:
    assert set(SERVERS) == {preset.stem for preset in (ROOT / "rust" / "scan" / "presets").glob("*.toml")}


# Requests are drawn alike for all twelve, and so is how rows are packed: each is given a third of the examples.
@settings(max_examples=settings().max_examples // 3)
@pytest.mark.parametrize("name", SERVERS)
@given(data=st.data(), named=st.booleans(), packer=packers, carrier=st.sampled_from(sorted(CARRIERS)))
def test_what_a_server_writes_is_read_back(
    name: str, data: st.DataObject, named: bool, packer: str, carrier: str
) -> None:
    server = SERVERS[name]
    found = data.draw(st.lists(requests(text=server.text, odd=server.odd, tick=server.tick), min_size=1, max_size=12))
    rows, kind = read(packed([server.write(one) for one in found], packer, carrier), name if named else None)
    assert kind == name
    assert len(rows) == len(found)
    for row, one in zip(rows, found, strict=True):
        wanted = expected(one, name)
        assert {column: row.get(column, "no column") for column in wanted} == wanted


# Fields of formats of one's own: how it is written, the column, and its value.
NGINX: list[tuple[str, Any, str, Any]] = [
    ("$remote_addr", lambda one: one.client, "client", lambda one: one.client),
    ("[$time_local]", lambda one: f"[{one.at('%d/%b/%Y:%H:%M:%S %z', utc=False)}]", "timestamp", lambda one: one.time),
    ('"$request"', lambda one: f'"{nginx(one.line)}"', "path", lambda one: one.path),
    ("$status", lambda one: str(one.status), "status", lambda one: one.status),
    ("$body_bytes_sent", lambda one: str(one.bytes), "bytes", lambda one: one.bytes),
    ("rt=$request_time", lambda one: f"rt={one.took / 1000:.3f}", "duration", lambda one: one.took / 1000),
    ('ua="$http_user_agent"', lambda one: f'ua="{nginx(one.agent)}"', "user_agent", lambda one: one.agent),
    ("$host", lambda one: one.host, "host", lambda one: one.host),
]
APACHE: list[tuple[str, Any, str, Any]] = [
    ("%h", lambda one: one.client, "client", lambda one: one.client),
    ("%t", lambda one: f"[{one.at('%d/%b/%Y:%H:%M:%S %z', utc=False)}]", "timestamp", lambda one: one.time),
    (r"\"%r\"", lambda one: f'"{apache(one.line)}"', "path", lambda one: one.path),
    ("%>s", lambda one: str(one.status), "status", lambda one: one.status),
    ("%B", lambda one: str(one.bytes), "bytes", lambda one: one.bytes),
    ("%D", lambda one: str(one.took * 1000), "duration", lambda one: one.took * 1000.0),
    (r"\"%{User-Agent}i\"", lambda one: f'"{apache(one.agent)}"', "user_agent", lambda one: one.agent),
    ("%u", lambda one: one.user or "-", "user", lambda one: one.user),
]


@pytest.mark.parametrize("fields", [NGINX, APACHE], ids=["nginx", "apache"])
@given(
    data=st.data(),
    between=st.sampled_from((" ", "|", "\t", " - ", ";")),
    packer=packers,
    found=st.lists(requests(), min_size=1, max_size=12),
)
def test_a_format_of_ones_own_is_read_back_in_any_order(
    fields: list[tuple[str, Any, str, Any]], data: st.DataObject, between: str, packer: str, found: list[Request]
) -> None:
    order = data.draw(st.permutations(fields))
    lines = [between.join(write(one) for _, write, *_ in order) for one in found]
    rows, _ = read(packed(lines, packer), between.join(field for field, *_ in order))
    assert [{column: row[column] for _, _, column, _ in fields} for row in rows] == [
        {column: pytest.approx(value(one)) if column == "duration" else value(one) for _, _, column, value in fields}
        for one in found
    ]


CELLS = st.one_of(
    st.none(),
    st.sampled_from(['say "hi"', "a,b;c|d\te", "two\nlines", "\r\n", " ", '"', "-", "null", "%C3%A9", "0012", "1e5"]),
    st.text(st.characters(categories=("L", "M", "N", "P", "S", "Z")), min_size=1, max_size=10),
)


NAMES = ("ts", "path", "note")
STYLES = st.fixed_dictionaries(
    {"quoting": st.sampled_from((csv.QUOTE_MINIMAL, csv.QUOTE_ALL)), "lineterminator": st.sampled_from(("\n", "\r\n"))}
)


@settings(max_examples=settings().max_examples // 2)
@pytest.mark.parametrize("delimiter", [",", "\t", ";", "|"], ids=["comma", "tab", "semicolon", "bar"])
@given(
    rows=st.lists(st.tuples(CELLS, CELLS, CELLS), min_size=1, max_size=12),
    style=STYLES,
    mark=st.sampled_from((b"", b"\xef\xbb\xbf")),
    packer=packers,
)
def test_separated_values_are_read_back(
    delimiter: str, rows: list[tuple[str | None, ...]], style: dict[str, Any], mark: bytes, packer: str
) -> None:
    written = io.StringIO(newline="")
    csv.writer(written, delimiter=delimiter, **style).writerows([NAMES, *rows])
    data = PACKERS[packer](mark + written.getvalue().encode())
    # A null and an empty text are one in such a file.
    assert read(data, None) == ([dict(zip(NAMES, row, strict=True)) for row in rows], "csv")


LEAVES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**60), 2**60),
    st.text(st.characters(codec="utf-8"), max_size=10),
)


@given(
    rows=st.lists(st.tuples(st.integers(0, 2**50), LEAVES, LEAVES), min_size=1, max_size=12),
    ascii_only=st.booleans(),
    named=st.booleans(),
    packer=packers,
    carrier=st.sampled_from(sorted(CARRIERS)),
)
def test_json_lines_are_read_back(
    rows: list[tuple[Any, ...]], *, ascii_only: bool, named: bool, packer: str, carrier: str
) -> None:
    objects = [{"ts": ts, "request": {"a b": one, "deep": {"é": other}}} for ts, one, other in rows]
    lines = [json.dumps(one, ensure_ascii=ascii_only) for one in objects]
    found, kind = read(packed(lines, packer, carrier), "ndjson" if named else None)
    assert kind == "ndjson"
    # A leaf is text, as it is written; what is null in all rows is no column.
    assert [tuple(row.get(name) for name in ("ts", "request.a b", "request.deep.é")) for row in found] == [
        tuple(leaf if leaf is None or isinstance(leaf, str) else json.dumps(leaf) for leaf in row) for row in rows
    ]

"""Real logs read a second time, in the obvious way: by Python's own modules, and by a regular expression for each."""

from __future__ import annotations

import csv
import gzip
import json
import math
import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = ["Row", "moment", "quantile", "read", "times"]

Row = dict[str, str]
PER_SECOND = {"s": 1, "ms": 10**3, "us": 10**6, "ns": 10**9}
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def read(path: Path, case: dict[str, Any]) -> tuple[list[Row], list[int]]:
    """The rows of a file, and the numbers of the lines that are none; what stands for nothing is an empty text."""
    data = path.read_bytes()
    text = (gzip.decompress(data) if path.suffix == ".gz" else data).decode("utf-8")
    if case["kind"] == "csv":
        return list(csv.DictReader(text.splitlines(keepends=True))), []
    rows, refused = [], []
    for number, line in enumerate(text.split("\n"), start=1):
        row = _record(line, case) if case["kind"] == "json" else _fields(line, case["pattern"])
        if row is not None:
            rows.append(row)
        elif line:
            refused.append(number)
    return rows, refused


def _fields(line: str, pattern: str) -> Row | None:
    found = re.match(pattern, line)
    return (
        None
        if found is None
        else {name: "" if value in {None, "-"} else value for name, value in found.groupdict().items()}
    )


def _record(line: str, case: dict[str, Any]) -> Row | None:
    try:
        row = dict(_leaves(json.loads(line[line.index("{") :], parse_float=str), ""))
    except ValueError:
        return None
    return row if case["needs"] in row else None


def _leaves(value: dict[str, Any], before: str) -> Iterator[tuple[str, str]]:
    for key, inner in value.items():
        if isinstance(inner, dict):
            yield from _leaves(inner, f"{before}{key}.")
        else:
            yield before + key, "" if inner is None else str(inner)


def times(rows: list[Row], case: dict[str, Any]) -> list[datetime]:
    """When each row became known: its time, and how long it lasted where the time is that of its start."""
    lasted = case.get("lasted")
    own = case.get("own_time", "time")
    return [moment(row[own], case["time"]) + (timedelta(0) if lasted is None else _length(row, lasted)) for row in rows]


def moment(text: str, form: str) -> datetime:
    """A time to the microsecond below."""
    if form in PER_SECOND:
        return EPOCH + timedelta(microseconds=math.floor(Decimal(text) * 10**6 / PER_SECOND[form]))
    if form == "iso":
        # Python knows no nanoseconds.
        return datetime.fromisoformat(re.sub(r"(\.\d{6})\d+", r"\1", text))
    read = datetime.strptime(text, form)  # noqa: DTZ007 - where no zone is written, UTC is what the test asks for.
    return read if read.tzinfo else read.replace(tzinfo=UTC)


def _length(row: Row, lasted: dict[str, Any]) -> timedelta:
    unit = lasted["unit"] if isinstance(lasted["unit"], str) else lasted["unit"][row["unit"]]
    return timedelta(microseconds=int(row[lasted["own"]]) * 10**6 // PER_SECOND[unit])


def quantile(values: list[float], share: float) -> float:
    """The least value that so large a share of all does not exceed."""
    return sorted(values)[max(math.ceil(len(values) * share), 1) - 1]

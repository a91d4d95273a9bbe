"""CSV: one row per result, undefined is empty."""

from __future__ import annotations

import csv
import io
import json
from datetime import datetime
from typing import TYPE_CHECKING, Any

from backburn.engine.times import rfc3339
from backburn.output.answer import Flat

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

__all__ = ["as_csv", "flatten"]


def as_csv(flat: Flat) -> str:
    """Write a header and the records. Text is left as it is: a reader of data wants the data."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(flat.columns)
    for record in flat.records:
        writer.writerow([_field(record.get(column)) for column in flat.columns])
    return text.getvalue()


def flatten(results: Sequence[Mapping[str, Any]]) -> Flat:
    """Flatten results: what is inside a mapping gets both names, and lists stay JSON.

    >>> flatten([{"a": 1, "b": {"c": 2, "d": [3]}}]).columns
    ('a', 'b_c', 'b_d')
    """
    records = [dict(_pairs(result)) for result in results]
    columns = dict.fromkeys(name for record in records for name in record)
    return Flat(tuple(columns), records)


def _pairs(mapping: Mapping[str, Any], prefix: str = "") -> Iterable[tuple[str, Any]]:
    for name, value in mapping.items():
        if isinstance(value, dict):
            yield from _pairs(value, f"{prefix}{name}_")
        else:
            yield prefix + name, value


def _field(value: object) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case datetime():
            return rfc3339(value)
        case list() | tuple():
            return json.dumps(value, ensure_ascii=False)
        case _:
            return str(value)

"""`inspect`: what files are, before anyone says what to count in them."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Literal

from backburn.engine.data import paths_of
from backburn.engine.times import from_micros, rfc3339
from backburn.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from backburn.engine.data import DataArgument
    from backburn.engine.skipped import Skipped

__all__ = ["InspectedColumn", "InspectedFile", "Inspection", "inspect"]


@dataclass(frozen=True, slots=True, kw_only=True)
class InspectedColumn:
    """A column of a file; `unit` where the format fixes it for a duration, `marks` where it fixes what a time marks."""

    name: str
    type: str
    unit: str | None = None
    marks: Literal["start", "end"] | None = None

    def to_dict(self) -> dict[str, Any]:
        """As in the envelope; `marks` only where it is known."""
        known = {} if self.marks is None else {"marks": self.marks}
        return {"name": self.name, "type": self.type, "unit": self.unit, **known}


@dataclass(frozen=True, slots=True, kw_only=True)
class InspectedFile:
    """A file: its format and why, its columns and first rows; for a saved rollup its `facts` instead.

    `rows` and `row_groups` are None where only reading all of the file would tell, and so is the `size` of a pipe.
    `start` and `end` are the first and last moment: of Parquet by its statistics, of text by its first and last rows.
    `skipped` is what of a log would not be read for the asked time, the whole file or some of its row groups; None
    where no time is asked for.
    """

    file: str
    format: str
    why: str
    size: int | None = None
    rows: int | None = None
    row_groups: int | None = None
    columns: tuple[InspectedColumn, ...] = ()
    first: tuple[Mapping[str, str | None], ...] = ()
    partitions: Mapping[str, str | None] = field(default_factory=dict)
    start: datetime | None = None
    end: datetime | None = None
    facts: Mapping[str, Any] | None = None
    skipped: Skipped | None = None

    def to_dict(self) -> dict[str, Any]:
        """As in the envelope."""
        return {
            "file": self.file,
            "format": self.format,
            "why": self.why,
            "size": self.size,
            "rows": self.rows,
            "row_groups": self.row_groups,
            "columns": [column.to_dict() for column in self.columns],
            "first": [dict(row) for row in self.first],
            "partitions": dict(self.partitions),
            "start": None if self.start is None else rfc3339(self.start),
            "end": None if self.end is None else rfc3339(self.end),
            "facts": None if self.facts is None else dict(self.facts),
            "skipped": None if self.skipped is None else self.skipped.to_dict(),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Inspection:
    """What files are."""

    files: tuple[InspectedFile, ...]

    def to_dict(self) -> dict[str, Any]:
        """Give the envelope of `inspect`, a result for each file."""
        from backburn.engine.envelope import envelope

        return envelope("inspect", results=[file.to_dict() for file in self.files])


def inspect(
    data: DataArgument | Sequence[DataArgument],
    *,
    format: str | None = None,
    rows: int = 5,
    start: str | datetime | None = None,
    end: str | datetime | None = None,
    time: str | None = None,
) -> Inspection:
    r"""Say what files are: format and why, columns, the first rows; of a saved rollup what it holds.

    >>> import pathlib, tempfile
    >>> log = pathlib.Path(tempfile.mkdtemp()) / "requests.csv"
    >>> _ = log.write_text("timestamp,status\n2025-10-01T00:00:00Z,200\n2025-10-01T00:00:30Z,503\n")
    >>> file = inspect(log).files[0]
    >>> (file.format, [column.name for column in file.columns])
    ('csv', ['timestamp', 'status'])

    Args:
        data: a path, glob, directory or a list of these.
        format: the format, where it is not to be recognised by content.
        rows: how many rows of each file to show.
        start: say what would be skipped by whoever reads from this moment on (RFC 3339 text or a zoned datetime).
        end: and up to this one.
        time: the column that they choose rows by; `timestamp`, or the only column of times, unless given.
    """
    from backburn import _rust

    if rows < 0:
        raise UsageError(f"rows: {rows} is less than none", "give 0 or more", value=str(rows))
    found = json.loads(_rust.inspect(paths_of(data), format, rows))
    files = [_file(one) for one in found["files"]]
    if start is not None or end is not None:
        from backburn.engine.foresight import foresee

        skipped = foresee(files, start=start, end=end, time=time, format=format)
        files = [replace(file, skipped=skipped.get(file.file)) for file in files]
    elif time is not None:
        remedy = "give one of them, or leave it out"
        raise UsageError("time names the column that start and end choose rows by", remedy, value=time)
    return Inspection(files=tuple(files))


def _file(found: dict[str, Any]) -> InspectedFile:
    facts = found.get("facts")
    times = facts or found
    start, end = times.get("start"), times.get("end")
    return InspectedFile(
        file=found["file"],
        format=found["format"],
        why=found["why"],
        size=found.get("size"),
        rows=found.get("rows"),
        row_groups=found.get("row_groups"),
        columns=tuple(InspectedColumn(**column) for column in found.get("columns", ())),
        first=tuple(found.get("first", ())),
        partitions=found.get("partitions") or {},
        start=None if start is None else from_micros(start),
        end=None if end is None else from_micros(end),
        facts=facts,
    )

"""`convert`: any log as Parquet."""

from __future__ import annotations

import json
from dataclasses import dataclass
from os import fspath
from typing import TYPE_CHECKING, Any

from backburn.engine.counting import workers
from backburn.engine.data import paths_of
from backburn.engine.inspection import InspectedColumn
from backburn.engine.rejecting import taking
from backburn.evaluation.notes import rejected
from backburn.evaluation.rejects import data_of

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Sequence

    from backburn.engine.data import DataArgument
    from backburn.evaluation.provenance import Data, Note

__all__ = ["Conversion", "ConvertedFile", "convert"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ConvertedFile:
    """A log whose rows were written: its format and why, and how many rows it has."""

    file: str
    format: str
    why: str
    rows: int

    def to_dict(self) -> dict[str, Any]:
        """As in the envelope."""
        return {"file": self.file, "format": self.format, "why": self.why, "rows": self.rows}


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversion:
    """A Parquet file that was written: its `size` in bytes, its columns, the logs behind it, and what was no row."""

    file: str
    size: int
    columns: tuple[InspectedColumn, ...]
    files: tuple[ConvertedFile, ...]
    data: Data
    notes: tuple[Note, ...]

    def to_dict(self) -> dict[str, Any]:
        """Give the envelope of `convert`, whose one result is the file."""
        from backburn.engine.envelope import envelope

        result = {
            "file": self.file,
            "size": self.size,
            "columns": [column.to_dict() for column in self.columns],
            "files": [file.to_dict() for file in self.files],
        }
        notes = [note.to_dict() for note in self.notes]
        return envelope("convert", results=[result], data=self.data.to_dict(), notes=notes)


def convert(
    data: DataArgument | Sequence[DataArgument],
    output: str | os.PathLike[str],
    *,
    format: str | None = None,
    threads: int | None = None,
    rejects: str | os.PathLike[str] | None = None,
    progress: Callable[[int, int, int], None] | None = None,
) -> Conversion:
    r"""Write the rows of logs to one Parquet file, whole or not at all, with the columns that their format has.

    Nothing is guessed and nothing is lost: text of unknown type stays text, and what is counted in the file is what is
    counted in the logs. Folders like `day=1` above a log are columns too. Records that are no rows are told.

    >>> import pathlib, tempfile
    >>> folder = pathlib.Path(tempfile.mkdtemp())
    >>> _ = (folder / "requests.json").write_text('{"ts": "2025-10-01T00:00:00Z", "http": {"status": 200}}\n')
    >>> conversion = convert(folder / "requests.json", folder / "requests.parquet")
    >>> conversion.data.rows, [column.name for column in conversion.columns]
    (1, ['ts', 'http.status'])

    Args:
        data: a path, glob, directory or a list of these.
        output: the file to write.
        format: the format of the logs, where it is not to be recognised by content.
        threads: how many threads read; as many as there are processors unless given.
        rejects: a file (.csv or .ndjson) that takes every record which is no row, with its place and the reason.
        progress: is called with bytes read, all bytes, and rows so far.

    Raises:
        DataError: the logs cannot be read, are Parquet already, differ in the type of a column, or have no rows.
    """
    from backburn import _rust

    file = fspath(output)
    with taking(rejects, None) as told:
        found = json.loads(_rust.convert(paths_of(data), file, workers(threads), format, progress, told))
    files = tuple(ConvertedFile(**one) for one in found["files"])
    facts = found | {
        "ignored": 0,
        "files_skipped": 0,
        "row_groups_skipped": 0,
        "sources": [{"name": one.file} for one in files],
    }
    read = data_of(facts)
    return Conversion(
        file=file,
        size=found["size"],
        columns=tuple(InspectedColumn(**column) for column in found["columns"]),
        files=files,
        data=read,
        notes=(rejected(read),) if read.rejected else (),
    )

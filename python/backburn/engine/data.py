"""Where the rows are: data arguments become paths of logs and rollups that were counted before."""

from __future__ import annotations

import contextlib
import glob
import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from backburn._rust import Rollup, is_rollup
from backburn.engine.memory import ArrowArray, ArrowStream, Columns, Dataset, Lazy, Stream, stream_of
from backburn.errors import DataNotFoundError, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from backburn.model.spec import Spec

__all__ = ["STANDARD_INPUT", "DataArgument", "Resolved", "is_pipe", "paths_of", "relative_paths", "resolve"]

DataArgument = str | os.PathLike[str] | Rollup | ArrowStream | ArrowArray | Lazy | Dataset | Columns
"""One piece of data: a path, a glob, a directory, a saved rollup, `-`, a `Rollup`, or rows in memory.

`-` is standard input: text or an Arrow stream, read once. Rows in memory are anything that speaks Arrow (tables,
frames, relations, readers), a LazyFrame of Polars, a dataset of pyarrow, and a dict of arrays.
"""

_MAGIC = (b"PAR1", b"# TY")
"""How saved rollups begin, and exported ones."""
STANDARD_INPUT = "/dev/stdin"
"""Where the system shows what another command writes to this one; the core calls it by its name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolved:
    """What is to be read.

    `logs` are paths and patterns for the core, `streams` rows in memory, and `rollups` have the names to call them by.
    """

    logs: tuple[str, ...]
    streams: tuple[Stream, ...]
    rollups: tuple[tuple[str, Rollup], ...]


def resolve(spec: Spec, data: DataArgument | Sequence[DataArgument] | None) -> Resolved:
    """Tell logs from rollups, by content; without `data`, the spec says where the rows are."""
    logs: list[str] = []
    streams: list[Stream] = []
    rollups: list[tuple[str, Rollup]] = []
    for piece in _own(spec) if data is None else _pieces(data):
        if isinstance(piece, Rollup):
            rollups.append(("the given rollup", piece))
        elif isinstance(piece, Stream):
            streams.append(piece)
        else:
            saved, others = _sort_out(piece)
            rollups.extend((path, Rollup.load(path)) for path in saved)
            logs.extend(others)
    return Resolved(logs=tuple(logs), streams=tuple(streams), rollups=tuple(rollups))


def paths_of(data: DataArgument | Sequence[DataArgument]) -> list[str]:
    """Give the paths of data that has to be files."""
    pieces = list(_pieces(data))
    paths = [piece for piece in pieces if isinstance(piece, str)]
    if any(isinstance(piece, Rollup) for piece in pieces):
        raise UsageError("a Rollup is not a file", "save it first, or ask it for its `facts()`")
    for piece in pieces:
        if isinstance(piece, Stream):
            raise UsageError(f"{piece.name} is not a file", "look at it with its own library, or save it as Parquet")
    return paths


def _own(spec: Spec) -> Iterator[str]:
    if not spec.source.data:
        raise UsageError(
            f"'{spec.name}' does not say where its rows are, and no data is given",
            "write `source: {data: [...]}` or name the logs after the specification",
            file=None if spec.path is None else str(spec.path),
        )
    folder = Path() if spec.path is None else spec.path.parent
    for pattern in spec.source.data:
        yield str(folder / pattern)


@contextlib.contextmanager
def relative_paths(spec: Spec, data: object) -> Iterator[None]:
    """Say of a path of `source.data` that is not found where it was looked for, beside what else is known to help."""
    try:
        yield
    except DataNotFoundError as error:
        absolute = all(Path(pattern).is_absolute() for pattern in spec.source.data)
        if data is None and spec.path is not None and not absolute:
            where = f"paths in source.data are relative to the folder of '{spec.path}'"
            error.remedy = where if error.remedy is None else f"{error.remedy}; {where}"
        raise


def _pieces(data: DataArgument | Sequence[DataArgument]) -> Iterator[str | Rollup | Stream]:
    several = isinstance(data, (list, tuple))
    pieces: Sequence[object] = data if isinstance(data, (list, tuple)) else [data]
    if not pieces:
        raise UsageError("the list of data is empty", "name at least one log, or leave it out to use source.data")
    for number, piece in enumerate(pieces):
        if isinstance(piece, Rollup):
            yield piece
        elif isinstance(piece, (str, os.PathLike)):
            path = os.fspath(piece)
            if not isinstance(path, str):
                raise UsageError(f"the path {path!r} is made of bytes", "decode it with os.fsdecode")
            if not path:
                raise UsageError("a path is empty", "name a file, a directory or a pattern")
            yield STANDARD_INPUT if path == "-" else path
        else:
            stream = stream_of(piece, f" (data[{number}])" if several else "")
            if stream is None:
                kind = f"{type(piece).__module__}.{type(piece).__qualname__}"
                raise UsageError(
                    f"data of type {kind} cannot be read",
                    "give a path, a glob, a directory, a Rollup, an Arrow table, a frame, a dict of arrays, "
                    "or a list of these",
                    value=kind,
                )
            yield stream


def _sort_out(pattern: str) -> tuple[list[str], list[str]]:
    """Split a path or pattern into the saved rollups behind it and the rest.

    A pattern without rollups stays as it is: what it matches, and what is missing, is the core's to say.
    """
    files = list(_behind(pattern))
    saved = [path for path in files if _is_saved(path)]
    if not saved:
        return [], [pattern]
    return saved, [path for path in files if path not in saved]


def _behind(pattern: str) -> Iterator[str]:
    # `Path.glob` takes no absolute pattern, so the plain function it is.
    tops = [pattern] if Path(pattern).exists() else sorted(glob.glob(pattern, recursive=True))  # noqa: PTH207
    for top in tops:
        if not Path(top).is_dir():
            yield top
            continue
        for folder, folders, names in os.walk(top):
            folders[:] = sorted(name for name in folders if not _hidden(name))
            yield from (str(Path(folder) / name) for name in sorted(names) if not _hidden(name))


def _hidden(name: str) -> bool:
    """Tell files without rows as the core does: hidden ones and markers such as `_SUCCESS`."""
    return name.startswith((".", "_")) or name.lower().endswith(".crc")


def is_pipe(path: str) -> bool:
    """Tell whether a path gives its bytes once: what another command writes, or a named pipe.

    >>> is_pipe("requests.parquet")
    False
    """
    place = Path(path)
    return place.exists() and not place.is_file() and not place.is_dir()


def _is_saved(path: str) -> bool:
    if is_pipe(path):
        return False  # Whoever looks into it takes something out.
    # Whatever else is wrong with a file is said when it is read.
    try:
        with Path(path).open("rb") as file:
            if file.read(len(_MAGIC[0])) not in _MAGIC:
                return False
        return is_rollup(path)
    except (OSError, ValueError):
        return False

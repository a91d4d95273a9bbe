"""Rows in memory: whatever holds them becomes a stream of Arrow, of which only the needed columns are made."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Protocol

from backburn import _rust
from backburn.engine.libraries import LIBRARIES, Foreign, Stream, speaks_arrow, table_of
from backburn.errors import BackburnError, DataError

if TYPE_CHECKING:
    from collections.abc import Callable

    from backburn._rust import Rollup

__all__ = [
    "ArrowArray",
    "ArrowStream",
    "Columns",
    "Dataset",
    "Lazy",
    "Stream",
    "count_stream",
    "open_stream",
    "stream_of",
]

Columns = Mapping[str, Foreign]
"""Arrays of equal length by the names of their columns: lists, numpy, pyarrow, or a series of pandas or Polars."""


class ArrowStream(Protocol):
    """Tables, frames, relations and readers of any library that speaks Arrow."""

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        """Give the rows as a capsule."""


class ArrowArray(Protocol):
    """A record batch, or an array of records, of any library that speaks Arrow."""

    def __arrow_c_array__(self, requested_schema: object = None) -> object:
        """Give the rows as a pair of capsules."""


class Lazy(Protocol):
    """A LazyFrame of Polars, which is collected in batches by its streaming engine."""

    def collect_schema(self) -> object:
        """Give its columns."""

    def lazy(self) -> object:
        """Give itself."""


class Dataset(Protocol):
    """A dataset of pyarrow, of which the needed columns are read."""

    def scanner(self) -> object:
        """Give what reads it."""

    def get_fragments(self) -> object:
        """Give its parts."""


def stream_of(piece: object, place: str = "") -> Stream | None:
    """Make a stream of whatever holds rows; `place` tells it from others of its kind.

    >>> stream_of("a path") is None
    True
    """
    name = _name(piece) + place
    root = _root(piece)
    if isinstance(piece, Mapping):
        return Stream(name=name, once=False, read=lambda _: table_of(piece, name))
    special = LIBRARIES.get(root)
    found = None if special is None else special(piece, name)
    if found is not None:
        return found
    if not speaks_arrow(piece):
        return None
    return Stream(name=name, once=not hasattr(piece, "__len__") or hasattr(piece, "__next__"), read=lambda _: piece)


def count_stream(
    request: str,
    stream: Stream,
    threads: int,
    progress: Callable[[int, int, int], None] | None,
    rejects: _rust.Rejects | None,
) -> Rollup:
    """Count the rows of a stream."""
    rows = open_stream(request, stream)
    return _rust.scan_stream(request, rows, stream.name, stream.once, threads, progress, rejects)


def open_stream(request: str, stream: Stream) -> object:
    """Ask a stream for the columns that a request needs, and for no other."""
    names: list[str] = []
    if stream.schema is not None:
        names = _rust.stream_columns(request, _ask(stream, stream.schema), stream.name)
    return _ask(stream, lambda: stream.read(names))


def _ask(stream: Stream, make: Callable[[], object]) -> object:
    """Let another library do something, and tell its failures as ours."""
    try:
        return make()
    except BackburnError:
        raise
    except Exception as error:
        said = str(error).strip().partition("\n")[0]
        remedy = "the error is that of the library that holds the rows; look at its cause"
        raise DataError(f"it cannot be read: {said}", remedy, file=stream.name) from error


def _root(piece: object) -> str:
    return type(piece).__module__.partition(".")[0]


def _name(piece: object) -> str:
    """Call an object as a person would.

    >>> _name({})
    'a dict of arrays'
    """
    if isinstance(piece, Mapping):
        return "a dict of arrays"
    library, kind = _root(piece), type(piece).__qualname__
    if library == "duckdb":
        return "a DuckDB relation"
    library = {"polars": "Polars"}.get(library, library)
    return f"{'an' if library[:1].lower() in 'aeiou' else 'a'} {library} {kind}"

"""Objects of other libraries as streams of Arrow.

None is imported for this but pyarrow for a dict of arrays: whoever made an object has imported what it needs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from backburn.errors import DataError, UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["LIBRARIES", "Foreign", "Stream", "speaks_arrow", "table_of"]

Foreign = Any
"""An object of a library that is not imported here, so that no checker knows its type."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stream:
    """Rows that come as Arrow.

    `read` gives them when it is called with the needed columns, and `schema` something that has all columns; without
    it the columns are no matter. `once` tells what can be read only once.
    """

    name: str
    once: bool
    read: Callable[[list[str]], object]
    schema: Callable[[], object] | None = None


def speaks_arrow(piece: object) -> bool:
    """Tell whether an object gives its rows as Arrow."""
    kind = type(piece)
    return hasattr(kind, "__arrow_c_stream__") or hasattr(kind, "__arrow_c_array__")


def _polars(piece: Foreign, name: str) -> Stream | None:
    if not hasattr(piece, "collect_schema"):
        return Stream(name=name, once=False, read=lambda _: _sound(piece, [piece.dtype]))
    if speaks_arrow(piece):
        return Stream(name=name, once=False, read=lambda _: _sound(piece, piece.dtypes))

    def read(columns: list[str]) -> object:
        chosen = piece.select(columns)
        types = chosen.collect_schema().dtypes()
        batches = chosen.collect_batches(engine="streaming") if hasattr(chosen, "collect_batches") else None
        # Older versions hand out batches, but not as Arrow.
        if speaks_arrow(batches) and not _holds_nothing(types):
            return batches
        return _sound(chosen.collect(engine="streaming"), types)

    def schema() -> object:
        empty = piece.clear().collect()
        return _sound(empty, empty.dtypes)

    return Stream(name=name, once=False, read=read, schema=schema)


def _sound(frame: Foreign, types: Sequence[object]) -> object:
    """Give a frame or series as it is, unless its own export is one that only pyarrow can read."""
    return frame.to_arrow() if _holds_nothing(types) else frame


def _holds_nothing(types: Sequence[object]) -> bool:
    """Tell whether there are columns of nothing but nulls: Polars gives them a buffer that Arrow does not allow."""
    return any("Null" in str(kind) for kind in types)


def _pandas(piece: Foreign, name: str) -> Stream | None:
    if not (speaks_arrow(piece) and hasattr(piece, "iloc") and hasattr(piece, "columns")):
        return None

    def read(columns: list[str]) -> object:
        # What stands in the index is no column of pandas' own, and stays with those that are chosen.
        return piece.loc[:, [str(column) in columns for column in piece.columns]]

    return Stream(name=name, once=False, read=read, schema=lambda: piece.iloc[:0])


def _duckdb(piece: Foreign, name: str) -> Stream | None:
    if not hasattr(piece, "project"):
        return None

    def read(columns: list[str]) -> object:
        chosen = piece.project(", ".join('"' + column.replace('"', '""') + '"' for column in columns))
        return chosen if speaks_arrow(chosen) else chosen.fetch_record_batch()

    return Stream(name=name, once=False, read=read, schema=lambda: piece.limit(0).to_arrow_table())


def _pyarrow(piece: Foreign, name: str) -> Stream | None:
    if hasattr(piece, "scanner"):
        return Stream(
            name=name,
            once=False,
            read=lambda columns: piece.scanner(columns=columns).to_reader(),
            schema=piece.schema.empty_table,
        )
    if hasattr(piece, "to_reader") and not speaks_arrow(piece):
        return Stream(name=name, once=True, read=lambda _: piece.to_reader())
    return None


LIBRARIES: dict[str, Callable[[Foreign, str], Stream | None]] = {
    "duckdb": _duckdb,
    "pandas": _pandas,
    "polars": _polars,
    "pyarrow": _pyarrow,
}
"""How the objects of a library become streams, by its name; None leaves one to what it says of itself."""


def table_of(columns: Mapping[str, Foreign], name: str) -> object:
    """Make a table of arrays; each that is already Arrow is taken as it is."""
    try:
        import pyarrow as pa
    except ImportError as error:
        remedy = "install it with `pip install 'backburn[arrow]'`, or give a frame or a table"
        raise UsageError(f"{name} is read with pyarrow, which is not installed", remedy) from error
    arrays: dict[str, Foreign] = {}
    for column, values in columns.items():
        if not isinstance(column, str):
            raise UsageError(f"{name} has the column {column!r}", "names of columns are text", value=repr(column))
        is_array = isinstance(values, Iterable) and not isinstance(values, (str, bytes))
        if not is_array:
            kind = type(values).__name__
            raise UsageError(
                f"{name}: column '{column}' is no array but of type {kind}",
                "give one value per row, in a list or an array",
                field=column,
                value=kind,
            )
        try:
            arrays[column] = pa.chunked_array(values) if hasattr(values, "__arrow_c_stream__") else pa.array(values)
        except (pa.ArrowException, TypeError, ValueError) as error:
            said = str(error).partition("\n")[0]
            raise DataError(
                f"column '{column}' cannot be made an array: {said}",
                "give values of one type; None is null",
                file=name,
                field=column,
            ) from error
    lengths = {column: len(array) for column, array in arrays.items()}
    if len(set(lengths.values())) > 1:
        listed = ", ".join(f"'{column}' has {length:,}" for column, length in lengths.items())
        raise DataError(f"the columns have different lengths: {listed}", "give one value per row", file=name)
    return pa.table(arrays)

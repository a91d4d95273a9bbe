"""Where the rows are and how to read them."""

from __future__ import annotations

from collections.abc import Mapping  # noqa: TC003 - pydantic reads the annotation when it builds the class.
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from pydantic import Field  # noqa: TID253 - only `read` imports this module, inside its functions.

from backburn.document.checked import (  # noqa: TC001 - pydantic reads the annotation when it builds the class.
    FormatField,
    PredicateField,
    RouteField,
    ZoneField,
)
from backburn.document.fields import (
    InstantField,
    ShareField,
    Text,
    TextField,
    scalar,
    table_of,
    word_of,
)
from backburn.document.lengths import DurationField  # noqa: TC001 - pydantic reads the annotation when it builds the class.
from backburn.document.node import Items, Node, Scalar, Table
from backburn.document.shape import Each, Reads, Shape, what
from backburn.document.sli import ExcludeEntry  # noqa: TC001 - pydantic reads the annotation when it builds the class.
from backburn.document.words import listed
from backburn.model.columns import TimeUnit

if TYPE_CHECKING:
    from backburn.document.notes import Notes

__all__ = ["ColumnsShape", "CountShape", "DurationShape", "SourceShape", "StatusShape", "TimestampShape", "UnknownSpan"]

_UNITS = ("s", "ms", "us", "ns")
_SPOKEN = {"second": "s", "milli": "ms", "micro": "us", "nano": "ns", "sec": "s", "µs": "us", "μs": "us"}


def _unit(node: Node, notes: Notes) -> str | None:
    text = scalar(node, notes, f"write {listed(_UNITS)}")
    if text is None or text in _UNITS:
        return text
    meant = next((unit for word, unit in _SPOKEN.items() if text.lower().startswith(word)), None)
    remedy = f"write {meant}" if meant else f"write {listed(_UNITS)}"
    notes.about("BB106", node, f"unknown unit {text!r}", remedy)
    return None


UnitField = Annotated[TimeUnit | None, Reads(_unit, {"type": "string", "enum": list(_UNITS)})]


class _Role(Shape):
    called: ClassVar[str] = "timestamp"
    needed: ClassVar[Mapping[str, str]] = {"column": "write the name of the column in the data"}

    column: TextField = Field(default=None, description="The column's name in the data.")


class TimestampShape(_Role):
    """The column with the time of a row."""

    format: TextField = Field(default=None, description="How text is read, as strptime writes it.")
    unit: UnitField = Field(default=None, description="What numbers count from the epoch: s, ms, us or ns.")
    timezone: ZoneField = Field(default=None, description="How times without a zone are read; there is no default.")
    marks: Annotated[Literal["start", "end"] | None, word_of("start", "end")] = Field(
        default=None,
        description="Whether the log wrote a request's start or its end; what its format says, else the end.",
    )


class DurationShape(_Role):
    """A column with durations, or another name for any column."""

    called: ClassVar[str] = "duration"

    unit: UnitField = Field(default=None, description="The unit of its numbers: s, ms, us or ns.")


class CountShape(_Role):
    """How many events a row stands for."""

    called: ClassVar[str] = "count"

    means: Annotated[Literal["aggregated", "sampled"] | None, word_of("aggregated", "sampled")] = Field(
        default=None, description="Whether rows were added up (default) or sampled."
    )


class StatusShape(_Role):
    """The column with the status of a request."""

    called: ClassVar[str] = "status"


@dataclass(frozen=True, slots=True)
class ColumnsShape:
    """Roles and aliases, each as it was written."""

    node: Table
    timestamp: TimestampShape | Text | None
    status: StatusShape | Text | None
    duration: DurationShape | Text | None
    count: CountShape | Text | None
    aliases: Mapping[str, DurationShape | Text]


def _named(node: Node, notes: Notes, shape: type[_Role]) -> Shape | Text | None:
    """A column by its name alone, or with more to say about it."""
    if isinstance(node, Table):
        return shape.model_validate(node, context=notes)
    if isinstance(node, Items):
        notes.about("BB105", node, f"expected a column, found {what(node)}", "write its name, or {column: ...}")
        return None
    text = scalar(node, notes, "write the name of the column in the data")
    return None if text is None else Text(text, node)


_ROLES: Mapping[str, type[_Role]] = {
    "timestamp": TimestampShape,
    "status": StatusShape,
    "duration": DurationShape,
    "count": CountShape,
}


def _columns(node: Node, notes: Notes) -> ColumnsShape | None:
    if not isinstance(node, Table):
        if not (isinstance(node, Scalar) and node.mended):
            remedy = "write {timestamp: ..., status: ..., duration: {column: ..., unit: ms}}"
            notes.about("BB105", node, f"expected a mapping, found {what(node)}", remedy)
        return None
    read = {key.text: _named(value, notes, _ROLES.get(key.text, DurationShape)) for key, value in node}
    roles = {name: read.pop(name, None) for name in _ROLES}
    aliases = {name: alias for name, alias in read.items() if alias is not None}
    return ColumnsShape(node=node, aliases=aliases, **roles)  # type: ignore[arg-type] # each role was read by its shape


def _column_schema(*extra: tuple[str, Mapping[str, object]]) -> dict[str, object]:
    text = {"type": ["string", "number", "boolean"]}
    table = {
        "type": "object",
        "properties": {"column": text, **dict(extra)},
        "required": ["column"],
        "additionalProperties": False,
    }
    return {"anyOf": [text, table]}


_UNIT_SCHEMA = ("unit", {"type": "string", "enum": list(_UNITS)})
_COUNT_SCHEMA = _column_schema(("means", {"type": "string", "enum": ["aggregated", "sampled"]}))
_COLUMNS_SCHEMA: dict[str, object] = {
    "type": "object",
    "properties": {
        "timestamp": {
            "description": "The time of a row.",
            **_column_schema(
                ("format", {"type": "string"}),
                _UNIT_SCHEMA,
                ("timezone", {"type": "string"}),
                ("marks", {"type": "string", "enum": ["start", "end"]}),
            ),
        },
        "status": {"description": "The status of a request.", **_column_schema()},
        "duration": {"description": "How long a request took.", **_column_schema(_UNIT_SCHEMA)},
        "count": {"description": "How many events a row stands for.", **_COUNT_SCHEMA},
    },
    "additionalProperties": {"description": "Another name for a column.", **_column_schema(_UNIT_SCHEMA)},
}


def _count(node: Node, notes: Notes) -> Shape | Text | None:
    return _named(node, notes, CountShape)


def _labels(node: Node, notes: Notes) -> tuple[str, ...] | None:
    if not isinstance(node, Items):
        notes.about("BB105", node, f"expected a list, found {what(node)}", "write the values that must be there")
        return None
    texts = [scalar(item, notes) for item in node.items]
    return tuple(text for text in texts if text is not None)


_LABELS = Reads(_labels, {"type": "array", "items": {"type": ["string", "number", "boolean"]}})


class UnknownSpan(Shape):
    """A span without logs: nothing is known about it, which is not the same as no traffic."""

    called: ClassVar[str] = "unknown"
    needed: ClassVar[Mapping[str, str]] = {
        "start": "write when the logs stop, as in 2025-10-26T02:30:00Z",
        "end": "write when the logs are there again, as in 2025-10-26T04:00:00Z",
    }

    start: InstantField = Field(default=None, description="The first moment without logs, with its zone.")
    end: InstantField = Field(default=None, description="The first moment with logs again, with its zone.")


class SourceShape(Shape):
    """Where the rows are and how to read them."""

    called: ClassVar[str] = "source"

    data: Annotated[tuple[TextField, ...], Each('["logs/*.parquet"]', 1)] = Field(
        default=(), description="Files, directories or patterns, relative to this document."
    )
    format: FormatField = Field(
        default=None,
        description="parquet, csv, ndjson, the name of a log format such as combined or envoy, or a log_format string; "
        "default: by content.",
    )
    columns: Annotated[ColumnsShape | None, Reads(_columns, _COLUMNS_SCHEMA)] = Field(
        default=None, description="Which column plays which role (timestamp, status, duration, count), and aliases."
    )
    where: PredicateField = Field(default=None, description="Which rows are in scope at all; the rest is ignored.")
    exclude: Annotated[tuple[ExcludeEntry, ...], Each("[{when: status = 429, reason: ...}]")] = Field(
        default=(), description="Rows that are forgiven, counted per reason."
    )
    by: Annotated[tuple[TextField, ...], Each("[service]")] = Field(default=(), description="One series per value.")
    routes: Annotated[tuple[RouteField, ...], Each('["/users/{id}"]')] = Field(
        default=(), description="Templates that paths are folded to; the series label is route."
    )
    expect: Annotated[Mapping[str, tuple[str, ...]] | None, table_of(_LABELS, "{service: [orders, payments]}")] = Field(
        default=None, description="Series that must be there; a listed one without rows is shown."
    )
    step: DurationField = Field(default=None, description="The grain of counting (default 1m); divides every window.")
    max_rejected: ShareField = Field(default=None, description="The share of rows that may be unreadable; default 1%.")
    gaps: Annotated[Literal["quiet", "unknown"] | None, word_of("quiet", "unknown")] = Field(
        default=None, description="Whether a silence of more than an hour is no traffic, or unknown (default)."
    )
    unknown: Annotated[tuple[UnknownSpan, ...], Each("[{start: ..., end: ...}]")] = Field(
        default=(), description="Spans without logs."
    )
    max_gap: DurationField = Field(
        default=None, description="How far apart two readings of a counter may be that tell what happened; default 5m."
    )
    count: Annotated[CountShape | Text | None, Reads(_count, _COUNT_SCHEMA)] = Field(
        default=None, description="How many events a row stands for; the same as columns.count."
    )

"""From the shape of where rows are, and what their columns mean, to the model."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from backburn.document.fields import Text
from backburn.document.steps import DEFAULT_STEP
from backburn.document.surely import column, every, sure, words
from backburn.model.columns import Alias, Columns, Count, DurationColumn, Timestamp
from backburn.model.sli import Exclude
from backburn.model.spec import MAX_GAP, Source
from backburn.model.window import TimeSpan

if TYPE_CHECKING:
    from collections.abc import Iterable

    from backburn.document.sli import ExcludeEntry
    from backburn.document.source import (
        ColumnsShape,
        CountShape,
        DurationShape,
        SourceShape,
        StatusShape,
        TimestampShape,
    )

__all__ = ["excludes", "source"]

_MAX_REJECTED = Decimal("0.01")


def source(shape: SourceShape | None) -> Source:
    """Say where rows are and what they mean."""
    if shape is None:
        return Source(step=DEFAULT_STEP, max_rejected=_MAX_REJECTED)
    return Source(
        data=tuple(text.text for text in every(shape.data)),
        format=shape.format,
        columns=_columns(shape.columns, shape.count),
        where=shape.where,
        exclude=excludes(shape.exclude),
        by=tuple(text.text for text in every(shape.by)),
        routes=every(shape.routes),
        expect=dict(shape.expect or {}),
        step=shape.step or DEFAULT_STEP,
        max_rejected=_MAX_REJECTED if shape.max_rejected is None else shape.max_rejected,
        gaps=shape.gaps or "unknown",
        max_gap=shape.max_gap or MAX_GAP,
        unknown=tuple(TimeSpan(start=sure(span.start), end=sure(span.end)) for span in shape.unknown),
    )


def excludes(entries: Iterable[ExcludeEntry]) -> tuple[Exclude, ...]:
    """Say which rows are forgiven."""
    return tuple(Exclude(when=sure(entry.when), reason=column(entry.reason)) for entry in entries)


def _columns(shape: ColumnsShape | None, count: CountShape | Text | None) -> Columns:
    if shape is None:
        return Columns(count=_count(count))
    return Columns(
        timestamp=_timestamp(shape.timestamp),
        status=_status(shape.status),
        duration=_duration(shape.duration),
        count=_count(shape.count if count is None else count),
        aliases={name: _alias(alias) for name, alias in shape.aliases.items()},
    )


def _timestamp(shape: TimestampShape | Text | None) -> Timestamp | None:
    match shape:
        case None:
            return None
        case Text():
            return Timestamp(column=shape.text)
        case _:
            return _full_timestamp(shape)


def _full_timestamp(shape: TimestampShape) -> Timestamp:
    return Timestamp(
        column=column(shape.column),
        format=words(shape.format),
        unit=shape.unit,
        timezone=shape.timezone,
        marks=shape.marks,
    )


def _status(shape: StatusShape | Text | None) -> str | None:
    return None if shape is None else shape.text if isinstance(shape, Text) else column(shape.column)


def _duration(shape: DurationShape | Text | None) -> DurationColumn | None:
    match shape:
        case None:
            return None
        case Text():
            return DurationColumn(column=shape.text)
        case _:
            return DurationColumn(column=column(shape.column), unit=shape.unit)


def _alias(shape: DurationShape | Text) -> Alias:
    if isinstance(shape, Text):
        return Alias(column=shape.text)
    return Alias(column=column(shape.column), unit=shape.unit)


def _count(shape: CountShape | Text | None) -> Count | None:
    match shape:
        case None:
            return None
        case Text():
            return Count(column=shape.text)
        case _:
            return Count(column=column(shape.column), means=shape.means or "aggregated")

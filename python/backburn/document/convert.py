"""From the shape of a document that has no errors to the model."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, TypeVar

from backburn.document.budgeting import slices_of
from backburn.document.fields import Prose, Text
from backburn.document.objectives import PROSE
from backburn.document.sli import AvailabilitySli, LatencySli
from backburn.document.steps import DEFAULT_STEP
from backburn.model.columns import Alias, Columns, Count, DurationColumn, Timestamp
from backburn.model.spec import (
    MAX_GAP,
    QUANTILES,
    Agreement,
    Also,
    Availability,
    Counter,
    Counters,
    Dependency,
    Exclude,
    Exclusion,
    IgnoredFinding,
    Latency,
    Location,
    Objective,
    Override,
    Predicate,
    Ratio,
    Recording,
    Report,
    Source,
    Spec,
)
from backburn.model.window import TimeSpan

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from backburn.document.node import Table
    from backburn.document.objectives import (
        AlsoEntry,
        DocumentShape,
        ExclusionEntry,
        MetadataShape,
        ObjectiveShape,
        ReportShape,
        RollupShape,
    )
    from backburn.document.sli import ExcludeEntry, RatioSli
    from backburn.document.source import (
        ColumnsShape,
        CountShape,
        DurationShape,
        SourceShape,
        StatusShape,
        TimestampShape,
    )
    from backburn.model.spec import Sli
    from backburn.model.window import Window

__all__ = ["convert"]

Value = TypeVar("Value")

_MAX_REJECTED = Decimal("0.01")
_MIN_COVERAGE = Decimal("0.8")


def _sure(value: Value | None) -> Value:
    """A field that must be there once a document has no errors."""
    if value is None:
        message = "a document without errors lacks a field"
        raise AssertionError(message)
    return value


def _all(values: Iterable[Value | None]) -> tuple[Value, ...]:
    return tuple(_sure(value) for value in values)


def _words(text: Text | None) -> str | None:
    return None if text is None else text.text


def _column(text: Text | None) -> str:
    return _sure(text).text


def convert(document: DocumentShape, path: Path | None) -> Spec:
    """The model of a document that was read without an error."""
    metadata = _sure(document.metadata)
    service = _words(metadata.service)
    return Spec(
        name=_words(metadata.name) or _sure(service),
        service=service,
        source=_source(document.source),
        objectives=tuple(_objective(objective) for objective in document.objectives),
        owner=_words(metadata.owner),
        version=_words(metadata.version),
        labels=dict(metadata.labels or {}),
        timezone=document.timezone or "UTC",
        timezone_written=document.timezone is not None,
        dependencies=tuple(
            Dependency(service=_column(entry.service), target=_sure(entry.target), hard=entry.kind == "hard")
            for entry in document.dependencies
        ),
        min_coverage=_MIN_COVERAGE if document.min_coverage is None else document.min_coverage,
        report=_report(document.report),
        rollup=_recording(document.rollup),
        prose={**_prose(metadata), **_prose(document)},
        ignore=tuple(
            IgnoredFinding(code=_column(entry.code), reason=_column(entry.reason), objective=_words(entry.objective))
            for entry in document.ignore
        ),
        exclusions=tuple(_exclusion(entry) for entry in document.exclusions),
        path=path,
        location=_location(metadata.node),
    )


def _exclusion(entry: ExclusionEntry) -> Exclusion:
    span = TimeSpan(start=_sure(entry.start), end=_sure(entry.end))
    return Exclusion(span=span, reason=_column(entry.reason), series=dict(entry.series or {}))


def _report(shape: ReportShape | None) -> Report:
    if shape is None:
        return Report()
    quantiles = QUANTILES if shape.quantiles is None else _all(shape.quantiles)
    return Report(quantiles=quantiles, burn=_all(shape.burn))


def _recording(shape: RollupShape | None) -> Recording:
    default = Recording()
    if shape is None:
        return default
    scale = default.scale if shape.scale is None else shape.scale
    return Recording(histogram_step=shape.histogram_step, scale=scale)


def _prose(shape: DocumentShape | MetadataShape | ObjectiveShape) -> dict[str, str]:
    written = (getattr(shape, name, None) for name in PROSE)
    return dict(entry for prose in written if isinstance(prose, Prose) for entry in prose.entries)


def _location(node: Table) -> Location | None:
    place = node.place
    if place.file is None or place.line is None or place.column is None:
        return None
    return Location(file=place.file, line=place.line, column=place.column, path=node.path)


def _source(shape: SourceShape | None) -> Source:
    if shape is None:
        return Source(step=DEFAULT_STEP, max_rejected=_MAX_REJECTED)
    return Source(
        data=tuple(text.text for text in _all(shape.data)),
        format=shape.format,
        columns=_columns(shape.columns, shape.count),
        where=shape.where,
        exclude=_excludes(shape.exclude),
        by=tuple(text.text for text in _all(shape.by)),
        routes=_all(shape.routes),
        expect=dict(shape.expect or {}),
        step=shape.step or DEFAULT_STEP,
        max_rejected=_MAX_REJECTED if shape.max_rejected is None else shape.max_rejected,
        gaps=shape.gaps or "unknown",
        max_gap=shape.max_gap or MAX_GAP,
        unknown=tuple(TimeSpan(start=_sure(span.start), end=_sure(span.end)) for span in shape.unknown),
    )


def _excludes(entries: Iterable[ExcludeEntry]) -> tuple[Exclude, ...]:
    return tuple(Exclude(when=_sure(entry.when), reason=_column(entry.reason)) for entry in entries)


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
        column=_column(shape.column),
        format=_words(shape.format),
        unit=shape.unit,
        timezone=shape.timezone,
        marks=shape.marks,
    )


def _status(shape: StatusShape | Text | None) -> str | None:
    return None if shape is None else shape.text if isinstance(shape, Text) else _column(shape.column)


def _duration(shape: DurationShape | Text | None) -> DurationColumn | None:
    match shape:
        case None:
            return None
        case Text():
            return DurationColumn(column=shape.text)
        case _:
            return DurationColumn(column=_column(shape.column), unit=shape.unit)


def _alias(shape: DurationShape | Text) -> Alias:
    if isinstance(shape, Text):
        return Alias(column=shape.text)
    return Alias(column=_column(shape.column), unit=shape.unit)


def _count(shape: CountShape | Text | None) -> Count | None:
    match shape:
        case None:
            return None
        case Text():
            return Count(column=shape.text)
        case _:
            return Count(column=_column(shape.column), means=shape.means or "aggregated")


def _objective(shape: ObjectiveShape) -> Objective:
    target = _sure(shape.target)
    window = _window(shape.window)
    return Objective(
        name=_column(shape.name),
        sli=_sli(shape),
        target=target.share,
        window=window,
        also=tuple(_also(also, target.share) for also in shape.also),
        by=tuple(text.text for text in _all(shape.by)) if "by" in shape.node else None,
        overrides=tuple(
            Override(
                match=dict(_sure(override.match)),
                target=None if override.target is None else override.target.share,
                no_data=override.no_data,
            )
            for override in shape.overrides
        ),
        no_data=shape.no_data or "undefined",
        slices=slices_of(shape.budgeting),
        sla=None if shape.sla is None else Agreement(target=_sure(shape.sla.target), window=shape.sla.window),
        title=_words(shape.title),
        prose={name: text for name, text in _prose(shape).items() if name != "title"},
        location=_location(shape.node),
    )


def _window(window: Window | None) -> Window:
    # `_sure` would lose which windows there are.
    return window or _sure(None)


def _also(shape: AlsoEntry, share: Decimal) -> Also:
    window = _window(shape.window)
    return Also(window=window, target=share if shape.target is None else shape.target.share)


def _sli(shape: ObjectiveShape) -> Sli:
    sli = shape.sli
    if isinstance(sli, AvailabilitySli):
        excludes = _excludes(sli.exclude)
        return Availability(valid=sli.valid, exclude=excludes, unparsable=sli.unparsable or "bad")
    if isinstance(sli, LatencySli):
        return _latency(shape, sli)
    return _ratio(_sure(sli))


def _latency(shape: ObjectiveShape, sli: LatencySli) -> Latency:
    target = _sure(shape.target)
    return Latency(
        threshold=_sure(sli.threshold or target.threshold),
        strict=target.strict,
        column=_words(sli.column) or "duration",
        valid=sli.valid,
        exclude=_excludes(sli.exclude),
        unparsable=sli.unparsable or "reject",
    )


def _ratio(sli: RatioSli) -> Ratio | Counters:
    if isinstance(sli.valid, Counter):
        good, bad = (operand if isinstance(operand, Counter) else None for operand in (sli.good, sli.bad))
        return Counters(good=good, bad=bad, valid=sli.valid, unparsable=sli.unparsable or "reject")
    good_rows, bad_rows = (operand if isinstance(operand, Predicate) else None for operand in (sli.good, sli.bad))
    return Ratio(
        good=good_rows,
        bad=bad_rows,
        valid=sli.valid,
        exclude=_excludes(sli.exclude),
        unparsable=sli.unparsable or "reject",
    )

"""From the shape of a document that has no errors to the model."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from backburn.document.budgeting import slices_of
from backburn.document.convert_source import excludes, source
from backburn.document.prometheus import counted
from backburn.document.sli import AvailabilitySli, LatencySli
from backburn.document.surely import column, every, location, prose, sure, words
from backburn.model.sli import Availability, Counter, Counters, Latency, Predicate, Ratio
from backburn.model.spec import (
    QUANTILES,
    Agreement,
    Also,
    Dependency,
    Exclusion,
    IgnoredFinding,
    Objective,
    Override,
    Recording,
    Report,
    Spec,
)
from backburn.model.window import TimeSpan

if TYPE_CHECKING:
    from backburn.document.alerting import Shelf
    from backburn.document.objectives import (
        AlsoEntry,
        DocumentShape,
        ExclusionEntry,
        ObjectiveShape,
        ReportShape,
        RollupShape,
    )
    from backburn.document.sli import RatioSli
    from backburn.model.sli import Sli
    from backburn.model.window import Window

__all__ = ["convert"]

_MIN_COVERAGE = Decimal("0.8")


def convert(document: DocumentShape, shelf: Shelf) -> Spec:
    """The model of a document that was read without an error; the shelf has the alert policies that it names."""
    metadata = sure(document.metadata)
    service = words(metadata.service)
    return Spec(
        name=words(metadata.name) or sure(service),
        service=service,
        source=source(document.source),
        objectives=tuple(_objective(objective, shelf) for objective in document.objectives),
        owner=words(metadata.owner),
        version=words(metadata.version),
        labels=dict(metadata.labels or {}),
        timezone=document.timezone or "UTC",
        timezone_written=document.timezone is not None,
        dependencies=tuple(
            Dependency(service=column(entry.service), target=sure(entry.target), hard=entry.kind == "hard")
            for entry in document.dependencies
        ),
        min_coverage=_MIN_COVERAGE if document.min_coverage is None else document.min_coverage,
        report=_report(document.report),
        rollup=_recording(document.rollup),
        prose={**prose(metadata), **prose(document)},
        ignore=tuple(
            IgnoredFinding(code=column(entry.code), reason=column(entry.reason), objective=words(entry.objective))
            for entry in document.ignore
        ),
        exclusions=tuple(_exclusion(entry) for entry in document.exclusions),
        alert_policy=shelf.found(document.alert_policy),
        policies=tuple(shelf.policies.values()),
        path=shelf.path,
        location=location(metadata.node),
    )


def _exclusion(entry: ExclusionEntry) -> Exclusion:
    span = TimeSpan(start=sure(entry.start), end=sure(entry.end))
    return Exclusion(span=span, reason=column(entry.reason), series=dict(entry.series or {}))


def _report(shape: ReportShape | None) -> Report:
    if shape is None:
        return Report()
    quantiles = QUANTILES if shape.quantiles is None else every(shape.quantiles)
    return Report(quantiles=quantiles, burn=every(shape.burn))


def _recording(shape: RollupShape | None) -> Recording:
    default = Recording()
    if shape is None:
        return default
    scale = default.scale if shape.scale is None else shape.scale
    return Recording(histogram_step=shape.histogram_step, scale=scale)


def _objective(shape: ObjectiveShape, shelf: Shelf) -> Objective:
    target = sure(shape.target)
    window = _window(shape.window)
    return Objective(
        name=column(shape.name),
        sli=_sli(shape),
        target=target.share,
        window=window,
        also=tuple(_also(also, target.share) for also in shape.also),
        by=tuple(text.text for text in every(shape.by)) if "by" in shape.node else None,
        overrides=tuple(
            Override(
                match=dict(sure(override.match)),
                target=None if override.target is None else override.target.share,
                no_data=override.no_data,
                alert_policy=shelf.found(override.alert_policy),
            )
            for override in shape.overrides
        ),
        no_data=shape.no_data or "undefined",
        slices=slices_of(shape.budgeting),
        sla=None if shape.sla is None else Agreement(target=sure(shape.sla.target), window=shape.sla.window),
        alert_policy=shelf.found(shape.alert_policy),
        prometheus=counted(shape.prometheus),
        title=words(shape.title),
        prose={name: text for name, text in prose(shape).items() if name != "title"},
        location=location(shape.node),
    )


def _window(window: Window | None) -> Window:
    # `sure` would lose which windows there are.
    return window or sure(None)


def _also(shape: AlsoEntry, share: Decimal) -> Also:
    window = _window(shape.window)
    return Also(window=window, target=share if shape.target is None else shape.target.share)


def _sli(shape: ObjectiveShape) -> Sli:
    sli = shape.sli
    if isinstance(sli, AvailabilitySli):
        return Availability(valid=sli.valid, exclude=excludes(sli.exclude), unparsable=sli.unparsable or "bad")
    if isinstance(sli, LatencySli):
        return _latency(shape, sli)
    return _ratio(sure(sli))


def _latency(shape: ObjectiveShape, sli: LatencySli) -> Latency:
    target = sure(shape.target)
    return Latency(
        threshold=sure(sli.threshold or target.threshold),
        strict=target.strict,
        column=words(sli.column) or "duration",
        valid=sli.valid,
        exclude=excludes(sli.exclude),
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
        exclude=excludes(sli.exclude),
        unparsable=sli.unparsable or "reject",
    )

"""From the shape of an alert policy that has no errors to the model."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from backburn.document.surely import column, location, prose, sure, words
from backburn.model.policy import (
    Alert,
    AlertPolicy,
    Consumed,
    Drop,
    Exhausts,
    Guards,
    NoTraffic,
    Pair,
    Single,
)

if TYPE_CHECKING:
    from decimal import Decimal

    from backburn.document.policy import AlertEntry, ConditionEntry, PolicyShape
    from backburn.model.policy import Condition

__all__ = ["policy_of"]


def policy_of(shape: PolicyShape, name: str | None = None) -> AlertPolicy:
    """Give the model of a policy without errors; `name` is that of one which has no metadata."""
    metadata = shape.metadata
    return AlertPolicy(
        name=(name or "inline") if metadata is None else column(metadata.name),
        alerts=tuple(_alert(alert) for alert in shape.alerts),
        period=shape.period,
        every=shape.every,
        scaled=shape.scales == "windows",
        source=None if metadata is None else words(metadata.source),
        title=None if metadata is None else words(metadata.title),
        prose={} if metadata is None else {key: text for key, text in prose(metadata).items() if key != "title"},
        location=location(shape.node),
    )


def _alert(entry: AlertEntry) -> Alert:
    return Alert(
        name=column(entry.name),
        severity=column(entry.severity),
        any=tuple(_condition(condition) for condition in entry.any),
        op=entry.op or "gt",
        wait=entry.wait,
        keep_firing=entry.keep_firing_for,
        guards=Guards(bad=entry.min_bad, valid=entry.min_valid, rate=entry.min_rate),
        no_data=entry.no_data or "undefined",
        inhibited_by=tuple(column(name) for name in entry.inhibited_by),
        quirk=entry.quirk,
        location=location(entry.node),
    )


def _condition(entry: ConditionEntry) -> Condition:
    if entry.long is not None:
        return Pair(long=entry.long, short=sure(entry.short), factor=entry.factor, budget=_exact(entry.budget))
    if entry.window is not None:
        ratio = _exact(entry.error_ratio)
        return Single(window=entry.window, factor=entry.factor, budget=_exact(entry.budget), error_ratio=ratio)
    return _other(entry)


def _other(entry: ConditionEntry) -> Consumed | Exhausts | Drop | NoTraffic:
    if entry.consumed is not None:
        return entry.consumed
    if entry.exhausts_within is not None:
        return Exhausts(within=entry.exhausts_within)
    if entry.drop is not None:
        return Drop(share=sure(_exact(entry.drop.share)), within=sure(entry.drop.within))
    return NoTraffic(length=sure(entry.no_traffic))


def _exact(share: Decimal | None) -> Fraction | None:
    return None if share is None else Fraction(share)

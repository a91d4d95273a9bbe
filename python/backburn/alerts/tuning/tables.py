"""The front and the catalogue as flat rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from backburn.evaluation.table import Column

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from backburn.alerts.tuning.metrics import Metrics
    from backburn.alerts.tuning.result import Tuning

__all__ = ["columns", "records"]

_METRICS = (
    Column(name="events", kind="count"),
    Column(name="detected", kind="count"),
    Column(name="already_firing", kind="count"),
    Column(name="recall", kind="number"),
    Column(name="pages", kind="count"),
    Column(name="true_pages", kind="count"),
    Column(name="false_pages", kind="count"),
    Column(name="precision", kind="number"),
    Column(name="event_precision", kind="number"),
    Column(name="pages_per_week", kind="number"),
    Column(name="night_pages", kind="count"),
    Column(name="detection_p50", kind="number"),
    Column(name="detection_p90", kind="number"),
    Column(name="budget_before", kind="number"),
    Column(name="budget_lost", kind="number"),
    Column(name="budget_unseen", kind="number"),
    Column(name="firing", kind="number"),
    Column(name="noisy", kind="flag"),
)
_PARTS = ("train", "holdout")


def columns() -> tuple[Column, ...]:
    """Name the columns: which policy, where it is from, whether it is the choice, and what it did on each part."""
    told = [Column(name=f"{part}_{one.name}", kind=one.kind) for part in _PARTS for one in _METRICS]
    first = (Column(name="policy", kind="text"), Column(name="kind", kind="text"), Column(name="chosen", kind="flag"))
    return (*first, *told)


def records(tuning: Tuning) -> Iterator[dict[str, Any]]:
    """Give a record for each policy of the front, for the choice where it is not one of them, and for the catalogue.

    What was held out is known of the choice and the catalogue only.
    """
    choice = None if tuning.chosen is None else tuning.chosen.point
    on_front = [point.words for point in tuning.front]
    found = [
        ("front", choice if choice is not None and point.words == choice.words else point) for point in tuning.front
    ]
    if choice is not None and choice.words not in on_front:
        found.append(("grid", choice))
    found += [("catalogue", point) for point in tuning.catalogue]
    for where, point in found:
        told = {"policy": point.words, "kind": where, "chosen": point is choice}
        yield {**told, **_of("train", point.train), **_of("holdout", point.holdout)}


def _of(part: str, metrics: Metrics | None) -> dict[str, Any]:
    known: Mapping[str, Any] = {} if metrics is None else metrics.to_dict()
    return {f"{part}_{one.name}": known.get(one.name) for one in _METRICS}

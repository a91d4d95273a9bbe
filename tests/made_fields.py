"""Recorded traffic that policies are tried on, made of a document and a log as `tune` makes it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from backburn.alerts.policies import Chosen
from backburn.alerts.replaying import grouped
from backburn.alerts.tuning.field import Field
from backburn.document import from_dict
from backburn.engine import counting
from backburn.evaluation import lasting, rolling
from backburn.evaluation.ticking import Asking, part_of
from backburn.events import read_labels
from backburn.model.policy import AlertPolicy

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from backburn.engine.data import DataArgument
    from backburn.model.grid import AlertPolicyGrid

__all__ = ["field_of"]


def field_of(
    document: Mapping[str, Any],
    data: DataArgument,
    grid: AlertPolicyGrid,
    *,
    labels: Sequence[Mapping[str, Any]] | None = None,
    every: str | None = None,
    threads: int = 2,
) -> Field:
    """The series of all objectives; the longest window of the grid is the warm-up."""
    spec = from_dict(dict(document))
    reading = counting.prepare(
        lasting.keeping(spec, ()),
        data,
        start=None,
        end=None,
        threads=threads,
        progress=None,
        rejects=None,
        histogram_step=None,
    )
    windows = [length for pair in grid.windows for length in pair if length is not None]
    asking = Asking(every=rolling.every_of(spec, every), windows=windows, columns=(rolling.BUDGET,), several=False)
    part = part_of(spec, counting.read(reading), asking)
    policy = AlertPolicy(name="swept", alerts=(), period=grid.period)
    columns = dict.fromkeys(["service", *spec.source.by])
    names = [objective.name for objective in spec.objectives]
    return Field(
        groups=tuple(grouped(spec, part, Chosen(policies=(policy,), asked=True), [policy])),
        longest=max(long.microseconds for long, _ in grid.windows),
        labels=None if labels is None else read_labels(labels, list(columns), names).labels,
        threads=threads,
    )

"""From the shape of a grid that has no errors to the model."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

from backburn.document.surely import column, location, prose, sure, words
from backburn.model.grid import AlertPolicyGrid
from backburn.model.policy import Guards
from backburn.units import Duration

if TYPE_CHECKING:
    from backburn.document.grid import GridShape, WindowsEntry

__all__ = ["grid_of"]

PERIOD = Duration.parse("30d")


def grid_of(shape: GridShape) -> AlertPolicyGrid:
    """Give the model of a grid without errors; guards are crossed in the order bad, valid, rate."""
    metadata = shape.metadata
    crossed = product(shape.min_bad or (None,), shape.min_valid or (None,), shape.min_rate or (None,))
    return AlertPolicyGrid(
        name="inline" if metadata is None else column(metadata.name),
        period=shape.period or PERIOD,
        windows=tuple(_windows(entry) for entry in shape.windows),
        factors=sure(shape.factors).values,
        waits=shape.waits or (None,),
        guards=tuple(Guards(bad=bad, valid=valid, rate=rate) for bad, valid, rate in crossed),
        targets=shape.targets,
        op=shape.op or "gt",
        no_data=shape.no_data or "undefined",
        source=None if metadata is None else words(metadata.source),
        title=None if metadata is None else words(metadata.title),
        prose={} if metadata is None else {key: text for key, text in prose(metadata).items() if key != "title"},
        location=location(shape.node),
    )


def _windows(entry: WindowsEntry) -> tuple[Duration, Duration | None]:
    return (sure(entry.long), sure(entry.short)) if entry.window is None else (entry.window, None)

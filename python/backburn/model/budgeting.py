"""What an error budget is counted in, where that is not events: slices of time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from decimal import Decimal

    from backburn.units import Duration

__all__ = ["Slices"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Slices:
    """The promise is held against slices `[k·length, (k+1)·length)` from the epoch on, each of which counts the same.

    With `time-slices` a slice is good where the share of its good events reaches `target`, that of the objective where
    it is None; with `ratio-time-slices` it is as good as that share is. One with fewer valid events than `min_events`
    is what `no_data` says.
    """

    method: Literal["time-slices", "ratio-time-slices"]
    length: Duration
    target: Decimal | None = None
    min_events: int = 1

"""Grids of alert policies: every policy of one pair of windows that some alternatives make when they are crossed."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import prod
from typing import TYPE_CHECKING

from backburn.model.policy import Guards

if TYPE_CHECKING:
    from collections.abc import Mapping
    from decimal import Decimal
    from fractions import Fraction

    from backburn.model.policy import AlertNoData, Op
    from backburn.model.sli import Location
    from backburn.units import Duration

__all__ = ["AlertPolicyGrid"]


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertPolicyGrid:
    """Alert policies that are compared with each other: one for each way to choose from every list.

    `windows` are pairs of a long and a short one, which is None where there is one window only. `factors` is None where
    all are meant that tell one policy from another on the data at hand, and in rising order otherwise. A wait (`for`)
    of None is no time at all. `targets` is None where the objective's own holds.
    """

    name: str
    period: Duration
    windows: tuple[tuple[Duration, Duration | None], ...]
    factors: tuple[Fraction, ...] | None
    waits: tuple[Duration | None, ...] = (None,)
    guards: tuple[Guards, ...] = field(default=(Guards(),))
    targets: tuple[Decimal, ...] | None = None
    op: Op = "gt"
    no_data: AlertNoData = "undefined"
    source: str | None = None
    title: str | None = None
    prose: Mapping[str, str] = field(default_factory=dict)
    location: Location | None = None

    @property
    def policies(self) -> int | None:
        """How many policies there are for one objective; None where all factors are meant.

        >>> from fractions import Fraction
        >>> from backburn.units import Duration
        >>> hour, minutes, month = (Duration.parse(text) for text in ("1h", "5m", "30d"))
        >>> windows = ((hour, minutes), (hour, None))
        >>> factors = tuple(Fraction(number) for number in (1, 2, 3))
        >>> AlertPolicyGrid(name="mine", period=month, windows=windows, factors=factors).policies
        6
        """
        if self.factors is None:
            return None
        lists = (self.windows, self.factors, self.waits, self.guards, (None,) if self.targets is None else self.targets)
        return prod(len(each) for each in lists)

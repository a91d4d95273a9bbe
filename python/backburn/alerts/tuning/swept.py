"""What every policy of a grid did: columns of sums, a row each."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from backburn.alerts.score.rule import RULE
from backburn.alerts.tuning.candidate import Candidate, Part
from backburn.alerts.tuning.metrics import Metrics

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np

    from backburn.model.grid import AlertPolicyGrid

__all__ = ["Swept"]

_BUDGET = 2.0**32


@dataclass(frozen=True, kw_only=True)
class Swept:
    """Rows are in the order of targets, windows, guards, waits and factors."""

    columns: Mapping[str, bytes]
    grid: AlertPolicyGrid
    weeks: float

    def __len__(self) -> int:
        return len(self.column("events"))

    def column(self, name: str) -> np.ndarray[Any, Any]:
        """Give a column of whole numbers."""
        import numpy as np

        return np.frombuffer(self.columns[name], np.int64)

    @cached_property
    def shape(self) -> tuple[int, int, int, int, int]:
        """How many there are of targets, windows, guards, waits and factors."""
        grid = self.grid
        targets = 1 if grid.targets is None else len(grid.targets)
        return targets, len(grid.windows), len(grid.guards), len(grid.waits), len(grid.factors or ())

    def candidate(self, row: int) -> Candidate:
        """Say which policy a row is."""
        import numpy as np

        target, window, guard, wait, factor = (int(place) for place in np.unravel_index(row, self.shape))
        return Candidate(parts=(Part(window=window, factor=factor),), wait=wait, guard=guard, target=target)

    def row(self, places: tuple[int, ...]) -> int:
        """Say where a policy is, by the places of its target, windows, guards, wait and factor."""
        import numpy as np

        return int(np.ravel_multi_index(places, self.shape))

    def metrics(self, row: int) -> Metrics:
        """Give the numbers of a row."""

        def of(name: str) -> int:
            return int(self.column(name)[row])

        def seconds(name: str) -> float | None:
            value = of(name)
            return None if value < 0 else value / 1e6

        fired, outside = of("fired_outside"), of("outside")
        return Metrics(
            weeks=self.weeks,
            events=of("events"),
            detected=of("detected"),
            already_firing=of("already_firing"),
            true_pages=of("true_pages"),
            false_pages=of("false_pages"),
            unsure_pages=of("unsure_pages"),
            night_pages=of("night_pages"),
            detection_sum=of("detection_sum") / 1e6,
            detection_p50=seconds("detection_p50"),
            detection_p90=seconds("detection_p90"),
            budget_before_sum=of("budget_before_sum") / _BUDGET,
            budget_lost=of("budget_lost_sum") / _BUDGET,
            firing=fired / outside if outside else None,
            noisy=bool(outside) and fired >= RULE.noisy * outside,
        )

    @cached_property
    def quiet(self) -> np.ndarray[Any, Any]:
        """Tell the rows that are not noisy."""
        fired, outside = self.column("fired_outside"), self.column("outside")
        loud: np.ndarray[Any, Any] = fired * RULE.noisy.denominator >= outside * RULE.noisy.numerator
        quiet: np.ndarray[Any, Any] = ~(loud & (outside > 0))
        return quiet

    @cached_property
    def values(self) -> dict[str, np.ndarray[Any, Any]]:
        """Give the metrics that policies are compared by, so that more is better; what is undefined is worst."""
        import numpy as np

        events, detected, true, false, unsure = (
            self.column(name).astype(float)
            for name in ("events", "detected", "true_pages", "false_pages", "unsure_pages")
        )
        p50 = self.column("detection_p50").astype(float)
        before = self.column("budget_before_sum") / _BUDGET

        def ratio(above: np.ndarray[Any, Any], below: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
            quotients: np.ndarray[Any, Any] = np.divide(above, below, out=np.full(len(above), -np.inf), where=below > 0)
            return quotients

        return {
            "recall": ratio(detected, events),
            "precision": ratio(true, true + false),
            "event_precision": ratio(detected, detected + false),
            "pages_per_week": -(true + false + unsure) / self.weeks if self.weeks else np.zeros(len(true)),
            "false_per_week": -false / self.weeks if self.weeks else np.zeros(len(true)),
            "detection_p50": np.where(p50 < 0, -np.inf, -p50 / 1e6),
            "budget_unseen": -ratio(before + self.column("budget_lost_sum") / _BUDGET, events),
        }

"""Where and when one document is judged, and the time for which there are logs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from backburn.evaluation import windows
from backburn.model.sli import Counters

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from backburn._rust import Rollup
    from backburn.evaluation.series import Key
    from backburn.evaluation.windows import Span
    from backburn.model.spec import Objective, Spec

__all__ = ["GAP", "Bench", "tick_after"]

GAP = 3_600_000_000
"""A silence of all series for longer than this is not taken for quiet, unless the document says so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bench:
    """Where and when is judged: at `tick`, with data from `first` to `last` (microseconds, both seen)."""

    spec: Spec
    rollup: Rollup
    tick: int
    first: int
    last: int
    window: str | Mapping[str, object] | None

    @property
    def begin(self) -> int:
        """Where the first step with data begins."""
        return self.first - self.first % self.spec.source.step.microseconds

    @property
    def after(self) -> int:
        """The first tick after all data."""
        return tick_after(self.spec, (self.first, self.last))

    def covered(self, objective: Objective) -> list[Span]:
        """Give the time for which the logs of an objective are there."""
        source = self.spec.source
        step = source.step.microseconds
        unknown = [windows.whole_steps(span, step) for span in source.unknown]
        return self.rollup.covered(objective.name, None if source.gaps == "quiet" else GAP, unknown)

    def covered_of(self, objective: Objective, by: Sequence[str], keys: Sequence[Key]) -> dict[Key, list[Span]]:
        """Give the same for each series where counters were read, which may be silent while others are not."""
        if not isinstance(objective.sli, Counters):
            return {}
        step = self.spec.source.step.microseconds
        unknown = [windows.whole_steps(span, step) for span in self.spec.source.unknown]
        return dict(zip(keys, self.rollup.covered_of(objective.name, by, keys, unknown), strict=True))


def tick_after(spec: Spec, times: tuple[int, int]) -> int:
    """Give the first tick after the first row that knows everything; `times` are those of the first and the last row.

    Counters tell what happened before the moment of their reading: one on a tick is known there.
    """
    (first, last), step = times, spec.source.step.microseconds
    told = last - 1 if all(isinstance(one.sli, Counters) for one in spec.objectives) else last
    return (max(first, told) // step + 1) * step

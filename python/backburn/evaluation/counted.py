"""What was counted in windows: events, and slices of time where the budget counts these."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from backburn.evaluation import exclusions, series
from backburn.units import share_text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from decimal import Decimal

    from backburn import _rust
    from backburn.evaluation.series import Key, Labels
    from backburn.evaluation.windows import Span
    from backburn.model.sli import Unparsable
    from backburn.model.spec import NoData, Objective

__all__ = ["Asked", "Counted", "Counting", "rule_of", "slice_target"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """The events of one window, and its judged slices; these are None where the budget counts events."""

    tally: _rust.Tally
    slices: _rust.Slices | None

    def judge(self, target: Decimal, unparsable: Unparsable, no_data: NoData = "undefined") -> _rust.Judgement:
        """Hold a target against the slices, or else the events; what slices without events are, has been said."""
        if self.slices is not None:
            return self.slices.judge(self.tally, share_text(target), unparsable)
        return self.tally.judge(share_text(target), unparsable, no_data)

    def confidence(self, target: Decimal, unparsable: Unparsable, *, sampled: bool) -> _rust.Confidence | None:
        """Say how sure a judgement is; None without anything that counts, and where slices are good in part."""
        if self.slices is not None:
            return self.slices.confidence(share_text(target))
        return self.tally.confidence(share_text(target), unparsable, sampled)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One series: the windows to count, and the time that is left out of them."""

    key: Key
    labels: Labels
    spans: Sequence[Span]
    cut: Sequence[Span]


@dataclass(frozen=True, slots=True, kw_only=True)
class Counting:
    """An objective seen through some labels, and the time for which there are logs of it."""

    rollup: _rust.Rollup
    objective: Objective
    by: tuple[str, ...]
    covered: tuple[Span, ...]
    covered_of: Mapping[Key, Sequence[Span]]

    def covered_by(self, key: Key) -> tuple[Span, ...]:
        """Give the time for which there are logs of a series: counters may be silent while others are not."""
        return tuple(self.covered_of.get(key, self.covered))

    def count(self, asked: Sequence[Asked]) -> list[list[Counted]]:
        """Count each window of each series."""
        pieces = [(one.key, [exclusions.pieces(span, one.cut) for span in one.spans]) for one in asked]
        events = self.rollup.tallies_of(self.objective.name, self.by, pieces)
        slices = self._slices(asked)
        return [
            [Counted(tally=tally, slices=cut) for tally, cut in zip(tallies, of_windows, strict=True)]
            for tallies, of_windows in zip(events, slices, strict=True)
        ]

    def _slices(self, asked: Sequence[Asked]) -> Sequence[Sequence[_rust.Slices | None]]:
        slices = self.objective.slices
        if slices is None:
            return [[None] * len(one.spans) for one in asked]
        groups: dict[tuple[Span, ...], list[int]] = {}
        for at, one in enumerate(asked):
            groups.setdefault(self.covered_by(one.key), []).append(at)
        found: dict[int, Sequence[_rust.Slices]] = {}
        name, unparsable = self.objective.name, self.objective.sli.unparsable
        for covered, places in groups.items():
            ours = [asked[at] for at in places]
            questions = [(one.key, rule_of(self.objective, one.labels), one.cut, one.spans) for one in ours]
            how = (slices.length.microseconds, slices.min_events, covered)
            found |= zip(places, self.rollup.slices_of(name, self.by, questions, how, unparsable), strict=True)
        return [found[at] for at in range(len(asked))]


def rule_of(objective: Objective, labels: Labels) -> tuple[str | None, str]:
    """Give what a slice of a series must reach, None where its ratio counts, and what one without events is."""
    target = slice_target(objective, labels)
    return None if target is None else share_text(target), series.no_data_of(objective, labels)


def slice_target(objective: Objective, labels: Labels) -> Decimal | None:
    """Give the share that makes a slice of a series good; None where its ratio counts."""
    slices = objective.slices
    if slices is None or slices.method == "ratio-time-slices":
        return None
    return series.target_of(objective, labels) if slices.target is None else slices.target

"""How sure each result of an objective is."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from backburn.evaluation.blocks import MOST, blocks
from backburn.evaluation.confidence import Blocks, Confidence
from backburn.units import share_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from backburn._rust import Rollup, Tally
    from backburn.evaluation.result import Result
    from backburn.evaluation.series import Key
    from backburn.evaluation.windows import Span
    from backburn.model.spec import Objective, Spec

__all__ = ["Doubts", "doubts"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubts:
    """What the blocks of each window say of each series, and how counts are read."""

    sampled: bool
    unparsable: str
    drawn: Sequence[Mapping[Key, Blocks]]

    def beside(self, results: Iterable[Result], key: Key, tallies: Sequence[Tally] | None) -> Iterator[Result]:
        """Say how sure the results of one series are; `tallies` begins with those that they were judged by."""
        for place, result in enumerate(results):
            tally = None if tallies is None else tallies[place]
            yield result if tally is None else replace(result, confidence=self._of(result, tally, key, place))

    def _of(self, result: Result, tally: Tally, key: Key, place: int) -> Confidence | None:
        sure = tally.confidence(share_text(result.target), self.unparsable, self.sampled)
        if sure is None:
            return None
        return Confidence(
            events=sure.events,
            wilson=sure.wilson,
            clopper_pearson=sure.clopper_pearson,
            jeffreys=sure.jeffreys,
            blocks=self.drawn[place][key],
            verdict=None if result.met is None else sure.verdict,
            needed=sure.needed,
        )


def doubts(
    spec: Spec, rollup: Rollup, objective: Objective, *, by: Sequence[str], spans: Sequence[Span], data: Span
) -> Doubts:
    """Draw the blocks of each span; `data` reaches from the first step with data to the tick after the last."""
    count = spec.source.columns.count
    unparsable = objective.sli.unparsable

    def drawn(span: Span) -> dict[Key, Blocks]:
        within = max(span[0], data[0]), min(span[1], data[1])
        length, cut = blocks(within, spec.timezone)
        found = rollup.resampled(objective.name, by, cut or [], unparsable)
        too_many = f"more than {MOST:,} blocks of {length}" if cut is None else None
        return {key: _blocks(length, count, interval, too_many) for key, count, interval in found}

    return Doubts(
        sampled=count is not None and count.means == "sampled",
        unparsable=unparsable,
        drawn=[drawn(span) for span in spans],
    )


def _blocks(length: str, count: int, interval: tuple[float, float] | None, too_many: str | None) -> Blocks:
    if interval is not None:
        return Blocks(length=length, count=count, low=interval[0], high=interval[1])
    few = f"only one block of {length} has events" if count == 1 else f"only {count} blocks of {length} have events"
    return Blocks(length=length, count=count, low=None, high=None, reason=too_many or few)

"""How sure each result of an objective is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backburn.evaluation.blocks import MOST, blocks
from backburn.evaluation.confidence import Blocks, Confidence
from backburn.evaluation.windows import intersect

if TYPE_CHECKING:
    from collections.abc import Sequence

    from backburn._rust import Rollup
    from backburn.evaluation.counted import Counted
    from backburn.evaluation.result import Result
    from backburn.evaluation.series import Key
    from backburn.evaluation.windows import Span
    from backburn.model.spec import Objective, Spec

    Window = tuple[Span, Sequence[Span]]
    """A span, and the pieces of it that count."""

__all__ = ["confidence", "drawn"]


def drawn(
    spec: Spec,
    rollup: Rollup,
    objective: Objective,
    *,
    by: Sequence[str],
    asked: Sequence[tuple[Key, Window]],
    data: Span,
) -> list[Blocks]:
    """Draw the blocks of a window of each asked series.

    `data` reaches from the first step with data to the tick after the last. Series whose windows are the same are drawn
    from the same blocks.
    """
    groups: dict[tuple[Span, tuple[Span, ...]], list[int]] = {}
    for at, (_, (span, pieces)) in enumerate(asked):
        groups.setdefault((span, tuple(pieces)), []).append(at)
    lengths, questions = [], []
    for (span, pieces), places in groups.items():
        length, cut = blocks((max(span[0], data[0]), min(span[1], data[1])), spec.timezone)
        lengths.append((length, f"more than {MOST:,} blocks of {length}" if cut is None else None))
        parts = [intersect(pieces, block) for block in cut or []]
        questions.append(([asked[at][0] for at in places], [part for part in parts if part]))
    found = rollup.resampled(objective.name, by, questions, objective.sli.unparsable)
    told: dict[int, Blocks] = {}
    for (length, too_many), places, of_group in zip(lengths, groups.values(), found, strict=True):
        for at, (count, interval) in zip(places, of_group, strict=True):
            told[at] = _blocks(length, count, interval, too_many)
    return [told[at] for at in range(len(asked))]


def confidence(spec: Spec, objective: Objective, result: Result, counted: Counted, blocks: Blocks) -> Confidence | None:
    """Say how sure a result is that was judged by these counts; None where nothing counts, or only in part."""
    count = spec.source.columns.count
    sampled = count is not None and count.means == "sampled"
    sure = counted.confidence(result.target, objective.sli.unparsable, sampled=sampled)
    if sure is None:
        return None
    return Confidence(
        events=sure.events,
        wilson=sure.wilson,
        clopper_pearson=sure.clopper_pearson,
        jeffreys=sure.jeffreys,
        blocks=blocks,
        verdict=None if result.met is None else sure.verdict,
        needed=sure.needed,
    )


def _blocks(length: str, count: int, interval: tuple[float, float] | None, too_many: str | None) -> Blocks:
    if interval is not None:
        return Blocks(length=length, count=count, low=interval[0], high=interval[1])
    few = f"only one block of {length} has events" if count == 1 else f"only {count} blocks of {length} have events"
    return Blocks(length=length, count=count, low=None, high=None, reason=too_many or few)

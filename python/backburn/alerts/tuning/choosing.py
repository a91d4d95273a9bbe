"""From what every policy did on the earlier part to the one that is chosen."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import combinations
from typing import TYPE_CHECKING

from backburn.alerts.tuning.candidate import Candidate
from backburn.alerts.tuning.metrics import not_worse, worth

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from decimal import Decimal

    from backburn.alerts.tuning.field import Stage
    from backburn.alerts.tuning.limits import Cost, Limit
    from backburn.alerts.tuning.metrics import Metrics
    from backburn.alerts.tuning.swept import Swept
    from backburn.model.grid import AlertPolicyGrid
    from backburn.model.policy import AlertPolicy

__all__ = ["Considered", "Wishes", "consider", "neighbours", "try_alone"]

ORDER = ("recall", "event_precision", "detection_p50", "false_per_week", "budget_unseen", "pages_per_week")
"""Of two policies that keep all limits the one that is better by the first of these that differs is chosen."""

_PER_WINDOW = 3
_ALONG = 3
_LAST = 120
_OF_A_KIND = 9
_PIECES = 4
_FAR = (1, 2, 4, 7)
_CALM = 1.25
"""One page in four that tells of an event once more is no matter; more of them are noise."""
_ENOUGH = 1.25
"""Policies that tell a quarter sooner than the baseline are soon enough; more is bought with mistakes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """What a choice must keep: limits, and not to fall behind a known policy; or a cost model to be cheapest by."""

    limits: tuple[Limit, ...]
    cost: Cost | None
    baseline: Metrics | None
    policy: AlertPolicy | None = None

    def kept(self, metrics: Metrics) -> bool:
        """Whether a policy may be chosen."""
        return not metrics.noisy and all(limit.kept(metrics) for limit in self.limits)

    def key(self, metrics: Metrics) -> tuple[float, ...]:
        """Give what the best has the greatest of: it costs least, or does not fall behind the baseline, and so on."""
        if self.cost is not None:
            return (-self.cost.of(metrics), *(worth(metrics, name) for name in ORDER))
        calm = -max(metrics.pages_per_event or 0.0, _CALM)
        first = (worth(metrics, "recall"), worth(metrics, "event_precision"), calm, min(self._sooner(metrics), _ENOUGH))
        return (float(self.safe(metrics)), *first, *(worth(metrics, name) for name in ORDER))

    def safe(self, metrics: Metrics) -> bool:
        """Whether a policy may be chosen that falls behind the baseline by no metric."""
        return self.kept(metrics) and (self.baseline is None or not_worse(metrics, self.baseline))

    def _sooner(self, metrics: Metrics) -> float:
        """Give how many times sooner than the baseline it tells, or how many times less is spent: the lesser."""
        if self.baseline is None:
            return 0.0
        ratios = []
        for name in ("detection_p50", "budget_unseen"):
            own, other = getattr(metrics, name), getattr(self.baseline, name)
            if own is None:
                return 0.0
            if other is not None:
                ratios.append(float("inf") if own == 0 else other / own)
        return min(ratios, default=0.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Considered:
    """A policy of the grid and what it did.

    `steady` is how well it holds near by: the share of its neighbours that might be chosen too, and of the pieces of
    the traffic on which it does not fall behind the baseline, together.
    """

    candidate: Candidate
    metrics: Metrics
    steady: float | None = None


def consider(stage: Stage, swept: Swept, wishes: Wishes, target: Decimal) -> list[Considered]:
    """Give the best policies of one condition and of two, the best first.

    All single conditions were tried. Of each pair of windows a few are kept that are seldom wrong, and every two of
    these are tried together, with one wait and one set of guards. Of the best few dozen the first is the one that holds
    best near by: its neighbours (a factor one to seven steps up or down) keep the limits and do not fall behind the
    baseline either, nor does it on each fourth of the traffic; so no choice stands on a single factor or week.
    """
    grid = swept.grid
    best = _best_alone(swept, wishes)
    found = [Considered(candidate=one, metrics=swept.metrics(row)) for row, one in best]
    unions = list(_unions(_sure(swept, wishes)))
    found += try_alone(stage, grid, unions, target)
    found.sort(
        key=lambda one: (wishes.kept(one.metrics), wishes.key(one.metrics), -len(one.candidate.parts)), reverse=True
    )
    if wishes.cost is not None:
        return found
    top = _diverse(found)
    chosen = {one.candidate for one in top}
    rest = [one for one in found if one.candidate not in chosen]
    steady = _steady(stage, grid, wishes, top, target)
    steady.sort(
        key=lambda one: (wishes.kept(one.metrics), wishes.safe(one.metrics), one.steady, wishes.key(one.metrics))
    )
    return [*reversed(steady), *rest]


def _diverse(found: Sequence[Considered]) -> list[Considered]:
    """Take the best, a few of each choice of windows and wait."""
    taken: dict[tuple[object, ...], int] = {}
    top: list[Considered] = []
    for one in found:
        kind = (*(part.window for part in one.candidate.parts), one.candidate.wait)
        taken[kind] = taken.get(kind, 0) + 1
        if taken[kind] <= _OF_A_KIND and len(top) < _LAST:
            top.append(one)
    return top


def _steady(
    stage: Stage, grid: AlertPolicyGrid, wishes: Wishes, top: Sequence[Considered], target: Decimal
) -> list[Considered]:
    """Try each with its neighbours, and on each piece of the traffic."""
    around = [list(neighbours(grid, one.candidate, factors_only=True)) for one in top]
    near = iter(try_alone(stage, grid, [one for some in around for one in some], target))
    shares = [_share([wishes.safe(next(near).metrics) for _ in some]) for some in around]
    if wishes.policy is None:
        return [replace(one, steady=share) for one, share in zip(top, shares, strict=True)]
    pieces = stage.cut(_PIECES)
    known = [piece.score(wishes.policy).metrics for piece in pieces]
    alerts = [one.candidate.alert(grid, target, name=f"a{number}", severity="page") for number, one in enumerate(top)]
    each = stage.field.alone(alerts, pieces)
    return [
        replace(one, steady=share + _share([not_worse(own, other) for own, other in zip(some, known, strict=True)]))
        for one, share, some in zip(top, shares, each, strict=True)
    ]


def _share(safe: Sequence[bool]) -> float:
    return sum(safe) / len(safe) if safe else 1.0


def try_alone(
    stage: Stage, grid: AlertPolicyGrid, candidates: Sequence[Candidate], target: Decimal
) -> list[Considered]:
    """Replay candidates one by one."""
    alerts = [one.alert(grid, target, name=f"a{number}", severity="page") for number, one in enumerate(candidates)]
    return [
        Considered(candidate=one, metrics=metrics) for one, metrics in zip(candidates, stage.alone(alerts), strict=True)
    ]


def neighbours(grid: AlertPolicyGrid, candidate: Candidate, *, factors_only: bool = False) -> Iterable[Candidate]:
    """Give the policies one step away in the grid: in a factor, and else in a pair of windows, the wait or guards."""
    factors, windows = len(grid.factors or ()), len(grid.windows)
    for number, part in enumerate(candidate.parts):

        def other(changed: object, number: int = number) -> Candidate:
            parts = list(candidate.parts)
            parts[number] = changed  # type: ignore[call-overload]
            return replace(candidate, parts=tuple(parts))

        near = _FAR if factors_only else (1,)
        yield from (other(replace(part, factor=at)) for by in near for at in _beside(part.factor, factors, by))
        if not factors_only:
            taken = {one.window for one in candidate.parts}
            free = [at for at in _beside(part.window, windows) if at not in taken]
            yield from (other(replace(part, window=at)) for at in free)
    if not factors_only:
        yield from (replace(candidate, wait=at) for at in _beside(candidate.wait, len(grid.waits)))
        yield from (replace(candidate, guard=at) for at in _beside(candidate.guard, len(grid.guards)))


def _beside(at: int, count: int, by: int = 1) -> list[int]:
    return [near for near in (at - by, at + by) if 0 <= near < count]


def _best_alone(swept: Swept, wishes: Wishes) -> list[tuple[int, Candidate]]:
    """Find, for each choice but that of a factor, the best factors by several orders."""
    import numpy as np

    values = {name: column.reshape(swept.shape) for name, column in swept.values.items()}
    quiet = swept.quiet.reshape(swept.shape)
    rows: set[int] = set()
    orders = (ORDER, ("event_precision", *ORDER), ("detection_p50", *ORDER))
    for place in np.ndindex(*swept.shape[:-1]):
        for order in orders:
            keys = [values[name][place] for name in reversed(order)]
            ranked = np.lexsort([*keys, quiet[place]])[::-1]
            rows.update(swept.row((*place, int(factor))) for factor in ranked[:_PER_WINDOW])
    found = [(row, swept.candidate(row)) for row in sorted(rows)]
    return sorted(found, key=lambda one: wishes.key(swept.metrics(one[0])), reverse=True)


def _sure(swept: Swept, wishes: Wishes) -> Iterable[Candidate]:
    """Find, for each choice but that of a factor, the factors that are right often enough.

    They reach from the lowest to the highest that sees as much. What one such condition misses another may see, and
    both together are still as often right.
    """
    import numpy as np

    right = swept.values["event_precision"].reshape(swept.shape)
    recall = swept.values["recall"].reshape(swept.shape)
    quiet = swept.quiet.reshape(swept.shape)
    known = wishes.baseline.event_precision if wishes.baseline is not None else None
    for place in np.ndindex(*swept.shape[:-1]):
        best = float(right[place].max())
        chosen: set[int] = set()
        for least in {best, min(best, known if known is not None else best)}:
            enough = np.flatnonzero((right[place] >= least) & quiet[place])
            if least <= 0 or not len(enough):
                continue
            lowest = int(enough[0])
            same = enough[recall[place][enough] == recall[place][lowest]]
            chosen.update(int(same[at * (len(same) - 1) // _ALONG]) for at in range(_ALONG + 1))
        yield from (swept.candidate(swept.row((*place, factor))) for factor in sorted(chosen))


def _unions(found: Iterable[Candidate]) -> Iterable[Candidate]:
    """Put two conditions together that share a wait, guards and a target, and have different windows."""
    same: dict[tuple[int, int, int], list[Candidate]] = {}
    for one in found:
        same.setdefault((one.wait, one.guard, one.target), []).append(one)
    for (wait, guard, target), some in same.items():
        for one, other in combinations(some, 2):
            if one.parts[0].window != other.parts[0].window:
                parts = tuple(sorted((*one.parts, *other.parts), key=lambda part: part.window))
                yield Candidate(parts=parts, wait=wait, guard=guard, target=target)

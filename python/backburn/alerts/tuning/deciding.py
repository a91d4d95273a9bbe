"""Trying a grid on the earlier part, choosing, and holding the choice against the later part."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from backburn.alerts.tuning.choosing import Considered, Wishes, consider, neighbours, try_alone
from backburn.alerts.tuning.claims import compare
from backburn.alerts.tuning.front import binding, front_of
from backburn.alerts.tuning.result import Chosen, Point
from backburn.alerts.tuning.tickets import ticket_beside
from backburn.engine.times import length_text
from backburn.model.policy import AlertPolicy

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from decimal import Decimal

    from backburn.alerts.tuning.candidate import Candidate
    from backburn.alerts.tuning.field import Field, Stage, Tried
    from backburn.alerts.tuning.holding import Split
    from backburn.alerts.tuning.limits import Cost, Limit
    from backburn.model.grid import AlertPolicyGrid

    Progress = Callable[[int, int, int], None]

__all__ = ["BASELINE", "FEWEST", "Asked", "Decided", "decide"]

BASELINE = "google-30d"
"""What a choice must not fall behind on the earlier part, where the grid has a policy that does not."""
FEWEST = (5, 3)
"""With fewer events on the earlier part, or on the later one, the data cannot choose."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a choice must keep, and what its mistakes cost."""

    limits: tuple[Limit, ...] = ()
    cost: Cost | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """Both parts, and all that a result tells of them."""

    train: Stage
    holdout: Stage
    told: dict[str, Any]


def decide(  # noqa: PLR0917 - the traffic, the grid and what is asked of them.
    field: Field,
    halves: Split,
    grid: AlertPolicyGrid,
    catalogue: Sequence[AlertPolicy],
    asked: Asked,
    progress: Progress | None,
) -> Decided:
    """Choose a policy: the first of the considered ones, unless the data cannot tell or a limit is not kept."""
    limits, cost = asked.limits, asked.cost
    train, holdout = field.stage(halves.train, halves.drops), field.stage(halves.holdout, halves.drops)
    swept = train.sweep(grid, progress)
    known = [train.score(policy) for policy in catalogue]
    baseline = next((one for one in known if one.policy.name == BASELINE), None)
    wishes = Wishes(limits=limits, cost=cost, baseline=None, policy=None)
    if baseline is not None:
        wishes = replace(wishes, baseline=baseline.metrics, policy=baseline.policy)
    considered = consider(train, swept, wishes, field.target) if train.events else []
    front = front_of(swept, considered) if train.events else []
    best = considered[0] if considered else None
    reason = _reason(train, holdout, best, wishes)
    told: dict[str, Any] = {
        "tried": len(swept) + sum(len(one.candidate.parts) > 1 for one in considered),
        "wishes": (*map(str, limits), *(() if cost is None else (f"cheapest by {cost}",))),
        "front": tuple(_point(grid, one) for one in front),
        "baseline": None if baseline is None else BASELINE,
        "reason": reason,
        "binding": tuple(binding(limits, [*considered, *front])) if best and not wishes.kept(best.metrics) else (),
    }
    # What is held out is looked at once: for the choice, and for what it is held beside.
    held = [holdout.score(policy) for policy in catalogue]
    told["catalogue"] = tuple(
        Point(words=one.policy.name, choice=None, train=one.metrics, holdout=other.metrics)
        for one, other in zip(known, held, strict=True)
    )
    if best is None or reason is not None:
        return Decided(train=train, holdout=holdout, told={**told, **_NOTHING})
    ticket = ticket_beside(swept, best.candidate)
    policy = _policy(field, grid, best.candidate, None if ticket is None else ticket.candidate)
    tried = holdout.score(policy)
    told["chosen"] = Chosen(
        policy=policy,
        point=replace(_point(grid, best), holdout=tried.metrics),
        ticket=None if ticket is None else _point(grid, ticket),
        score=tried.score,
    )
    told["sensitivity"] = tuple(_sensitivity(train, grid, best.candidate, field.target))
    told["comparisons"] = tuple(compare(tried, other) for other in _beside(held, baseline))
    return Decided(train=train, holdout=holdout, told=told)


_NOTHING: dict[str, Any] = {"chosen": None, "sensitivity": (), "comparisons": ()}


def _reason(train: Stage, holdout: Stage, best: Considered | None, wishes: Wishes) -> str | None:
    """Say why nothing is chosen; None where something is."""
    short = [
        f"{part} has {stage.events} of the {least} events that are needed"
        for part, stage, least in (("the earlier part", train, FEWEST[0]), ("the later part", holdout, FEWEST[1]))
        if stage.events < least
    ]
    if short:
        return f"the data cannot choose: {' and '.join(short)}{_where(train, holdout)}"
    if best is None or not best.metrics.detected:
        return "no policy of the grid detects an event"
    if not wishes.kept(best.metrics):
        return "no policy keeps the limits" if wishes.limits else "every policy is noisy"
    return None


def _where(train: Stage, holdout: Stage) -> str:
    """Say where the other events are."""
    known, outside = train.field.events
    dropped = known - train.events - holdout.events
    warm_up = length_text(train.field.longest)
    others = [
        f"{count} {words}"
        for count, words in (
            (outside, f"begin in the warm-up of {warm_up} or outside of the data"),
            (dropped, "lie where the parts meet"),
        )
        if count
    ]
    return f" ({'; '.join(others)})" if others else ""


def _point(grid: AlertPolicyGrid, one: Considered) -> Point:
    return Point(words=one.candidate.words(grid), choice=one.candidate.to_dict(grid), train=one.metrics)


def _policy(field: Field, grid: AlertPolicyGrid, page: Candidate, ticket: Candidate | None) -> AlertPolicy:
    """Put the page and its ticket together, which is silent while the page tells of the same."""
    alerts = [page.alert(grid, field.target, name="page", severity="page")]
    if ticket is not None:
        beside = ticket.alert(grid, field.target, name="ticket", severity="ticket")
        alerts.append(replace(beside, inhibited_by=("page",)))
    return AlertPolicy(
        name=f"tuned-{field.groups[0].objective.name}",
        title=f"Tuned on recorded traffic: {page.words(grid)}",
        alerts=tuple(alerts),
        period=grid.period,
    )


def _sensitivity(
    train: Stage, grid: AlertPolicyGrid, chosen: Candidate, target: Decimal
) -> Iterator[tuple[str, Point]]:
    """Try the neighbours of the choice in the grid on the earlier part."""
    near = list(neighbours(grid, chosen))
    for one in try_alone(train, grid, near, target):
        yield _change(grid, chosen, one.candidate), _point(grid, one)


def _change(grid: AlertPolicyGrid, chosen: Candidate, other: Candidate) -> str:
    """Say what is different."""
    if other.wait != chosen.wait:
        wait = other.waits(grid)
        return f"for {'0s' if wait is None else wait.text}"
    if other.guard != chosen.guard:
        return "other guards"
    for one, changed in zip(chosen.parts, other.parts, strict=True):
        if one.factor != changed.factor:
            of = f" of {_windows(grid, one.window)}" if len(chosen.parts) > 1 else ""
            return f"factor{of} {float((grid.factors or ())[changed.factor]):.6g}"
        if one.window != changed.window:
            instead = f" instead of {_windows(grid, one.window)}" if len(chosen.parts) > 1 else ""
            return f"windows {_windows(grid, changed.window)}{instead}"
    return "the same"


def _windows(grid: AlertPolicyGrid, place: int) -> str:
    long, short = grid.windows[place]
    return long.text if short is None else f"{long.text}/{short.text}"


def _beside(held: Sequence[Tried], baseline: Tried | None) -> list[Tried]:
    """Give what the choice is compared with: the baseline, or all."""
    if baseline is None:
        return list(held)
    return [one for one in held if one.policy.name == baseline.policy.name]

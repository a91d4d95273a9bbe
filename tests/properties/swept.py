"""Random grids of alert policies on random logs, and what the oracle says that one of the policies did on a part."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st
from oracle import alert as oracle
from oracle import tally
from oracle.burn import World
from oracle.score import Event, Field, Group, outcome, outside, pages
from properties.scored import budgeted, cases, field, followed, labelled

from backburn.engine.times import from_micros
from backburn.model.grid import AlertPolicyGrid
from backburn.model.policy import Alert, AlertPolicy, Guards, Single
from backburn.units import Duration

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from hypothesis.strategies import DrawFn
    from oracle.burn import Events
    from properties.scored import Case, Hit

    from backburn.alerts.tuning.candidate import Candidate

    Span = tuple[int, int]

WINDOWS = ((2, 1), (3, 1), (5, 2), (12, 3), (1, None), (2, None), (5, None), (12, None))
GUARDS = (
    Guards(bad=1),
    Guards(bad=3),
    Guards(valid=30),
    Guards(rate=Fraction(1, 7)),
    Guards(bad=2, valid=60),
    Guards(valid=9, rate=Fraction(1)),
)
LEVELS = tuple(map(Fraction, ("1/2", "1", "2", "14/5", "5", "20/3", "10")))


@dataclass(frozen=True, kw_only=True)
class Tried:
    """A grid and the log that it is tried on; `share` of it is the earlier part, and `looked` chooses some policies."""

    case: Case
    grid: AlertPolicyGrid
    share: Fraction
    looked: int

    def events(self, place: int, objective: str) -> Events:
        """What the objective counts in a series; every status of a step is a row."""
        made, case = self.case.events(place, objective), self.case
        rows = {
            case.begin + step: (unclean > 0 if objective == "clean" else 0) + (bad > 0)
            for step, (_, unclean, bad) in case.counts[place].items()
        }
        counts = {step: (good, bad, rows[step]) for step, (good, bad, _) in made.counts.items()}
        return replace(made, counts=counts)


@st.composite
def grids(draw: DrawFn, case: Case) -> AlertPolicyGrid:
    """Small ones, of which some factors are burn rates that occur."""

    def length(steps: int) -> Duration:
        return Duration.parse(f"{steps * case.step}m")

    def some(values: Any, most: int) -> tuple[Any, ...]:
        return tuple(draw(st.lists(values, min_size=1, max_size=most, unique=True)))

    windows = some(st.sampled_from(WINDOWS), 3)
    objective, promised = next(iter(case.targets.items()))
    targets = draw(st.none() | st.lists(st.sampled_from(["0.9", "0.95", "0.98"]), min_size=1, max_size=2, unique=True))
    world = World(events=case.events(0, objective), target=Fraction(promised if targets is None else targets[0]))
    lengths = {steps * case.micros for pair in windows for steps in pair if steps is not None}
    burns = {world.burn(one, tick) for one in lengths for tick in field(case).ticks}
    levels = st.sampled_from(sorted({*LEVELS, *(burn for burn in burns if burn)}))
    return AlertPolicyGrid(
        name="drawn",
        period=length(draw(st.sampled_from([20, 90, 720]))),
        windows=tuple((length(long), None if short is None else length(short)) for long, short in windows),
        factors=tuple(sorted(draw(st.lists(levels, min_size=2, max_size=6, unique=True)))),
        waits=tuple(length(steps) if steps else None for steps in some(st.integers(0, 5), 3)),
        guards=some(st.sampled_from([Guards(), *GUARDS]), 2),
        targets=None if targets is None else tuple(map(Decimal, targets)),
        op=draw(st.sampled_from(["gt", "gte"])),
        no_data=draw(st.sampled_from(["undefined", "good", "bad", "freeze"])),
    )


@st.composite
def labels(draw: DrawFn, case: Case) -> dict[str, str]:
    """A span about what is scored, for some of the series or all of them."""
    start, end = field(case).scored
    begin = start + case.micros * draw(st.integers(-3, max(0, (end - start) // case.micros)))
    begin += draw(st.sampled_from([0, 0, 0, 1, 17_000_000]))
    length = case.micros * draw(st.sampled_from([1, 2, 2, 5, 12]))
    named = {
        name: draw(st.sampled_from(["", "", *sorted({one[name] for one in case.series})])) for name in case.series[0]
    }
    return {
        "kind": draw(st.sampled_from(["incident", "incident", "incident", "unsure"])),
        "start": from_micros(begin).isoformat(),
        "end": from_micros(begin + length).isoformat(),
        "objective": draw(st.sampled_from(["", "", *case.targets])),
        "service": "",
        **named,
    }


@st.composite
def tried(draw: DrawFn) -> Tried:
    case = draw(cases())
    grid = draw(grids(case))
    if grid.targets is not None:
        # Alone, a policy's factors are of what was promised, which must then be one number.
        case = replace(case, targets=dict.fromkeys(case.targets, next(iter(case.targets.values()))))
    longest = Alert(
        name="longest", severity="page", any=(Single(window=max((long for long, _ in grid.windows), key=micros)),)
    )
    policy = AlertPolicy(name="longest", alerts=(longest,), period=grid.period)
    case = replace(case, policies=(policy,))
    return Tried(
        case=replace(case, labels=tuple(draw(st.lists(labels(case), max_size=6)))),
        grid=grid,
        share=draw(st.sampled_from(["1/4", "1/2", "7/10"]).map(Fraction)),
        looked=draw(st.integers(0, 2**16)),
    )


def micros(length: Duration | None) -> int:
    return 0 if length is None else length.microseconds


def fired(one: Tried, candidate: Candidate, place: int, objective: str) -> list[oracle.Run]:
    """When a policy fires on a series."""
    grid, case = one.grid, one.case
    (part,) = candidate.parts
    (long, short), guards = grid.windows[part.window], grid.guards[candidate.guard]
    assert grid.factors is not None
    factor = {"factor": grid.factors[part.factor]}
    condition = {"window": micros(long)} if short is None else {"long": micros(long), "short": micros(short)}
    alert = {
        "name": "page",
        "op": grid.op,
        "for": micros(grid.waits[candidate.wait]),
        "min_bad": guards.bad or 0,
        "min_valid": guards.valid or 0,
        "min_rate": guards.rate or 0,
        "no_data": grid.no_data,
        "any": [{**condition, **factor}],
    }
    promised = case.targets[objective] if grid.targets is None else grid.targets[candidate.target]
    world = World(events=one.events(place, objective), target=Fraction(promised))
    policy = {"period": micros(grid.period), "alerts": [alert]}
    return oracle.alerts(oracle.judge(world, policy, field(case).ticks)["page"])


def expected(one: Tried, candidate: Candidate, part: Span, dropped: Callable[[Span], bool]) -> dict[str, Any]:
    """What a policy did on a part of a log, all series of all objectives together."""
    whole = field(one.case)
    ground = replace(whole, scored=part)
    groups = [group for name in one.case.targets for group in _groups(one, candidate, name, ground)]
    kept = [_without(group, dropped, ground) for group in groups]
    told = tally.score(ground, kept, micros(one.grid.period))
    heard = [pages(ground, group.alerts) for group in kept]
    starts = [page[0] for own in heard for page in own]
    found = [
        page[0] - event.start
        for group, own in zip(kept, heard, strict=True)
        for event in group.events
        if ground.counts(event.start)
        for how, page in [outcome(ground, event, own)]
        if how == "detected" and page is not None
    ]
    fires, free = (sum(column) for column in zip(*(outside(ground, group) for group in groups), strict=True))
    names = (
        "weeks",
        "events",
        "detected",
        "already_firing",
        "true_pages",
        "false_pages",
        "unsure_pages",
        "budget_lost",
    )
    return {
        **{name: told[name] for name in names},
        "night_pages": sum(not 6 <= start % tally.DAY // tally.HOUR < 22 for start in starts),
        "detection_sum": Fraction(sum(found), tally.SECOND),
        "detection_p50": told["detection"]["p50"],
        "detection_p90": told["detection"]["p90"],
        "budget_before_sum": (told["budget_before"] or 0) * told["detected"],
        "firing": tally.ratio(fires, free),
        "noisy": free > 0 and fires * 10 >= free,
    }


def _groups(one: Tried, candidate: Candidate, objective: str, ground: Field) -> list[Group]:
    """By service what was heard and what happened, with budgets of the part."""
    case, (policy,) = one.case, one.case.policies
    by_service: dict[str, list[int]] = {}
    for place, series in enumerate(case.series):
        by_service.setdefault(series.get("service", "shop"), []).append(place)
    made = []
    for service, places in by_service.items():
        heard = [(run.first, run.end) for place in places for run in fired(one, candidate, place, objective)]
        hit = {place: budgeted(case, place, objective, ground, policy) for place in places}
        if case.labels:
            made.append(labelled(case, service, objective, heard, hit))
        else:
            made.append(Group(alerts=heard, events=_followed(one, objective, hit), unsure=[]))
    return made


def _followed(one: Tried, objective: str, hit: Mapping[int, Hit]) -> list[Event]:
    """What follows from the counts and the budgets of all of the log."""
    case, (policy,) = one.case, one.case.policies
    found = []
    for place, own in hit.items():
        whole = {place: budgeted(case, place, objective, field(case), policy)}
        found += [replace(event, hit=(own,)) for event in followed(case, objective, whole)]
    return found


def _without(group: Group, dropped: Callable[[Span], bool], ground: Field) -> Group:
    """Without the events that are dropped, of which nobody knows."""
    gone: Sequence[Event] = [event for event in group.events if dropped((event.start, event.end))]
    unsure = [*group.unsure, *((event.start, event.end + ground.grace) for event in gone)]
    return replace(group, events=[event for event in group.events if event not in gone], unsure=unsure)

"""Random logs of some series, with policies and labels, and what the oracle is told of the alerts that fired."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st
from oracle.alert import unit
from oracle.burn import Events
from oracle.score import Event, Field, Group, computed, told

from backburn.engine.times import to_micros
from backburn.model import policy as model
from backburn.units import Duration

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hypothesis.strategies import DrawFn
    from oracle.score import Alert

    from backburn import Backtest

    Hit = tuple[Events, Fraction]

START = datetime(2025, 10, 1, tzinfo=UTC)
MINUTE = 60_000_000
OBJECTIVES = {"availability": 500, "clean": 400}
"""From which status on an event is bad."""
LAYOUTS: tuple[tuple[dict[str, str], ...], ...] = (
    ({},),
    ({"route": "/pay"}, {"route": "/cart"}),
    ({"service": "a"}, {"service": "b"}),
    ({"service": "a", "route": "/pay"}, {"service": "a", "route": "/cart"}, {"service": "b", "route": "/pay"}),
)


@dataclass(frozen=True, kw_only=True)
class Case:
    """Good, unclean and bad events by step and series, what is promised and asked, and what people wrote down.

    Windows are numbers of steps; `step` is in minutes.
    """

    step: int
    every: int
    series: tuple[dict[str, str], ...]
    counts: tuple[dict[int, tuple[int, int, int]], ...]
    left_out: frozenset[int]
    targets: dict[str, str]
    policies: tuple[model.AlertPolicy, ...]
    labels: tuple[dict[str, str], ...]

    @property
    def micros(self) -> int:
        return self.step * MINUTE

    @property
    def begin(self) -> int:
        return to_micros(START, "start") // self.micros

    def events(self, place: int, objective: str) -> Events:
        """What the objective counts in a series."""
        counts = {}
        for step, (good, unclean, bad) in self.counts[place].items():
            lies = (good, unclean + bad) if objective == "clean" else (good + unclean, bad)
            counts[self.begin + step] = (*lies, 0)
        cut = frozenset(self.begin + step for step in self.left_out)
        return Events(counts=counts, step=self.micros, left_out=cut)


@st.composite
def policies(draw: DrawFn, name: str, step: int) -> model.AlertPolicy:
    def length(steps: int) -> Duration:
        return Duration.parse(f"{steps * step}m")

    def condition() -> model.Pair | model.Single:
        short, long = draw(st.sampled_from([(1, 2), (1, 3), (2, 5), (3, 12), (5, 30)]))
        factor = Fraction(draw(st.sampled_from(["1", "2", "5", "14/5"])))
        if draw(st.booleans()):
            return model.Pair(long=length(long), short=length(short), factor=factor)
        return model.Single(window=length(short), factor=factor)

    def wait() -> Duration | None:
        return draw(st.sampled_from([None, None, *map(length, (1, 2, 5))]))

    names = ["page", "loud", "other"][: draw(st.integers(1, 3))]
    alerts = tuple(
        model.Alert(
            name=one,
            severity=draw(st.sampled_from(["page", "page", "ticket"])),
            any=tuple(condition() for _ in range(draw(st.integers(1, 2)))),
            wait=wait(),
            keep_firing=wait(),
            inhibited_by=tuple(draw(st.lists(st.sampled_from(names[place + 1 :]), max_size=2, unique=True)))
            if names[place + 1 :]
            else (),
        )
        for place, one in enumerate(names)
    )
    return model.AlertPolicy(name=name, alerts=alerts, period=length(draw(st.sampled_from([20, 90, 720]))))


@st.composite
def labels(draw: DrawFn, series: Sequence[Mapping[str, str]], objectives: Sequence[str], step: int) -> dict[str, str]:
    """A span, often that of whole steps, for some of the series."""
    seconds = step * 60
    odd = st.sampled_from([0, 0, 0, 1, 17_000_000, -1]).map(lambda micros: timedelta(microseconds=micros))
    start = START + timedelta(seconds=seconds * draw(st.integers(-3, 120))) + draw(odd)
    length = timedelta(seconds=seconds * draw(st.sampled_from([1, 1, 2, 5, 12, 40]))) + draw(odd)
    named = {name: draw(st.sampled_from(["", *sorted({one[name] for one in series})])) for name in series[0]}
    return {
        "kind": draw(st.sampled_from(["incident", "incident", "incident", "unsure"])),
        "start": start.isoformat(),
        "end": (start + length).isoformat(),
        "objective": draw(st.sampled_from(["", "", *objectives])),
        "service": "" if "service" in named else draw(st.sampled_from(["", "", "shop", "elsewhere"])),
        **named,
    }


@st.composite
def cases(draw: DrawFn) -> Case:
    loads = st.sampled_from(
        [(0, 0, 0), (20, 0, 0), (20, 0, 0), (99, 0, 1), (18, 1, 1), (10, 6, 0), (5, 0, 5), (0, 0, 3)]
    )
    runs = st.sampled_from([1, 1, 2, 3, 6, 12])
    series = draw(st.sampled_from(LAYOUTS))
    counts: list[dict[int, tuple[int, int, int]]] = []
    for _ in series:
        at = draw(st.integers(-2, 2))
        own: dict[int, tuple[int, int, int]] = {}
        pattern = draw(st.lists(st.tuples(loads, runs), min_size=2, max_size=12))
        for load, times in pattern * draw(st.sampled_from([1, 1, 2, 4])):
            own |= {at + number: load for number in range(times) if any(load)}
            at += times
        counts.append(own or {at: (1, 0, 0)})
    step = draw(st.sampled_from([1, 1, 10, 60]))
    objectives = list(OBJECTIVES)[: draw(st.integers(1, 2))]
    edges = min(map(min, counts)), max(map(max, counts))
    cut = draw(st.lists(st.integers(edges[0], edges[1] + 1), max_size=2))
    targets = st.sampled_from(["0.9", "0.95", "0.99"])
    return Case(
        step=step,
        every=draw(st.sampled_from([1, 1, 1, 2, 5])),
        series=series,
        counts=tuple(counts),
        left_out=frozenset(at for first in cut for at in (first, first + 1)),
        targets={name: draw(targets) for name in objectives},
        policies=tuple(draw(policies(name, step)) for name in ["mine", "other"][: draw(st.integers(1, 2))]),
        labels=tuple(draw(st.lists(labels(series, objectives, step), max_size=6))),
    )


def document(case: Case) -> dict[str, Any]:
    def moment(step: int) -> str:
        return (START + timedelta(minutes=step * case.step)).isoformat()

    by = list(case.series[0])
    slis = {"availability": {"kind": "availability"}, "clean": {"kind": "ratio", "bad": "status >= 400"}}
    cut = [{"start": moment(at), "end": moment(at + 1), "reason": "drawn"} for at in sorted(case.left_out)]
    return {
        "apiVersion": "backburn/v1",
        "kind": "ServiceLevelObjectives",
        "metadata": {"name": "drawn", **({} if "service" in by else {"service": "shop"})},
        "source": {
            "by": by,
            "step": f"{case.step}m",
            "gaps": "quiet",
            "columns": {"count": {"column": "n", "means": "aggregated"}},
        },
        "exclusions": cut,
        "objectives": [
            {"name": name, "sli": slis[name], "target": target, "window": f"{60 * case.step}m"}
            for name, target in case.targets.items()
        ],
    }


def log(case: Case) -> dict[str, list[Any]]:
    rows: dict[str, list[Any]] = {name: [] for name in ("timestamp", "status", "n", *case.series[0])}
    for series, counts in zip(case.series, case.counts, strict=True):
        for step, load in counts.items():
            for status, count in zip((200, 404, 500), load, strict=True):
                if count:
                    moment = START + timedelta(minutes=step * case.step, seconds=7)
                    for name, value in {"timestamp": moment, "status": status, "n": count, **series}.items():
                        rows[name].append(value)
    return rows


def field(case: Case) -> Field:
    """Where the ticks lie, and what is scored: all but the longest window of all policies."""
    every = case.every * case.micros
    edges = [(case.begin + edge(own)) * case.micros for edge in (min, max) for own in case.counts]
    first, after = min(edges) // every * every, max(edges) // every * every + 2 * every
    longest = max(length.microseconds for policy in case.policies for length in policy.windows())
    return Field(ticks=range(first + every, after, every), scored=(min(first + longest, after), after))


def groups(case: Case, found: Backtest, policy: model.AlertPolicy, objective: str, truth: str) -> dict[str, Group]:
    """By service the alerts that were replayed, as somebody hears of them, and what happened by a truth."""
    ground = field(case)
    by_service: dict[str, list[int]] = {}
    for place, series in enumerate(case.series):
        by_service.setdefault(series.get("service", "shop"), []).append(place)
    made = {}
    for service, places in by_service.items():
        fired: dict[str, list[Alert]] = {}
        for replay in found.of(policy.name):
            if replay.objective == objective and replay.series in [case.series[place] for place in places]:
                for one in replay.alerts:
                    end = None if one.end is None else to_micros(one.end, "end")
                    fired.setdefault(one.alert, []).append((to_micros(one.start, "start"), end))
        asked = {one.name: one.inhibited_by for one in policy.alerts if one.severity == "page"}
        heard = list(told(fired, asked, ground.ticks))
        hit = {place: budgeted(case, place, objective, ground, policy) for place in places}
        if truth == "labels":
            made[service] = labelled(case, service, objective, heard, hit)
        else:
            made[service] = Group(alerts=heard, events=followed(case, objective, hit), unsure=[])
    return made


def budgeted(case: Case, place: int, objective: str, ground: Field, policy: model.AlertPolicy) -> Hit:
    """A series, and what may fail in a period at the traffic of the part of the data that is scored."""
    assert policy.period is not None
    events, edges = case.events(place, objective), [step for own in case.counts for step in own]
    data = (case.begin + min(edges)) * case.micros, (case.begin + max(edges) + 1) * case.micros
    span = max(ground.scored[0], data[0]), min(ground.scored[1], data[1])
    budget = unit(events, Fraction(case.targets[objective]), span, policy.period.microseconds)
    return events, budget or Fraction(0)


def labelled(case: Case, service: str, objective: str, heard: list[Alert], hit: Mapping[int, Hit]) -> Group:
    """What people wrote down: a label holds for the series whose values are those that it fills in."""
    events, unsure = [], []
    for label in case.labels:
        named = {"service": service, "objective": objective}
        own = [
            series
            for place, series in hit.items()
            if all(label.get(name, "") in ("", value) for name, value in {**named, **case.series[place]}.items())
        ]
        start, end = (to_micros(datetime.fromisoformat(label[edge]), edge) for edge in ("start", "end"))
        if own and label["kind"] == "unsure":
            unsure.append((start, end))
        elif own:
            events.append(Event(start=start, end=end, hit=tuple(own)))
    return Group(alerts=heard, events=events, unsure=unsure)


def followed(case: Case, objective: str, hit: Mapping[int, Hit]) -> list[Event]:
    """What follows from the counts, series by series."""
    events = []
    for series, budget in hit.values():
        steps = {
            step: (bad, good + bad) for step, (good, bad, _) in series.counts.items() if step not in series.left_out
        }
        for start, end in computed(steps, case.micros, Fraction(case.targets[objective]), budget or None):
            events.append(Event(start=start, end=end, hit=((series, budget),)))
    return events

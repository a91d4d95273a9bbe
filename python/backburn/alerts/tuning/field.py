"""The recorded traffic that policies are tried on: its series, its events, and the part that is looked at."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from backburn.alerts.score.clock import nights
from backburn.alerts.score.heard import hear
from backburn.alerts.score.hearing import happened, heard_of
from backburn.alerts.score.judge import ratios, score
from backburn.alerts.score.rule import RULE
from backburn.alerts.score.scene import stage
from backburn.alerts.score.scoring import scale_of
from backburn.alerts.tuning.asked import asked
from backburn.alerts.tuning.fitting import fitted
from backburn.alerts.tuning.metrics import Metrics, of_heard
from backburn.alerts.tuning.swept import Swept
from backburn.model.policy import AlertPolicy

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from decimal import Decimal

    from backburn import _rust
    from backburn.alerts.replaying import Group
    from backburn.alerts.score.heard import Firing
    from backburn.alerts.score.result import Score, Truth
    from backburn.alerts.score.scene import Service, Staged
    from backburn.events import Label
    from backburn.model.grid import AlertPolicyGrid
    from backburn.model.policy import Alert

    Progress = Callable[[int, int, int], None]
    Span = tuple[int, int]

__all__ = ["Field", "Stage", "Tried"]


@dataclass(frozen=True, kw_only=True)
class Field:
    """All series of all objectives; `longest` is the longest window of all policies, `labels` are None without any."""

    groups: tuple[Group, ...]
    longest: int
    labels: Sequence[Label] | None
    threads: int

    @property
    def span(self) -> Span:
        """Give the moments that are scored: from when the longest window is full to the tick after the last."""
        first, last, every = self.groups[0].track.span
        return min(first - every + self.longest, last + every), last + every

    @property
    def truth(self) -> Truth:
        """Where events are from."""
        return "computed" if self.labels is None else "labels"

    @cached_property
    def staged(self) -> tuple[Staged, ...]:
        """Every objective with all of its events."""
        zone = self.groups[0].zone
        night = nights(self.span, zone, RULE.night)
        stages = (stage(group, self.span, night, RULE) for group in self.groups)
        return tuple(happened(one, self.labels, self.threads) for one in stages)

    def stage(self, part: Span, dropped: Callable[[Span], bool]) -> Stage:
        """Look at a part, without the events that are dropped."""
        return Stage(field=self, part=part, staged=tuple(_part(one, part, dropped) for one in self.staged))

    @property
    def events(self) -> tuple[int, int]:
        """How many events begin in what is scored, and how many before or after."""
        services = [service for one in self.staged for service in one.services]
        return sum(len(one.events) for one in services), sum(len(one.left_out) for one in services)

    def alone(self, alerts: Sequence[Alert], stages: Sequence[Stage]) -> list[list[Metrics]]:
        """Try alerts, each as if it were the only one: for each of them what it did on each of some parts."""
        from backburn import _rust

        if not alerts:
            return []
        # Threads share out series, of which there may be one; so alerts are shared out too.
        size = -(-len(alerts) // max(1, self.threads))
        some = [alerts[at : at + size] for at in range(0, len(alerts), size)]
        items = [replace(group, policy=self._policy(part)).item() for part in some for group in self.groups]
        outcomes = iter(_rust.backtest(items, self.threads))
        each = [[_by_service(one, next(outcomes)) for one in self.staged] for _ in some]
        return [
            [stage.heard(fired, number) for stage in stages]
            for part, fired in zip(some, each, strict=True)
            for number in range(len(part))
        ]

    def _policy(self, alerts: Sequence[Alert]) -> AlertPolicy:
        return AlertPolicy(name="alone", alerts=tuple(alerts), period=self.groups[0].policy.period)

    @property
    def target(self) -> Decimal:
        """What was promised of the first series, which factors of other targets are turned into."""
        return self.groups[0].track.targets[self.groups[0].places[0]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """What one policy did on a part; `ratios` are counts by week, and out of how much, by the names of metrics."""

    policy: AlertPolicy
    score: Score
    metrics: Metrics
    ratios: Mapping[str, tuple[Sequence[int], Sequence[int]]]


@dataclass(frozen=True, kw_only=True)
class Stage:
    """One part of the traffic, on which policies are tried and scored."""

    field: Field
    part: Span
    staged: tuple[Staged, ...]

    @property
    def events(self) -> int:
        """How many events begin in it."""
        return sum(len(service.events) for one in self.staged for service in one.services)

    @property
    def weeks(self) -> float:
        """How long it is."""
        return (self.part[1] - self.part[0]) / (7 * 86_400_000_000)

    def sweep(self, grid: AlertPolicyGrid, progress: Progress | None = None) -> Swept:
        """Try every policy of a grid that has one condition."""
        from backburn import _rust

        scenes = [one.scene() for one in self.staged]
        columns = _rust.sweep(scenes, asked(grid), quantiles=True, threads=self.field.threads, progress=progress)
        return Swept(columns=columns, grid=grid, weeks=self.weeks)

    def alone(self, alerts: Sequence[Alert]) -> list[Metrics]:
        """Try alerts, each as if it were the only one."""
        return [metrics for (metrics,) in self.field.alone(alerts, [self])]

    def cut(self, count: int) -> list[Stage]:
        """Cut it into pieces of the same length, each with the events that begin in it."""
        first, length = self.part[0], self.part[1] - self.part[0]
        edges = [first + length * at // count for at in range(count + 1)]
        return [
            Stage(field=self.field, part=piece, staged=tuple(_part(one, piece, _none) for one in self.staged))
            for piece in pairwise(edges)
        ]

    def score(self, policy: AlertPolicy) -> Tried:
        """Score one policy as a backtest would, with its intervals and what chance would have done."""
        from backburn import _rust

        groups = [replace(group, policy=fitted(policy, group.objective)) for group in self.field.groups]
        outcomes = _rust.backtest([group.item() for group in groups], self.field.threads)
        staged = [replace(one, group=group) for one, group in zip(self.staged, groups, strict=True)]
        heard = [one for services in heard_of(staged, outcomes, self.field.threads) for one in services]
        names = ", ".join(dict.fromkeys(group.objective.name for group in groups))
        scale = scale_of(staged[0])
        return Tried(
            policy=policy,
            score=score(policy.name, names, self.field.truth, heard, scale),
            metrics=of_heard(heard, self.weeks, float(RULE.noisy)),
            ratios=ratios(heard, scale),
        )

    def heard(self, fired: Sequence[Sequence[Sequence[Sequence[Firing]]]], number: int) -> Metrics:
        """Say what came of one alert, from when it fired by objective, service and number."""
        heard = [
            hear(ground, alerts[number], [event.span for event in service.events], self.part, 0)
            for services, one, grounds in zip(fired, self.staged, self._grounds, strict=True)
            for alerts, service, ground in zip(services, one.services, grounds, strict=True)
        ]
        return of_heard(heard, self.weeks, float(RULE.noisy))

    @cached_property
    def _grounds(self) -> list[list[_rust.Ground]]:
        from backburn import _rust

        return _rust.grounds([one.scene() for one in self.staged], self.field.threads)


def _part(one: Staged, part: Span, dropped: Callable[[Span], bool]) -> Staged:
    """Leave to an objective the events that begin in a part and are not dropped."""

    def cut(service: Service) -> Service:
        kept = tuple(
            event for event in service.events if part[0] <= event.span[0] < part[1] and not dropped(event.span)
        )
        others = [event.span for event in service.events if event not in kept]
        return replace(service, events=kept, left_out=(*service.left_out, *others))

    return replace(one, services=tuple(map(cut, one.services)), scored=part)


def _none(_: Span) -> bool:
    return False


def _by_service(one: Staged, outcome: Any) -> list[list[list[Firing]]]:  # noqa: ANN401 - told by the stub.
    """Give when each alert fired, service by service."""
    places = dict(zip(one.group.places, outcome, strict=True))
    found = []
    for service in one.services:
        series = [places[place] for place in service.places]
        found.append(
            [
                [(told[0][1], told[0][2]) for alerts in series for told in alerts[number][1]]
                for number in range(len(series[0]))
            ]
        )
    return found

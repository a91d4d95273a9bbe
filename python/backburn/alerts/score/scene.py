"""The series of an objective by service, with their events, as the core takes them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from backburn.evaluation.windows import missing
from backburn.events import applies

if TYPE_CHECKING:
    from collections.abc import Sequence

    from backburn.alerts.replaying import Group
    from backburn.alerts.score.rule import Rule
    from backburn.events import Label

    Span = tuple[int, int]

__all__ = ["Event", "Service", "Staged", "computed", "labelled", "stage"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that somebody should be told of: a span, and the places of the series that it hit."""

    span: Span
    places: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """The series of one service, by their places in the track, and what happened to it.

    `left_out` are events that do not count, for they begin before or after what is scored; `unsure` is where nobody
    knows.
    """

    name: str | None
    places: tuple[int, ...]
    events: tuple[Event, ...] = ()
    left_out: tuple[Span, ...] = ()
    unsure: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Staged:
    """One objective under one policy: its services, the spans that are scored, and the rule."""

    group: Group
    services: tuple[Service, ...]
    scored: Span
    nights: Sequence[Span]
    rule: Rule

    def scene(self) -> Any:  # noqa: ANN401 - what the core takes is told by its stub.
        """Put it as the core takes it; places are those among the series of the group."""
        place = {asked: number for number, asked in enumerate(self.group.places)}
        groups = [
            (
                [place[one] for one in service.places],
                [(*event.span, [place[one] for one in event.places]) for event in service.events],
                list(service.left_out),
                list(service.unsure),
            )
            for service in self.services
        ]
        covered = [_within(logged, left, self.scored) for logged, left in self.group.times()]
        times = (self.rule.regroup, self.rule.grace)
        asked = self.group.all_series()
        return asked, self.group.period, covered, groups, self.scored, times, list(self.nights)


def stage(group: Group, scored: Span, nights: Sequence[Span], rule: Rule) -> Staged:
    """Bring the series of a group together by their services."""
    found: dict[str | None, list[int]] = {}
    for place in group.places:
        found.setdefault(group.named(place).get("service"), []).append(place)
    services = tuple(Service(name=name, places=tuple(places)) for name, places in found.items())
    return Staged(group=group, services=services, scored=scored, nights=nights, rule=rule)


def labelled(staged: Staged, labels: Sequence[Label]) -> Staged:
    """Give each service the labels that hold for one of its series."""
    services = []
    for service in staged.services:
        events: list[tuple[Span, tuple[int, ...]]] = []
        unsure: list[Span] = []
        for label in labels:
            objective = staged.group.objective.name
            hit = tuple(one for one in service.places if applies(label, staged.group.named(one), objective))
            if hit and label.kind == "unsure":
                unsure.append((label.start, label.end))
            elif hit:
                events.append(((label.start, label.end), hit))
        services.append(_service(service, events, unsure, staged.scored))
    return replace(staged, services=tuple(services))


def computed(staged: Staged, found: Sequence[Sequence[Span]]) -> Staged:
    """Give each service the events of its series; those of series that are left out by exclusions have none."""
    by_place = dict(zip(staged.group.places, found, strict=True))
    services = []
    for service in staged.services:
        events = [(span, (place,)) for place in service.places for span in by_place[place]]
        services.append(_service(service, sorted(events), [], staged.scored))
    return replace(staged, services=tuple(services))


def _service(
    service: Service, events: Sequence[tuple[Span, tuple[int, ...]]], unsure: Sequence[Span], scored: Span
) -> Service:
    inside = [one for one in events if scored[0] <= one[0][0] < scored[1]]
    outside = [span for span, _ in events if not scored[0] <= span[0] < scored[1]]
    return replace(
        service,
        events=tuple(Event(span=span, places=places) for span, places in inside),
        left_out=tuple(outside),
        unsure=tuple(unsure),
    )


def _within(logged: Sequence[Span], left_out: Sequence[Span], span: Span) -> int:
    """Give for how much of a span there are logs of time that counts."""
    counted = [piece for piece in missing(left_out, span) if piece[0] < piece[1]]
    gaps = sum(end - start for piece in counted for start, end in missing(logged, piece))
    return sum(end - start for start, end in counted) - gaps

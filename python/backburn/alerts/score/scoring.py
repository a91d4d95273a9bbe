"""Scores of policies that were replayed: worked out when somebody asks for them."""

from __future__ import annotations

from collections import Counter
from functools import cached_property
from typing import TYPE_CHECKING, Any

from backburn.alerts.score.clock import nights, shifts, weeks
from backburn.alerts.score.heard import hear
from backburn.alerts.score.hearing import happened, heard_of, pages_of
from backburn.alerts.score.judge import Scale, score
from backburn.alerts.score.rule import RULE
from backburn.alerts.score.scene import stage

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from backburn.alerts.replaying import Group
    from backburn.alerts.score.heard import Heard
    from backburn.alerts.score.result import Score, Truth
    from backburn.alerts.score.scene import Staged
    from backburn.events import Label, Labels

__all__ = ["Scoring", "scale_of"]


class Scoring:
    """What is known of the policies that were replayed, and what happened; `scores` holds one against the other."""

    def __init__(
        self, groups: Sequence[Group], outcomes: Sequence[Any], labels: Labels | None, longest: int, threads: int
    ) -> None:
        self._groups, self._outcomes = groups, outcomes
        self._labels, self._longest, self._threads = labels, longest, threads

    @property
    def truths(self) -> tuple[Truth, ...]:
        """Where events are from: labels if there are any, and always what failed."""
        return ("computed",) if self._labels is None else ("labels", "computed")

    @property
    def labels(self) -> tuple[Label, ...]:
        """What people wrote down."""
        return () if self._labels is None else self._labels.labels

    @cached_property
    def scores(self) -> tuple[Score, ...]:
        """Score every policy by every truth: on each objective, and on the union where there are several."""
        return tuple(one for truth in self.truths for one in self._scores(truth))

    def words(self) -> list[str]:
        """Say the rule by which all are scored."""
        return list(RULE.words(self.zone))

    @property
    def zone(self) -> str:
        """Give the zone in which nights, shifts and weeks are counted."""
        return self._groups[0].zone if self._groups else "UTC"

    @cached_property
    def _staged(self) -> list[Staged]:
        return [stage(group, self._scored(group), self._nights(group), RULE) for group in self._groups]

    def _scored(self, group: Group) -> tuple[int, int]:
        """Give the span that is scored: all ticks but those of the warm-up."""
        first, last, every = group.track.span
        end = last + every
        return min(first - every + self._longest, end), end

    def _nights(self, group: Group) -> list[tuple[int, int]]:
        return nights(self._scored(group), group.zone, RULE.night)

    def _scores(self, truth: Truth) -> Iterator[Score]:
        staged = [self._events(one, truth) for one in self._staged]
        by_policy: dict[str, list[tuple[Staged, list[Heard]]]] = {}
        for one, heard in zip(staged, heard_of(staged, self._outcomes, self._threads), strict=True):
            by_policy.setdefault(one.group.policy.name, []).append((one, heard))
        for name, parts in by_policy.items():
            for objective, same in _by_objective(parts).items():
                yield score(name, objective, truth, [one for _, heard in same for one in heard], _longest(same))
            if len(_by_objective(parts)) > 1 and len({one.group.track.span for one, _ in parts}) == 1:
                yield score(name, None, truth, self._union(parts), scale_of(parts[0][0]))

    def _events(self, one: Staged, truth: Truth) -> Staged:
        labels = None if truth == "computed" or self._labels is None else self._labels.labels
        return happened(one, labels, self._threads)

    def _union(self, parts: Sequence[tuple[Staged, list[Heard]]]) -> list[Heard]:
        """Hold the pages of all objectives of a service together against the events of all."""
        from backburn import _rust

        places: dict[str | None, list[tuple[Staged, int]]] = {}
        for one, _ in parts:
            for number, service in enumerate(one.services):
                places.setdefault(service.name, []).append((one, number))
        heard = []
        for staged in places.values():
            group, scored = staged[0][0].group, staged[0][0].scored
            services = [one.services[number] for one, number in staged]
            events = _united([event.span for event in service.events] for service in services)
            left_out = _united(service.left_out for service in services)
            unsure = sorted({span for service in services for span in service.unsure})
            first, _, every = group.track.span
            ground = _rust.Ground(
                (first, every, group.track.ticks),
                scored,
                (RULE.regroup, RULE.grace),
                events,
                (left_out, unsure, self._nights(group)),
            )
            fired = [
                one
                for part, number in staged
                for one in pages_of(part.group, self._outcome_of(part), part.services[number].places)
            ]
            heard.append(hear(ground, fired, events, scored, len(left_out)))
        return heard

    def _outcome_of(self, staged: Staged) -> Any:  # noqa: ANN401 - told by the stub.
        return next(
            outcome for group, outcome in zip(self._groups, self._outcomes, strict=True) if group is staged.group
        )


def _united(objectives: Iterable[Iterable[tuple[int, int]]]) -> list[tuple[int, int]]:
    """Put the events of several objectives together.

    Equal spans in two objectives are one event; where one objective has several of them, they stay as many.
    """
    most: Counter[tuple[int, int]] = Counter()
    for spans in objectives:
        most |= Counter(spans)
    return sorted(most.elements())


def _longest(parts: Sequence[tuple[Staged, list[Heard]]]) -> Scale:
    """Give what pages are counted by: the longest span, where several documents have logs of different ones."""
    return scale_of(max((one for one, _ in parts), key=lambda one: one.scored[1] - one.scored[0]))


def _by_objective(
    parts: Sequence[tuple[Staged, list[Heard]]],
) -> Mapping[str, list[tuple[Staged, list[Heard]]]]:
    found: dict[str, list[tuple[Staged, list[Heard]]]] = {}
    for one, heard in parts:
        found.setdefault(one.group.objective.name, []).append((one, heard))
    return found


def scale_of(one: Staged) -> Scale:
    """Give what the pages of an objective are counted by."""
    zone = one.group.zone
    return Scale(
        rule=RULE,
        span=one.scored,
        weeks=weeks(one.scored, zone),
        nights=one.nights,
        shifts=shifts(one.scored, zone, RULE.shifts),
        period=one.group.period,
    )

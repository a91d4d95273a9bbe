"""The series of an objective for which one policy holds: what the core is asked about them, and what it found."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from backburn.alerts import asking, wording
from backburn.alerts.clocks import clocks
from backburn.alerts.result import Around, FiredAlert, Peak, Replay
from backburn.alerts.ticks import Course
from backburn.alerts.weeks import weeks
from backburn.engine.times import from_micros
from backburn.evaluation.ahead import DAY, WEEK, WEEKS
from backburn.evaluation.outlook import zone_of
from backburn.evaluation.result import WindowSpan
from backburn.evaluation.windows import kind_of, missing
from backburn.model.policy import Drop, Exhausts
from backburn.model.window import Rolling

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from backburn.alerts.policies import Chosen
    from backburn.evaluation.ticking import Part
    from backburn.evaluation.timetable import Track
    from backburn.model.policy import Alert, AlertPolicy
    from backburn.model.spec import Objective, Spec

__all__ = ["Group", "Told", "grouped", "replays"]

_MONTH = 30 * 86_400_000_000
"""The period of policies that name none, for objectives whose window is no length of time."""

_BACK = (WEEKS + 2) * WEEK
"""How far back the weeks lie that tell what is to come."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Series of one objective, by their places in its track, and the policy that holds for them."""

    policy: AlertPolicy
    objective: Objective
    track: Track
    asked: Any
    places: tuple[int, ...]
    covered: tuple[int, ...]
    logged: tuple[Sequence[tuple[int, int]], ...]
    zone: str
    zone_ahead: str

    @property
    def period(self) -> int:
        """The period whose budget alerts are told in."""
        return self._window if self.policy.period is None else self.policy.period.microseconds

    @property
    def _window(self) -> int:
        window = self.objective.window
        return window.length.microseconds if isinstance(window, Rolling) else _MONTH

    def item(self) -> Any:  # noqa: ANN401 - what the core takes is told by its stub.
        """Put the question as the core takes it."""
        asking.check_end(self.policy, self.objective)
        drops = any(isinstance(condition, Drop) for alert in self.policy.alerts for condition in alert.any)
        ahead = self.policy.looks_ahead
        first, last, _ = self.track.span
        usual = (
            weeks((first, last), self.zone) if drops else [],
            list(self.logged) if drops or ahead else [],
            clocks((first - _BACK, max(last, self._end) + DAY), self.zone_ahead) if ahead else [],
        )
        alerts = asking.asked(self.policy, self._window)
        return self._asked(self.places), alerts, self.period, list(self.covered), usual

    @property
    def _end(self) -> int:
        """The last moment that the policy looks ahead to."""
        _, last, _ = self.track.span
        conditions = [one for alert in self.policy.alerts for one in alert.any]
        within = max((one.within.microseconds for one in conditions if isinstance(one, Exhausts)), default=0)
        window = self.objective.window
        if isinstance(window, Rolling):
            return last + min(window.length.microseconds, within)
        periods: Sequence[tuple[int, int, int]] = self.asked[5][0][1]
        return max((end for _, _, end in periods), default=last)

    def alone(self, place: int) -> Any:  # noqa: ANN401 - as `item`.
        """Ask a timeline about one series."""
        return self._asked((place,))

    def _asked(self, places: Sequence[int]) -> Any:  # noqa: ANN401 - as `item`.
        *rest, goals = self.asked
        return (*rest, [goals[place] for place in places])

    def all_series(self) -> Any:  # noqa: ANN401 - as `item`.
        """Ask about all series of the group, in their order."""
        return self._asked(self.places)

    def times(self) -> Iterator[tuple[Sequence[tuple[int, int]], Sequence[tuple[int, int]]]]:
        """Give for each series the time for which there are logs, and the time that does not count."""
        goals = self.asked[-1]
        for place, logged in zip(self.places, self.logged, strict=True):
            yield logged, goals[place][3]

    def named(self, place: int) -> Mapping[str, str | None]:
        """Give the labels of a series, and its service where the document names one."""
        labels = self.labels(place)
        return labels if self.track.service is None else {"service": self.track.service, **labels}

    def labels(self, place: int) -> Mapping[str, str | None]:
        """Give the labels of a series."""
        return dict(zip(self.track.by, self.track.keys[place], strict=True))


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a policy did on one series, as a result and tick by tick."""

    replay: Replay
    course: Course


def grouped(spec: Spec, part: Part, chosen: Chosen, policies: Sequence[AlertPolicy]) -> Iterator[Group]:
    """Split the series of a document by the policies that hold for them, as far as these are among `policies`."""
    for objective, track, asked, covered in zip(spec.objectives, part.tracks, part.asked, part.covered, strict=True):
        goals = asked[-1]
        for policy in policies:
            places = []
            for place, key in enumerate(track.keys):
                labels = dict(zip(track.by, key, strict=True))
                if any(one.name == policy.name for one in chosen.of(spec, objective, labels)):
                    places.append(place)
            if not places:
                continue
            times = []
            for place in places:
                left = [piece for piece in missing(goals[place][3], part.span) if piece[0] < piece[1]]
                gaps = (missing(covered[place], piece) for piece in left)
                times.append(_length(left) - sum(map(_length, gaps)))
            yield Group(
                policy=chosen.fitted(policy, objective),
                objective=objective,
                track=track,
                asked=asked,
                places=tuple(places),
                covered=tuple(times),
                logged=tuple(covered[place] for place in places),
                zone=spec.timezone,
                zone_ahead=zone_of(objective.window, spec),
            )


def replays(group: Group, outcomes: Sequence[Any], longest: int) -> Iterator[Told]:
    """Say what the core found in words; `longest` is the longest window of all policies."""
    full = group.track.span[0] - group.track.span[2] + longest
    windows = tuple({length.text: length for length in group.policy.burns()}.values())
    worded = _worded(group.policy)
    objective = group.objective
    span = WindowSpan(
        text=objective.window.text,
        kind=kind_of(objective.window),
        start=from_micros(group.track.span[0]),
        end=from_micros(group.track.span[1]),
    )
    for place, outcome in zip(group.places, outcomes, strict=True):
        labels = group.labels(place)
        fired = [_fired(alert, one, full) for alert, (_, alerts) in zip(worded, outcome, strict=True) for one in alerts]
        replay = Replay(
            policy=group.policy.name,
            service=group.track.service if group.track.service is not None else labels.get("service"),
            objective=objective.name,
            series=labels,
            window=span,
            severities={alert.name: alert.severity for alert in group.policy.alerts},
            alerts=tuple(sorted(fired, key=lambda one: one.start)),
        )
        course = Course(
            policy=group.policy,
            track=group.track,
            place=place,
            labels={**({"service": group.track.service} if "service" in group.track.labels else {}), **labels},
            asked=group.alone(place),
            windows=windows,
            changes=tuple(changes for changes, _ in outcome),
        )
        yield Told(replay=replay, course=course)


@dataclass(frozen=True, slots=True)
class _Worded:
    """An alert, and its conditions in words with the numbers that they are compared with."""

    alert: Alert
    conditions: tuple[tuple[str, float | None], ...]


def _worded(policy: AlertPolicy) -> list[_Worded]:
    levels = [[wording.level(policy, condition) for condition in alert.any] for alert in policy.alerts]
    return [
        _Worded(
            alert,
            tuple(
                (wording.words(policy, alert, condition), None if level is None else float(level))
                for condition, level in zip(alert.any, of_alert, strict=True)
            ),
        )
        for alert, of_alert in zip(policy.alerts, levels, strict=True)
    ]


def _fired(worded: _Worded, one: Any, full: int) -> FiredAlert:  # noqa: ANN401 - told by the stub.
    (active, start, end, told), peaks, (bad, valid), (before, during, after) = one
    return FiredAlert(
        alert=worded.alert.name,
        severity=worded.alert.severity,
        active=from_micros(active),
        start=from_micros(start),
        end=None if end is None else from_micros(end),
        told=None if told is None else from_micros(told),
        warm_up=start < full,
        peaks=tuple(
            Peak(condition=words, level=level, peak=peak)
            for (words, level), peak in zip(worded.conditions, peaks, strict=True)
        ),
        bad=bad,
        valid=valid,
        budget=Around(before=before, during=during, after=after),
    )


def _length(spans: Sequence[tuple[int, int]]) -> int:
    return sum(end - start for start, end in spans)

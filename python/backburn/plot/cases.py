"""Which series of a backtest are drawn: those that burnt the most budget while alerts fired."""

from __future__ import annotations

from dataclasses import dataclass
from heapq import nsmallest
from typing import TYPE_CHECKING

from backburn.evaluation.rolling import BUDGET

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from backburn.alerts.result import Backtest, Replay
    from backburn.alerts.ticks import Course

__all__ = ["MOST", "Case", "Subject", "subjects"]

MOST = 4
"""So many series of an objective are drawn, and fewer where there are many policies."""

_PANELS = 12
"""An objective has so many panels of burn rates; a picture of more is too long to be looked at, or to be made."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """What one policy did on a series."""

    replay: Replay
    course: Course

    @property
    def spent(self) -> float:
        """The share of the budget that was spent while one of the policy's alerts fired, the one that saw the most."""
        during = dict.fromkeys(self.replay.severities, 0.0)
        for one in self.replay.alerts:
            during[one.alert] += one.budget.during or 0.0
        return max(during.values(), default=0.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """A series of an objective, under each of the policies that hold for it."""

    cases: tuple[Case, ...]

    @property
    def fired(self) -> bool:
        """Whether any alert did."""
        return any(case.replay.alerts for case in self.cases)

    @property
    def spent(self) -> float:
        """The share of the budget that was spent while alerts of one policy fired, the one that saw the most."""
        return max(case.spent for case in self.cases)


def subjects(backtest: Backtest) -> list[Subject]:
    """Choose the series of each objective, the worst first; where no alert fired, the one whose budget ends lowest."""
    objectives: dict[tuple[str | None, str], dict[tuple[str | None, ...], list[Case]]] = {}
    for replay, course in zip(backtest.replays, backtest.ticks.courses, strict=True):
        series = objectives.setdefault((course.track.service, course.track.objective), {})
        series.setdefault(course.track.keys[course.place], []).append(Case(replay=replay, course=course))
    most = max(1, min(MOST, _PANELS // len(backtest.policies)))
    return [
        one
        for series in objectives.values()
        for one in _worst([Subject(cases=tuple(cases)) for cases in series.values()], most, backtest.ticks.threads)
    ]


def _worst(found: Sequence[Subject], most: int, threads: int) -> Iterator[Subject]:
    loud = [one for one in found if one.fired]
    if loud:
        yield from nsmallest(most, loud, key=lambda one: -one.spent)
    else:
        yield min(found, key=lambda one: _left(one.cases[0].course, threads))


def _left(course: Course, threads: int) -> float:
    """Say what is left of the budget in the end; without events nothing was spent."""
    ((column,),) = course.told([BUDGET], threads, ()).outline(0, (0, 1), 1)
    (seen,) = column
    return 1.0 if seen is None else seen[2][1]

"""Lints of promises: what is allowed, but is seldom meant."""

from __future__ import annotations

from decimal import Decimal
from fnmatch import fnmatchcase
from itertools import combinations
from math import prod
from typing import TYPE_CHECKING

from backburn.lint.alerts import of_alerts, of_policies
from backburn.lint.saying import about, heard
from backburn.model.finding import Finding
from backburn.model.sli import Latency
from backburn.model.window import Calendar, Rolling
from backburn.units import Duration, percent_text, share_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from backburn.model.spec import Agreement, Objective, Override, Spec

__all__ = ["lint"]

_MONTH = Duration.parse("30d")
"""For windows whose length is not written."""


def lint(spec: Spec) -> list[Finding]:
    """Find what is worth a second look; `ignore` of the document silences a finding, for one objective or for all."""
    return heard(spec, _findings(spec))


def _findings(spec: Spec) -> Iterator[tuple[str | None, Finding]]:
    if spec.owner is None:
        yield None, _without_owner(spec)
    for first, second in combinations(spec.objectives, 2):
        if _same_count(spec, first, second):
            message = f"objective {second.name!r} counts the same events as {first.name!r}, over the same window"
            yield second.name, about("BB202", spec, second, message)
    yield from ((None, finding) for finding in of_policies(spec.policies))
    for objective in spec.objectives:
        yield from ((objective.name, finding) for finding in _of_objective(spec, objective))
        yield from ((objective.name, finding) for finding in of_alerts(spec, objective))
        for number, override in enumerate(objective.overrides):
            for earlier in range(number):
                if _covers(objective.overrides[earlier], override):
                    message = f"override {number} never applies: override {earlier} matches every series that it does"
                    yield objective.name, about("BB203", spec, objective, message)
                    break


def _of_objective(spec: Spec, objective: Objective) -> Iterator[Finding]:
    """Hold a target against what is promised above and below it, and a calendar against its zone."""
    hard = [one for one in spec.dependencies if one.hard]
    attainable = prod((one.target for one in hard), start=Decimal(1))
    if not isinstance(objective.sli, Latency) and objective.target > attainable:
        names = ", ".join(f"{one.service} ({percent_text(one.target)})" for one in hard)
        message = f"objective {objective.name!r} promises {percent_text(objective.target)}, and its hard dependencies"
        yield about("BB204", spec, objective, f"{message} allow {percent_text(attainable)} at most: {names}")
    if objective.sla is not None and objective.target <= objective.sla.target:
        yield about("BB205", spec, objective, _buffer(objective, objective.sla))
    windows = [objective.window, *(also.window for also in objective.also)]
    if not spec.timezone_written and any(isinstance(one, Calendar) and one.timezone is None for one in windows):
        yield about(
            "BB206", spec, objective, f"objective {objective.name!r} is judged by the calendar of no named zone"
        )


def _buffer(objective: Objective, sla: Agreement) -> str:
    """Say by how many minutes of a total outage an agreement is broken before the objective is."""
    window = sla.window or objective.window
    length = window.length if isinstance(window, Rolling) else _MONTH
    minutes = (sla.target - objective.target) * length.seconds / 60
    promised, agreed = percent_text(objective.target), percent_text(sla.target)
    if not minutes:
        return f"objective {objective.name!r} promises {promised}, as its SLA does: the buffer is 0 minutes"
    before = f"the SLA is broken {share_text(minutes)} minutes of outage in {length.text} before the objective is"
    return f"objective {objective.name!r} promises {promised}, less than its SLA of {agreed}: {before}"


def _without_owner(spec: Spec) -> Finding:
    place = spec.location
    return Finding(
        code="BB201",
        severity="warning",
        message=f"nobody owns {spec.name!r}",
        remedy="write metadata.owner, so that a breach finds its team",
        file=place.file if place else None,
        line=place.line if place else None,
        column=place.column if place else None,
        path="metadata",
    )


def _same_count(spec: Spec, first: Objective, second: Objective) -> bool:
    by = spec.source.by
    return (
        first.sli == second.sli
        and first.window == second.window
        and first.slices == second.slices
        and (by if first.by is None else first.by) == (by if second.by is None else second.by)
    )


def _covers(earlier: Override, later: Override) -> bool:
    """Whether every series that `later` matches is matched by `earlier`, as far as patterns can be compared."""
    return all(_pattern_covers(pattern, later.match, label) for label, pattern in earlier.match.items())


def _pattern_covers(pattern: str, match: Mapping[str, str], label: str) -> bool:
    other = match.get(label)
    if other is None:
        return False
    if pattern == other:
        return True
    # The wildcards of `other` are compared as text, which only a star may swallow: `b*` covers `b-*`, `b?` does not.
    wild = any(mark in other for mark in "*?[")
    return fnmatchcase(other, pattern) and not (wild and any(mark in pattern for mark in "?["))

"""What a timeline asks of the core for each document, and the tracks that it makes of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from backburn.engine import counting
from backburn.errors import UsageError
from backburn.evaluation import exclusions, lasting, rolling, series
from backburn.evaluation.bench import Bench
from backburn.evaluation.budgeted import budgeted
from backburn.evaluation.counted import rule_of
from backburn.evaluation.judging import Judged
from backburn.evaluation.noticing import about_rows, about_series, about_time
from backburn.evaluation.rejects import check_rejects, check_rows, data_of, rejects_of
from backburn.evaluation.timetable import Track
from backburn.evaluation.windows import Placed, Promise
from backburn.model.window import Everything
from backburn.units import share_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from backburn import _rust
    from backburn.evaluation.budgeted import Budgeted
    from backburn.evaluation.provenance import Data, Note
    from backburn.evaluation.windows import Span
    from backburn.model.spec import Objective, Spec
    from backburn.units import Duration

__all__ = ["Asking", "Part", "part_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """What is asked of each document; `several` are told apart by their services."""

    every: int
    windows: Sequence[Duration]
    columns: Sequence[str]
    several: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What the core is asked about one document, the tracks that come of it, and what is to be said of its data.

    `covered` is, per track and series, the time for which there are logs; `span` goes from the first step with data to
    the tick after the last.
    """

    asked: list[Any]
    tracks: list[Track]
    covered: list[tuple[Sequence[Span], ...]]
    span: Span
    data: Data
    notes: tuple[Note, ...]


def part_of(spec: Spec, counted: _rust.Rollup, asking: Asking) -> Part:
    """Look at what one document's rows were, and ask for each of its objectives."""
    facts = counting.facts(counted)
    data = data_of(facts)
    check_rows(data)
    unknown = {one["name"]: rejects_of(one["unknown"]) for one in facts["indicators"]}
    check_rejects(spec, data, unknown)
    ticks = rolling.ticks(facts["start"], facts["end"], asking.every)
    bench = Bench(spec=spec, rollup=counted, tick=ticks[1], first=facts["start"], last=facts["end"], window=None)
    # The last tick may lie behind all data by less than `every`; nothing is missing there.
    bench = replace(bench, tick=min(bench.tick, bench.after))
    seen = [_seen(bench, objective) for objective in spec.objectives]
    # Where there is only one document, its service tells nothing apart.
    service = spec.service if asking.several else None
    data_span = (bench.begin, bench.after)
    asked, tracks = [], []
    times: list[tuple[Sequence[Span], ...]] = []
    for one in seen:
        keys = series.ordered([*one.seen, *one.absent]) or [(None,) * len(one.by)]
        covered_of = bench.covered_of(one.objective, one.by, one.seen)
        times.append(tuple(covered_of.get(key, one.covered) for key in keys))
        goals = [(*_goal(spec, one.objective, key, one.by), covered_of.get(key)) for key in keys]
        name, unparsable = one.objective.name, one.objective.sli.unparsable
        budget: Budgeted = (None, [], None)
        if rolling.BUDGET in asking.columns:
            budget = budgeted(spec, one.objective, ticks, bench.begin)
        of_budget = (budget, _slices(one, asking.windows))
        asked.append((counted, name, (service, one.by), unparsable, (ticks, data_span), of_budget, goals))
        tracks.append(
            Track(
                service=spec.service,
                objective=name,
                by=one.by,
                labels=one.by if service is None else ("service", *one.by),
                series=len(keys),
                ticks=rolling.count(ticks),
                span=ticks,
                keys=tuple(keys),
                targets=tuple(Decimal(goal[1]) for goal in goals),
                window=one.objective.window.text,
                sliced=one.objective.slices is not None,
                unit=lasting.unit(facts, name) if rolling.percentiles(asking.columns) else None,
                threshold=lasting.threshold(facts, one.objective),
            )
        )
    return Part(
        asked=asked,
        tracks=tracks,
        covered=times,
        span=data_span,
        data=data,
        notes=(
            *about_rows(facts, data, unknown, spec.objectives),
            *about_series(seen),
            *about_time(bench, seen),
            *lasting.about_percentiles(spec, facts, rolling.percentiles(asking.columns), ticks, asking.windows),
        ),
    )


def _slices(judged: Judged, asked: Sequence[Duration]) -> tuple[int, int, Sequence[Span]] | None:
    """Give how long slices are, how many events are enough and for which time there are logs; None without slices."""
    slices = judged.objective.slices
    if slices is None:
        return None
    for window in asked:
        if window.microseconds % slices.length.microseconds:
            message = f"window {window.text} is no whole number of slices of '{judged.objective.name}'"
            raise UsageError(message, f"ask for windows of whole slices of {slices.length.text}", value=window.text)
    return slices.length.microseconds, slices.min_events, judged.covered


def _goal(
    spec: Spec, objective: Objective, key: series.Key, by: Sequence[str]
) -> tuple[series.Key, str, str, list[Span], str | None]:
    """Give a series, its target, what no events are to it, the time that does not count, and a slice's target."""
    labels = dict(zip(by, key, strict=True))
    target, no_data = series.target_of(objective, labels), series.no_data_of(objective, labels)
    cut = exclusions.widened(exclusions.applying(spec, labels), spec.source.step.microseconds)
    return key, share_text(target), no_data, cut, rule_of(objective, labels)[0]


def _seen(bench: Bench, objective: Objective) -> Judged:
    """List the series of an objective, and for the notes the time that its ticks look back on."""
    by = series.labels_of(objective, bench.spec.source)
    seen = bench.rollup.series(objective.name, by)
    everything = Promise(window=Everything(), target=objective.target, budget=False)
    return Judged(
        objective=objective,
        results=(),
        seen=tuple(seen),
        absent=tuple(series.expected(bench.spec.source, by, seen)),
        by=by,
        covered=tuple(bench.covered(objective)),
        placed=(Placed(promise=everything, span=(bench.begin, bench.tick)),),
    )

"""`timeline`: the counts and burn rates of rolling windows at every tick."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from backburn.engine import counting, request
from backburn.engine.rejecting import check_one
from backburn.errors import UsageError
from backburn.evaluation import exclusions, lasting, rolling, series
from backburn.evaluation.bench import Bench
from backburn.evaluation.budgeted import budgeted
from backburn.evaluation.counted import rule_of
from backburn.evaluation.identity import identity, together
from backburn.evaluation.judging import Judged
from backburn.evaluation.noticing import about_rows, about_series, about_time
from backburn.evaluation.rejects import check_rejects, check_rows, data_of, rejects_of
from backburn.evaluation.specs import as_specs
from backburn.evaluation.timetable import Timeline, Track
from backburn.evaluation.windows import Placed, Promise
from backburn.model.window import Everything
from backburn.units import share_text

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from backburn import _rust
    from backburn.engine.data import DataArgument
    from backburn.evaluation.budgeted import Budgeted
    from backburn.evaluation.provenance import Data, Note
    from backburn.evaluation.specs import SpecArgument
    from backburn.evaluation.windows import Span
    from backburn.model.spec import Objective, Spec
    from backburn.units import Duration

    Progress = Callable[[int, int, int], None]

__all__ = ["timeline"]

_MOST_ROWS = 10_000_000_000
"""More than this nobody means to ask for."""


def timeline(
    spec: SpecArgument | Sequence[Spec],
    data: DataArgument | Sequence[DataArgument] | None = None,
    *,
    every: str | None = None,
    burn: Sequence[str] | str | None = None,
    columns: Sequence[str] | str | None = None,
    start: str | datetime | None = None,
    end: str | datetime | None = None,
    by: Sequence[str] | str | None = None,
    step: str | None = None,
    format: str | None = None,
    threads: int | None = None,
    rejects: str | os.PathLike[str] | None = None,
    progress: Progress | None = None,
) -> Timeline:
    r"""Say what happened in rolling windows at every tick, and how fast it spent the error budget.

    What is left of the budget, burn rates and percentiles are those that `evaluate` gives with `at` at the tick; the
    budget is that of an objective's own window, whatever its kind. Ticks go from the first that knows an event to the
    first that knows all of them.

    >>> import pathlib, tempfile
    >>> log = pathlib.Path(tempfile.mkdtemp()) / "requests.csv"
    >>> _ = log.write_text("timestamp,status\n2025-10-01T00:00:00Z,200\n2025-10-01T00:01:30Z,503\n")
    >>> spec = {
    ...     "apiVersion": "backburn/v1",
    ...     "kind": "ServiceLevelObjectives",
    ...     "metadata": {"service": "shop"},
    ...     "objectives": [
    ...         {"name": "availability", "sli": {"kind": "availability"}, "target": "99%", "window": "1d"}
    ...     ],
    ... }
    >>> timeline(spec, log, burn=["1m", "5m"], columns="burn").to_pyarrow()["burn_5m"].to_pylist()
    [0.0, 50.0]

    Args:
        spec: a path (a file or a directory), a dict, a Spec, or a list of Specs.
        data: a path, glob, directory, `-` (standard input), Rollup, saved rollup, rows in memory (anything that speaks
            Arrow, a LazyFrame, a pyarrow dataset, a dict of arrays), or a list of these; replaces `source.data`.
        every: the time between two ticks, whole steps; a step unless given.
        burn: the windows, whole steps (`["5m", "1h"]`); those of `report.burn` unless given, and without any there the
            rolling windows of the objectives.
        columns: what is told: of each window `valid`, `bad`, `sli` and `burn`, and `budget_remaining`; all of these
            unless given. Percentiles of the durations of latency objectives in each window, as in `p95` and `p99.9`,
            have to be asked for.
        start: the first moment to read (RFC 3339 text or a zoned datetime, on a step).
        end: the moment after the last one to read.
        by: the labels of a series, in place of `source.by`.
        step: the width of a cell, in place of `source.step`.
        format: the format of the logs, in place of `source.format`.
        threads: how many threads read and compute; as many as there are processors unless given.
        rejects: a file (.csv or .ndjson) that takes every record which cannot be used, with its place and the reason.
        progress: called with (parts done, parts in all, rows read) now and then.

    Raises:
        UsageError: an argument is wrong.
        SpecError: a document is.
        DataError: the data cannot be read, or too much of it cannot be used.
    """
    from backburn import _rust

    specs = [request.with_overrides(one, by=by, step=step, format=format) for one in as_specs(spec)]
    check_one(specs, rejects)
    told, windows = rolling.columns_of(columns), rolling.windows_of(specs, burn)
    percentiles = rolling.percentiles(told)
    lasting.check_latency(specs, percentiles)
    distances = [rolling.every_of(one, every) for one in specs]
    parts: list[_Part] = []
    for one, distance in zip(specs, distances, strict=True):
        reading = counting.prepare(
            lasting.keeping(one, percentiles),
            data,
            start=start,
            end=end,
            threads=threads,
            progress=progress,
            rejects=rejects,
            histogram_step=lasting.histogram_step(one, distance, windows),
        )
        asking = _Asking(every=distance, windows=windows, columns=told, several=len(specs) > 1)
        parts.append(_part(one, counting.read(reading), asking))
    tracks = tuple(track for part in parts for track in part.tracks)
    _check_size(tracks)
    asked = [one for part in parts for one in part.asked]
    lengths = [(window.text, window.microseconds) for window in windows]
    workers = threads or counting.default_threads()

    def made(columns: Sequence[str]) -> _rust.Timeline:
        return _rust.timeline(asked, lengths, columns, workers)

    return Timeline(
        version=_rust.__version__,
        specs=tuple(identity(one) for one in specs),
        data=together([part.data for part in parts]),
        windows=tuple(window.text for window in windows),
        columns=told,
        tracks=tracks,
        notes=tuple(dict.fromkeys(note for part in parts for note in part.notes)),
        stream=made(told),
        made=made,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asking:
    """What is asked of each document; `several` are told apart by their services."""

    every: int
    windows: Sequence[Duration]
    columns: Sequence[str]
    several: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class _Part:
    asked: list[Any]
    tracks: list[Track]
    data: Data
    notes: tuple[Note, ...]


def _part(spec: Spec, counted: _rust.Rollup, asking: _Asking) -> _Part:
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
    for one in seen:
        keys = series.ordered([*one.seen, *one.absent]) or [(None,) * len(one.by)]
        covered_of = {}
        if one.objective.slices is not None:
            covered_of = bench.covered_of(one.objective, one.by, one.seen)
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
    return _Part(
        asked=asked,
        tracks=tracks,
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


def _check_size(tracks: Sequence[Track]) -> None:
    rows = sum(track.rows for track in tracks)
    if rows > _MOST_ROWS:
        greatest = max(tracks, key=lambda track: track.rows)
        what = f"objective '{greatest.objective}' has {greatest.series:,} series at {greatest.ticks:,} ticks"
        message = f"a timeline of {rows:,} rows is more than {_MOST_ROWS:,}: {what}"
        raise UsageError(message, "ask for fewer ticks (`every`), less time (`start`, `end`) or fewer series (`by`)")

"""`evaluate`: promises held against facts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from backburn.engine import counting, request
from backburn.engine.rejecting import check_one
from backburn.engine.times import to_micros
from backburn.evaluation import windows
from backburn.evaluation.bench import Bench, tick_after
from backburn.evaluation.identity import identity, together
from backburn.evaluation.judging import judge
from backburn.evaluation.noticing import about_exclusions, about_rows, about_series, about_time
from backburn.evaluation.rejects import check_rejects, check_rows, data_of, rejects_of
from backburn.evaluation.result import Evaluation
from backburn.evaluation.specs import as_spec, as_specs

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime

    from backburn._rust import Rollup
    from backburn.engine.data import DataArgument
    from backburn.evaluation.provenance import Data, Note, SpecIdentity
    from backburn.evaluation.result import Result
    from backburn.evaluation.specs import SpecArgument
    from backburn.model.spec import Spec

    Progress = Callable[[int, int, int], None]

__all__ = ["evaluate", "rollup"]


def rollup(
    spec: SpecArgument,
    data: DataArgument | Sequence[DataArgument] | None = None,
    *,
    start: str | datetime | None = None,
    end: str | datetime | None = None,
    by: Sequence[str] | str | None = None,
    step: str | None = None,
    format: str | None = None,
    threads: int | None = None,
    rejects: str | os.PathLike[str] | None = None,
    progress: Progress | None = None,
) -> Rollup:
    r"""Count the rows that a specification is about, once and for all.

    Any target and any window can be asked of the Rollup later, without the rows.

    >>> import pathlib, tempfile
    >>> log = pathlib.Path(tempfile.mkdtemp()) / "requests.csv"
    >>> _ = log.write_text("timestamp,status\n2025-10-01T00:00:00Z,200\n2025-10-01T00:00:30Z,503\n")
    >>> spec = {
    ...     "apiVersion": "backburn/v1",
    ...     "kind": "ServiceLevelObjectives",
    ...     "metadata": {"service": "shop"},
    ...     "objectives": [
    ...         {"name": "availability", "sli": {"kind": "availability"}, "target": "99.9%", "window": "all"}
    ...     ],
    ... }
    >>> rollup(spec, log)
    Rollup(rows=2, indicators=[availability])

    Args:
        spec: a path, a dict or a Spec; one document.
        data: a path, glob, directory, `-` (standard input), Rollup, saved rollup, rows in memory (anything that speaks
            Arrow, a LazyFrame, a pyarrow dataset, a dict of arrays), or a list of these; replaces `source.data`.
        start: the first moment to read (RFC 3339 text or a zoned datetime, on a step).
        end: the moment after the last one to read.
        by: the labels of a series, in place of `source.by`.
        step: the width of a cell, in place of `source.step`.
        format: the format of the logs, in place of `source.format`.
        threads: how many threads read; as many as there are processors unless given.
        rejects: a file (.csv or .ndjson) that takes every record which cannot be used, with its place and the reason.
        progress: called with (parts done, parts in all, rows read) now and then.
    """
    chosen = request.with_overrides(as_spec(spec), by=by, step=step, format=format)
    return counting.count(
        chosen, data, start=start, end=end, threads=threads, progress=progress, rejects=rejects, keep=True
    )


def evaluate(
    spec: SpecArgument | Sequence[Spec],
    data: DataArgument | Sequence[DataArgument] | None = None,
    *,
    at: str | datetime | None = None,
    window: str | Mapping[str, object] | None = None,
    start: str | datetime | None = None,
    end: str | datetime | None = None,
    by: Sequence[str] | str | None = None,
    step: str | None = None,
    format: str | None = None,
    threads: int | None = None,
    rejects: str | os.PathLike[str] | None = None,
    progress: Progress | None = None,
) -> Evaluation:
    r"""Hold the promises of one or several documents against what happened.

    >>> import pathlib, tempfile
    >>> log = pathlib.Path(tempfile.mkdtemp()) / "requests.csv"
    >>> _ = log.write_text("timestamp,status\n2025-10-01T00:00:00Z,200\n2025-10-01T00:00:30Z,503\n")
    >>> spec = {
    ...     "apiVersion": "backburn/v1",
    ...     "kind": "ServiceLevelObjectives",
    ...     "metadata": {"service": "shop"},
    ...     "objectives": [
    ...         {"name": "availability", "sli": {"kind": "availability"}, "target": "99.9%", "window": "all"}
    ...     ],
    ... }
    >>> result = evaluate(spec, log).results[0]
    >>> (result.good, result.valid, result.sli, result.met)
    (1, 2, 0.5, False)

    Args:
        spec: a path (a file or a directory), a dict, a Spec, or a list of Specs.
        data: a path, glob, directory, `-` (standard input), Rollup, saved rollup, rows in memory (anything that speaks
            Arrow, a LazyFrame, a pyarrow dataset, a dict of arrays), or a list of these; replaces `source.data`.
        at: the tick at which windows end; the first one after the last event unless given.
        window: the one window to judge (`7d`, `all`, `{calendar: month}`) in place of those of the objectives.
        start: the first moment to read (RFC 3339 text or a zoned datetime, on a step).
        end: the moment after the last one to read.
        by: the labels of a series, in place of `source.by`.
        step: the width of a cell, in place of `source.step`.
        format: the format of the logs, in place of `source.format`.
        threads: how many threads read; as many as there are processors unless given.
        rejects: a file (.csv or .ndjson) that takes every record which cannot be used, with its place and the reason.
        progress: called with (parts done, parts in all, rows read) now and then.

    Raises:
        UsageError: an argument is wrong.
        SpecError: a document is.
        DataError: the data cannot be read, or too much of it cannot be used.
    """
    from backburn import _rust

    tick = None if at is None else to_micros(at, "at")
    parts: list[_Part] = []
    specs = as_specs(spec)
    check_one(specs, rejects)
    for one in specs:
        chosen = request.with_overrides(one, by=by, step=step, format=format)
        _check(chosen, tick, window)
        counted = counting.count(
            chosen, data, start=start, end=end, threads=threads, progress=progress, rejects=rejects
        )
        parts.append(_evaluate(chosen, counted, tick, window))
    return Evaluation(
        version=_rust.__version__,
        specs=tuple(part.identity for part in parts),
        data=together([part.data for part in parts]),
        results=tuple(result for part in parts for result in part.results),
        notes=tuple(dict.fromkeys(note for part in parts for note in part.notes)),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Part:
    identity: SpecIdentity
    data: Data
    results: tuple[Result, ...]
    notes: tuple[Note, ...]


def _check(spec: Spec, tick: int | None, window: str | Mapping[str, object] | None) -> None:
    """Find what is wrong with the question before the first row is read."""
    if tick is not None:
        counting.check_tick(tick, spec.source.step.microseconds, "at")
    for objective in spec.objectives:
        windows.promises(spec, objective, window)
    windows.rolling(spec)


def _evaluate(spec: Spec, counted: Rollup, tick: int | None, window: str | Mapping[str, object] | None) -> _Part:
    facts = counting.facts(counted)
    data = data_of(facts)
    check_rows(data)
    unknown = {one["name"]: rejects_of(one["unknown"]) for one in facts["indicators"]}
    check_rejects(spec, data, unknown)
    bench = Bench(
        spec=spec,
        rollup=counted,
        tick=tick_after(spec, (facts["start"], facts["end"])) if tick is None else tick,
        first=facts["start"],
        last=facts["end"],
        window=window,
    )
    judged = [judge(bench, objective) for objective in spec.objectives]
    return _Part(
        identity=identity(spec),
        data=data,
        results=tuple(result for one in judged for result in one.results),
        notes=(
            *about_rows(facts, data, unknown, spec.objectives),
            *about_series(judged),
            *about_time(bench, judged),
            *about_exclusions(spec, judged),
        ),
    )

"""`timeline`: the counts and burn rates of rolling windows at every tick."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backburn.engine import counting, request
from backburn.engine.rejecting import check_one
from backburn.errors import UsageError
from backburn.evaluation import lasting, rolling
from backburn.evaluation.identity import identity, together
from backburn.evaluation.specs import as_specs
from backburn.evaluation.ticking import Asking, Part, part_of
from backburn.evaluation.timetable import Timeline, Track

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from backburn import _rust
    from backburn.engine.data import DataArgument
    from backburn.evaluation.specs import SpecArgument
    from backburn.model.spec import Spec

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
    parts: list[Part] = []
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
        asking = Asking(every=distance, windows=windows, columns=told, several=len(specs) > 1)
        parts.append(part_of(one, counting.read(reading), asking))
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


def _check_size(tracks: Sequence[Track]) -> None:
    rows = sum(track.rows for track in tracks)
    if rows > _MOST_ROWS:
        greatest = max(tracks, key=lambda track: track.rows)
        what = f"objective '{greatest.objective}' has {greatest.series:,} series at {greatest.ticks:,} ticks"
        message = f"a timeline of {rows:,} rows is more than {_MOST_ROWS:,}: {what}"
        raise UsageError(message, "ask for fewer ticks (`every`), less time (`start`, `end`) or fewer series (`by`)")

"""Spec and data in, Rollup out."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from backburn.engine import request as requests
from backburn.engine.data import relative_paths, resolve
from backburn.engine.memory import count_stream
from backburn.engine.recording import recording
from backburn.engine.rejecting import taking
from backburn.engine.times import from_micros, length_text, rfc3339, to_micros
from backburn.errors import RollupMismatchError, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from backburn._rust import Rollup
    from backburn.engine.data import DataArgument, Resolved
    from backburn.model.spec import Spec

    Progress = Callable[[int, int, int], None]

__all__ = ["Reading", "asked_span", "check_tick", "count", "default_threads", "facts", "prepare", "read", "workers"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What is read and how: the `request` as the core takes it, where the rows are, and who is told of progress.

    `given` is what was asked for in place of the rows that the specification names, None for these. `rejects` is a file
    that takes every record which cannot be used.
    """

    spec: Spec
    request: str
    found: Resolved
    threads: int
    progress: Progress | None
    given: DataArgument | Sequence[DataArgument] | None
    rejects: str | os.PathLike[str] | None


def count(
    spec: Spec,
    data: DataArgument | Sequence[DataArgument] | None = None,
    *,
    start: str | datetime | None = None,
    end: str | datetime | None = None,
    threads: int | None = None,
    progress: Progress | None = None,
    rejects: str | os.PathLike[str] | None = None,
    keep: bool = False,
) -> Rollup:
    """Count the rows of logs and of streams, and merge them with whatever was counted before.

    With `keep` the counts may be saved, and durations are kept as coarsely as saved rollups keep them.
    """
    reading = prepare(spec, data, start=start, end=end, threads=threads, progress=progress, rejects=rejects, keep=keep)
    return read(reading)


def prepare(
    spec: Spec,
    data: DataArgument | Sequence[DataArgument] | None,
    *,
    start: str | datetime | None,
    end: str | datetime | None,
    threads: int | None,
    progress: Progress | None,
    rejects: str | os.PathLike[str] | None = None,
    keep: bool = False,
    histogram_step: int | None = None,
) -> Reading:
    """Find the rows, and say what is counted; durations per `histogram_step` microseconds where that is given."""
    span = asked_span(spec, start, end)
    found = resolve(spec, data)
    if found.rollups and span != (None, None):
        remedy = "leave them out, and choose what is judged with `at` and `window`"
        raise UsageError("start and end choose rows, and a rollup has none", remedy)
    if found.rollups and rejects is not None:
        remedy = "count the logs again, or leave out rejects"
        raise UsageError("rejects need the rows, and a rollup has but a few examples of them", remedy)
    histogram = recording(spec, [facts(rollup) for _, rollup in found.rollups], keep=keep, step=histogram_step)
    request = requests.request(spec, start=span[0], end=span[1], histogram=histogram)
    return Reading(
        spec=spec,
        request=json.dumps(request, ensure_ascii=False),
        found=found,
        threads=workers(threads),
        progress=progress,
        given=data,
        rejects=rejects,
    )


def read(reading: Reading) -> Rollup:
    """Count the rows, once."""
    from backburn import _rust

    spec, found, number, progress = reading.spec, reading.found, reading.threads, reading.progress
    merged: Rollup | None = None
    with taking(reading.rejects, spec) as rejects:
        if found.logs:
            with relative_paths(spec, reading.given):
                merged = _rust.scan(reading.request, list(found.logs), number, progress, rejects)
        for stream in found.streams:
            counted = count_stream(reading.request, stream, number, progress, rejects)
            merged = counted if merged is None else merged.merge(counted)
    for name, rollup in found.rollups:
        _check_meaning(spec, rollup, name)
        merged = rollup if merged is None else merged.merge(rollup)
    if merged is None:  # pragma: no cover - resolving gives at least one piece or an error.
        raise UsageError("no data is given", "name a log or a rollup")
    _check_complete(spec, merged)
    return merged


def facts(rollup: Rollup) -> dict[str, Any]:
    """Read all that a rollup knows beside its cells."""
    known: dict[str, Any] = json.loads(rollup.facts())
    return known


def check_tick(moment: int, step: int, option: str) -> None:
    """Refuse a moment that is no step boundary, and name its neighbours.

    >>> check_tick(5_000_000, 60_000_000, "at")
    Traceback (most recent call last):
    ...
    backburn.errors.UsageError: at: 1970-01-01T00:00:05Z is not on a step of 1m; use 1970-01-01T00:00:00Z or ...
    """
    if moment % step:
        before = moment - moment % step
        neighbours = (rfc3339(from_micros(tick)) for tick in (before, before + step))
        text = rfc3339(from_micros(moment))
        raise UsageError(
            f"{option}: {text} is not on a step of {length_text(step)}", "use " + " or ".join(neighbours), value=text
        )


def default_threads() -> int:
    """Count the processors that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def workers(asked: int | None) -> int:
    """Count the threads that are to read: as many as asked for, else one for each processor."""
    if asked is not None and asked < 1:
        raise UsageError(f"threads: {asked} is too few", "give 1 or more", value=str(asked))
    return asked or default_threads()


def asked_span(spec: Spec, start: str | datetime | None, end: str | datetime | None) -> tuple[int | None, int | None]:
    """Read the asked time in microseconds; both of its ends are on a step, and None where it is open."""
    step = spec.source.step.microseconds
    span: list[int | None] = []
    for option, moment in (("start", start), ("end", end)):
        micros = None if moment is None else to_micros(moment, option)
        if micros is not None:
            check_tick(micros, step, option)
        span.append(micros)
    first, last = span
    if first is not None and last is not None and first >= last:
        between = f"{rfc3339(from_micros(first))} is not before {rfc3339(from_micros(last))}"
        raise UsageError(f"start and end: {between}", "swap them, or leave one out")
    return first, last


def _check_meaning(spec: Spec, rollup: Rollup, name: str) -> None:
    """Refuse a rollup that counts something else under the name of an objective."""
    wanted = requests.fingerprints(spec)
    for indicator in facts(rollup)["indicators"]:
        objective = indicator["name"]
        if objective in wanted and wanted[objective] != indicator["fingerprint"]:
            raise RollupMismatchError(
                f"objective '{objective}' was counted as something else: {_difference(spec, objective, indicator)}",
                "count the logs again with this specification (`backburn rollup`)",
                file=name,
                field=objective,
            )


def _difference(spec: Spec, objective: str, indicator: dict[str, Any]) -> str:
    """Say how what was counted differs from what is asked, as far as the rollup remembers."""
    own = next(one for one in spec.objectives if one.name == objective)
    reasons = [one.reason for one in (*spec.source.exclude, *own.sli.exclude)]
    pairs = (
        ("in steps of {}", length_text(indicator["step"]), length_text(spec.source.step.microseconds)),
        ("by {}", ", ".join(indicator["by"]) or "nothing", ", ".join(spec.source.by) or "nothing"),
        ("excluding {}", ", ".join(indicator["reasons"]) or "nothing", ", ".join(reasons) or "nothing"),
    )
    parts = [f"{words.format(was)}, not {words.format(now)}" for words, was, now in pairs if was != now]
    return "; ".join(parts) or "with other columns, predicates or thresholds"


def _check_complete(spec: Spec, rollup: Rollup) -> None:
    held = [indicator["name"] for indicator in facts(rollup)["indicators"]]
    for objective in spec.objectives:
        if objective.name not in held:
            raise RollupMismatchError(
                f"objective '{objective.name}' was never counted: the rollup holds {', '.join(held) or 'nothing'}",
                "count the logs again with this specification (`backburn rollup`)",
                field=objective.name,
            )

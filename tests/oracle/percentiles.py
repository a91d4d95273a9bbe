"""How long requests took: rows and promises in, the durations of each series and span out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from oracle import rows, window
from oracle.classify import classify
from oracle.quantile import repeated
from oracle.step import end_of_step, start_of_step

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from oracle.rows import Row
    from oracle.spec import Objective, Spec
    from oracle.window import Span

Key = tuple[str | None, ...]
Durations = dict[Key | None, dict["Span", list[float]]]


def spans(usable: Sequence[Row], spec: Spec, every: int | None) -> list[Span]:
    """Each span of `every` from that of the first event to that of the last; without `every` all steps with data."""
    times = [time for row in usable if (time := rows.known_at(row, spec)) is not None]
    if every is None:
        return [(start_of_step(min(times), spec.step), end_of_step(max(times), spec.step))]
    first, last = start_of_step(min(times), every), start_of_step(max(times), every)
    return [(start, start + every) for start in range(first, last + 1, every)]


def usable_rows(sources: Sequence[Sequence[Row]], spec: Spec) -> list[Row]:
    """The rows that can be used and became known in the asked span."""
    everything = (row for source in sources for row in source)
    return [row for row in everything if rows.in_asked_span(row, spec) and not rows.is_reject(row, spec)]


def durations(usable: Sequence[Row], spec: Spec, objective: Objective, every: int | None) -> Durations:
    """The durations of all good and bad rows, each as often as its weight says; None is the key where no row counts."""
    by = spec.by if objective.by is None else objective.by
    all_spans = spans(usable, spec, every)
    found: Durations = {}
    for row in usable:
        kind = classify(row, spec, objective).kind
        if kind == "ignored":
            continue
        series = found.setdefault(rows.key(row, spec, by), {span: [] for span in all_spans})
        time, weight, took = rows.known_at(row, spec), rows.weight(row, spec), rows.duration(row[column(spec)])
        if kind in {"good", "bad"} and time is not None and weight is not None and took is not None:
            span = next(span for span in all_spans if window.holds(span, time))
            series[span] += repeated([(float(took), weight)])
    return found or {None: {span: [] for span in all_spans}}


def column(spec: Spec) -> str:
    """The raw column of durations."""
    names: Mapping[str, str] = spec.names
    return names["duration"]

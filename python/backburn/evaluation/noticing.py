"""What there is to say about one judged document, in the order in which people read it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from backburn.evaluation import exclusions, notes, series, windows
from backburn.evaluation.percent import percent_below
from backburn.model.sli import Counters

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from backburn.evaluation.bench import Bench
    from backburn.evaluation.judging import Judged
    from backburn.evaluation.provenance import Data, Note, Reject
    from backburn.model.spec import Objective, Spec

__all__ = ["about_exclusions", "about_rows", "about_series", "about_time"]


def about_rows(
    facts: dict[str, Any], data: Data, unknown: dict[str, tuple[Reject, ...]], objectives: Sequence[Objective]
) -> Iterator[Note]:
    """Say which rows were not used, or not by every objective."""
    if data.rejected:
        yield notes.rejected(data)
    if data.ignored:
        yield notes.ignored(data.ignored, data.rows, "source.where")
    ignored = {one["name"]: one["ignored"] for one in facts["indicators"]}
    samples = {one["name"]: one["samples"] for one in facts["indicators"] if "samples" in one}
    for objective in objectives:
        name = objective.name
        if ignored[name]:
            words = f"no readings for objective '{name}'" if name in samples else f"sli.valid of objective '{name}'"
            yield notes.ignored(ignored[name], data.rows, words)
        if unknown[name]:
            yield notes.unknown(objective, unknown[name])
        if name in samples and samples[name]["contradictions"]:
            yield notes.contradictions(objective, samples[name]["counts"], samples[name]["contradictions"])


def about_series(judged: Sequence[Judged]) -> Iterator[Note]:
    """Say which series are not there."""
    for one in judged:
        name = one.objective.name
        if not one.seen and not one.absent:
            yield notes.out_of_scope(name)
        for key in one.absent:
            yield notes.never_seen(name, dict(zip(one.by, key, strict=True)))
        everyone = [dict(zip(one.by, key, strict=True)) for key in (*one.seen, *one.absent)]
        for override in one.objective.overrides:
            if not any(series.match_all(override.match, labels) for labels in everyone):
                yield notes.unmatched(name, override)


def about_exclusions(spec: Spec, judged: Sequence[Judged]) -> Iterator[Note]:
    """Say which time was left out, which exclusion leaves out nothing, and where `no_data` decided."""
    used = {
        reason for one in judged for result in one.results if result.left_out for _, _, reason in result.left_out.spans
    }
    for exclusion in spec.exclusions:
        (span,) = exclusions.widened([exclusion], spec.source.step.microseconds)
        yield (notes.left_out if exclusion.reason in used else notes.unused)(exclusion, span)
    for one in judged:
        for word, met in (("good", True), ("bad", False)):
            empty = sum(result.valid == 0 and result.met is met for result in one.results)
            if empty:
                yield notes.no_data(one.objective.name, empty, word)


def about_time(bench: Bench, judged: Sequence[Judged]) -> Iterator[Note]:
    """Say where logs are missing in the windows: inside the data, and before it."""
    seen = (bench.begin, bench.tick)
    holes: dict[tuple[windows.Span, ...], list[Judged]] = {}
    for one in judged:
        found = windows.missing(one.covered, seen)
        if any(windows.intersect(found, placed.span) for placed in one.placed):
            holes.setdefault(tuple(found), []).append(one)
    for spans, concerned in holes.items():
        names = [one.objective.name for one in concerned] if len(concerned) < len(judged) else []
        readings = all(isinstance(one.objective.sli, Counters) for one in concerned)
        yield notes.gaps(spans, seen, names, readings=readings)
    for one in judged:
        for placed in one.placed:
            span = placed.span
            if span[0] < bench.begin < span[1]:
                share = percent_below(windows.observed(one.covered, [span]))
                yield notes.lead(placed.promise.window.text, share, bench.first)

"""Rolling percentiles of a timeline: how durations are kept for them, and where there are none."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from math import gcd
from typing import TYPE_CHECKING

from backburn.engine.times import length_text
from backburn.errors import SpecError
from backburn.evaluation import exclusions, notes
from backburn.evaluation.percent import percent_above
from backburn.evaluation.rolling import quantile_of
from backburn.model.sli import Latency

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import Any

    from backburn.evaluation.provenance import Note
    from backburn.model.spec import Objective, Spec
    from backburn.units import Duration

_A_SECOND = {"s": 1, "ms": 10**3, "us": 10**6, "ns": 10**9}

__all__ = ["about_percentiles", "check_latency", "histogram_step", "keeping", "threshold", "unit"]


def check_latency(specs: Sequence[Spec], percentiles: Sequence[str]) -> None:
    """Refuse percentiles where nothing is promised about durations."""
    if percentiles and not any(isinstance(one.sli, Latency) for spec in specs for one in spec.objectives):
        names = ", ".join(f"'{spec.name}'" for spec in specs)
        remedy = "write one, as in {name: fast, sli: {kind: latency, threshold: 300ms}, target: 95%, window: 30d}"
        path = specs[0].path if len(specs) == 1 else None
        message = f"{', '.join(percentiles)}: no objective of {names} is about latency"
        raise SpecError(message, remedy, file=None if path is None else str(path))


def keeping(spec: Spec, percentiles: Sequence[str]) -> Spec:
    """Give the document with the quantiles that are asked for; without any, durations need not be kept."""
    quantiles = tuple(quantile_of(name) for name in percentiles)
    return replace(spec, report=replace(spec.report, quantiles=quantiles))


def histogram_step(spec: Spec, every: int, windows: Sequence[Duration]) -> int | None:
    """Give the greatest step, in microseconds, on which every tick and every edge of a window falls.

    None where the document says it itself.
    """
    if spec.rollup.histogram_step is not None:
        return None
    return gcd(every, *(window.microseconds for window in windows), *_edges(spec))


def about_percentiles(
    spec: Spec,
    facts: dict[str, Any],
    percentiles: Sequence[str],
    ticks: tuple[int, int, int],
    windows: Sequence[Duration],
) -> Iterator[Note]:
    """Say what percentiles are counted in and how exact they are, and where there can be none."""
    kept = {one["name"]: one["durations"] for one in facts["indicators"]}
    for objective in spec.objectives if percentiles else ():
        if not isinstance(objective.sli, Latency):
            continue
        durations, names = kept[objective.name], ", ".join(percentiles)
        if durations is None:
            yield notes.no_durations(objective.name, names)
            continue
        yield notes.counted_in(objective.name, names, durations["unit"], percent_above(Fraction(durations["error"])))
        step, (first, _, every) = durations["step"], ticks
        off = first % step or every % step or any(edge % step for edge in _edges(spec))
        untold = [window.text for window in windows if off or window.microseconds % step]
        if untold:
            yield notes.across(objective.name, names, untold, length_text(step))


def unit(facts: dict[str, Any], objective: str) -> str | None:
    """Give what the durations of an objective are counted in, where any were kept."""
    kept = next(one["durations"] for one in facts["indicators"] if one["name"] == objective)
    return None if kept is None else str(kept["unit"])


def threshold(facts: dict[str, Any], objective: Objective) -> float | None:
    """Give what an objective of latency promises, in the unit of its durations, where any were kept."""
    counted_in = unit(facts, objective.name)
    if counted_in is None or not isinstance(objective.sli, Latency):
        return None
    return float(objective.sli.threshold.seconds * Decimal(_A_SECOND[counted_in]))


def _edges(spec: Spec) -> list[int]:
    """List where time that is left out begins and ends."""
    spans = exclusions.widened(spec.exclusions, spec.source.step.microseconds)
    return [edge for span in spans for edge in span]

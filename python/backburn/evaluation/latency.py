"""How long an objective's valid rows took: quantiles from the histograms of a rollup."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backburn.engine.counting import facts
from backburn.engine.times import length_text
from backburn.evaluation.result import Durations
from backburn.model.sli import Latency
from backburn.units import share_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from backburn._rust import Rollup
    from backburn.evaluation.windows import Span
    from backburn.model.spec import Objective, Spec

    Pieces = Sequence[Span]

__all__ = ["DEFINITION", "durations"]

DEFINITION = 7
"""The linear definition of Hyndman and Fan, as elsewhere unless a person asks for another."""

Key = tuple[str | None, ...]


def durations(
    spec: Spec,
    rollup: Rollup,
    objective: Objective,
    *,
    by: Sequence[str],
    asked: Sequence[tuple[Key, Sequence[Pieces]]],
    data: Span,
) -> list[list[Durations]]:
    """Give for each asked series the quantiles over its windows, which are given in pieces.

    The list is empty for an objective that judges no durations. `data` reaches from the first step with data to the
    tick after the last: an edge of a window outside of it needs no step of a histogram to fall on.
    """
    if not isinstance(objective.sli, Latency) or not spec.report.quantiles:
        return []
    kept = next(one["durations"] for one in facts(rollup)["indicators"] if one["name"] == objective.name)
    if kept is None:
        return []
    texts = [share_text(quantile) for quantile in spec.report.quantiles]
    edges = [
        (key, [[_edges(span, kept["step"], data) for span in pieces] for pieces in windows]) for key, windows in asked
    ]
    found = rollup.quantiles(objective.name, by, edges, texts, DEFINITION) or []
    column = objective.sli.column

    def one(pieces: Pieces, quantiles: Sequence[float | None]) -> Durations:
        fits = all(_fits(span, kept["step"], data) for span in pieces)
        step = length_text(kept["step"])
        reason = None if fits else f"an edge of the window falls inside a histogram, which holds {step}"
        shown: dict[str, float | None] = dict(zip(texts, quantiles if fits else [None] * len(texts), strict=True))
        return Durations(column=column, unit=kept["unit"], error=kept["error"], quantiles=shown, reason=reason)

    return [
        [one(pieces, values) for pieces, (_, values) in zip(windows, of_windows, strict=True)]
        for (_, windows), of_windows in zip(asked, found, strict=True)
    ]


def _fits(span: Span, step: int, data: Span) -> bool:
    """Whether no histogram lies across an edge of the span."""
    begins = span[0] % step == 0 or span[0] <= data[0]
    ends = span[1] % step == 0 or span[1] >= data[1]
    return begins and ends


def _edges(span: Span, step: int, data: Span) -> Span:
    """Move the start of a span that begins before all data to the step of the histogram with the first of it."""
    start = min(span[0], data[0] - data[0] % step) if span[0] <= data[0] else span[0]
    return start, span[1]

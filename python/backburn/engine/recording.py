"""How durations are kept while rows are counted: the step and the scale of their histograms."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from backburn.engine.times import length_text
from backburn.errors import UsageError
from backburn.model.sli import Latency

if TYPE_CHECKING:
    from collections.abc import Sequence

    from backburn.model.spec import Spec

__all__ = ["recording"]

_SAVED = 300_000_000
"""Rollups that may be saved keep a histogram for every five minutes."""


def recording(
    spec: Spec, saved: Sequence[dict[str, Any]], *, keep: bool = False, step: int | None = None
) -> tuple[int, int] | None:
    """Choose step (microseconds) and scale; None where no durations are judged or shown, nor kept already.

    `saved` are the facts of rollups that the counts will be merged with: they have chosen already. With `keep` the
    counts may be saved, else they answer one question: about spans of whole `step`s, or one that may end on any step.
    """
    if saved:
        kept = [one["durations"] for facts in saved for one in facts["indicators"] if one["durations"] is not None]
        return (kept[0]["step"], kept[0]["scale"]) if kept else None
    if not spec.report.quantiles or not any(isinstance(one.sli, Latency) for one in spec.objectives):
        return None
    if step is not None:
        return step, spec.rollup.scale
    step = spec.source.step.microseconds
    asked = spec.rollup.histogram_step
    if asked is not None:
        if asked.microseconds % step:
            message = f"the step {length_text(step)} does not divide rollup.histogram_step ({asked.text})"
            raise UsageError(message, "choose a step that does, or another histogram_step", value=asked.text)
        return asked.microseconds, spec.rollup.scale
    return (step * -(-_SAVED // step) if keep else step), spec.rollup.scale

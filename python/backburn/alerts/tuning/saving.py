"""The choice as a document that can be run: an AlertPolicy with where it is from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backburn.document.saved import policy_text
from backburn.engine.times import from_micros, rfc3339
from backburn.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backburn.alerts.tuning.metrics import Metrics
    from backburn.alerts.tuning.result import Tuning

__all__ = ["text_of"]


def text_of(tuning: Tuning) -> str:
    """Write the document; comments above it say what it was chosen from, on which data, and how it did.

    Raises:
        UsageError: nothing was chosen.
    """
    if tuning.chosen is None:
        raise UsageError(f"there is no policy to save: {tuning.reason}", "loosen the limits, or bring more data")
    return policy_text(tuning.chosen.policy, _provenance(tuning))


def _provenance(tuning: Tuning) -> Iterator[str]:
    chosen = tuning.chosen
    if chosen is None:
        return
    half = tuning.train
    names = ", ".join(spec.name for spec in tuning.specs)
    yield f"Chosen for {names} among {tuning.tried:,} policies of grid '{tuning.grid}' by backburn {tuning.version}."
    yield f"Events: {tuning.truth}. Limits: {'; '.join(tuning.wishes) or 'none'}."
    yield f"Chosen on {_span(half.start, half.end)} ({half.events} events): {_did(chosen.point.train)}"
    held = tuning.holdout
    if chosen.point.holdout is not None:
        yield f"Held out: {_span(held.start, held.end)} ({held.events} events): {_did(chosen.point.holdout)}"


def _span(start: int, end: int) -> str:
    return f"{rfc3339(from_micros(start))} to {rfc3339(from_micros(end))}"


def _did(metrics: Metrics) -> str:
    precision = "no page" if metrics.precision is None else f"precision {metrics.precision:.2f}"
    within = "" if metrics.detection_p50 is None else f", half detected within {metrics.detection_p50 / 60:.3g} minutes"
    weekly = f"{metrics.pages_per_week or 0:.2f} pages a week"
    return f"{metrics.detected} of {metrics.events} detected, {precision}, {weekly}{within}."

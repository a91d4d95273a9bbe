"""The random alerter: the policy's own pages at other times."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backburn.alerts.score.result import Chance, Estimate

if TYPE_CHECKING:
    from collections.abc import Sequence

    from backburn.alerts.score.heard import Heard

__all__ = ["by_chance"]

_TAIL = 0.025


def by_chance(heard: Sequence[Heard], detected: int, draws: int) -> Chance | None:
    """Move the pages of each service around the span that is scored, as on a ring, so often; None without pages."""
    from backburn import _rust

    events = sum(len(one.events) for one in heard)
    true = sum(page.verdict == "true" for one in heard for page in one.pages)
    false = sum(page.verdict == "false" for one in heard for page in one.pages)
    if not any(one.pages for one in heard) or not events:
        return None
    drawn = _rust.shifted([(one.ground, [page.first for page in one.pages]) for one in heard], draws)
    recalls = [found / events for found, _, _ in drawn]
    precisions = [told / (told + lied) for _, told, lied in drawn if told + lied]
    return Chance(
        recall=_estimate(recalls),
        recall_p=_p(recalls, detected / events),
        precision=_estimate(precisions),
        precision_p=_p(precisions, true / (true + false)) if true + false else None,
        draws=draws,
    )


def _estimate(drawn: Sequence[float]) -> Estimate:
    """Give the mean, and the values that all but a twentieth lie between."""
    if not drawn:
        return Estimate(value=None)
    values = sorted(drawn)
    last = len(values) - 1
    low, high = values[round(_TAIL * last)], values[round((1 - _TAIL) * last)]
    return Estimate(value=sum(values) / len(values), low=low, high=high)


def _p(drawn: Sequence[float], seen: float) -> float:
    return (1 + sum(value >= seen for value in drawn)) / (len(drawn) + 1)

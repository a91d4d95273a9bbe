"""The policies of which none is better than another, and which limit rules the others out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backburn.alerts.tuning.choosing import Considered
from backburn.alerts.tuning.metrics import worth

if TYPE_CHECKING:
    from collections.abc import Sequence

    from backburn.alerts.tuning.limits import Limit
    from backburn.alerts.tuning.swept import Swept

__all__ = ["FRONT", "binding", "front_of"]

FRONT = ("recall", "pages_per_week", "detection_p50")
"""What the front is of: more events, fewer pages, sooner."""


def front_of(swept: Swept, others: Sequence[Considered]) -> list[Considered]:
    """Give what is not noisy, detects something, and is beaten by nothing on all of `FRONT`: fewest pages first.

    Of policies that do the same the first in the grid stands for all, one with fewer conditions before one with more.
    """
    import numpy as np

    columns = np.stack([swept.values[name] for name in FRONT], axis=1)
    rows = np.flatnonzero(swept.quiet & (swept.column("detected") > 0))
    unique, first = np.unique(columns[rows], axis=0, return_index=True)
    found: dict[tuple[float, ...], int | Considered] = {}
    for values, at in zip(unique, first, strict=True):
        found[tuple(map(float, values))] = int(rows[at])
    for one in others:
        if not one.metrics.noisy and one.metrics.detected:
            found.setdefault(tuple(worth(one.metrics, name) for name in FRONT), one)
    best = _unbeaten(list(found))
    chosen = [found[values] for values in best]
    told = [
        one if isinstance(one, Considered) else Considered(candidate=swept.candidate(one), metrics=swept.metrics(one))
        for one in chosen
    ]
    return sorted(told, key=lambda one: (one.metrics.pages_per_week or 0.0, -one.metrics.detected))


def _unbeaten(values: list[tuple[float, ...]]) -> list[tuple[float, ...]]:
    """Keep those that no other equals or beats everywhere."""
    best: list[tuple[float, ...]] = []
    for one in sorted(set(values), reverse=True):
        # One that comes later is no better by the first; so only those before can beat it.
        if not any(all(a >= b for a, b in zip(other, one, strict=True)) for other in best):
            best.append(one)
    return best


def binding(limits: Sequence[Limit], tried: Sequence[Considered]) -> list[str]:
    """Say, for each limit, how near to it one comes that keeps the others; the one that can be met alone binds."""
    said = []
    quiet = [one for one in tried if not one.metrics.noisy]
    for limit in limits:
        others = [other for other in limits if other is not limit]
        rest = [one for one in quiet if all(other.kept(one.metrics) for other in others)]
        values = [value for one in rest if (value := getattr(one.metrics, limit.metric)) is not None]
        others_text = ", ".join(map(str, others)) or "no other limit"
        if not values:
            said.append(f"{limit}: nothing keeps {others_text} either")
            continue
        nearest = min(values) if limit.most else max(values)
        said.append(f"{limit}: with {others_text} the nearest has {limit.metric} {nearest:.4g}")
    return said

"""The points of a picture of tuning: a record for each policy, those that did the same as one."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

from backburn.output.lengths import time_text
from backburn.output.numbers import budget_text, rate_estimate, ratio_estimate

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from backburn.alerts.tuning.metrics import Metrics
    from backburn.alerts.tuning.result import Tuning

__all__ = ["CHOICE", "FRONT", "KNOWN", "chance", "held", "steps", "train"]

FRONT, CHOICE, KNOWN = "the front", "the choice", "the catalogue"
"""What kinds of points there are."""

_SIZES = {FRONT: 45, CHOICE: 260, KNOWN: 70}

_NAMED = 3
"""So many policies that did the same are named; a page shows the others on pointing there."""


def train(tuning: Tuning) -> Iterator[dict[str, Any]]:
    """Give the points of the earlier part, those that matter most last, so that they lie on top."""
    choice = None if tuning.chosen is None else tuning.chosen.point
    for point in tuning.front:
        if choice is None or point.words != choice.words:
            yield from _point(FRONT, [point.words], point.train)
    yield from _known([(point.words, point.train) for point in tuning.catalogue], tuning.baseline)
    if choice is not None:
        yield from _point(CHOICE, [choice.words], choice.train, said=f"{CHOICE}: {choice.words}")


def held(tuning: Tuning) -> Iterator[dict[str, Any]]:
    """Give those of the later part, which was looked at for the choice and the catalogue only."""
    told = [(point.words, point.holdout) for point in tuning.catalogue if point.holdout is not None]
    yield from _known(told, tuning.baseline)
    choice = None if tuning.chosen is None else tuning.chosen.point
    if choice is not None and choice.holdout is not None:
        yield from _point(CHOICE, [choice.words], choice.holdout, said=f"{CHOICE}: {choice.words}")


def steps(tuning: Tuning) -> list[dict[str, Any]]:
    """Give the corners of the front of recall and pages alone: the most recall with no more pages."""
    found: list[dict[str, Any]] = []
    told = [(point.train.pages_per_week or 0.0, point.train.recall or 0.0) for point in tuning.front]
    for pages, recall in sorted(told, key=lambda one: (one[0], -one[1])):
        if not found or recall > found[-1]["recall"]:
            found.append({"pages": pages, "recall": recall})
    return found


def chance(tuning: Tuning) -> Iterator[dict[str, Any]]:
    """Give the recall that the pages of the choice would have had at other times, with its range."""
    chosen = tuning.chosen
    if chosen is None or chosen.point.holdout is None or chosen.score.random is None:
        return
    recall, pages = chosen.score.random.recall, chosen.point.holdout.pages_per_week
    if recall.value is None or pages is None:
        return
    low, high = (recall.value if end is None else end for end in (recall.low, recall.high))
    words = f"by chance {ratio_estimate(recall.value, recall.low, recall.high)}"
    yield {"pages": pages, "recall": recall.value, "low": low, "high": high, "words": words}


def _known(points: Sequence[tuple[str, Metrics]], baseline: str | None) -> Iterator[dict[str, Any]]:
    """Give the catalogue, the baseline first; policies at the same place share their words, which the last one has."""
    places: dict[tuple[float | None, ...], list[tuple[str, Metrics]]] = {}
    for name, metrics in sorted(points, key=lambda one: (one[0] != baseline, one[0])):
        places.setdefault((metrics.pages_per_week, metrics.recall), []).append((name, metrics))
    for same in places.values():
        alike: dict[float | None, list[tuple[str, Metrics]]] = {}
        for one in same:
            alike.setdefault(one[1].detection_p50, []).append(one)
        # The sooner ones lie on top.
        ordered = sorted(alike.items(), key=lambda one: float("-inf") if one[0] is None else -one[0])
        for number, (_, policies) in enumerate(ordered):
            said = _words(same) if number == len(ordered) - 1 else ""
            yield from _point(KNOWN, [name for name, _ in policies], policies[0][1], said=said)


def _words(policies: Sequence[tuple[str, Metrics]]) -> str:
    names = [name + (" (noisy)" if metrics.noisy else "") for name, metrics in policies]
    return ", ".join(names[:_NAMED]) + (f" and {len(names) - _NAMED} more" if len(names) > _NAMED else "")


def _point(kind: str, names: Sequence[str], metrics: Metrics, said: str = "") -> Iterator[dict[str, Any]]:
    """Make a point, unless there is nothing that it could stand for."""
    pages, recall, seconds = metrics.pages_per_week, metrics.recall, metrics.detection_p50
    if pages is None or recall is None:
        return
    yield {
        "kind": kind,
        "size": _SIZES[kind],
        "pages": pages,
        "recall": recall,
        # A logarithmic scale of colours has no zero.
        "seconds": None if seconds is None else max(seconds, 1.0),
        "words": said,
        "policies": ", ".join(names),
        "detected": f"{metrics.detected} of {metrics.events}",
        "precision": ratio_estimate(metrics.precision),
        "weekly": rate_estimate(pages),
        "soon": "not reached" if seconds is None else time_text(Fraction(seconds)),
        "unseen": budget_text(metrics.budget_unseen),
    }

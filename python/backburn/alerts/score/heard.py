"""What one service heard under a policy: its pages, and what they made of its events."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from backburn import _rust

    Firing = tuple[int, int | None]

__all__ = ["EventHeard", "Heard", "PageHeard", "hear", "told"]

_ENDLESS = 2.0**32


@dataclass(frozen=True, slots=True, kw_only=True)
class PageHeard:
    """A page, in microseconds; `end` is None where the data end first, `verdict` is true, false or unsure."""

    first: int
    end: int | None
    verdict: str
    night: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class EventHeard:
    """An event, in microseconds, and what became of it; `before` and `lost` are shares of a budget.

    `outcome` is detected, already firing or missed; `reset` is how it ended (after, ended early, censored) and when.
    """

    start: int
    end: int
    outcome: str
    after: int | None
    before: float | None
    lost: float | None
    reset: tuple[str, int] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """One service; `fired` are the ticks outside of events at which an alert fired, and all of those."""

    ground: _rust.Ground
    pages: tuple[PageHeard, ...]
    events: tuple[EventHeard, ...]
    fired: tuple[int, int]
    left_out_alerts: int
    left_out_events: int


def hear(
    ground: _rust.Ground,
    alerts: Sequence[Firing],
    events: Sequence[tuple[int, int]],
    scored: tuple[int, int],
    left_out: int,
) -> Heard:
    """Hold alerts against the events of a ground."""
    pages, outcomes, fired = ground.score(alerts)
    return Heard(
        ground=ground,
        pages=tuple(
            PageHeard(first=first, end=end, verdict=verdict, night=night) for first, end, verdict, night in pages
        ),
        events=tuple(
            EventHeard(
                start=start,
                end=end,
                outcome=outcome,
                after=None if detection is None else detection[0],
                before=None if detection is None else _known(detection[1]),
                lost=_known(lost),
                reset=reset,
            )
            for (start, end), (outcome, _, detection, lost, reset) in zip(events, outcomes, strict=True)
        ),
        fired=fired,
        left_out_alerts=sum(not scored[0] <= first < scored[1] for first, _ in alerts),
        left_out_events=left_out,
    )


def _known(share: float) -> float | None:
    """Give a share of a budget; None where there is no budget, for no time of it has logs."""
    return share if share < _ENDLESS else None


def told(fired: Mapping[str, Sequence[Firing]], inhibited_by: Mapping[str, Sequence[str]]) -> Iterator[Firing]:
    """Give alerts from when somebody hears of them: the first moment at which none fires that inhibits them.

    `fired` are the alerts of a service by their names, `inhibited_by` names those that silence the ones that are asked
    for. An alert that is silenced until it ends is not told of.

    >>> list(told({"page": [(5, 9)], "loud": [(0, 6), (6, 7)]}, {"page": ["loud"]}))
    [(7, 9)]
    """
    for name, inhibitors in inhibited_by.items():
        loud = sorted(_joined(span for inhibitor in inhibitors for span in fired.get(inhibitor, ())))
        for first, end in fired.get(name, ()):
            covering = next((span for span in loud if span[0] <= first and (span[1] is None or first < span[1])), None)
            begins: int | None = first if covering is None else covering[1]
            if begins is not None and (end is None or begins < end):
                yield begins, end


def _joined(spans: Iterable[Firing]) -> list[Firing]:
    """Join spans that touch or overlap."""
    joined: list[Firing] = []
    for first, end in sorted(spans, key=lambda span: (span[0], span[1] is None, span[1] or 0)):
        if joined and (joined[-1][1] is None or first <= joined[-1][1]):
            before = joined[-1][1]
            longest = None if before is None or end is None else max(before, end)
            joined[-1] = joined[-1][0], longest
        else:
            joined.append((first, end))
    return joined

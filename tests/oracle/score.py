"""Pages held against events, as plainly as it can be said: what was detected, when, at what cost, and by chance.

An alert is `(first, end)`: it fires at the ticks in `[first, end)`, and at all of them where `end` is None. Moments and
lengths are whole microseconds, shares are fractions.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from oracle.burn import Events

    Alert = tuple[int, int | None]
    Span = tuple[int, int]
    Verdict = Literal["true", "false", "unsure"]

MINUTE, HOUR = 60_000_000, 3_600_000_000


@dataclass(frozen=True, kw_only=True)
class Field:
    """Where the ticks lie, and in which span an alert or an event must begin to count."""

    ticks: range
    scored: Span
    regroup: int = 5 * MINUTE
    grace: int = 30 * MINUTE

    def counts(self, moment: int) -> bool:
        """Whether what begins then counts."""
        return self.scored[0] <= moment < self.scored[1]

    def belongs(self, moment: int, event: Event) -> bool:
        """Whether a moment lies in the match span of an event."""
        return event.start <= moment < event.end + self.grace

    @property
    def part(self) -> list[int]:
        """The ticks that are scored."""
        return [tick for tick in self.ticks if self.counts(tick)]


@dataclass(frozen=True, kw_only=True)
class Event:
    """Something that somebody should be told of, in `[start, end)`, and the series that it hit with their budgets."""

    start: int
    end: int
    hit: tuple[tuple[Events, Fraction], ...] = ()

    def spent(self, until: int) -> Fraction:
        """What it had spent by then of the budgets: bad events from the step of its start on."""
        bad, budget = 0, Fraction(0)
        for series, own in self.hit:
            bad += series.within(self.start // series.step * series.step, until).bad
            budget += own
        return bad / budget if bad else Fraction(0)

    @property
    def lost(self) -> Fraction:
        """What it spent as a whole, to the end of its last step."""
        return self.spent(max((-(-self.end // series.step) * series.step for series, _ in self.hit), default=0))


@dataclass(frozen=True, kw_only=True)
class Group:
    """What happened to the series of a group, and what was heard of it."""

    alerts: Sequence[Alert]
    events: Sequence[Event]
    unsure: Sequence[Span] = ()


def fires(alert: Alert, moment: int) -> bool:
    """Whether an alert, or a page, fires at a moment."""
    return alert[0] <= moment and (alert[1] is None or moment < alert[1])


def told(
    fired: Mapping[str, Sequence[Alert]], inhibited_by: Mapping[str, Sequence[str]], ticks: range
) -> Iterator[Alert]:
    """The alerts that are asked for, each from its first tick at which none fires that inhibits it, if there is one."""
    for name, inhibitors in inhibited_by.items():
        loud = [alert for inhibitor in inhibitors for alert in fired.get(inhibitor, ())]
        for alert in fired.get(name, ()):
            for tick in ticks:
                if fires(alert, tick) and not any(fires(one, tick) for one in loud):
                    yield tick, alert[1]
                    break


def pages(field: Field, alerts: Sequence[Alert]) -> list[Alert]:
    """Alerts that count, merged where one begins at most the time for regrouping after those before it have ended."""
    merged: list[Alert] = []
    for first, end in sorted((one for one in alerts if field.counts(one[0])), key=lambda one: one[0]):
        if not merged or (merged[-1][1] is not None and first - merged[-1][1] > field.regroup):
            merged.append((first, end))
        else:
            before = merged[-1][1]
            merged[-1] = merged[-1][0], None if before is None or end is None else max(before, end)
    return merged


def verdict(field: Field, group: Group, moment: int) -> Verdict:
    """What a page that begins then is; an event that does not count makes it unsure."""
    near = [event for event in group.events if field.belongs(moment, event)]
    if any(field.counts(event.start) for event in near):
        return "true"
    return "unsure" if near or any(start <= moment < end for start, end in group.unsure) else "false"


def outcome(field: Field, event: Event, heard: Sequence[Alert]) -> tuple[str, Alert | None]:
    """What pages, in the order of time, made of an event, and the one that told of it."""
    for page in heard:
        if field.belongs(page[0], event):
            return "detected", page
    for page in heard:
        if fires(page, event.start):
            return "already firing", page
    return "missed", None


def reset(event: Event, others: Sequence[Event], page: Alert) -> tuple[str, int]:
    """How long after an event its page ended; censored where the data, or another event's beginning, come first.

    Another event that is not over when this one ends, and has begun before the page ends, is why the page goes on.
    """
    if page[1] is None:
        return "censored", 0
    if page[1] <= event.end:
        return "ended early", 0
    if any(other.end > event.end and other.start < page[1] for other in others if other is not event):
        return "censored", 0
    return "after", page[1] - event.end


def outside(field: Field, group: Group) -> tuple[int, int]:
    """At how many ticks outside the match spans of all events an alert that counts fires, and how many there are."""
    free = [tick for tick in field.part if not any(field.belongs(tick, event) for event in group.events)]
    counted = [alert for alert in group.alerts if field.counts(alert[0])]
    return sum(any(fires(alert, tick) for alert in counted) for tick in free), len(free)


def computed(
    steps: Mapping[int, tuple[int, int]],
    step: int,
    target: Fraction,
    budget: Fraction | None,
    *,
    times: Fraction = Fraction(2),
    share: Fraction = Fraction(1, 50),
    over: int = HOUR,
) -> list[Span]:
    """The events that follow from the bad and valid events of each step, by its number, and the budget of a period.

    Each step scores `bad − β·(1 − T)·valid`, summed up and never below 0. A candidate begins with the first positive
    step after a sum of 0 and ends with the step of its peak; it is over when the sum is 0 again, or when so long after
    that step no new peak has come, which makes the sum 0. It counts if the peak is worth the share of the budget.
    """
    found: list[Span] = []
    total, peak, start, at = Fraction(0), Fraction(0), 0, 0
    for number in range(min(steps, default=0), max(steps, default=0) + 1):
        bad, valid = steps.get(number, (0, 0))
        before, total = total, max(Fraction(0), total + bad - times * (1 - target) * valid)
        if not before and total:
            peak, start = Fraction(0), number
        if total > peak:
            peak, at = total, number
        elif peak and (number - at) * step >= over:
            total = Fraction(0)
        if peak and (not total or number == max(steps)):
            if budget is not None and peak >= share * budget:
                found.append((start * step, (at + 1) * step))
            total = peak = Fraction(0)
    return found


def by_chance(field: Field, group: Group) -> list[tuple[int, int, int]]:
    """Detected events, true and false pages if all pages had come later by each number of ticks, around a ring."""
    part = field.part
    places = [part.index(page[0]) for page in pages(field, group.alerts)]
    counted = [event for event in group.events if field.counts(event.start)]
    drawn = []
    for distance in range(len(part)):
        moved = [part[(place + distance) % len(part)] for place in places]
        words = [verdict(field, group, moment) for moment in moved]
        detected = sum(any(field.belongs(moment, event) for moment in moved) for event in counted)
        drawn.append((detected, words.count("true"), words.count("false")))
    return drawn

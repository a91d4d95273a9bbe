"""Pages and events counted up to a score: recall, precision, quantiles, budgets, and nights and shifts (of UTC)."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from oracle.score import fires, outcome, outside, pages, reset, verdict

if TYPE_CHECKING:
    from collections.abc import Sequence

    from oracle.score import Alert, Field, Group, Span

SECOND, HOUR, DAY = 1_000_000, 3_600_000_000, 86_400_000_000


def quantile(times: Sequence[int], among: int, share: Fraction) -> Fraction | None:
    """The least time, in seconds, that at least this share of so many do not exceed; None where too few have one."""
    reached = (time for time in sorted(times) if sum(one <= time for one in times) >= share * among)
    found = next(reached, None)
    return None if found is None else Fraction(found, SECOND)


def spread(times: Sequence[int], among: int) -> dict[str, Fraction | None]:
    """Their quantiles as in a score."""
    shares = {"p50": Fraction(1, 2), "p90": Fraction(9, 10), "max": Fraction(1)}
    return {name: quantile(times, among, share) for name, share in shares.items()}


def score(field: Field, groups: Sequence[Group], period: int) -> dict[str, Any]:
    """All groups together, in the words of a score; what is a ratio of nothing is None."""
    heard = [pages(field, group.alerts) for group in groups]
    every = sorted((page for one in heard for page in one), key=lambda page: page[0])
    told_as = [verdict(field, group, page[0]) for group, own in zip(groups, heard, strict=True) for page in own]
    counted = [[event for event in group.events if field.counts(event.start)] for group in groups]
    found = [(one, *outcome(field, one, own)) for events, own in zip(counted, heard, strict=True) for one in events]
    detected = [(event, page) for event, how, page in found if how == "detected" and page is not None]
    firing, missed = ([event for event, how, _ in found if how == word] for word in ("already firing", "missed"))
    among = {id(event): events for events in counted for event in events}
    resets = [reset(event, among[id(event)], page) for event, _, page in found if page is not None]
    known = [after for how, after in resets if how != "censored"]
    true, false = told_as.count("true"), told_as.count("false")
    noise = [sum(column) for column in zip(*(outside(field, group) for group in groups), strict=True)]
    start, end = field.scored
    last = [end if page[1] is None else page[1] for page in every]
    nights = overlap(field.scored, [(22, 30)]) / Fraction(8 * HOUR)
    shifts = [one for one in clocked(field.scored, [(8, 20), (20, 32)]) if start <= one[0] and one[1] <= end]
    busy = [sum(first <= page[0] < after for page in every) > 2 for first, after in shifts]
    return {
        "events": len(found),
        "detected": len(detected),
        "already_firing": len(firing),
        "missed": len(missed),
        "recall": ratio(len(detected), len(found)),
        "recall_covered": ratio(len(detected) + len(firing), len(found)),
        "pages": len(every),
        "true_pages": true,
        "false_pages": false,
        "unsure_pages": told_as.count("unsure"),
        "precision": ratio(true, true + false),
        "event_precision": ratio(len(detected), len(detected) + false),
        "pages_per_event": ratio(true, len(detected)),
        "detection": spread([page[0] - event.start for event, page in detected], len(found)),
        "reset": spread(known, len(known)),
        "ended_early": sum(how == "ended early" for how, _ in resets),
        "censored": sum(how == "censored" for how, _ in resets),
        "budget_before": ratio(sum(event.spent(page[0]) for event, page in detected), len(detected)),
        "budget_lost": sum((event.lost for event in missed), Fraction(0)),
        "pages_per_week": ratio(len(every) * 7 * DAY, end - start),
        "pages_per_night": ratio(sum(not 6 <= page[0] % DAY // HOUR < 22 for page in every), nights),
        "busy_shifts": ratio(sum(busy), len(busy)),
        "longest_quiet": Fraction(quiet(field.scored, every), SECOND),
        "flapping": sum(soon(*both) for own in heard for both in pairwise(own)),
        "firing": ratio(*noise),
        "noisy": noise[1] > 0 and noise[0] * 10 >= noise[1],
        "permanently_firing": any(10 * (z - page[0]) >= 9 * period for page, z in zip(every, last, strict=True)),
        "weeks": Fraction(end - start, 7 * DAY),
        "left_out_alerts": sum(not field.counts(alert[0]) for group in groups for alert in group.alerts),
        "left_out_events": sum(not field.counts(event.start) for group in groups for event in group.events),
    }


def ratio(some: Fraction | int, of: Fraction | int) -> Fraction | None:
    """A share; None of nothing."""
    return Fraction(some) / of if of else None


def clocked(span: Span, hours: Sequence[Span]) -> list[Span]:
    """From one hour of a day to another, of all days about a span."""
    days = range(span[0] // DAY * DAY - DAY, span[1] + DAY, DAY)
    return [(day + first * HOUR, day + last * HOUR) for day in days for first, last in hours]


def overlap(span: Span, hours: Sequence[Span]) -> int:
    """For how long a span lies in these hours."""
    return sum(max(0, min(last, span[1]) - max(first, span[0])) for first, last in clocked(span, hours))


def quiet(span: Span, every: Sequence[Alert]) -> int:
    """The longest part of a span in which no page fires."""
    edges = sorted([*span, *(first for first, _ in every), *(end for _, end in every if end is not None)])
    return max((b - a for a, b in pairwise(edges) if not any(fires(page, a) for page in every)), default=0)


def soon(before: Alert, after: Alert) -> bool:
    """Whether a page begins within an hour of the end of the one before."""
    return before[1] is not None and after[0] - before[1] <= HOUR

"""The ticket beside the page: what burns too slowly to wake somebody."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backburn.alerts.tuning.choosing import Considered

if TYPE_CHECKING:
    from backburn.alerts.tuning.candidate import Candidate
    from backburn.alerts.tuning.swept import Swept

__all__ = ["MOST_PER_WEEK", "ticket_beside"]

MOST_PER_WEEK = 7.0
"""Tickets that come more often than once a day are not read."""


def ticket_beside(swept: Swept, page: Candidate) -> Considered | None:
    """Choose the ticket: a single condition with a lower factor than the page's, and a longer window if there is one.

    Of those that are not noisy and open at most a ticket a day, the one that sees most events, then the one that is
    most often right, then the one with the longest window and the lowest factor. None if there is no such condition.
    """
    lowest = min(part.factor for part in page.parts)
    windows = [long.microseconds for long, _ in swept.grid.windows]
    longest = max(windows[part.window] for part in page.parts)
    least = min((window for window in windows if window > longest), default=longest)
    found: list[tuple[tuple[float, ...], int]] = []
    per_week = swept.column("true_pages") + swept.column("false_pages") + swept.column("unsure_pages")
    for row in range(len(swept)):
        if not swept.quiet[row] or per_week[row] > MOST_PER_WEEK * swept.weeks:
            continue
        candidate = swept.candidate(row)
        (part,) = candidate.parts
        if part.factor >= lowest or windows[part.window] < least or candidate.target != page.target:
            continue
        seen = (float(swept.values["recall"][row]), float(swept.values["event_precision"][row]))
        found.append(((*seen, float(windows[part.window]), -float(part.factor), -float(candidate.wait)), row))
    if not found:
        return None
    row = max(found)[1]
    return Considered(candidate=swept.candidate(row), metrics=swept.metrics(row))

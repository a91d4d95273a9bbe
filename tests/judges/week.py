"""A week of a service minute by minute, made without Backburn: quiet hours, a late series, and incidents."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    Counts = dict[int, tuple[int, int]]

MINUTE = 60_000_000
FIRST = 1_759_276_800_000_000 // MINUTE
"""The minute 2025-10-01T00:00:00Z, since the epoch."""

DAYS = 7
MINUTES = DAYS * 1440
ERRORS = 0.001

# Begin, length, share of errors: an outage, a bad release, a slow burn, two short dips, and one in the quiet hours.
INCIDENTS = (
    (700, 25, 1.0),
    (2000, 180, 0.12),
    (3300, 900, 0.03),
    (5000, 4, 0.6),
    (5012, 4, 0.6),
    (6200, 30, 0.5),
    (8000, 70, 0.2),
)


def week(seed: int) -> Mapping[str, Counts]:
    """For each zone the good and the bad requests of every minute that has any, by its number since the epoch."""
    chance = Random(seed)  # noqa: S311 - traffic needs a seed, not secrets.
    made: dict[str, Counts] = {"busy": {}, "nights": {}, "late": {}}
    for minute in range(MINUTES):
        for zone, counts in made.items():
            requests = int(chance.uniform(0.5, 1.5) * traffic(zone, minute))
            errors = next((share for start, length, share in INCIDENTS if start <= minute < start + length), ERRORS)
            bad = sum(chance.random() < errors for _ in range(requests))
            if requests:
                counts[FIRST + minute] = (requests - bad, bad)
    return made


def traffic(zone: str, minute: int) -> int:
    """How many requests a minute has in the mean."""
    if zone == "busy":
        return 40
    if zone == "nights":
        return 12 if 420 <= minute % 1440 < 1380 else 0
    return 3 if minute >= 1937 and minute % 1440 < 1200 else 0

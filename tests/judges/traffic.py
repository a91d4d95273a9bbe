"""A month of requests, and counters as servers would keep them, made without Backburn."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    Numbers = NDArray[np.int64]
    Minutes = dict[str, tuple[Numbers, Numbers]]

START = 1_759_276_800
"""2025-10-01T00:00:00Z, in seconds."""

MINUTES = 30 * 1440
ZONES = ("busy", "nights", "late", "rare")
RESTARTED = ("busy", "late")
"""The zones of which a server was restarted now and then."""


def month(seed: int) -> Minutes:
    """For each zone the good and the bad requests of every minute: quiet nights, a late start, hours of silence."""
    chance = np.random.default_rng(seed)
    minute = np.arange(MINUTES)
    traffic = {
        "busy": np.full(MINUTES, 9.0),
        "nights": np.where(minute % 1440 < 420, 0.0, 5.0),
        "late": np.where(minute < 11 * 1440 + 17, 0.0, 4.0),
        "rare": np.full(MINUTES, 0.002),
    }
    errors = np.where(minute % 5000 < 45, 0.4, 0.01)
    found = {}
    for zone in ZONES:
        requests = chance.poisson(traffic[zone])
        bad = chance.binomial(requests, errors)
        found[zone] = (requests - bad, bad)
    # The first and the last minute have a request, so that the month is whole.
    found["busy"][0][[0, -1]] += 1
    return found


def rows(made: Minutes, seed: int) -> pa.Table:
    """The requests one by one, somewhere within their minutes, also at their first and last microseconds."""
    chance = np.random.default_rng(seed)
    times, status, zones = [], [], []
    for zone, counts in made.items():
        for code, count in zip((200, 503), counts, strict=True):
            minute = np.repeat(np.arange(count.size), count)
            within = chance.choice([0, 59_999_999, *range(1_000, 59_000_000, 700_001)], minute.size)
            times.append((START + minute * 60) * 1_000_000 + within)
            status.append(np.full(minute.size, code))
            zones.append(np.full(minute.size, zone))
    order = chance.permutation(sum(map(len, times)))
    moments = pa.array(np.concatenate(times)[order], pa.timestamp("us", "UTC"))
    return pa.table(
        {"timestamp": moments, "status": np.concatenate(status)[order], "zone": np.concatenate(zones)[order]}
    )


def restarts(good: Numbers, bad: Numbers, times: int) -> Numbers:
    """Minutes at which a server may begin to count anew so that each of its counters then visibly falls."""
    chosen: list[int] = []
    for wanted in np.linspace(MINUTES * 0.45, MINUTES * 0.95, times).astype(int):
        since = chosen[-1] if chosen else 0
        for minute in range(int(wanted), MINUTES):
            if good[since:minute].sum() > good[minute] and bad[since:minute].sum() > bad[minute]:
                chosen.append(minute)
                break
    return np.array(chosen, dtype=np.int64)


def counter(counts: Numbers, resets: Numbers) -> Numbers:
    """What a counter shows at the end of each minute, when it begins anew at these minutes."""
    total = np.cumsum(counts)
    lost = np.zeros(counts.size, dtype=np.int64)
    for minute in resets:
        lost[minute:] = total[minute - 1]
    return total - lost


def exposition(made: Minutes, resets: dict[str, Numbers]) -> Iterable[str]:
    """OpenMetrics text of the counters, from a zero sample one minute before the first request of each zone."""
    for at, kind in enumerate(("good", "bad", "valid")):
        yield f"# TYPE own_{kind} counter\n"
        for zone, (good, bad) in made.items():
            counts = (good, bad, good + bad)[at]
            first = int(np.flatnonzero(good + bad)[0])
            yield f'own_{kind}_total{{zone="{zone}"}} 0 {START + first * 60}\n'
            shown = counter(counts, resets.get(zone, np.zeros(0, dtype=np.int64)))
            for minute in range(first, counts.size):
                yield f'own_{kind}_total{{zone="{zone}"}} {shown[minute]} {START + (minute + 1) * 60}\n'

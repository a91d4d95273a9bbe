"""Weeks of traffic with incidents that somebody planted and wrote down: counts of each minute, as Parquet."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["SPEC", "planted", "shuffled"]

START = datetime(2025, 6, 2, tzinfo=UTC)
DAY = 1_440
HALF = 720
KINDS = (((10, 30), (0.1, 0.6)), ((30, 90), (0.02, 0.08)), ((120, 240), (0.008, 0.02)))
"""Outages, partial failures and slow burns: how many minutes they last, and which share of requests fails."""

SPEC: dict[str, Any] = {
    "apiVersion": "backburn/v1",
    "kind": "ServiceLevelObjectives",
    "metadata": {"service": "shop"},
    "source": {"count": "n"},
    "objectives": [{"name": "availability", "sli": {"kind": "availability"}, "target": "99.9%", "window": "30d"}],
}


def planted(path: Path, seed: int, *, weeks: int = 13, incidents: int = 30) -> list[dict[str, str]]:
    """Write the traffic to a file, and give its labels.

    Traffic follows the day; 4 of 10,000 requests fail at all times, and four times a week up to 5 % do for one to three
    minutes, of which nobody wants to hear. No half of a day has two incidents.
    """
    random = np.random.default_rng(seed)
    count = weeks * 7 * DAY
    minutes = np.arange(count)
    valid = random.poisson(600 * (1 + 0.6 * np.sin(2 * np.pi * (minutes % DAY) / DAY - 2)))
    rate = np.full(count, 0.0004)
    for _ in range(weeks * 4):
        blip = int(random.integers(0, count - 10))
        rate[blip : blip + int(random.integers(1, 4))] += random.uniform(0.01, 0.05)
    labels = []
    for half in sorted(random.choice(np.arange(8, count // HALF), incidents, replace=False)):
        begin = int(half) * HALF + int(random.integers(0, HALF - 300))
        lengths, shares = KINDS[int(random.integers(0, len(KINDS)))]
        length = int(random.integers(*lengths))
        rate[begin : begin + length] += random.uniform(*shares)
        labels.append(_label(begin, length))
    bad = random.binomial(valid, np.minimum(rate, 1))
    first = int(START.timestamp()) * 1_000_000
    table: Any = pa.table(
        {
            "timestamp": pa.array(np.tile(first + minutes * 60_000_000, 2), pa.timestamp("us", "UTC")),
            "status": np.repeat([200, 503], count),
            "n": np.concatenate([valid - bad, bad]),
        }
    )
    pq.write_table(table.filter(pc.field("n") > 0), path)
    return labels


def shuffled(labels: list[dict[str, str]], seed: int, weeks: int, *, start: datetime = START) -> list[dict[str, str]]:
    """Give labels of the same lengths at other times after a start, which have nothing to do with the traffic."""
    random = np.random.default_rng(seed)
    moved = []
    for label in labels:
        length = datetime.fromisoformat(label["end"]) - datetime.fromisoformat(label["start"])
        begin = int(random.integers(4 * DAY, weeks * 7 * DAY - 400))
        moved.append(_label(begin, length // timedelta(minutes=1), start))
    return moved


def _label(begin: int, length: int, start: datetime = START) -> dict[str, str]:
    moments = (start + timedelta(minutes=at) for at in (begin, begin + length))
    return dict(zip(("start", "end"), (moment.isoformat() for moment in moments), strict=True))

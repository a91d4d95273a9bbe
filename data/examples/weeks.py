"""Twenty-four weeks of counts every five minutes, and what people wrote down of them: `weeks.csv` and `incidents.csv`.

    python3 data/examples/weeks.py

Two or three times a week something fails: outages, half-broken releases, and errors that smoulder for hours. Nobody
wrote down the blips and showers in between, for nobody would have wanted to be woken. It is the same everywhere.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

STEP = timedelta(minutes=5)
DAY = timedelta(days=1) // STEP
WEEKS = 24
FIRST = datetime(2025, 1, 6, tzinfo=UTC)

KINDS = {
    "outage": (0.5, 0.3, (4, 8)),
    "release": (0.8, 0.02, (12, 24)),
    "smoulder": (1.2, 0.004, (36, 72)),
    "shower": (6.0, 0.002, (3, 9)),
    "blip": (4.0, 0.08, (1, 1)),
}
"""How often in a week, the share of requests that fail, and the fewest and the most steps."""

LABELLED = ("outage", "release", "smoulder")


def made(seed: int = 1) -> tuple[list[tuple[int, int]], list[tuple[str, int, int]]]:
    """Give good and bad requests of every step, and each incident from which step to which."""
    random = Random(seed)
    steps = WEEKS * 7 * DAY
    failing, incidents = [0.0] * steps, []
    for kind, (weekly, share, (fewest, most)) in KINDS.items():
        for _ in range(round(weekly * WEEKS)):
            length = fewest + int(random.random() * (most - fewest + 1))
            start = 4 * DAY + int(random.random() * (steps - 5 * DAY))
            for step in range(start, start + length):
                failing[step] = max(failing[step], share)
            if kind in LABELLED:
                incidents.append((kind, start, start + length))
    counts = []
    for step, share in enumerate(failing):
        hour = step % DAY * 24 / DAY
        requests = 3_000 + int(300 * min(hour, 24 - hour))
        # A request in five thousand fails at any time.
        bad = int(requests * (share + 2 * random.random() / 5_000))
        counts.append((requests, bad))
    return counts, sorted(incidents, key=lambda one: one[1])


def moment(step: int) -> str:
    """Write when a step begins."""
    return f"{FIRST + step * STEP:%Y-%m-%dT%H:%M:%SZ}"


def main() -> None:
    """Write both files into the folder in which this is run."""
    counts, incidents = made()
    rows = ["timestamp,status,n"]
    for step, (requests, bad) in enumerate(counts):
        rows.append(f"{moment(step)},200,{requests - bad}")
        rows += [f"{moment(step)},503,{bad}"] if bad else []
    Path("weeks.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    labels = ["id,class,start,end"]
    labels += [f"INC-{at:03},{kind},{moment(a)},{moment(b)}" for at, (kind, a, b) in enumerate(incidents, 1)]
    Path("incidents.csv").write_text("\n".join(labels) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()

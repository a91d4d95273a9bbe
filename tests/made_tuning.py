"""Traffic on which alert policies are tuned: outages that every policy sees, and errors that smoulder below most."""

from __future__ import annotations

import csv
import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["GRID", "SPEC", "START", "traffic", "write"]

START = datetime(2025, 9, 1, tzinfo=UTC)
STEP = timedelta(minutes=5)
OUTAGE, SMOULDER = (480, 300, 308, 0.3), (960, 700, 750, 0.004)
"""Every so many steps, from which one to which, and the share that fails."""

SPEC = {
    "apiVersion": "backburn/v1",
    "kind": "ServiceLevelObjectives",
    "metadata": {"service": "shop"},
    "source": {"count": "n", "step": "5m"},
    "objectives": [{"name": "availability", "sli": {"kind": "availability"}, "target": "99.9%", "window": "30d"}],
}
GRID = {
    "apiVersion": "backburn/v1",
    "kind": "AlertPolicyGrid",
    "metadata": {"name": "small"},
    "windows": [{"long": "1h", "short": "5m"}, {"long": "6h", "short": "30m"}],
    "factors": [1.5, 2, 3, 4.5, 6, 14.4],
    "for": ["0s", "10m"],
}


def traffic(weeks: float) -> tuple[list[dict[str, Any]], list[dict[str, str]]]:
    """Give rows of counts, and the incidents in them."""
    steps = round(weeks * 2_016)
    rows, labels = [], []
    for step in range(steps):
        bad = 0
        for every, first, last, share in (OUTAGE, SMOULDER):
            if first <= step % every < last:
                bad += round(10_000 * share)
            if step % every == last:
                ends = [(START + (step + at) * STEP).isoformat() for at in (first - last, 0)]
                labels.append(dict(zip(("start", "end"), ends, strict=True)))
        moment = (START + step * STEP).isoformat()
        rows.append({"timestamp": moment, "status": 200, "n": 10_000 - bad})
        rows += [{"timestamp": moment, "status": 503, "n": bad}] if bad else []
    return rows, labels


def write(folder: Path, weeks: float = 5) -> list[str]:
    """Write a log and its labels, and give the words of a command that tunes on them."""
    rows, labels = traffic(weeks)
    for name, records in (("log.csv", rows), ("labels.csv", labels)):
        with (folder / name).open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, records[0])
            writer.writeheader()
            writer.writerows(records)
    (folder / "slo.yaml").write_text(json.dumps(SPEC), encoding="utf-8")
    (folder / "grid.yaml").write_text(json.dumps(GRID), encoding="utf-8")
    files = [str(folder / name) for name in ("slo.yaml", "log.csv", "grid.yaml", "labels.csv")]
    return ["tune", *files[:2], "--grid", files[2], "--labels", files[3]]

"""Policies of the default grid on days of traffic: a row of a sweep is what the policy does alone."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from made_fields import field_of

from backburn.alerts.grids import load_grid
from backburn.alerts.score.rule import RULE
from backburn.alerts.tuning.holding import split
from backburn.model.policy import Guards

if TYPE_CHECKING:
    from backburn.alerts.tuning.field import Stage
    from backburn.model.grid import AlertPolicyGrid

START = datetime(2025, 10, 1, tzinfo=UTC)
DAYS = 5
MINUTES = DAYS * 1_440
SERVICES = {"busy": 400, "middling": 60, "quiet": 3}
"""Requests a minute."""
INCIDENTS = ((4_400, 40, 0.6), (5_130, 300, 0.08), (5_900, 8, 1.0), (6_420, 90, 0.3))
"""Minute, length, and the share of requests that fail."""
DRAWN = 25 if os.environ.get("HYPOTHESIS_PROFILE") == "quick" else 250
"""So many policies of each of the four cases."""
PLAIN = load_grid("default")
GUARDED = replace(
    PLAIN, op="gte", no_data="freeze", guards=(Guards(), Guards(bad=5), Guards(valid=200, rate=Fraction(1, 10)))
)

DOCUMENT: dict[str, Any] = {
    "apiVersion": "backburn/v1",
    "kind": "ServiceLevelObjectives",
    "metadata": {"name": "fleet"},
    "source": {"by": ["service"], "step": "1m", "gaps": "quiet", "count": "n"},
    "objectives": [{"name": "availability", "sli": {"kind": "availability"}, "target": "99%", "window": "30d"}],
}


def traffic() -> dict[str, list[Any]]:
    """Minutes of services that are busier by day, with failures in the background and incidents one after another."""
    rng = np.random.default_rng(7)
    rows: dict[str, list[Any]] = {"timestamp": [], "service": [], "status": [], "n": []}
    minutes = np.arange(MINUTES)
    for number, (service, rate) in enumerate(SERVICES.items()):
        requests = rng.poisson(rate * (1.2 - np.cos(minutes * 2 * np.pi / 1_440)))
        ratio = np.full(MINUTES, 0.004)
        for start, length, share in INCIDENTS:
            ratio[start + 37 * number : start + 37 * number + length] = share
        failed = rng.binomial(requests, ratio)
        for status, counts in ((200, requests - failed), (503, failed)):
            some = np.flatnonzero(counts)
            rows["timestamp"] += [START + timedelta(minutes=int(minute)) for minute in some]
            rows["service"] += [service] * len(some)
            rows["status"] += [status] * len(some)
            rows["n"] += counts[some].tolist()
    return rows


def labels() -> list[dict[str, str]]:
    """What people wrote down: most incidents, some too late, one that was none, and an hour of which nobody knows."""
    spans = [(start + 3, start + length) for start, length, _ in INCIDENTS[:3]]
    spans += [(7_000, 7_040)]
    kinds = ["incident"] * len(spans) + ["unsure"]
    return [
        {
            "kind": kind,
            "start": (START + timedelta(minutes=start)).isoformat(),
            "end": (START + timedelta(minutes=end)).isoformat(),
            "service": service,
            "objective": "",
        }
        for service in SERVICES
        for kind, (start, end) in zip(kinds, [*spans, (6_420, 6_480)], strict=True)
    ]


@pytest.fixture(scope="module", params=["labels", "computed"])
def stages(request: pytest.FixtureRequest) -> dict[str, Stage]:
    """The earlier half of what is scored, and all of it."""
    field = field_of(DOCUMENT, traffic(), PLAIN, labels=labels() if request.param == "labels" else None)
    halves = split(field.span, Fraction(1, 2), "UTC", RULE.grace, field.groups[0].track.span[2])
    whole = field.stage(field.span, lambda _: False)
    return {"train": field.stage(halves.train, halves.drops), "all": whole}


@pytest.mark.parametrize(("part", "grid"), [("all", PLAIN), ("train", GUARDED)], ids=["plain", "guarded"])
def test_rows_are_those_of_single_replay(stages: dict[str, Stage], part: str, grid: AlertPolicyGrid) -> None:
    stage = stages[part]
    swept = stage.sweep(grid)
    assert len(swept) == grid.policies
    rows = np.random.default_rng(7).choice(len(swept), DRAWN, replace=False).tolist()
    target = stage.field.target
    alerts = [swept.candidate(row).alert(grid, target, name=f"a{row}", severity="page") for row in rows]
    differing = {
        row: (swept.metrics(row), alone)
        for row, alone in zip(rows, stage.alone(alerts), strict=True)
        if swept.metrics(row) != alone
    }
    assert differing == {}
    # Of all policies some detected, some missed, some were wrong, and some were silent.
    events, detected, alerts_of, false = (
        swept.column(name) for name in ("events", "detected", "alerts", "false_pages")
    )
    for seen in (detected > 0, detected < events, false > 0, alerts_of == 0, detected > false):
        assert seen.any()

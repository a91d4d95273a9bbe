"""`make judge`: every policy of the catalogue over a week, and ten random weeks, tick by tick in a real Prometheus.

What a backtest says of each tick is held against promtool at every edge and at the tick before, on counters that are
made up here from the same counts. It takes minutes, so it is no part of the tests.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Any

import pytest
from judges.promtool import need_promtool, verdict
from judges.week import FIRST, MINUTE, MINUTES, week

import backburn
from backburn.document import catalogue, from_dict
from backburn.engine.times import from_micros, to_micros
from backburn.interop.prometheus import rules
from backburn.interop.prometheus.proof import Fired, Incident, Series, checks, given, since
from backburn.units import Duration

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from backburn import Backtest
    from backburn.interop.prometheus import Group
    from backburn.model.policy import AlertPolicy
    from backburn.model.spec import Spec

BEGIN, END = FIRST * MINUTE, (FIRST + MINUTES) * MINUTE
ZONES = ("late", "busy")
"""A policy is judged in the first of these in which it has alerts."""

REFUSED = {"honeycomb", "nobl9", "slo-exporter", "slo-generator"}
"""What rules of Prometheus cannot say is refused by name, which the tests see to."""

DAYS_APART = Duration.parse("2m")
"""Windows of days are looked at every other minute: a rule that is evaluated ten thousand times takes seconds."""


@pytest.fixture(autouse=True)
def needed() -> None:
    need_promtool()


@cache
def counts(seed: int, zone: str) -> dict[int, tuple[int, int]]:
    return dict(week(seed)[zone])


def spec() -> Spec:
    objective = {"name": "availability", "sli": {"kind": "availability"}, "target": "99%", "window": "7d"}
    return from_dict(
        {
            "apiVersion": "backburn/v1",
            "kind": "ServiceLevelObjectives",
            "metadata": {"service": "shop", "owner": "web"},
            "source": {"by": ["zone"], "columns": {"count": {"column": "n", "means": "aggregated"}}, "gaps": "quiet"},
            "objectives": [objective],
        }
    )


def replayed(policy: AlertPolicy, seed: int, zone: str) -> Backtest:
    """What a backtest says; the last minute has an event, so that ticks go on to the end of the week."""
    rows: dict[str, list[Any]] = {"timestamp": [], "status": [], "n": [], "zone": []}
    for minute, pair in counts(seed, zone).items():
        for status, events in zip((200, 500), pair, strict=True):
            if events:
                rows["timestamp"].append(from_micros(minute * MINUTE))
                rows["status"].append(status)
                rows["n"].append(events)
                rows["zone"].append(zone)
    return backburn.backtest(spec(), rows, policy=policy)


def states(found: Backtest) -> dict[str, dict[int, str]]:
    told: dict[str, dict[int, str]] = {}
    for row in found.ticks.to_pyarrow().select(["tick", "alert", "state"]).to_pylist():
        told.setdefault(row["alert"], {})[to_micros(row["tick"], "tick")] = row["state"]
    return told


def pending(found: Backtest, group: Group, zone: str, end: int) -> Iterator[dict[str, Any]]:
    """What is pending wherever that changes, and at the tick before."""
    every, told = group.interval.microseconds, states(found)
    for rule in group.alerts:
        waiting = {tick for tick, state in told[rule.origin or ""].items() if state == "pending"}
        edges = {tick for tick in waiting if tick - every not in waiting}
        edges |= {tick + every for tick in waiting if tick + every not in waiting}
        name = f'ALERTS{{alertname="{rule.alert}",alertstate="pending"'
        labels = f'objective="availability",service="shop",severity="{rule.labels["severity"]}",zone="{zone}"'
        for tick in sorted({at for edge in edges for at in (edge - every, edge) if at <= end}):
            shown = [{"labels": f"{name},{labels}}}", "value": 1}] if tick in waiting else []
            yield {"eval_time": since(tick - BEGIN), "expr": f"{name}}}", "exp_samples": shown}


def agrees(policy: AlertPolicy, seed: int, folder: Path) -> None:
    longest = max(window.microseconds for window in policy.windows())
    if longest > 12 * 60 * MINUTE and policy.every is None:
        policy = replace(policy, every=DAYS_APART)
    made = rules(spec(), lambda *_: policy)
    judged = ((zone, replayed(policy, seed, zone)) for zone in ZONES)
    zone, found = next((zone, found) for zone, found in judged if found.alerts)
    (replay,) = found.replays
    (group,) = made.groups
    end = to_micros(replay.window.end, "end")
    fired = [
        Fired(
            objective="availability",
            alert=one.alert,
            labels={"zone": zone},
            first=to_micros(one.start, "start"),
            end=None if one.end is None else to_micros(one.end, "end"),
        )
        for one in replay.alerts
    ]
    series = Series(
        objective="availability",
        labels={"zone": zone},
        counts={at: (bad, good + bad) for at, (good, bad) in counts(seed, zone).items()},
    )
    tests = {
        "name": policy.name,
        "interval": "30s",
        "input_series": given(group, [series], (BEGIN, end), MINUTE),
        "alert_rule_test": list(checks(group, fired, Incident(name="week", start=BEGIN, end=end), BEGIN)),
        "promql_expr_test": list(pending(found, group, zone, end)),
    }
    answer = verdict(made, {group.name: [tests]}, folder)
    assert answer.agrees, answer.said


def waiting(policy: AlertPolicy) -> AlertPolicy:
    """The same with a wait, and kept firing."""
    wait, keep = Duration.parse("4m"), Duration.parse("6m")
    return replace(policy, alerts=tuple(replace(alert, wait=wait, keep_firing=keep) for alert in policy.alerts))


@pytest.mark.parametrize("waits", [False, True], ids=["as it is", "with for and keep_firing_for"])
@pytest.mark.parametrize("name", sorted(set(catalogue.names()) - REFUSED))
def test_a_policy_of_the_catalogue(name: str, waits: bool, tmp_path: Path) -> None:
    # Inhibition is Alertmanager's: rules know nothing of it.
    policy = catalogue.read(name).fitted(Duration.parse("7d"))
    policy = replace(policy, alerts=tuple(replace(alert, inhibited_by=()) for alert in policy.alerts))
    agrees(waiting(policy) if waits else policy, 11, tmp_path)


@pytest.mark.parametrize("seed", range(10))
def test_a_random_week(seed: int, tmp_path: Path) -> None:
    agrees(waiting(catalogue.read("workbook-6-windows")), 100 + seed, tmp_path)

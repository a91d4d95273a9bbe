"""Alerts of a Prometheus that has read what `export openmetrics` writes: at every edge those of a backtest."""

from __future__ import annotations

import re
from dataclasses import replace
from fractions import Fraction
from functools import cache
from typing import TYPE_CHECKING, Any

import pytest
from judges.policies import length
from judges.promtool import Verdict, need_promtool, promtool, verdict
from judges.week import FIRST, MINUTE, week

import backburn
from backburn.document import catalogue
from backburn.engine.times import from_micros, to_micros
from backburn.interop.prometheus.proof import since
from backburn.model.policy import Alert, AlertPolicy, Single

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from backburn.interop.prometheus import Group

    States = dict[str, dict[str, dict[int, str]]]

pytestmark = pytest.mark.slow

BEGIN = FIRST * MINUTE
CLOSED_UNTIL = (3, 0)
"""Before this version a range holds the sample at its beginning."""

SHOWN = {"pending": "pending", "firing": "firing", "keeping": "firing"}
"""The states in which an alert is shown, and what a Prometheus calls them."""


@pytest.fixture(autouse=True)
def needed() -> None:
    need_promtool()


@cache
def closed() -> bool:
    """Whether ranges hold the sample at their beginning, so that counters may be read once a step."""
    told = promtool("--version").stdout
    found = re.search(r"version (\d+)\.(\d+)", told)
    assert found, told
    return (int(found[1]), int(found[2])) < CLOSED_UNTIL


def spec() -> dict[str, Any]:
    objective = {"name": "availability", "sli": {"kind": "availability"}, "target": "99%", "window": "30d"}
    return {
        "apiVersion": "backburn/v1",
        "kind": "ServiceLevelObjectives",
        "metadata": {"service": "shop", "owner": "web"},
        "source": {"by": ["zone"], "columns": {"count": {"column": "n", "means": "aggregated"}}, "gaps": "quiet"},
        "objectives": [objective],
    }


@cache
def counted() -> backburn.Rollup:
    """A week of three zones, of which one is silent at night and one begins late."""
    rows: dict[str, list[Any]] = {"timestamp": [], "status": [], "n": [], "zone": []}
    for zone, minutes in week(11).items():
        for minute, pair in minutes.items():
            for status, events in zip((200, 500), pair, strict=True):
                if events:
                    rows["timestamp"].append(from_micros(minute * MINUTE))
                    rows["status"].append(status)
                    rows["n"].append(events)
                    rows["zone"].append(zone)
    return backburn.rollup(spec(), rows)


@cache
def exposed() -> dict[str, dict[int, str]]:
    """What the text says of every counter, by its name and labels, at each second that it names."""
    found: dict[str, dict[int, str]] = {}
    for line in b"".join(backburn.export("openmetrics", counted())).decode().splitlines():
        if not line.startswith("#"):
            counter, value, second = line.rsplit(" ", 2)
            found.setdefault(counter, {})[int(second)] = value
    assert all(second % 60 == 0 for samples in found.values() for second in samples)
    return found


def series(often: int, later: int) -> list[dict[str, str]]:
    """The counters as they are read so often a minute, so many minutes late; nothing before the first sample."""
    first, last = BEGIN // 1_000_000, max(second for samples in exposed().values() for second in samples)
    minutes = range(first - later * 60, last + 1 - later * 60, 60)
    return [
        {
            "series": counter,
            "values": " ".join(value for minute in minutes for value in [samples.get(minute, "_")] * often),
        }
        for counter, samples in exposed().items()
    ]


def replayed(policy: AlertPolicy) -> States:
    """What each alert was in each zone at each tick, as a table of ticks says."""
    told: States = {}
    table = backburn.backtest(spec(), counted(), policy=policy).ticks.to_pyarrow()
    for row in table.select(["tick", "zone", "alert", "state"]).to_pylist():
        told.setdefault(row["alert"], {}).setdefault(row["zone"], {})[to_micros(row["tick"], "tick")] = row["state"]
    return told


def edges(group: Group, told: States) -> Iterator[dict[str, Any]]:
    """What a Prometheus has to show wherever something changes in some zone, and at the tick before."""
    every = group.interval.microseconds
    for rule in group.alerts:
        zones = {
            zone: {tick: SHOWN.get(state) for tick, state in ticks.items()}
            for zone, ticks in told[rule.origin or ""].items()
        }
        turns = {tick for ticks in zones.values() for tick in ticks if ticks[tick] != ticks.get(tick - every)}
        labels = f'objective="availability",service="shop",severity="{rule.labels["severity"]}"'
        for tick in sorted({at for turn in turns for at in (turn - every, turn)}):
            states = {zone: state for zone, ticks in zones.items() if (state := ticks.get(tick))}
            yield {
                "eval_time": since(tick - BEGIN),
                "expr": f'ALERTS{{alertname="{rule.alert}"}}',
                "exp_samples": [
                    {
                        "labels": f'ALERTS{{alertname="{rule.alert}",alertstate="{state}",{labels},zone="{zone}"}}',
                        "value": 1,
                    }
                    for zone, state in states.items()
                ],
            }


def judged(
    policy: AlertPolicy, folder: Path, *, ruled: AlertPolicy | None = None, often: int | None = None, later: int = 0
) -> Verdict:
    """Whether a Prometheus with the rules of a policy, of the same unless another is given, shows what we say."""
    made = backburn.export("prometheus", spec(), policy=ruled or policy)
    (group,) = made.groups
    often = (1 if closed() else 2) if often is None else often
    tests = {
        "name": policy.name,
        "interval": f"{60 // often}s",
        "input_series": series(often, later),
        "promql_expr_test": list(edges(group, replayed(policy))),
    }
    assert tests["promql_expr_test"]
    return verdict(made, {group.name: [tests]}, folder)


def single(factor: int, window: str = "1h", wait: str | None = None) -> AlertPolicy:
    condition = Single(window=length(window), factor=Fraction(factor))
    alert = Alert(name="page", severity="page", any=(condition,), wait=None if wait is None else length(wait))
    return AlertPolicy(name="single", alerts=(alert,))


def waiting(policy: AlertPolicy) -> AlertPolicy:
    """Its first alert with `for`, and kept firing."""
    alert = replace(policy.alerts[0], wait=length("4m"), keep_firing=length("6m"))
    return replace(policy, name=f"{policy.name}-waits", alerts=(alert,))


# A rule that is evaluated ten thousand times takes seconds: windows of hours and days are seen every other minute.
GOOGLE = replace(catalogue.read("google-30d"), every=length("2m"))


@pytest.mark.parametrize(
    ("policy", "states", "zones"),
    [
        (GOOGLE, {"inactive", "firing"}, {"busy", "nights", "late"}),
        (waiting(GOOGLE), {"inactive", "pending", "firing", "keeping"}, {"busy", "nights", "late"}),
        (single(36), {"inactive", "firing"}, {"busy", "nights"}),
    ],
    ids=["google-30d", "with for and keep_firing_for", "a single window"],
)
def test_a_week_of_exported_counters_has_the_same_edges(
    policy: AlertPolicy, states: set[str], zones: set[str], tmp_path: Path
) -> None:
    for told in replayed(policy).values():
        assert {state for ticks in told.values() for state in ticks.values()} == states
        assert {zone for zone, ticks in told.items() if "firing" in ticks.values()} == zones
    answer = judged(policy, tmp_path)
    assert answer.agrees, answer.said


@pytest.mark.parametrize(("often", "everywhere"), [(1, False), (2, True)], ids=["as it stands", "twice a step"])
def test_a_window_of_one_step_is_whole_where_ranges_are_closed_or_counters_read_twice(
    often: int, everywhere: bool, tmp_path: Path
) -> None:
    minutes = single(20, "1m", wait="10m")
    assert "firing" in replayed(minutes)["page"]["busy"].values()
    answer = judged(minutes, tmp_path, often=often)
    assert answer.agrees is (closed() or everywhere), answer.said


@pytest.mark.parametrize("other", [{"ruled": single(38)}, {"later": 1}], ids=["another factor", "a minute late"])
def test_rules_and_counters_that_differ_are_noticed(other: dict[str, Any], tmp_path: Path) -> None:
    assert not judged(single(36), tmp_path, **other).agrees

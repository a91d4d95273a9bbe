"""Exported rules in a real Prometheus fire exactly when the oracle says, at every edge of a week of alerts."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from typing import TYPE_CHECKING, Any

import pytest
from judges.policies import DATADOG, GOOGLE, KEEPS, PYRRA, at_once, pair, plain, together
from judges.promtool import need_promtool, verdict
from judges.week import FIRST, MINUTE, MINUTES, week
from oracle.alert import Tick, alerts, judge
from oracle.burn import Events, World

from backburn.document import from_dict
from backburn.interop.prometheus import rules
from backburn.interop.prometheus.proof import Fired, Incident, Series, checks, given, proof, since
from backburn.model.policy import Alert, AlertPolicy
from backburn.units import Duration

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from backburn.interop.prometheus import Group, Rules
    from backburn.model.spec import Spec

pytestmark = pytest.mark.slow

STEP = Duration.parse("1m")
BEGIN, END = FIRST * MINUTE, (FIRST + MINUTES) * MINUTE


@pytest.fixture(autouse=True)
def needed() -> None:
    need_promtool()


def spec() -> Spec:
    objective = {"name": "availability", "sli": {"kind": "availability"}, "target": "99%", "window": "7d"}
    return from_dict(
        {
            "apiVersion": "backburn/v1",
            "kind": "ServiceLevelObjectives",
            "metadata": {"service": "shop", "owner": "web"},
            "source": {"by": ["zone"]},
            "objectives": [objective],
            "links": {"runbook": "https://wiki.example.com/shop"},
        }
    )


@dataclass(frozen=True, kw_only=True)
class Week:
    """What the oracle says of a policy: each zone's alerts tick by tick."""

    policy: AlertPolicy
    ticks: dict[str, dict[str, list[Tick]]]

    def fired(self) -> list[Fired]:
        return [
            Fired(objective="availability", alert=name, labels={"zone": zone}, first=run.first, end=run.end)
            for zone, told in self.ticks.items()
            for name, ticks in told.items()
            for run in alerts(ticks)
        ]


@cache
def counts() -> dict[str, dict[int, tuple[int, int]]]:
    return dict(week(11))


def judged(policy: AlertPolicy, zones: Sequence[str]) -> Week:
    """From the first sample of a zone on: a Prometheus knows nothing of a series before."""
    ticks = {}
    for zone in zones:
        own = {at: (good, bad, bad) for at, (good, bad) in counts()[zone].items()}
        world = World(
            events=Events(counts=own, step=MINUTE),
            target=Fraction("0.99"),
            period=None if policy.period is None else policy.period.microseconds,
        )
        every = STEP.microseconds if policy.every is None else policy.every.microseconds
        first = BEGIN + -(-((min(own) + 1) * MINUTE - BEGIN) // every) * every
        ticks[zone] = judge(world, plain(policy), range(first, END + 1, every))
    return Week(policy=policy, ticks=ticks)


def series(zones: Sequence[str]) -> list[Series]:
    return [
        Series(
            objective="availability",
            labels={"zone": zone},
            counts={at: (bad, good + bad) for at, (good, bad) in counts()[zone].items()},
        )
        for zone in zones
    ]


def exported(policy: AlertPolicy) -> Rules:
    return rules(spec(), lambda *_: policy)


def pending(week: Week, group: Group) -> Iterator[dict[str, Any]]:
    """What is pending wherever it changes, and at the tick before."""
    every = group.interval.microseconds
    for rule in group.alerts:
        waiting = {
            zone: {tick.at for tick in told[rule.origin or ""] if tick.state == "pending"}
            for zone, told in week.ticks.items()
        }
        edges = {tick for ticks in waiting.values() for tick in ticks if tick - every not in ticks}
        edges |= {tick + every for ticks in waiting.values() for tick in ticks if tick + every not in ticks}
        for tick in sorted({at for edge in edges for at in (edge - every, edge)}):
            shown = [zone for zone, ticks in waiting.items() if tick in ticks]
            name = f'ALERTS{{alertname="{rule.alert}",alertstate="pending"'
            yield {
                "eval_time": since(tick - BEGIN),
                "expr": f"{name}}}",
                "exp_samples": [
                    {
                        "labels": f'{name},objective="availability",service="shop",'
                        f'severity="{rule.labels["severity"]}",zone="{zone}"}}',
                        "value": 1,
                    }
                    for zone in shown
                ],
            }


OTHERS = together(PYRRA, at_once(PYRRA), DATADOG, KEEPS, at_once(KEEPS))


# A rule that is evaluated ten thousand times takes seconds: the windows of days are every other minute, for one zone.
@pytest.mark.parametrize(
    ("policy", "zones"), [(GOOGLE, ("late",)), (OTHERS, ("busy", "nights"))], ids=["google", "others"]
)
def test_a_week_of_alerts_has_the_same_edges(policy: AlertPolicy, zones: tuple[str, ...], tmp_path: Path) -> None:
    told, made = judged(policy, zones), exported(policy)
    (group,) = made.groups
    fired, week = told.fired(), Incident(name="week", start=BEGIN, end=END)
    # Every alert has edges to be checked, and some pages are pending first.
    assert {one.alert for one in fired} == {alert.name for alert in policy.alerts}
    tests = {
        "name": policy.name,
        "interval": "30s",
        "input_series": given(group, series(zones), (BEGIN, END), MINUTE),
        "alert_rule_test": list(checks(group, fired, week, BEGIN)),
        "promql_expr_test": list(pending(told, group)),
    }
    answer = verdict(made, {group.name: [tests]}, tmp_path)
    assert answer.agrees, answer.said


def page_of(factor: Fraction) -> AlertPolicy:
    """A page of an hour and five minutes."""
    alert = Alert(name="page", severity="page", any=(pair("1h", "5m", str(factor)),))
    return AlertPolicy(name="page", alerts=(alert,))


def test_the_tests_of_an_incident_pass_and_fail_where_the_factor_is_above_its_peak(tmp_path: Path) -> None:
    """The bad release: what the peak of the hour's burn rate does not exceed never fires."""
    zones, factor = ("late",), Fraction("14.4")
    told = judged(page_of(factor), zones)
    start, end = ((FIRST + minute) * MINUTE for minute in (1980, 2300))
    burns = [list(tick.burns.values()) for tick in told.ticks["late"]["page"] if start <= tick.at <= end]
    peak = max(min(burn or Fraction(0) for burn in both) for both in burns)
    assert peak > factor
    incident = Incident(name="bad release", start=start, end=end)
    for raised, agrees in ((factor, True), (peak, False)):
        made = exported(page_of(raised))
        (group,) = made.groups
        answer = verdict(made, {group.name: proof(group, STEP, series(zones), told.fired(), [incident])}, tmp_path)
        assert answer.agrees is agrees, answer.said

"""Levels that are met exactly: a real Prometheus sees the tie, wherever floating point might have lost it."""

from __future__ import annotations

from fractions import Fraction
from random import Random
from typing import TYPE_CHECKING

import pytest
from judges.policies import length
from judges.promtool import need_promtool, verdict
from made_logs import document, objective

from backburn.document import from_dict
from backburn.interop.prometheus import rules
from backburn.interop.prometheus.proof import Fired, Incident, Series, checks, given
from backburn.model.policy import Alert, AlertPolicy, Guards, Single

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from backburn.model.spec import Objective, Override, Spec

MINUTE = 60_000_000
TARGETS = ("0.9", "0.95", "0.99", "0.995", "0.999", "0.9995", "0.9999")
FACTORS = ("14.4", "6", "3", "1", "13.44", "5.6", "2.8", "14/15", "16.8", "21.6", "10.8", "4.5", "7", "1.5")


@pytest.fixture(autouse=True)
def needed() -> None:
    need_promtool()


def ties(count: int) -> Iterator[tuple[str, Fraction, int, int]]:
    """Targets, factors, and bad and valid events a minute that meet them exactly."""
    chance = Random(5)  # noqa: S311 - cases need a seed, not secrets.
    found = 0
    while found < count:
        target, factor = chance.choice(TARGETS), Fraction(chance.choice(FACTORS))
        level = factor * (1 - Fraction(target))
        if level < 1:
            times = chance.randrange(1, 400)
            yield target, factor, level.numerator * times, level.denominator * times
            found += 1


def alert(op: str, factor: Fraction) -> Alert:
    condition = Single(window=length("7m"), factor=factor)
    return Alert(name=op, severity="page", any=(condition,), op="gt" if op == "above" else "gte")


@pytest.mark.parametrize("naming", ["backburn", "sloth"])
def test_what_meets_a_level_reaches_it_and_does_not_exceed_it(naming: str, tmp_path: Path) -> None:
    cases = {f"o{number}": case for number, case in enumerate(ties(60))}
    promises = [objective(name=name, target=target) for name, (target, *_) in cases.items()]

    def policy_of(_spec: Spec, promise: Objective, _override: Override | None) -> AlertPolicy:
        factor = cases[promise.name][1]
        return AlertPolicy(name=promise.name, alerts=(alert("above", factor), alert("reached", factor)))

    made = rules(
        from_dict(document(objectives=promises)), policy_of, naming="sloth" if naming == "sloth" else "backburn"
    )
    (group,) = made.groups
    series = [
        Series(objective=name, labels={}, counts=dict.fromkeys(range(20), (bad, valid)))
        for name, (_, _, bad, valid) in cases.items()
    ]
    fired = [Fired(objective=name, alert="reached", labels={}, first=10 * MINUTE, end=None) for name in cases]
    moment = Incident(name="tie", start=10 * MINUTE, end=10 * MINUTE)
    reached = list(checks(group, fired, moment, 0))
    above = [
        {"eval_time": "10m", "alertname": rule.alert, "exp_alerts": []}
        for rule in group.alerts
        if rule.origin == "above"
    ]
    assert len(reached) == len(above) == len(cases)
    tests = {
        "interval": "30s",
        "input_series": given(group, series, (0, 20 * MINUTE), MINUTE),
        "alert_rule_test": [*reached, *above],
    }
    answer = verdict(made, {group.name: [tests]}, tmp_path)
    assert answer.agrees, answer.said
    # Many of these levels are lost where the factor and the target are multiplied in floating point.
    lost = [
        name
        for name, (target, factor, *_) in cases.items()
        if float(factor) * (1 - float(target)) != float(factor * (1 - Fraction(target)))
    ]
    assert len(lost) > 10


def test_guards_that_are_met_exactly_let_alerts_pass(tmp_path: Path) -> None:
    """Counts of a window are whole ones, not extrapolated: one event more is asked for, and there is no alert."""
    condition = Single(window=length("7m"), factor=Fraction(1))
    enough = {"bad": Guards(bad=70), "valid": Guards(valid=700), "rate": Guards(rate=Fraction(700, 420))}
    missing = {"bads": Guards(bad=71), "valids": Guards(valid=701), "rates": Guards(rate=Fraction(701, 420))}
    alerts = tuple(
        Alert(name=name, severity="page", any=(condition,), guards=guards)
        for name, guards in (enough | missing).items()
    )
    made = rules(from_dict(document()), lambda *_: AlertPolicy(name="guards", alerts=alerts))
    (group,) = made.groups
    series = Series(objective="availability", labels={}, counts=dict.fromkeys(range(20), (10, 100)))
    fired = [
        Fired(objective="availability", alert=name, labels={}, first=10 * MINUTE, end=None if name in enough else 0)
        for name in enough | missing
    ]
    moment = Incident(name="guards", start=10 * MINUTE, end=10 * MINUTE)
    asked = list(checks(group, fired, moment, 0))
    assert [len(check["exp_alerts"]) for check in asked] == [1, 1, 1, 0, 0, 0]
    tests = {
        "interval": "30s",
        "input_series": given(group, [series], (0, 20 * MINUTE), MINUTE),
        "alert_rule_test": asked,
    }
    answer = verdict(made, {group.name: [tests]}, tmp_path)
    assert answer.agrees, answer.said

"""What exported rules do in a real Prometheus when everything fails, nothing comes, or series have targets apart."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from itertools import accumulate
from typing import TYPE_CHECKING, Any

import pytest
from judges.policies import length, pair, plain
from judges.promtool import need_promtool, promtool, verdict
from made_logs import document, objective
from oracle.alert import alerts, judge
from oracle.burn import Events, World

import backburn
from backburn.document import catalogue, from_dict
from backburn.errors import SpecError
from backburn.interop.prometheus import rules
from backburn.interop.prometheus.proof import Fired, Incident, Series, checks, given, proof, since
from backburn.model.policy import Alert, AlertPolicy, Consumed, Guards, Single

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from backburn.interop.prometheus import Rules
    from backburn.interop.prometheus.names import Naming

    Minutes = Sequence[tuple[int, int]]

MINUTE = 60_000_000
HOURS = 6


@pytest.fixture(autouse=True)
def needed() -> None:
    need_promtool()


def minutes(*parts: tuple[int, tuple[int, int]]) -> list[tuple[int, int]]:
    """Good and bad events of each minute."""
    return [counts for count, counts in parts for _ in range(count)]


OUTAGE = minutes((60, (10, 0)), (30, (0, 10)), (150, (10, 0)), (30, (7, 3)), (90, (10, 0)))
FAILS = minutes((20, (0, 0)), (90, (0, 3)), (250, (0, 0)))
SILENT = minutes((60, (5, 0)), (100, (0, 0)), (60, (5, 0)), (140, (0, 0)))


def told(policy: AlertPolicy, target: str, zones: Mapping[str, Minutes]) -> list[Fired]:
    """What the oracle says; a zone has the target of its name where it has one."""
    found: list[Fired] = []
    for zone, counts in zones.items():
        events = Events(
            counts={at: (good, bad, bad) for at, (good, bad) in enumerate(counts) if good or bad}, step=MINUTE
        )
        share = {"strict": "0.999"}.get(zone, target)
        world = World(events=events, target=Fraction(share), window=HOURS * 60 * MINUTE)
        ticks = judge(world, plain(policy), range((min(events.counts) + 1) * MINUTE, len(counts) * MINUTE + 1, MINUTE))
        found += [
            Fired(objective="availability", alert=name, labels={"zone": zone}, first=run.first, end=run.end)
            for name, seen in ticks.items()
            for run in alerts(seen)
        ]
    return found


def shown(zones: Mapping[str, Minutes]) -> list[Series]:
    return [
        Series(
            objective="availability",
            labels={"zone": zone},
            counts={at: (bad, good + bad) for at, (good, bad) in enumerate(counts) if good or bad},
        )
        for zone, counts in zones.items()
    ]


def agreed(made: Rules, zones: Mapping[str, Minutes], fired: Sequence[Fired], folder: Path) -> None:
    (group,) = made.groups
    end = HOURS * 60 * MINUTE
    whole = Incident(name="all", start=0, end=end)
    test = {
        "interval": "30s",
        "input_series": given(group, shown(zones), (0, end), MINUTE),
        "alert_rule_test": list(checks(group, fired, whole, 0)),
    }
    assert test["alert_rule_test"]
    answer = verdict(made, {group.name: [test]}, folder)
    assert answer.agrees, answer.said


def promised(**words: Any) -> Any:
    words = {"target": "99%", "window": "6h", **words}
    return from_dict(document(source={"by": ["zone"]}, objectives=[objective(**words)]))


TIERS = AlertPolicy(
    name="tiers",
    alerts=(
        Alert(name="page", severity="page", any=(pair("1h", "5m", "5"),), wait=length("2m")),
        Alert(
            name="dark",
            severity="page",
            any=(Single(window=length("10m"), factor=Fraction(50)),),
            no_data="bad",
            keep_firing=length("7m"),
        ),
        Alert(
            name="spent",
            severity="ticket",
            op="gte",
            any=(Consumed(share=Fraction("0.5")), Single(window=length("30m"), error_ratio=Fraction("0.05"))),
            guards=Guards(bad=2, valid=9),
        ),
    ),
)


@pytest.mark.parametrize("naming", ["backburn", "sloth"])
def test_outages_silences_and_targets_apart(naming: Naming, tmp_path: Path) -> None:
    """A total outage fires, also of a series that never had a good event; silence is what the policy takes it for."""
    zones = {"mild": OUTAGE, "strict": OUTAGE, "broken": FAILS, "night": SILENT}
    fired = told(TIERS, "0.99", zones)
    assert {(one.alert, one.labels["zone"]) for one in fired} >= {
        ("page", "mild"),
        ("page", "strict"),
        ("page", "broken"),
        ("dark", "broken"),
        ("dark", "night"),
        ("spent", "mild"),
    }
    spec = promised(overrides=[{"match": {"zone": "str*"}, "target": "99.9%"}])
    agreed(rules(spec, lambda *_: TIERS, naming=naming), zones, fired, tmp_path)


@pytest.mark.parametrize(
    ("bad", "valid"),
    [
        ('failed_total{job="a"}', "requests_total"),
        ('http_total{code=~"5.."}', "http_total"),
        ('http_total{code!~"[1234]..",job="a"}', 'http_total{job=~"a|b",method!="OPTIONS"}'),
        ('{__name__="http_total",result="failure"}', '{__name__="http_total",result=~"success|failure"}'),
    ],
)
def test_counters_of_ones_own_are_looked_at(bad: str, valid: str, tmp_path: Path) -> None:
    zones = {"mild": OUTAGE, "night": SILENT}
    spec = promised(prometheus={"bad": bad, "valid": valid})
    agreed(rules(spec, lambda *_: TIERS), zones, told(TIERS, "0.99", zones), tmp_path)


def test_a_test_of_an_incident_begins_before_it_and_passes(tmp_path: Path) -> None:
    """The second incident alone: its windows are whole, and what waits has waited."""
    zones = {"mild": OUTAGE}
    made = rules(promised(), lambda *_: TIERS)
    (group,) = made.groups
    fired = told(TIERS, "0.99", zones)
    incident = Incident(name="second", start=235 * MINUTE, end=330 * MINUTE)
    tests = proof(group, length("1m"), shown(zones), fired, [incident])
    assert {check["alertname"] for test in tests for check in test["alert_rule_test"]} >= {"ShopAvailabilityPage"}
    assert verdict(made, {group.name: tests}, tmp_path).agrees
    # One tick later for one alert, and the test says so.
    late = [
        Fired(objective=one.objective, alert=one.alert, labels=one.labels, first=one.first + MINUTE, end=one.end)
        for one in fired
    ]
    assert not verdict(made, {group.name: proof(group, length("1m"), shown(zones), late, [incident])}, tmp_path).agrees


def test_silence_and_absence_are_told_where_they_are_asked_for(tmp_path: Path) -> None:
    """A counter that stands still for ten minutes, and one that is gone: five minutes on, Prometheus forgets it.

    What stands still is read twice a minute: with a sample a minute, Prometheus 3 would not look at the one at the
    beginning of the ten minutes, and alert a minute early. Where the last sample is five minutes old, 2 looks at it and
    3 does not; the minutes before and after are asked about.
    """
    spec = promised(prometheus={"bad": "failed_total", "valid": "requests_total"})
    made = rules(spec, lambda *_: TIERS, silence=length("10m"))
    (group,) = made.groups
    grows = " ".join(f"{10 * minute}+0x1" for minute in range(20))
    flows, still, gone = f"{grows} 200+20x40", f"{grows} 200+0x41", f"{grows} 200 _x41"
    labels = {"severity": "ticket", "objective": "availability", "service": "shop"}
    rule = {rule.alert: rule for rule in group.alerts}

    def check(minute: int, name: str, *zones: str) -> dict[str, Any]:
        notes = rule[name].annotations
        expected = [
            {
                "exp_labels": {**labels, "zone": zone},
                "exp_annotations": {about: text.replace("{{ $labels.zone }}", zone) for about, text in notes.items()},
            }
            for zone in zones
        ]
        return {"eval_time": f"{minute}m", "alertname": name, "exp_alerts": expected}

    test = {
        "interval": "30s",
        "input_series": [
            {"series": f'{kind}_total{{zone="{zone}"}}', "values": values}
            for zone, values in (("flows", flows), ("still", still), ("gone", gone))
            for kind in ("failed", "requests")
        ],
        "alert_rule_test": [
            check(29, "ShopAvailabilityNoTraffic"),
            check(30, "ShopAvailabilityNoTraffic", "still"),
            check(24, "ShopAvailabilityAbsent"),
            check(26, "ShopAvailabilityAbsent", "gone"),
        ],
    }
    answer = verdict(made, {group.name: [test]}, tmp_path)
    assert answer.agrees, answer.said


@pytest.mark.parametrize("late", range(4), ids=lambda late: f"{15 * late}s after the tick")
def test_a_live_server_alerts_within_a_minute(late: int, tmp_path: Path) -> None:
    """Counters that only grow are read once a minute: at the ticks, where the versions differ, or between them."""
    pages = replace(TIERS, alerts=TIERS.alerts[:1])
    made = rules(promised(prometheus={"bad": "failed_total", "valid": "requests_total"}), lambda *_: pages)
    series = []
    for name, counted in (("failed", [bad for _, bad in OUTAGE]), ("requests", [sum(both) for both in OUTAGE])):
        totals = zip(accumulate(counted, initial=1000), counted, strict=False)
        readings = [f"{'_ ' * late}{total + events * late // 4}{' _' * (3 - late)}" for total, events in totals]
        series.append({"series": f'{name}_total{{zone="mild"}}', "values": " ".join(readings)})
    asked = [
        {
            "eval_time": since(edge + away * MINUTE),
            "expr": 'count(ALERTS{alertstate="firing"}) or vector(0)',
            "exp_samples": [{"labels": "{}", "value": value}],
        }
        for one in told(pages, "0.99", {"mild": OUTAGE})
        for edge, after in ((one.first, 1), (one.end, 0))
        for away, value in ((-2, 1 - after), (1, after))
        if edge is not None
    ]
    assert len(asked) == 8
    test = {"interval": "15s", "input_series": series, "promql_expr_test": asked}
    answer = verdict(made, {made.groups[0].name: [test]}, tmp_path)
    assert answer.agrees, answer.said


@pytest.mark.parametrize("naming", ["backburn", "sloth"])
@pytest.mark.parametrize("name", catalogue.names())
def test_every_policy_of_the_catalogue_makes_rules_or_says_why_not(name: str, naming: Naming, tmp_path: Path) -> None:
    refused = {
        "slo-exporter": "a weight by traffic cannot be exported",
        "slo-generator": "the rounding of slo-generator cannot be exported",
        "honeycomb": "exhausts_within cannot be exported",
    }
    spec = promised(window="30d")
    if name in refused:
        with pytest.raises(SpecError, match=refused[name]):
            backburn.export("prometheus", spec, policy=name, names=naming)
        return
    made = backburn.export("prometheus", spec, policy=name, names=naming, silence="10m")
    (tmp_path / "rules.yaml").write_bytes(b"".join(made))
    checked = promtool("check", "rules", "rules.yaml", folder=tmp_path)
    assert checked.returncode == 0, checked.stderr

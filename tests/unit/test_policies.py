"""Alert policies: by name, in a file, beside a document and in it, and which of them holds for a series."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

import pytest
from made_logs import document, objective, write_log

import backburn
from backburn.document import catalogue
from backburn.errors import UsageError
from backburn.model.policy import Drop, Exhausts, NoTraffic, Pair
from backburn.units import Duration

if TYPE_CHECKING:
    from pathlib import Path

    from backburn.model.policy import AlertPolicy

POLICY = """
apiVersion: backburn/v1
kind: AlertPolicy
metadata: {name: tight, source: "https://example.com/alerts"}
period: 30d
every: 2m
alerts:
  - {name: page, severity: page, op: gte, for: 2m, keep_firing_for: 4m, min_bad: 3, min_valid: 10, min_rate: 6/m,
     no_data: freeze, any: [{long: 1h, short: 10m, budget: 2%}]}
  - name: ticket
    severity: ticket
    inhibited_by: [page]
    any: [{window: 10m, error_ratio: 20%}, {consumed: "> 75%"}, {exhausts_within: 24h},
          {drop: {share: 10%, in: 1h}}, {no_traffic: 10m}]
"""
SPEC = """
apiVersion: backburn/v1
kind: ServiceLevelObjectives
metadata: {name: shop}
source: {by: [service]}
alert_policy: google-30d
objectives:
  - {name: usual, sli: {kind: availability}, target: 99.9%, window: 30d}
  - name: watched
    sli: {kind: availability}
    target: 99.9%
    window: 30d
    alert_policy: POLICY
    overrides:
      - {match: {service: pay*}, alert_policy: {alerts: [{name: page, severity: page, any: [{window: 5m, factor: 2}]}]}}
      - {match: {service: batch}, target: 99%}
"""


def factors(policy: AlertPolicy) -> list[Fraction | None]:
    pairs = [condition for alert in policy.alerts for condition in alert.any]
    return [policy.factor(condition) for condition in pairs if isinstance(condition, Pair)]


def test_a_policy_holds_what_its_document_says(tmp_path: Path) -> None:
    path = tmp_path / "alerts.yaml"
    path.write_text(POLICY)
    policy = backburn.load_policy(path)
    page, ticket = policy.alerts
    assert (policy.name, policy.source, policy.every) == ("tight", "https://example.com/alerts", Duration.parse("2m"))
    assert (page.op, page.wait, page.keep_firing) == ("gte", Duration.parse("2m"), Duration.parse("4m"))
    assert (page.guards.bad, page.guards.valid, page.guards.rate) == (3, 10, Fraction(1, 10))
    assert (page.no_data, ticket.no_data, ticket.inhibited_by) == ("freeze", "undefined", ("page",))
    assert factors(policy) == [Fraction(72, 5)]
    _, consumed, *others = ticket.any
    assert (consumed.share, consumed.op) == (Fraction(3, 4), "gt")  # type: ignore[union-attr]
    assert others == [
        Exhausts(within=Duration.parse("24h")),
        Drop(share=Fraction(1, 10), within=Duration.parse("1h")),
        NoTraffic(length=Duration.parse("10m")),
    ]


@pytest.mark.parametrize("where", ["beside", "file", "directory"])
def test_a_document_names_a_policy_beside_it_or_in_a_file(where: str, tmp_path: Path) -> None:
    path = tmp_path / "slo.yaml"
    named = "./alerts/tight.yaml" if where == "file" else "tight"
    path.write_text(SPEC.replace("POLICY", named) + (f"---{POLICY}" if where == "beside" else ""))
    (tmp_path / "alerts").mkdir()
    (tmp_path / ("tight.yaml" if where == "directory" else "alerts/tight.yaml")).write_text(POLICY)
    (spec,) = backburn.load_specs(tmp_path if where == "directory" else path)
    usual, watched = spec.objectives
    from backburn.evaluation.series import policy_of

    held = [
        (policy_of(spec, one, {"service": service}) or pytest.fail("no policy")).name
        for one in (usual, watched)
        for service in ("pay-in", "batch", "web")
    ]
    assert held == ["google-30d"] * 3 + ["objectives[1].overrides[0]", "tight", "tight"]


def test_series_are_replayed_under_the_policy_that_their_document_names(tmp_path: Path) -> None:
    path = tmp_path / "slo.yaml"
    path.write_text(SPEC.replace("POLICY", "workbook-4-burn-rate"))
    rows = [
        {"at": at, "service": name, "status": 500 if at > 30 else 200} for at in range(60) for name in ("pay", "web")
    ]
    found = backburn.backtest(path, write_log(tmp_path / "log.parquet", rows))
    assert [(one.policy, one.objective, one.series["service"]) for one in found.replays] == [
        ("google-30d", "usual", "pay"),
        ("google-30d", "usual", "web"),
        ("workbook-4-burn-rate", "watched", "web"),
        ("objectives[1].overrides[0]", "watched", "pay"),
    ]
    assert all(one.alerts for one in found.replays)


def test_a_policy_does_not_change_what_is_counted(tmp_path: Path) -> None:
    rows = write_log(tmp_path / "log.parquet", [{"at": at} for at in range(60)])
    counted = backburn.rollup(document(), rows)
    assert backburn.backtest(document(alert_policy="google-30d"), counted).replays[0].alerts == ()


def test_every_policy_of_the_catalogue_says_where_it_is_from() -> None:
    for name in catalogue.names():
        policy = catalogue.read(name)
        assert (policy.name, (policy.source or "")[:8]) == (name, "https://")
        assert policy.title


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("google-30d", ["14.4", "6", "3", "1"]),
        ("sloth-28d", ["13.44", "5.6", "2.8", "14/15"]),
        ("workbook-6-windows", ["14.4", "6", "3", "1"]),
        ("pyrra", ["14", "7", "2", "1"]),
        ("datadog-7d", ["16.8", "5.6", "2.8"]),
        ("datadog-30d", ["14.4", "6", "3"]),
        ("datadog-90d", ["21.6", "10.8", "4.5"]),
        ("grafana", ["14.4", "6", "3", "1"]),
        ("elastic", ["14.4", "6", "3", "1"]),
        ("slo-exporter", ["13.44", "5.6", "13.44", "5.6", "2.8", "1"]),
    ],
)
def test_factors_of_the_catalogue(name: str, expected: list[str]) -> None:
    assert factors(catalogue.read(name)) == [Fraction(factor) for factor in expected]


def test_pyrra_grows_with_the_window() -> None:
    policy = catalogue.read("pyrra").fitted(Duration.parse("7d"))
    lengths = [(one.long.text, one.short.text) for alert in policy.alerts for one in alert.any if isinstance(one, Pair)]
    assert lengths == [("15m", "1m"), ("1h30m", "8m"), ("6h", "30m"), ("1d", "1h30m")]
    assert [alert.wait and alert.wait.text for alert in policy.alerts] == ["1m", "4m", "15m", "45m"]


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ("googel-30d", "there is no alert policy 'googel-30d'"),
        (["google-30d", "google-30d"], "two policies are called 'google-30d'"),
    ],
)
def test_a_policy_that_is_not_there(asked: Any, words: str, tmp_path: Path) -> None:
    rows = write_log(tmp_path / "log.parquet", [{"at": 0}])
    with pytest.raises(UsageError, match=words):
        backburn.backtest(document(objectives=[objective(window="30d")]), rows, policy=asked)


def test_all_of_the_catalogue(tmp_path: Path) -> None:
    rows = write_log(tmp_path / "log.parquet", [{"at": at, "status": 500 if at > 30 else 200} for at in range(60)])
    found = backburn.backtest(document(objectives=[objective(window="30d")]), rows, policy="all")
    assert set(found.policies) == {one.policy for one in found.replays} == set(catalogue.names())

"""Lints of alert policies: what can never fire, and what says nothing new."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from made_logs import document, objective, write_log

import backburn

if TYPE_CHECKING:
    from pathlib import Path


def alert(*conditions: dict[str, str], **more: Any) -> dict[str, Any]:
    return {"name": "page", "severity": "page", "any": list(conditions), **more}


def pair(factor: str, long: str = "1h", short: str = "5m") -> dict[str, str]:
    return {"long": long, "short": short, "factor": factor}


def found(*alerts: dict[str, Any], target: str = "99.9%", period: str = "30d", **more: Any) -> list[tuple[str, str]]:
    policy = {"period": period, "alerts": list(alerts)}
    promised = objective(target=target, window="30d", alert_policy=policy)
    findings = backburn.validate(document(objectives=[promised], **more))
    return [(finding.code, finding.message) for finding in findings]


@pytest.mark.parametrize(
    ("factor", "op", "target", "fires"),
    [
        ("10", "gt", "90%", False),
        ("10", "gte", "90%", True),
        ("10.1", "gte", "90%", False),
        ("9.9", "gt", "90%", True),
        ("1000", "gt", "99.9%", False),
        ("14.4", "gt", "99.9%", True),
    ],
)
def test_a_factor_that_a_total_outage_does_not_reach(factor: str, op: str, target: str, fires: bool) -> None:
    told = found(alert(pair(factor), op=op), target=target)
    assert [code for code, _ in told] == ([] if fires else ["BB302"])
    if not fires:
        assert "never fires" in told[0][1]


def test_the_target_of_an_override_counts_too() -> None:
    promised = objective(
        target="99.9%",
        window="30d",
        alert_policy="google-30d",
        overrides=[{"match": {"route": "batch"}, "target": "90%"}],
    )
    findings = backburn.validate(document(source={"by": ["route"]}, objectives=[promised]))
    assert [finding.code for finding in findings] == ["BB302"]
    assert findings[0].message == (
        "objective 'availability': alert 'page' of policy 'google-30d' never fires: it waits for a burn rate above "
        "14.4, and at 90% a total outage burns 10 times"
    )


@pytest.mark.parametrize(
    ("alerts", "code", "words"),
    [
        ([alert(pair("6", "5m", "1h"))], "BB303", "has a short window of 1h and a long one of 5m"),
        ([alert(pair("6"), pair("14.4"))], "BB304", "14.4 over 1h/5m says nothing that 6 does not"),
        (
            [alert(pair("6")), alert(pair("6"), name="again")],
            "BB304",
            "alert 'again' of policy 'objectives[0]': 6 over 1h/5m says nothing that 6 does not",
        ),
        ([alert(pair("6"), **{"for": "10m"})], "BB305", "waits for 10m, longer than its window of 5m"),
    ],
)
def test_alerts_that_say_nothing(alerts: list[dict[str, Any]], code: str, words: str) -> None:
    told = [message for found_code, message in found(*alerts) if found_code == code]
    assert len(told) == 1, told
    assert words in told[0]


def test_tiers_that_differ_are_no_finding() -> None:
    ticket = alert(pair("3"), severity="ticket", name="ticket")
    assert found(alert(pair("14.4"), pair("6", "6h", "30m")), ticket, alert(pair("6"), name="slow", min_bad=3)) == []


def test_a_policy_for_another_period() -> None:
    told = found(alert(pair("14.4")), period="28d")
    assert told == [
        ("BB306", "objective 'availability': policy 'objectives[0]' was made for 28d, and the window is 30d")
    ]
    pyrra = objective(window="30d", alert_policy="pyrra")
    assert backburn.validate(document(objectives=[pyrra])) == []


def test_a_finding_can_be_accepted() -> None:
    ignored = [{"code": "BB302", "objective": "availability", "reason": "known"}]
    assert found(alert(pair("10")), target="90%", ignore=ignored) == []


def test_a_policy_beside_the_document_is_looked_at_where_it_stands(tmp_path: Path) -> None:
    path = tmp_path / "slo.yaml"
    path.write_text(
        "apiVersion: backburn/v1\nkind: AlertPolicy\nmetadata: {name: mine}\nalerts:\n"
        "  - {name: page, severity: page, for: 10m, any: [{long: 1h, short: 5m, factor: 6}]}\n"
        "---\napiVersion: backburn/v1\nkind: ServiceLevelObjectives\nmetadata: {service: shop, owner: web}\n"
        "alert_policy: mine\nobjectives:\n"
        "  - {name: availability, sli: {kind: availability}, target: 99.9%, window: 30d}\n"
    )
    (finding,) = backburn.validate(path)
    assert (finding.code, finding.line, finding.path) == ("BB305", 5, "alerts[0]")


def test_windows_that_the_data_do_not_fill(tmp_path: Path) -> None:
    rows = write_log(tmp_path / "log.parquet", [{"at": at} for at in range(600)])
    watched = document(objectives=[objective(window="10h", alert_policy="google-30d", target="99%")])
    told = [finding for finding in backburn.validate(watched, rows) if finding.code == "BB307"]
    assert [finding.message.partition(", ")[0] for finding in told] == [
        "objective 'availability': the window 3d of policy 'google-30d' is longer than the data"
    ]
    notes = {note.code: note.message for note in backburn.backtest(watched, rows).notes}
    assert notes["BB307"] == "the longest window, 3d, is longer than the data, 10h: every alert begins in the warm-up"

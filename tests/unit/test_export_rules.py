"""`export prometheus`: rules and their tests as files, and what is said of wrong calls."""

from __future__ import annotations

from dataclasses import replace
from io import StringIO
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner
from made_logs import document, objective, write_log
from made_policies import COUNTED, PAGE, policy
from ruamel.yaml import YAML
from shell import run

import backburn
from backburn.cli.program import program
from backburn.errors import UsageError

if TYPE_CHECKING:
    from pathlib import Path

SPEC = """
apiVersion: backburn/v1
kind: ServiceLevelObjectives
metadata: {service: shop, owner: web}
source: {data: [log.parquet]}
objectives:
  - {name: availability, sli: {kind: availability}, target: 99%, window: 1d}
"""


POLICY = """
apiVersion: backburn/v1
kind: AlertPolicy
metadata: {name: mine}
alerts: [{name: page, severity: page, any: [{long: 1h, short: 5m, factor: 14.4}]}]
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A promise with data in which everything fails for half an hour, and a policy."""
    (tmp_path / "slo.yaml").write_text(SPEC)
    (tmp_path / "mine.yaml").write_text(POLICY)
    write_log(tmp_path / "log.parquet", ({"at": at, "status": 503 if 180 <= at < 210 else 200} for at in range(400)))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_rules_and_their_tests_are_written_beside_each_other(folder: Path) -> None:
    (folder / "made").mkdir()
    words = ["prometheus", "slo.yaml", "--policy", "mine.yaml", "-o", "rules.yaml", "--tests", "made/tests.yaml"]
    assert CliRunner().invoke(program, ["export", *words]).exit_code == 0
    rules, tests = (
        YAML(typ="safe").load(StringIO((folder / name).read_text())) for name in ("rules.yaml", "made/tests.yaml")
    )
    assert [group["name"] for group in rules["groups"]] == ["shop"]
    assert rules["groups"][0]["rules"][-1]["alert"] == "ShopAvailabilityPage"
    (test,) = tests["tests"]
    assert (tests["rule_files"], tests["group_eval_order"]) == (["../rules.yaml"], ["shop"])
    # It fires after nine minutes of an outage; a test begins an hour before the tick before.
    assert test["name"] == "what began at 2025-10-01T03:09:00Z"
    seen = {check["eval_time"]: len(check["exp_alerts"]) for check in test["alert_rule_test"]}
    assert seen == {"1h": 0, "1h1m": 1, "1h26m": 1, "1h27m": 0}


def test_rules_are_printed_where_no_file_is_named(folder: Path) -> None:
    plain = CliRunner().invoke(program, ["export", "prometheus", "slo.yaml", "--policy", "mine.yaml"])
    named = CliRunner().invoke(
        program, ["export", "prometheus", "slo.yaml", "--policy", "mine.yaml", "--names", "sloth"]
    )
    silent = CliRunner().invoke(
        program, ["export", "prometheus", "slo.yaml", "--policy", "mine.yaml", "--silence", "10m"]
    )
    assert plain.output == backburn.export("prometheus", folder / "slo.yaml", policy=policy(PAGE)).text()
    assert "slo:sli_error:ratio_rate5m" in named.output
    assert "ShopAvailabilityAbsent" in silent.output
    assert "sloth" not in plain.output


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ("", "error: no alert policy is named\n  help: name one, as in --policy google-30d, or write alert_policy\n"),
        ("--policy gogle-30d", "error: there is no alert policy 'gogle-30d'\n  help: did you mean 'google-30d'?\n"),
        ("--policy all", "error: rules are those of one policy\n  help: name one, as in --policy google-30d\n"),
        ("--names pyrra", "error: there are no names 'pyrra'\n  help: there are backburn, sloth\n"),
        ("--label a-b=c", "error: 'a-b' cannot be the name of a label\n  help: use letters, "),
        ("--silence soon", "error: silence: 'soon' is not a duration\n  help: write a number and a unit of "),
    ],
)
def test_a_wrong_call_is_told_with_its_remedy(words: str, message: str, tmp_path: Path) -> None:
    (tmp_path / "slo.yaml").write_text(SPEC)
    left = run(f"backburn export prometheus slo.yaml {words}", tmp_path)
    assert (left.exit, left.stdout) == (2, "")
    assert left.stderr.startswith(message)


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["log.parquet"], "rules are made without data; name a file for what happened, as in --tests tests.yaml"),
        (["--tests", "tests.yaml"], "tests name the file of their rules; write the rules to one, as in -o rules.yaml"),
    ],
)
def test_data_are_for_tests_and_tests_for_a_file(words: list[str], message: str) -> None:
    left = CliRunner().invoke(program, ["export", "prometheus", "slo.yaml", "--policy", "mine.yaml", *words])
    assert left.exit_code == 2
    assert " ".join(left.stderr.replace("help: ", "").split()) == f"error: {message.replace('; ', ' ')}"


def test_the_policies_of_documents_hold_where_they_are_named(folder: Path) -> None:
    """That of an override for its series, that of the objective for the others; lengths fit the objective's window."""
    named = """    alert_policy: ./mine.yaml
    overrides: [{match: {zone: eu}, alert_policy: pyrra}]
"""
    written = SPEC.replace("source: {", "source: {by: [zone], ").replace(
        "  - {name: availability, sli: {kind: availability}, target: 99%, window: 1d}\n",
        f"  - name: availability\n    sli: {{kind: availability}}\n    target: 99%\n    window: 14d\n{named}",
    )
    (folder / "slo.yaml").write_text(written)
    (group,) = backburn.export("prometheus", "slo.yaml").groups
    seen = {(rule.origin, *map(str, rule.region.matchers)): rule.wait and rule.wait.text for rule in group.alerts}
    assert seen["page", 'zone!="eu"'] is None
    assert [wait for (_, region), wait in seen.items() if region == 'zone="eu"'] == ["1m", "8m", "30m", "1h30m"]
    # Pyrra's windows of 28 days are half as long.
    assert group.longest.text == "2d"


def test_rules_have_one_policy() -> None:
    promised = document(objectives=[objective(prometheus=COUNTED)])
    both = [policy(PAGE), replace(policy(PAGE), name="other")]
    with pytest.raises(UsageError, match="rules are those of one policy; name one"):
        backburn.export("prometheus", promised, policy=both)
    with pytest.raises(UsageError, match="counters have no alert policy; export rules: prometheus"):
        backburn.export("openmetrics", "a.parquet", policy=policy(PAGE))

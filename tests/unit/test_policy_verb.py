"""`backburn policy`: what is printed, and what is said about bad input."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from backburn.cli.program import program
from backburn.document import catalogue

if TYPE_CHECKING:
    from pathlib import Path

    from click.testing import Result

POLICY = """\
# Mine.
apiVersion: backburn/v1
kind: AlertPolicy
metadata: {name: tight}
period: 30d
every: 2m
alerts:
  - {name: page, severity: page, op: gte, for: 2m, keep_firing_for: 4m, min_bad: 3, min_valid: 10, min_rate: 6/m,
     no_data: freeze, any: [{long: 1h, short: 10m, budget: 2%}]}
  - name: ticket
    severity: ticket
    inhibited_by: [page]
    any: [{window: 10m, error_ratio: 20%}, {consumed: "> 75%"}, {exhausts_within: 24h}]
"""
EXPLAIN = ("explain", "google-30d", "--target", "99.9%")


def invoke(*words: str) -> Result:
    return CliRunner().invoke(program, ["policy", *words])


def test_the_list_names_every_policy_and_its_source() -> None:
    listed = invoke("list")
    assert listed.exit_code == 0
    for name in catalogue.names():
        assert f"{name}: https://" in listed.stdout
    assert "14.4 @ 1h/5m" in listed.stdout
    assert "9 @ 1h" in listed.stdout
    assert listed.stdout.endswith(f"{len(catalogue.names())} policies.\n")


def test_the_list_as_json_and_csv() -> None:
    envelope = json.loads(invoke("list", "--format", "json").stdout)
    assert envelope["command"] == "policy"
    (pyrra,) = [result for result in envelope["results"] if result["policy"] == "pyrra"]
    assert (pyrra["scaled"], pyrra["alerts"][0]["for"]) == (True, "2m")
    rows = list(csv.DictReader(io.StringIO(invoke("list", "--format", "csv").stdout)))
    (tier,) = [row for row in rows if row["policy"] == "datadog-30d" and row["alert"] == "fast"]
    assert (tier["op"], tier["long"], tier["short"], tier["factor"]) == ("gte", "1h", "5m", "14.4")


def test_a_list_of_files(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text(POLICY)
    listed = invoke("list", str(path))
    assert "14.4 @ 1h/10m" in listed.stdout
    words = " ".join(listed.stdout.split())
    for condition in ("10m errors > 20%", "consumed > 75%", "exhausts within 24h"):
        assert condition in words
    assert listed.stdout.endswith("1 policy.\n")


def test_a_document_is_shown_as_it_stands(tmp_path: Path) -> None:
    assert invoke("show", "pyrra").stdout == catalogue.text("pyrra")
    path, copy = tmp_path / "mine.yaml", tmp_path / "copy.yaml"
    path.write_text(POLICY)
    assert invoke("show", str(path)).stdout == POLICY
    assert invoke("show", str(path), "-o", str(copy)).exit_code == 0
    assert copy.read_text() == POLICY


def test_an_explanation_is_a_table_and_sentences() -> None:
    explained = invoke(*EXPLAIN)
    assert explained.exit_code == 0
    text = " ".join(explained.stdout.split())
    assert "page page 1h/5m > 14.4 > 1.44 % 2 % 2d2h" in text
    assert "100 % 1,000 51.8s 29m49s 4m19s 6h" in text
    assert "0.6 % 6 never – 12h 5h" in text
    assert "Errors of up to 0.1 %, a burn rate of 1, fire nothing, however long they last" in text
    assert "A total outage of up to 51.8s, 2 % of the budget, fires nothing." in text
    assert "No traffic fires nothing" in text


def test_an_explanation_as_json() -> None:
    (result,) = json.loads(invoke(*EXPLAIN, "--error-ratios", "5%", "--format", "json").stdout)["results"]
    page, _ = result["alerts"]
    assert (result["target"], result["window"], result["period"]) == (0.999, "30d", "30d")
    assert page["conditions"][0] == {
        "condition": "1h/5m > 14.4",
        "kind": "pair",
        "windows": ["1h", "5m"],
        "factor": 14.4,
        "level": 0.0144,
        "spent": 0.02,
        "exhausts_in": 180000.0,
        "reachable": True,
        "reactions": [
            {"error_ratio": 0.05, "burn_rate": 50.0, "fires_after": 1036.8, "resets_after": 213.6, "spent": 0.02}
        ],
    }
    assert page["reactions"][0]["resets_after"] == 1584.0
    assert [one["kind"] for one in result["unseen"]] == ["slow burn", "short outage", "no traffic"]


def test_an_explanation_as_rows() -> None:
    rows = list(csv.DictReader(io.StringIO(invoke(*EXPLAIN, "--error-ratios", "5%,0.5%", "--format", "csv").stdout)))
    assert len(rows) == 8
    assert (rows[2]["condition"], rows[2]["fires_after"], rows[2]["alert_fires_after"]) == (
        "6h/30m > 6",
        "2592.0",
        "1036.8",
    )
    assert rows[3]["fires_after"] == ""


def test_everything_that_a_policy_can_say(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text(POLICY)
    words = ("--target", "99.9%", "--window", "28d", "--baseline", "0.05%", "--traffic-change", "2x")
    text = " ".join(invoke("explain", str(path), *words).stdout.split())
    for sentence in (
        "shares of the budget are of 30d, not of 28d.",
        "0.05 % fail already.",
        "2 times as much traffic",
        "Errors of less than 1.44 %, a burn rate of 14.4, fire nothing but consumed > 75%, exhausts within 24h",
        "they exhaust the budget of 30d in 2d2h, and spend 1,440 % of it.",
        "ticket: 10m errors > 20% looks at one window",
        "It is evaluated every 2m",
        "page: no traffic changes nothing",
        "ticket: no traffic fires nothing",
        "holds less than 3 bad rows or 10 valid events or 0.1 events per second.",
        "fires once more than 75 % of the budget is gone",
        "expected to be within 24h.",
        "ticket: nobody is told while page fires.",
    ):
        assert sentence in text


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("lst",), "error: policy: there is no action 'lst'\n  help: did you mean 'list'?\n"),
        (("explain", "google-30d"), "error: missing option '--target'\n  help: run 'backburn policy explain --help'\n"),
        (("show", "pyra"), "error: there is no alert policy 'pyra'\n  help: did you mean 'pyrra'?\n"),
        (("show", "none.yaml"), "error: none.yaml: no such file or directory"),
        (("show", "."), "error: "),
        (("explain", "google-30d", "--target", "99.9"), "error: target: '99.9' is more than 1; write 99.9% or 0.999\n"),
        ((*EXPLAIN, "--window", "x"), "error: window: 'x' is not a duration"),
        ((*EXPLAIN, "--error-ratios", "5"), "error: error ratio: '5' is more than 1; write 5% or 0.05\n"),
        ((*EXPLAIN, "--baseline", "2%"), "error: baseline: 2% fires 'page' before anything happens"),
        ((*EXPLAIN, "--traffic-change", "-2x"), "error: traffic change: '-2x' is not a multiple of the traffic before"),
        ((*EXPLAIN, "--format", "yaml"), "error: there is no format 'yaml'"),
        ((*EXPLAIN, "--widow", "30d"), "error: there is no option '--widow'\n  help: did you mean '--window'?\n"),
    ],
)
def test_a_wrong_call_leaves_with_two(words: tuple[str, ...], message: str) -> None:
    left = invoke(*words)
    assert left.exit_code == 2
    assert left.stdout == ""
    assert left.stderr.startswith(message)


@pytest.mark.parametrize("action", ["list", "show", "explain"])
def test_every_action_explains_itself(action: str) -> None:
    helped = invoke(action, "--help")
    assert helped.exit_code == 0
    assert f"Usage: backburn policy {action}" in helped.stdout


def test_names_are_completed() -> None:
    from click.shell_completion import ShellComplete

    complete = ShellComplete(program, {}, "backburn", "_BACKBURN_COMPLETE")
    assert [item.value for item in complete.get_completions(["policy"], "ex")] == ["explain"]
    assert [item.value for item in complete.get_completions(["policy", "show"], "goog")] == ["google-30d"]
    assert [item.type for item in complete.get_completions(["policy", "show"], "./m")] == ["file"]

from __future__ import annotations

import json
import os
import sys
from typing import TYPE_CHECKING, Any

import click
import pytest
from click.testing import CliRunner
from shell import run

from backburn.cli.program import program
from backburn.cli.tell import coloured
from backburn.cli.verbs import NOT_YET, VERBS

if TYPE_CHECKING:
    from pathlib import Path

    from click.testing import Result


class Terminal:
    encoding = "utf-8"

    @staticmethod
    def isatty() -> bool:
        return True


def invoke(*words: str, **changes: Any) -> Result:
    return CliRunner().invoke(program, list(words), **changes)


def test_the_help_names_every_verb_in_the_order_of_its_use() -> None:
    helped = invoke("--help")
    assert helped.exit_code == 0
    places = [helped.stdout.index(f"\n  {verb} ") for verb in VERBS]
    assert places == sorted(places)


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_explains_itself(verb: str) -> None:
    helped = invoke(verb, "--help")
    assert helped.exit_code == 0
    assert f"Usage: backburn {verb}" in helped.stdout
    assert "-h, --help" in helped.stdout


def test_without_a_verb_there_is_help_and_a_usage_error() -> None:
    helped = invoke()
    assert helped.exit_code == 2
    assert helped.stdout == ""
    assert "Usage: backburn" in helped.stderr


def test_the_version_is_the_cores() -> None:
    from backburn import __version__

    assert invoke("--version").stdout == f"backburn {__version__}\n"


@pytest.mark.parametrize("verb", sorted(NOT_YET))
def test_verbs_of_later_say_so(verb: str) -> None:
    left = invoke(verb, "slo.yaml", "--anything")
    assert left.exit_code == 2
    assert left.stderr.startswith(f"error: '{verb}' does not exist yet\n  help: there are init, ")


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["evalute"], "error: there is no verb 'evalute'\n  help: did you mean 'evaluate'?\n"),
        (["xyz"], f"error: there is no verb 'xyz'\n  help: there are {', '.join(VERBS)}\n"),
        (["--nothing"], "error: there is no option '--nothing'\n  help: run 'backburn --help'\n"),
        (["evaluate"], "error: missing argument 'SPEC'\n  help: run 'backburn evaluate --help'\n"),
        (
            ["evaluate", "a", "--exit-zer"],
            "error: there is no option '--exit-zer'\n  help: did you mean '--exit-zero'?\n",
        ),
        (
            ["evaluate", "a", "--windw", "7d"],
            "error: there is no option '--windw'\n  help: did you mean '--window'?\n",
        ),
        (
            ["evaluate", "a", "--window"],
            "error: option '--window' requires an argument\n  help: run 'backburn --help'\n",
        ),
        (
            ["evaluate", "a", "--threads", "0"],
            (
                "error: invalid value for '--threads': '0' is not a whole number of at least 1\n"
                "  help: run 'backburn evaluate --help'\n"
            ),
        ),
        (
            ["downtime", "99%", "--format", "yaml"],
            "error: there is no format 'yaml'\n  help: use one of table, json, ndjson, csv, md\n",
        ),
        (["rollup", "a"], "error: missing option '-o' / '--output'\n  help: run 'backburn rollup --help'\n"),
        (
            ["downtime", "99%", "--format", "junit"],
            "error: the format 'junit' does not exist yet\n  help: use one of table, json, ndjson, csv, md\n",
        ),
        (
            ["downtime", "99%", "-o", "a.pdf"],
            "error: the ending '.pdf' of 'a.pdf' names no format\n  help: say which one with --format\n",
        ),
        (
            ["schema", "ErrorBudgetPolicy"],
            (
                "error: the kind 'ErrorBudgetPolicy' does not exist yet\n"
                "  help: there are ServiceLevelObjectives, AlertPolicy and AlertPolicyGrid\n"
            ),
        ),
        (
            ["schema", "Slo"],
            (
                "error: there is no kind 'Slo'\n"
                "  help: there are ServiceLevelObjectives, AlertPolicy and AlertPolicyGrid\n"
            ),
        ),
    ],
)
def test_a_wrong_call_is_told_with_its_remedy(words: list[str], message: str) -> None:
    left = invoke(*words)
    assert (left.exit_code, left.stdout, left.stderr) == (2, "", message)


@pytest.mark.parametrize(("verb", "code"), [("validate", 2), ("evaluate", 2)])
def test_a_document_that_is_not_there_is_a_usage_error(verb: str, code: int, tmp_path: Path) -> None:
    left = run(f"backburn {verb} nowhere.yaml", tmp_path)
    assert left.exit == code
    said = left.stdout + left.stderr
    assert "nowhere.yaml: " in said
    assert "no such file or directory; check the path" in said
    assert "Traceback" not in left.stderr


def test_downtime_sets_targets_side_by_side() -> None:
    left = invoke("downtime", "99.9%", "0.9995", "--window", "30d")
    assert left.stdout == " target     30d\n 99.9 %  43m12s\n99.95 %  21m36s\n"
    assert left.stderr == ""


def test_notes_go_to_stderr_unless_quiet_or_in_the_envelope() -> None:
    noted = invoke("downtime", "99.9%")
    assert noted.stderr == "note: a year is 365 days and a quarter is a fourth of it (BB409)\n"
    assert invoke("downtime", "99.9%", "--quiet").stderr == ""
    enveloped = invoke("downtime", "99.9%", "--format", "json")
    assert enveloped.stderr == ""
    assert [note["code"] for note in json.loads(enveloped.stdout)["notes"]] == ["BB409"]


def test_a_file_has_the_format_of_its_ending_and_stdout_stays_empty(tmp_path: Path) -> None:
    file = tmp_path / "a.json"
    left = invoke("downtime", "99.9%", "-q", "-o", str(file))
    assert (left.exit_code, left.stdout) == (0, "")
    envelope = json.loads(file.read_text(encoding="utf-8"))
    assert (envelope["schema_version"], envelope["command"]) == (1, "downtime")


def test_the_grammar_of_predicates_is_printed_and_saved(tmp_path: Path) -> None:
    grammar = invoke("schema", "--predicates").stdout
    assert "predicate  = condition ;\n" in grammar
    assert '"regexp_like" "(" value "," text ")"' in grammar
    assert invoke("schema", "--predicates", "-o", str(tmp_path / "grammar.txt")).stdout == ""
    assert (tmp_path / "grammar.txt").read_text(encoding="utf-8") == grammar


def test_the_schema_is_the_published_one(tmp_path: Path) -> None:
    from backburn import schema

    assert json.loads(invoke("schema").stdout) == schema()
    assert invoke("schema", "-o", str(tmp_path / "slo.json")).stdout == ""
    assert json.loads((tmp_path / "slo.json").read_text(encoding="utf-8")) == schema()


def test_doctor_names_what_it_looked_at() -> None:
    left = invoke("doctor", "--format", "ndjson")
    assert left.exit_code == 0
    assert {"backburn", "python", "time zones"} <= {json.loads(line)["name"] for line in left.stdout.splitlines()}


def test_only_the_verb_that_is_used_is_imported(tmp_path: Path) -> None:
    code = (
        "import sys; sys.argv = ['backburn', 'downtime', '99%', '-q']\n"
        "import backburn.cli\n"
        "try: backburn.cli.main()\n"
        "except SystemExit: print(*sorted(name for name in sys.modules if name.startswith('backburn.cli.')))\n"
    )
    left = run(f'{sys.executable} -c "{code.replace(chr(34), chr(39))}"', tmp_path)
    loaded = left.stdout.splitlines()[-1].split()
    assert "backburn.cli.downtime" in loaded
    assert not {f"backburn.cli.{verb}" for verb in VERBS if verb != "downtime"} & set(loaded)


@pytest.mark.parametrize(
    ("environment", "colours"),
    [({}, True), ({"NO_COLOR": "1"}, False), ({"NO_COLOR": ""}, True), ({"TERM": "dumb"}, False)],
)
def test_colours_are_for_terminals_whose_owner_wants_them(
    environment: dict[str, str], colours: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert coloured(Terminal()) is colours
    assert not coloured(None)


def test_help_is_laid_out_on_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    from backburn.cli import helps

    context = click.Context(program, info_name="backburn")
    assert helps.rich_help(program, context) is None
    monkeypatch.setattr(sys, "stdout", Terminal())
    monkeypatch.setitem(os.environ, "TERM", "xterm")
    laid_out = helps.rich_help(program, context)
    assert laid_out is not None
    places = [laid_out.index(verb) for verb in VERBS.values()]
    assert places == sorted(places)

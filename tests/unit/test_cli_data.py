"""The verbs that read rows, on a log of ten minutes."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner, Result

import backburn
from backburn.cli.program import program
from backburn.output.findings import answer
from backburn.output.terminal import as_terminal

if TYPE_CHECKING:
    from pathlib import Path

START = datetime(2026, 6, 1, 10, tzinfo=UTC)
DOCUMENT = """\
apiVersion: backburn/v1
kind: ServiceLevelObjectives
metadata: {{name: {name}, service: {name}, owner: sre}}
source: {{data: [{data}]}}
objectives:
  - {{name: availability, sli: {{kind: availability}}, target: {target}, window: {window}}}
"""


@pytest.fixture(autouse=True)
def wide(monkeypatch: pytest.MonkeyPatch) -> None:
    """The paths of temporary files are long, and are not to be folded."""
    monkeypatch.setenv("COLUMNS", "200")


def invoke(*words: object) -> Result:
    return CliRunner().invoke(program, [str(word) for word in words])


def document(name: str = "shop", target: str = "90%", window: str = "10m", data: str = "log.parquet") -> str:
    return DOCUMENT.format(name=name, target=target, window=window, data=data)


@pytest.fixture
def log(write_log: Any) -> Path:
    """Sixty good requests and three bad ones: 95.24 % of all."""
    rows = range(63)
    path: Path = write_log(
        {
            "timestamp": [START + timedelta(seconds=9.5 * row) for row in rows],
            "status": [500 if row % 21 == 5 else 200 for row in rows],
            "host": ["a" if row % 2 else "b" for row in rows],
        }
    )
    return path


@pytest.mark.parametrize(
    ("target", "window", "code", "sentence"),
    [
        ("90%", "10m", 0, "1 of 1 met."),
        ("99%", "10m", 1, "1 of 1 breached."),
        ("90%", "30d", 4, "0 of 1 met, 1 cannot be judged."),
    ],
)
@pytest.mark.usefixtures("log")
def test_the_exit_code_is_the_verdict(spec_file: Any, target: str, window: str, code: int, sentence: str) -> None:
    spec = spec_file(document(target=target, window=window))
    left = invoke("evaluate", spec, "--quiet")
    assert left.exit_code == code, left.stderr
    assert left.stdout.splitlines()[-1] == sentence
    assert left.stderr == ""
    assert invoke("evaluate", spec, "--quiet", "--exit-zero").exit_code == 0


@pytest.mark.usefixtures("log")
def test_what_is_breached_outweighs_what_cannot_be_judged(spec_file: Any) -> None:
    both = document("a", window="30d") + "---\n" + document("b", target="99%")
    assert invoke("evaluate", spec_file(both)).exit_code == 1


@pytest.mark.usefixtures("log")
def test_missing_data_outweighs_every_verdict(spec_file: Any) -> None:
    both = document("a", target="99%") + "---\n" + document("b", data="nowhere.parquet")
    left = invoke("evaluate", spec_file(both))
    assert left.exit_code == 3
    assert left.stdout == ""


@pytest.mark.usefixtures("log")
def test_documents_come_in_one_envelope(spec_file: Any) -> None:
    spec = spec_file(document("a") + "---\n" + document("b", target="99%"))
    envelope = json.loads(invoke("evaluate", spec, "--format", "json").stdout)
    assert [one["name"] for one in envelope["specs"]] == ["a", "b"]
    assert [one["met"] for one in envelope["results"]] == [True, False]
    assert envelope["data"]["rows"] == 63


def test_data_after_the_spec_replaces_its_own(spec_file: Any, log: Path) -> None:
    spec = spec_file(document(data="nowhere.parquet"))
    assert invoke("evaluate", spec).exit_code == 3
    assert invoke("evaluate", spec, log).exit_code == 0


def test_data_can_be_given_to_one_document_by_name(spec_file: Any, log: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    spec = spec_file(document("a") + "---\n" + document("b", data="nowhere.parquet"), "specs.yaml")
    monkeypatch.chdir(log.parent)
    assert invoke("evaluate", spec).exit_code == 3
    assert invoke("evaluate", spec, "--data", f"b={log.name}").exit_code == 0


@pytest.mark.usefixtures("log")
@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--data", "c=log.parquet"], "there is no document 'c'\n  help: the documents are a, b"),
        (["--data", "log.parquet"], "'log.parquet' is not NAME=PATH"),
        (["log.parquet", "--data", "a=log.parquet"], "data is given twice"),
    ],
)
def test_data_for_nobody_is_a_usage_error(spec_file: Any, words: list[str], message: str) -> None:
    left = invoke("evaluate", spec_file(document("a") + "---\n" + document("b")), *words)
    assert left.exit_code == 2
    assert message in left.stderr


@pytest.mark.usefixtures("log")
def test_options_are_those_of_the_python_function(spec_file: Any) -> None:
    spec = spec_file(document())
    words = ["--by", "host", "--step", "30s", "--at", "2026-06-01T10:05:00Z", "--window", "2m", "--threads", "1"]
    words += ["--start", "2026-06-01T10:00:00Z", "--end", "2026-06-01T10:05:00Z", "--format", "ndjson"]
    left = invoke("evaluate", spec, *words)
    results = [json.loads(line) for line in left.stdout.splitlines()]
    assert [one["series"] for one in results] == [{"host": "a"}, {"host": "b"}]
    assert {one["window"]["start"] for one in results} == {"2026-06-01T10:03:00Z"}
    assert sum(one["valid"] for one in results) == 13


def test_a_saved_rollup_answers_as_its_rows_do(spec_file: Any, log: Path, tmp_path: Path) -> None:
    spec, saved = spec_file(document()), tmp_path / "saved.parquet"
    left = invoke("rollup", spec, "-o", saved)
    assert left.exit_code == 0, left.stderr
    assert left.stdout.startswith(f"{saved}: 63 rows, 2026-06-01 10:00:00 to 2026-06-01 10:09:49 UTC, 1 source\n")
    from_rows, from_counts = (
        json.loads(invoke("evaluate", spec, data, "--format", "json").stdout)["results"] for data in (log, saved)
    )
    assert from_rows == from_counts


def test_rollups_of_other_hours_are_merged(spec_file: Any, write_log: Any, tmp_path: Path) -> None:
    spec = spec_file(document())
    for hour in range(2):
        stamps = [START + timedelta(hours=hour, seconds=row) for row in range(10 + hour)]
        log = write_log({"timestamp": stamps, "status": [200] * len(stamps)}, f"hour-{hour}.parquet")
        assert invoke("rollup", spec, log, "-o", tmp_path / f"part-{hour}").exit_code == 0
    merged = invoke("merge", tmp_path / "part-0", tmp_path / "part-1", "-o", tmp_path / "all", "--format", "json")
    envelope = json.loads(merged.stdout)
    assert (envelope["command"], envelope["data"]["rows"]) == ("merge", 21)
    assert [one["indicator"] for one in envelope["results"]] == ["availability"]
    twice = invoke("merge", tmp_path / "part-0", tmp_path / "part-0", "-o", tmp_path / "twice")
    assert twice.exit_code == 3
    assert not (tmp_path / "twice").exists()


@pytest.mark.parametrize(
    ("text", "code", "strict"),
    [
        (document(), 0, 0),
        (document().replace(", owner: sre", ""), 0, 1),
        (document().replace("kind: availability", "kind: availabilty"), 2, 2),
    ],
    ids=["clean", "warning", "error"],
)
def test_validate_leaves_with_what_it_found(spec_file: Any, text: str, code: int, strict: int) -> None:
    spec = spec_file(text)
    assert invoke("validate", spec).exit_code == code
    assert invoke("validate", spec, "--strict").exit_code == strict


def test_validate_prints_a_finding_a_line_and_a_closing_one(spec_file: Any) -> None:
    spec = spec_file(document().replace(", owner: sre", ""))
    lines = invoke("validate", spec).stdout.splitlines()
    assert lines[0].startswith(f"{spec}:3:")
    assert ": warning BB201 " in lines[0]
    assert lines[-1] == "1 warning."
    finding = json.loads(invoke("validate", spec, "--format", "ndjson").stdout)
    assert list(finding) == ["code", "severity", "file", "line", "column", "path", "message", "remedy"]


def test_a_finding_is_a_line_whatever_the_width_unless_on_a_terminal(
    spec_file: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    spec = spec_file(document().replace(", owner: sre", ""))
    monkeypatch.setenv("COLUMNS", "40")
    assert len(invoke("validate", spec).stdout.splitlines()) == 3
    view = answer(backburn.validate(spec)).view()
    assert len(as_terminal(view, width=40, colour=False).splitlines()) > 3


def test_inspect_shows_columns_and_first_rows(log: Path) -> None:
    left = invoke("inspect", log, "--rows", "2")
    assert left.exit_code == 0
    assert left.stdout.startswith(f"{log}: parquet, ")
    heads = next(line for line in left.stdout.splitlines() if line.startswith("column"))
    assert heads.split() == ["column", "type", "row", "1", "row", "2"]
    (file,) = json.loads(invoke("inspect", log, "--rows", "0", "--format", "json").stdout)["results"]
    assert (file["rows"], file["first"]) == (63, [])


def test_init_writes_a_spec_that_can_be_evaluated_and_leaves_an_older_one_alone(log: Path, tmp_path: Path) -> None:
    spec = tmp_path / "first.yaml"
    left = invoke("init", log, "-o", spec)
    assert (left.exit_code, left.stdout) == (0, "")
    assert f"backburn evaluate {spec}" in left.stderr
    assert invoke("evaluate", spec).exit_code in {0, 1, 4}
    written = spec.read_text(encoding="utf-8")
    again = invoke("init", log, "-o", spec)
    assert again.exit_code == 2
    assert "exists already" in again.stderr
    assert spec.read_text(encoding="utf-8") == written
    assert invoke("init", log).stdout.startswith("#")

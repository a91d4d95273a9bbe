"""Logs that another command writes: the same answers as from a file, or a refusal that says why."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING

import pytest
from shell import run
from terminal import on_terminal

if TYPE_CHECKING:
    from pathlib import Path

DOCUMENT = """\
apiVersion: backburn/v1
kind: ServiceLevelObjectives
metadata: {service: shop, owner: sre}
source: {columns: {duration: {column: duration, unit: s}}}
objectives:
  - {name: availability, sli: {kind: availability}, target: 50%, window: all}
  - {name: fast, sli: {kind: latency, threshold: 300ms}, target: 50%, window: all}
"""
INTERRUPT = b"\x03"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A document and a log of more lines than are looked at before reading."""
    rows = (f"2026-06-01T10:{row % 60:02}:00Z,{503 if row % 9 == 0 else 200},0.{row % 7}\n" for row in range(5_000))
    (tmp_path / "log.csv").write_text("timestamp,status,duration\n" + "".join(rows), encoding="utf-8")
    (tmp_path / "slo.yaml").write_text(DOCUMENT, encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize(
    "command",
    [
        "cat log.csv | backburn {} -",
        "backburn {} - < log.csv",
        "gzip -c log.csv | backburn {} -",
        "backburn {} /dev/stdin < log.csv",
        "backburn {} <(cat log.csv)",
        "cat log.csv | backburn {} --data shop=-",
        "(head -1 log.csv; sleep 0.2; tail -n +2 log.csv) | backburn {} - --threads 4",
    ],
)
def test_the_answer_is_that_of_the_file(folder: Path, command: str) -> None:
    verb = "evaluate slo.yaml --format json"
    read, piped = run(f"backburn {verb} log.csv", folder), run(command.format(verb), folder)
    assert (piped.exit, piped.stderr) == (0, ""), piped.stderr
    answers = [json.loads(outcome.stdout) for outcome in (read, piped)]
    assert answers[0]["results"] == answers[1]["results"]
    for answer in answers:
        del answer["data"]["files"]
    assert answers[0]["data"] == answers[1]["data"]


def test_what_is_written_is_what_the_file_would_give(folder: Path) -> None:
    outcome = run(
        "cat log.csv | backburn rollup slo.yaml - -o piped.parquet && backburn evaluate slo.yaml piped.parquet log.csv",
        folder,
    )
    assert outcome.exit == 3
    assert "the same rows are there twice: 'log.csv' and 'standard input' have equal content" in outcome.stderr
    outcome = run("cat log.csv | backburn convert - -o rows.parquet && backburn inspect rows.parquet", folder)
    assert (outcome.exit, outcome.stderr) == (0, "")
    assert "5,000 rows" in outcome.stdout


def test_a_pipe_is_inspected_without_its_end(folder: Path) -> None:
    outcome = run("(cat log.csv; yes 2026-06-01T11:00:00Z,200,0.1) | backburn inspect -", folder)
    assert (outcome.exit, outcome.stderr) == (0, "")
    assert outcome.stdout.startswith("standard input: csv, a pipe\n")


@pytest.mark.parametrize(
    ("command", "code", "words"),
    [
        ("percentiles slo.yaml - --exact", 2, "exact quantiles need the rows more than once, and standard input"),
        ("init -", 2, "a draft reads the log several times, and a pipe gives it once"),
        ("evaluate two.yaml -", 3, "standard input: it was read before, and gives its rows once"),
    ],
)
def test_what_needs_the_rows_again_is_refused(folder: Path, command: str, code: int, words: str) -> None:
    (folder / "two.yaml").write_text(f"{DOCUMENT}---\n{DOCUMENT.replace('shop', 'cart')}", encoding="utf-8")
    outcome = run(f"cat log.csv | backburn {command}", folder)
    assert outcome.exit == code, outcome
    assert words in outcome.stderr
    assert "file" in outcome.stderr.splitlines()[1]


def test_a_file_may_be_given_as_standard_input_and_be_read_again(folder: Path) -> None:
    outcome = run("backburn percentiles slo.yaml - --exact < log.csv", folder)
    assert outcome.exit == 0, outcome.stderr


@pytest.mark.parametrize(
    ("command", "words"),
    [
        (": | backburn evaluate slo.yaml -", "standard input: nothing came: it is empty"),
        ("backburn evaluate slo.yaml - <&-", "standard input is closed"),
        ("backburn evaluate slo.yaml - < /dev/null", "standard input: nothing came: it is empty"),
        ("cat log.parquet | backburn evaluate slo.yaml -", "Parquet cannot be read from a pipe"),
    ],
)
def test_what_holds_no_log_is_a_data_error(folder: Path, command: str, words: str) -> None:
    run("backburn convert log.csv -o log.parquet", folder)
    outcome = run(command, folder)
    assert outcome.exit == 3
    assert words in outcome.stderr
    assert "  help: " in outcome.stderr


@pytest.mark.alone
def test_ctrl_c_ends_waiting_for_a_silent_command_within_a_second(folder: Path) -> None:
    # On a terminal, standard input is the person at it, who has nothing to say.
    with on_terminal(["evaluate", "slo.yaml", "-"], folder) as terminal:
        terminal.read_for(1.5)
        assert terminal.process.poll() is None, terminal.screen
        start = time.monotonic()
        terminal.press(INTERRUPT)
        while terminal.process.poll() is None and time.monotonic() - start < 30:
            terminal.read_for(0.01)
        took = time.monotonic() - start
        assert terminal.wait(1) == 130, terminal.screen
    assert took < 1.0
    assert "Traceback" not in terminal.screen

"""Every way in which a verb can end."""

from __future__ import annotations

import signal
from typing import TYPE_CHECKING

import click
import pytest
from click.testing import CliRunner

from backburn import errors
from backburn.cli import program as module
from backburn.cli.program import program
from backburn.model.finding import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from click.testing import Result


@pytest.fixture(autouse=True)
def keep_the_signal() -> Iterator[None]:
    """Ending an interrupt turns further ones off, which must not outlive a test."""
    before = signal.getsignal(signal.SIGINT)
    yield
    signal.signal(signal.SIGINT, before)


def ending(error: BaseException, monkeypatch: pytest.MonkeyPatch, **environment: str) -> Result:
    """What is left of a verb that ends with an error."""

    @click.command()
    def broken() -> None:
        raise error

    monkeypatch.setattr(module.Program, "get_command", lambda *_: broken)
    return CliRunner().invoke(program, ["doctor"], env=environment)


@pytest.mark.parametrize(
    ("error", "code", "message"),
    [
        (errors.UsageError("no", "yes"), 2, "error: no\n  help: yes\n"),
        (errors.DataError("no", file="a.log", line=3), 3, "error: a.log:3: no\n"),
        (errors.DataError("a\x1b[2J"), 3, "error: a\\x1b[2J\n"),
        (errors.SpecError("no", "yes", "a.yaml", 3, 4), 2, "error: a.yaml:3:4: no\n  help: yes\n"),
        (PermissionError(13, "Permission denied", "a.log"), 3, "error: 'a.log': permission denied\n"),
        (BrokenPipeError(32, "Broken pipe"), 0, ""),
        (KeyboardInterrupt(), 130, "interrupted\n"),
        (errors.InterruptedScanError("interrupted"), 130, "interrupted\n"),
        (click.Abort(), 130, "interrupted\n"),
        (click.exceptions.Exit(4), 4, ""),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, BaseException) else None,
)
def test_every_end_has_its_code_and_no_traceback(
    error: BaseException, code: int, message: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    left = ending(error, monkeypatch)
    assert (left.exit_code, left.stdout, left.stderr) == (code, "", message)


def test_all_findings_of_a_document_are_told_one_a_line(monkeypatch: pytest.MonkeyPatch) -> None:
    findings = [
        Finding(
            code="BB103", severity="error", file="a.yaml", line=line, column=1, path="x", message="no", remedy="yes"
        )
        for line in (1, 2)
    ]
    left = ending(errors.SpecError("2 errors", findings=findings), monkeypatch)
    assert left.stderr == "error: a.yaml:1:1 x: no; yes\nerror: a.yaml:2:1 x: no; yes\n"
    assert left.exit_code == 2


class Panic(BaseException):
    """A panic of the core arrives as something that is no Exception."""


@pytest.mark.parametrize("error", [KeyError("x"), Panic("x"), RecursionError("x")], ids=type)
def test_a_bug_asks_to_be_reported_and_shows_its_traceback_on_demand(
    error: BaseException, monkeypatch: pytest.MonkeyPatch
) -> None:
    left = ending(error, monkeypatch)
    assert left.exit_code == 70
    assert left.stderr.startswith(f"error: this is a bug in backburn: {type(error).__name__}: ")
    assert "BACKBURN_DEBUG=1" in left.stderr
    assert "Traceback" not in left.stderr
    assert "Traceback" in ending(error, monkeypatch, BACKBURN_DEBUG="1").stderr


def test_too_little_memory_is_not_a_bug(monkeypatch: pytest.MonkeyPatch) -> None:
    left = ending(MemoryError(), monkeypatch)
    assert left.exit_code == 3
    assert left.stderr.startswith("error: out of memory\n  help: ")

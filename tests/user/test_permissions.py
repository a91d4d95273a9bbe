"""What the operating system forbids: said plainly, with nothing half-written."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from shell import Outcome, environment

if TYPE_CHECKING:
    from collections.abc import Iterator

NOBODY = 65_534
DOCUMENT = """\
apiVersion: backburn/v1
kind: ServiceLevelObjectives
metadata: {service: shop, owner: sre}
source: {data: [log.csv]}
objectives:
  - {name: availability, sli: {kind: availability}, target: 50%, window: all}
"""

# As root, permissions mean nothing. So the program becomes nobody, but only after it has done its work once: where the
# interpreter lies in a home directory, nobody could not even import it.
AS_NOBODY = """
import contextlib, importlib, io, os, pkgutil, sys
import backburn
from backburn.cli import main

for module in pkgutil.walk_packages(backburn.__path__, "backburn."):
    if not module.name.endswith("__main__"):
        importlib.import_module(module.name)
for words in (["evaluate", "slo.yaml"], ["evaluate", "slo.yaml", "nothing.csv"], ["validate", "slo.yaml"]):
    sys.argv = ["backburn", *words]
    with contextlib.suppress(SystemExit), contextlib.redirect_stdout(io.StringIO()):
        with contextlib.redirect_stderr(io.StringIO()):
            main()
user = {user}
if user is not None:
    os.setgroups([])
    os.setgid(user)
    os.setuid(user)
    assert os.getuid() == os.geteuid() == user
sys.argv = ["backburn", *{words!r}]
main()
"""


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder that everyone may enter; pytest's own is closed to others."""
    with tempfile.TemporaryDirectory(prefix="backburn-user-") as name:
        place = Path(name)
        place.chmod(0o755)
        rows = "".join(f"2026-06-01T10:{minute:02}:00Z,200\n" for minute in range(60))
        (place / "log.csv").write_text("timestamp,status\n" + rows, encoding="utf-8")
        (place / "slo.yaml").write_text(DOCUMENT, encoding="utf-8")
        yield place


def as_nobody(folder: Path, *words: str) -> Outcome:
    """Run the program as a user without rights of any kind; as ourselves, if we are such a one."""
    user = NOBODY if os.geteuid() == 0 else None
    code = AS_NOBODY.format(user=user, words=words)
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=folder, env=environment(), capture_output=True, text=True, check=False
    )
    return Outcome(exit=done.returncode, stdout=done.stdout, stderr=done.stderr)


def test_a_log_that_may_be_read_is_read(folder: Path) -> None:
    outcome = as_nobody(folder, "evaluate", "slo.yaml")
    assert (outcome.exit, outcome.stderr) == (0, "")


@pytest.mark.parametrize("words", [["evaluate", "slo.yaml", "closed.csv"], ["inspect", "closed.csv"]])
def test_a_log_that_may_not_be_read_is_named(folder: Path, words: list[str]) -> None:
    (folder / "closed.csv").write_text("timestamp,status\n2026-06-01T10:00:00Z,200\n", encoding="utf-8")
    (folder / "closed.csv").chmod(0)
    outcome = as_nobody(folder, *words)
    assert (outcome.exit, outcome.stdout) == (3, "")
    assert "closed.csv: permission denied" in outcome.stderr
    assert "Traceback" not in outcome.stderr


def test_a_document_that_may_not_be_read_is_named(folder: Path) -> None:
    (folder / "closed.yaml").write_text(DOCUMENT, encoding="utf-8")
    (folder / "closed.yaml").chmod(0)
    outcome = as_nobody(folder, "evaluate", "closed.yaml")
    assert outcome.exit == 2
    assert "closed.yaml" in outcome.stderr
    assert "permission denied" in outcome.stderr.lower()
    assert "Traceback" not in outcome.stderr


def test_a_directory_that_may_not_be_entered_is_named(folder: Path) -> None:
    (folder / "closed").mkdir()
    (folder / "closed" / "log.csv").write_text("timestamp,status\n2026-06-01T10:00:00Z,200\n", encoding="utf-8")
    (folder / "closed").chmod(0)
    outcome = as_nobody(folder, "evaluate", "slo.yaml", "closed")
    (folder / "closed").chmod(0o755)
    assert outcome.exit == 3
    assert "closed: permission denied" in outcome.stderr


@pytest.mark.parametrize(
    "words",
    [
        ["rollup", "slo.yaml", "-o", "out/x.parquet"],
        ["evaluate", "slo.yaml", "-o", "out/x.json"],
        ["init", "log.csv", "-o", "out/x.yaml"],
    ],
    ids=lambda words: words[0],
)
def test_a_directory_that_may_not_be_written_is_named_and_stays_as_it_is(folder: Path, words: list[str]) -> None:
    (folder / "out").mkdir(mode=0o555)
    outcome = as_nobody(folder, *words)
    assert outcome.exit == 3
    assert words[-1] in outcome.stderr
    assert "permission denied" in outcome.stderr.lower()
    assert "Traceback" not in outcome.stderr
    assert list((folder / "out").iterdir()) == []

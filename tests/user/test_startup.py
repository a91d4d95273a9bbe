"""Nobody waits for the program to start."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

from shell import environment, program, run

if TYPE_CHECKING:
    from pathlib import Path

HEAVY = {
    "altair",
    "click",
    "duckdb",
    "jinja2",
    "numpy",
    "pandas",
    "polars",
    "pyarrow",
    "pydantic",
    "pydantic_core",
    "rich",
    "rich_click",
    "ruamel",
}


def imported(statement: str) -> set[str]:
    """The top names of the modules that a fresh interpreter holds after a statement, beside those it starts with."""
    code = f"import sys\nbefore = set(sys.modules)\n{statement}\nprint(*sorted(set(sys.modules) - before))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return {name.partition(".")[0] for name in done.stdout.split()}


def fastest(*command: str) -> float:
    """The best of five, in seconds of processor time: what the program takes, not what else the machine is doing."""
    times = []
    for _ in range(5):
        before = os.times()
        subprocess.run(command, env=environment(), capture_output=True, check=True)
        after = os.times()
        times.append(after.children_user - before.children_user + after.children_system - before.children_system)
    return min(times)


def test_importing_the_package_imports_no_heavy_library() -> None:
    names = imported("import backburn")
    assert "backburn" in names
    assert not names & HEAVY


def test_importing_the_package_takes_less_than_150_ms() -> None:
    bare = fastest(sys.executable, "-c", "pass")
    assert fastest(sys.executable, "-c", "import backburn") - bare < 0.150


def test_help_needs_click_and_nothing_heavier() -> None:
    names = imported(
        "import contextlib, io, backburn.cli\nsys.argv = ['backburn', '--help']\n"
        "with contextlib.suppress(SystemExit), contextlib.redirect_stdout(io.StringIO()):\n"
        "    backburn.cli.main()\n"
    )
    assert names & HEAVY <= {"click"}


def test_help_takes_less_than_300_ms() -> None:
    assert fastest(str(program()), "--help") < 0.300


def test_every_verb_has_a_help_that_names_it(tmp_path: Path) -> None:
    from backburn.cli.verbs import VERBS

    for verb in VERBS:
        helped = run(f"backburn {verb} --help", tmp_path)
        assert (helped.exit, helped.stderr) == (0, "")
        assert f"Usage: backburn {verb}" in helped.stdout

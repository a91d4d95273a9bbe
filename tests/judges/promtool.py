"""Rules and their tests in the hands of `promtool`."""

from __future__ import annotations

import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from backburn.interop.prometheus.proof import document
from backburn.interop.prometheus.yaml import dump

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from backburn.interop.prometheus import Rules

NAMED = "BACKBURN_PROMTOOL"
"""The variable that names another promtool than the one on the path, to run the same tests with another version."""


def need_promtool() -> None:
    """Skip without promtool; where everything has to be there, or one is named, fail."""
    if _program() is None:
        if NAMED in os.environ:
            pytest.fail(f"{NAMED} names no program: {os.environ[NAMED]}")
        reason = "promtool cannot be found; Debian's package 'prometheus' has it"
        pytest.fail(reason) if os.environ.get("CI") == "true" else pytest.skip(reason)


def _program() -> str | None:
    """The promtool that is named, else the first on the path."""
    found = shutil.which(os.environ.get(NAMED, "promtool"))
    return None if found is None else str(Path(found).absolute())


def promtool(*words: str, folder: Path | None = None) -> subprocess.CompletedProcess[str]:
    """Run promtool; whether it succeeds is for the caller to say."""
    return subprocess.run([_program() or "promtool", *words], cwd=folder, capture_output=True, text=True, check=False)


@dataclass(frozen=True)
class Verdict:
    """What promtool says."""

    agrees: bool
    said: str


def verdict(rules: Rules, tests: Mapping[str, Sequence[Mapping[str, Any]]], folder: Path) -> Verdict:
    """Whether the rules do what the tests of each group say."""
    (folder / "rules.yaml").write_text(rules.text(), encoding="utf-8")
    (folder / "tests.yaml").write_text(dump(document(rules, "rules.yaml", tests)), encoding="utf-8")
    checked = promtool("check", "rules", "rules.yaml", folder=folder)
    assert checked.returncode == 0, checked.stderr
    done = promtool("test", "rules", "tests.yaml", folder=folder)
    return Verdict(agrees=done.returncode == 0, said=f"{done.stdout}{done.stderr}"[:4000])

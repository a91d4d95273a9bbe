"""Rules and their tests in the hands of `promtool`."""

from __future__ import annotations

import os
import shutil
import subprocess
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from backburn.interop.prometheus.proof import document
from backburn.interop.prometheus.yaml import dump

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from backburn.interop.prometheus import Rules


def need_promtool() -> None:
    """Skip without promtool; where everything has to be there, fail."""
    if shutil.which("promtool") is None:
        reason = "promtool cannot be found; Debian's package 'prometheus' has it"
        pytest.fail(reason) if os.environ.get("CI") == "true" else pytest.skip(reason)


@dataclass(frozen=True)
class Verdict:
    """What promtool says."""

    agrees: bool
    said: str


def verdict(rules: Rules, tests: Mapping[str, Sequence[Mapping[str, Any]]], folder: Path) -> Verdict:
    """Whether the rules do what the tests of each group say."""
    (folder / "rules.yaml").write_text(rules.text(), encoding="utf-8")
    (folder / "tests.yaml").write_text(dump(document(rules, "rules.yaml", tests)), encoding="utf-8")
    checked = subprocess.run(
        ["promtool", "check", "rules", "rules.yaml"], cwd=folder, capture_output=True, text=True, check=False
    )
    assert checked.returncode == 0, checked.stderr
    done = subprocess.run(
        ["promtool", "test", "rules", "tests.yaml"], cwd=folder, capture_output=True, text=True, check=False
    )
    return Verdict(agrees=done.returncode == 0, said=f"{done.stdout}{done.stderr}"[:4000])

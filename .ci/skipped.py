"""Lists every skipped test of a run; under `CI=true`, with the shared data beside the repository, there may be none."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from xml.etree.ElementTree import parse

ROOT = Path(__file__).parents[1]


def of_pytest(reports: list[Path]) -> list[str]:
    """Return the skipped and the expectedly failing tests in pytest's reports."""
    skipped = []
    for report in reports:
        for case in parse(report).iter("testcase"):
            skipped += [
                f"{report.stem}: {case.get('classname')}.{case.get('name')}: {mark.get('message')}"
                for mark in case.iter("skipped")
            ]
    return skipped


def of_rust() -> list[str]:
    """Return the tests that are marked `#[ignore]`."""
    command = ["cargo", "nextest", "list", "--workspace", "--exclude", "backburn-python", "--locked", "--cargo-quiet"]
    command += ["--run-ignored", "only", "--message-format", "oneline"]
    listed = subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True).stdout
    return [f"rust: {line}" for line in listed.splitlines() if line.strip()]


def main() -> None:
    """Print the list, and fail where it has to be empty and is not."""
    reports = sorted(Path(sys.argv[1]).glob("*.xml"))
    if not reports:
        sys.exit(f"no test report in {sys.argv[1]}")
    skipped = of_pytest(reports) + of_rust()
    print("\n".join(skipped) or "no test was skipped")
    everything_is_here = os.environ.get("CI") == "true" and (ROOT / ".." / "shared" / "data").is_dir()
    if skipped and everything_is_here:
        sys.exit(f"{len(skipped)} skipped, although everything that they need is here")


if __name__ == "__main__":
    main()

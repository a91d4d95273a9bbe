"""grep: the lines of an access log with one status counted, and nothing else."""

from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING

import pyarrow as pa
from work import Work

if TYPE_CHECKING:
    from collections.abc import Callable

    from work import Setup, Tasks

PATTERN = '" 500 '
RECIPE = f"`LC_ALL=C grep -c '{PATTERN}' access.log`, one thread, its start included"


def count(setup: Setup) -> Work:
    """Count the lines with status 500."""
    command = ["grep", "-c", PATTERN, setup.log]
    environment = {**os.environ, "LC_ALL": "C"}

    def run(_: Callable[[str], None]) -> int:
        return int(subprocess.run(command, env=environment, check=True, capture_output=True).stdout)

    def answer(lines: int) -> pa.Table:
        return pa.table({"errors_500": [lines]})

    return Work(run=run, answer=answer)


TASKS: Tasks = {"logs-500": count}

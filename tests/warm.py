"""The program with its imports done: one process per command, forked from one that has imported everything.

An interpreter that starts and imports takes longer than most of what is tested. A line of JSON on standard input asks
for a command (`words`, `folder`, and where its `stdout` and `stderr` go); a line with its exit code is the answer. The
child is a process like any other: its own folder, files, signals and memory, and it ends as an interpreter ends.
Nothing is forked once a thread runs, for the parent never does any of the program's work.
"""

from __future__ import annotations

import importlib
import json
import os
import pkgutil
import sys
from typing import Any

import backburn

_EXAMPLE = {
    "apiVersion": "backburn/v1",
    "kind": "ServiceLevelObjectives",
    "metadata": {"service": "shop"},
    "objectives": [{"name": "up", "sli": {"kind": "availability"}, "target": "99%", "window": "all"}],
}


def warm() -> None:
    """Import every module, and make what documents are read by."""
    for module in pkgutil.walk_packages(backburn.__path__, "backburn."):
        importlib.import_module(module.name)
    backburn.validate(_EXAMPLE)


def become(asked: dict[str, Any], answers: int) -> None:
    """Take the place of a command that a shell has started."""
    os.close(answers)
    os.chdir(asked["folder"])
    nothing = os.open(os.devnull, os.O_RDONLY)
    out = os.open(asked["stdout"], os.O_WRONLY | os.O_APPEND)
    err = os.open(asked["stderr"], os.O_WRONLY | os.O_APPEND)
    for place, opened in enumerate((nothing, out, err)):
        os.dup2(opened, place)
        os.close(opened)
    sys.argv = asked["words"]


def serve() -> None:
    """Answer until standard input ends; in a child, return to become the command."""
    warm()
    answers = os.dup(1)
    for line in iter(sys.stdin.readline, ""):
        asked = json.loads(line)
        child = os.fork()
        if not child:
            become(asked, answers)
            return
        code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        os.write(answers, f"{code}\n".encode())
    raise SystemExit(0)


if __name__ == "__main__":
    serve()
    from backburn.cli import main

    main()

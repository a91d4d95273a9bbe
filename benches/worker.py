"""One task of one engine, alone in its process: prepare, measure, tell on standard output.

    python benches/worker.py ENGINE TASK FOLDER THREADS [ANSWER]

With ANSWER the product is written there, in the form in which answers are compared. `worker.py build` says how
Backburn was built, and `worker.py recipes` how each engine is used and in which version.
"""

from __future__ import annotations

import gc
import importlib
import json
import os
import resource
import sys
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING

from work import MODULES, NotThereError, Setup

if TYPE_CHECKING:
    from work import Work

_STATUS = Path("/proc/self/status")


def _status(field: str) -> float:
    """A line of the process's own account of its memory, in MB."""
    for line in _STATUS.read_text(encoding="ascii").splitlines():
        name, _, value = line.partition(":")
        if name == field:
            return int(value.split()[0]) / 1024
    raise LookupError(field)


def _resident() -> float:
    gc.collect()
    if not _STATUS.exists():
        return 0.0
    # What was reached while preparing is not this task's peak.
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
    return _status("VmRSS")


def _peak() -> float:
    if _STATUS.exists():
        return _status("VmHWM")
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def measure(work: Work, answer: Path | None) -> dict[str, object]:
    """Run the work once."""
    before = _resident()
    laps: dict[str, float] = {}
    began = perf_counter()
    product = work.run(lambda word: laps.update({word: perf_counter() - began}))
    seconds = perf_counter() - began
    peak = _peak()
    if answer is not None and work.answer is not None:
        from pyarrow import feather

        feather.write_feather(work.answer(product), answer, compression="uncompressed")
    return {"seconds": seconds, "laps": laps, "before_mb": before, "peak_mb": peak}


def _build() -> str:
    from backburn import _rust

    return _rust.__build__


def _recipes() -> str:
    from importlib.metadata import version

    recipes = {}
    for name, engine in MODULES.items():
        module = importlib.import_module(f"by_{engine}")
        recipes[name] = module.RECIPE
        recipes |= {f"{name}, `{task}`": text for task, text in getattr(module, "TASK_RECIPES", {}).items()}
    import backburn

    versions = {
        "backburn": backburn.__version__,
        **{name: version(name) for name in ("duckdb", "polars", "pyarrow", "numpy")},
    }
    return json.dumps({"recipes": recipes, "versions": versions})


def main() -> None:
    """Measure and tell; what an engine cannot do yet is told as well."""
    if sys.argv[1:] == ["build"]:
        sys.stdout.write(_build())
    elif sys.argv[1:] == ["recipes"]:
        sys.stdout.write(_recipes())
    else:
        _measure_one()


def _measure_one() -> None:
    engine, task, folder, threads, *rest = sys.argv[1:]
    os.environ["POLARS_MAX_THREADS"] = threads  # Read once, when it is imported.
    module = importlib.import_module(f"by_{engine}")
    answer = Path(rest[0]) if rest else None
    try:
        work = module.TASKS[task](Setup(folder=Path(folder), threads=int(threads)))
        told = measure(work, answer)
    except (NotThereError, NotImplementedError) as error:
        told = {"missing": str(error)}
    json.dump(told, sys.stdout)


if __name__ == "__main__":
    main()

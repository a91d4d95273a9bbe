"""Measure Backburn beside DuckDB, Polars, pyarrow and grep, in one run, and write what was found.

    python benches/run.py --rows 5e6 --runs 3

Every case runs alone in a new process, so that no allocator or cache of one engine meets another. A first round, which
is not timed, brings the files into the page cache and holds all answers against each other; a difference ends the run.
Then the cases take turns, each round beginning with another one, and the median counts.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import results
from cases import all_cases

if TYPE_CHECKING:
    from cases import Case, Dataset

HERE = Path(__file__).parent
BUILD = HERE.parent / "build" / "bench"
FULL = 50_000_000
_HUGE = 4


def _whole(text: str) -> int:
    number = float(text)
    if number < 1 or number != int(number):
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from 1 on")
    return int(number)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=_whole, default=FULL, help="rows of the month, as in 5e6 (default: 5e7)")
    parser.add_argument("--runs", type=_whole, default=9, help="timed rounds (default: 9)")
    parser.add_argument("--threads", type=_whole, default=2, help="threads of every engine (default: 2)")
    parser.add_argument("--only", default="", metavar="TEXT", help="cases whose name contains this, as in parquet/")
    parser.add_argument(
        "--huge", action="store_true", help="also peak memory at four times the rows, and by row groups"
    )
    parser.add_argument("--data", type=Path, default=BUILD, help="where datasets are kept (default: build/bench)")
    parser.add_argument("-o", "--output", type=Path, help="default: benches/RESULTS.md for a full run, else in --data")
    parser.add_argument("--any-build", action="store_true", help="accept a debug build of Backburn")
    options = parser.parse_args()
    if options.output is None:
        full = options.rows == FULL and not options.only
        options.output = (HERE if full else options.data) / "RESULTS.md"
    return options


def _chosen(options: argparse.Namespace) -> list[Case]:
    huge = _HUGE * options.rows if options.huge else None
    cases = all_cases(options.rows, options.threads, huge=huge)
    named = {case.name: case for case in cases}
    # What an answer is held against has to give one, whatever was asked for.
    wanted = {case.name for case in cases if options.only in case.name}
    wanted |= {named[name].compare or name for name in wanted}
    return [case for case in cases if case.name in wanted]


def _make(datasets: list[Dataset], folder: Path) -> None:
    """Make what is missing; some are made of the month itself."""
    for one in datasets:
        if one.kind in {"shuffled", "large-groups", "text"}:
            _script("datasets.py", "month", str(one.rows), str(folder / f"month-{one.rows}"))
        _script("datasets.py", one.kind, str(one.rows), str(folder / one.name))


def _script(name: str, *arguments: str) -> str:
    command = [sys.executable, str(HERE / name), *arguments]
    done = subprocess.run(command, check=False, stdout=subprocess.PIPE, text=True)
    if done.returncode:
        sys.exit(f"failed: {' '.join(command)}")
    return done.stdout


def _measure(case: Case, data: Path, answer: Path | None = None) -> dict[str, Any]:
    words = [case.engine, case.task, str(data / case.dataset.name), str(case.threads)]
    told: dict[str, Any] = json.loads(_script("worker.py", *words, *([] if answer is None else [str(answer)])))
    return told


def _answer(case: Case, folder: Path) -> Path:
    return folder / f"{case.name.replace('/', '-')}.arrow"


def _check(cases: list[Case], data: Path) -> dict[str, str]:
    """Run every case once, compare the answers, and give the cases that cannot run with their reasons."""
    missing: dict[str, str] = {}
    named = {case.name: case for case in cases}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for case in cases:
            told = _measure(case, data, _answer(case, folder))
            if "missing" in told:
                missing[case.name] = told["missing"]
            elif difference := _difference(case, named, data, folder):
                sys.exit(f"{case.name} answers otherwise than {case.compare or 'its rows'}: {difference}")
            print(f"{case.name}: {told.get('missing', 'as it should be')}", file=sys.stderr)
    return missing


def _difference(case: Case, named: dict[str, Case], data: Path, folder: Path) -> str:
    own = str(_answer(case, folder))
    if case.compare is not None:
        return _script("answers.py", case.how, str(_answer(named[case.compare], folder)), own)
    rows = data / case.dataset.name
    if case.task == "decode":
        return _script("answers.py", "number", own, str(case.dataset.rows))
    if case.task == "logs-500":
        return _script("answers.py", "number", own, (rows / "errors-500").read_text(encoding="ascii"))
    return ""


def _rounds(cases: list[Case], data: Path, runs: int) -> dict[str, list[dict[str, Any]]]:
    measured: dict[str, list[dict[str, Any]]] = {case.name: [] for case in cases}
    for turn in range(runs):
        first = turn * len(cases) // runs
        for case in [*cases[first:], *cases[:first]]:
            measured[case.name].append(_measure(case, data))
        print(f"round {turn + 1} of {runs}", file=sys.stderr)
    return measured


def main() -> None:
    """Make the rows, check the answers, measure, report."""
    options = _options()
    build = _script("worker.py", "build")
    if build != "release" and not options.any_build:
        sys.exit(f"this is a {build} build of Backburn, of which speed says nothing; use `make bench`")
    cases = _chosen(options)
    if not cases:
        sys.exit(f"no case is called like '{options.only}': {', '.join(c.name for c in all_cases(1, 1, huge=4))}")
    _make(list(dict.fromkeys(case.dataset for case in cases)), options.data)
    missing = _check(cases, options.data)
    timed = [case for case in cases if case.timed and case.name not in missing]
    measured = _rounds(timed, options.data, options.runs)
    recipes = json.loads(_script("worker.py", "recipes"))
    found = results.Found(
        rows=options.rows,
        runs=options.runs,
        threads=options.threads,
        build=build,
        cases=cases,
        missing=missing,
        measured=measured,
        recipes=recipes["recipes"],
        versions=recipes["versions"],
    )
    options.output.write_text(results.report(found), encoding="utf-8")
    print(f"wrote {options.output}", file=sys.stderr)


if __name__ == "__main__":
    main()

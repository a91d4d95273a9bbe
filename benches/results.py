"""What was measured, as a page: the aims first, then every case, then how it was done."""

from __future__ import annotations

import os
import platform
import subprocess
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

from aims import aims

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cases import Case

_TITLES = {
    "parquet": "A month of 20 services in Parquet",
    "memory": "The same month in memory, as an Arrow table",
    "timeline": "Rolling windows at every minute of the month",
    "alerts": "An alert policy replayed on the month",
    "sweep": "2,000 alert policies on the month, and 200,000",
    "orders": "Rows in order, rows in none, and 100,000 series in none",
    "logs": "A plain access log",
    "text": "A month as JSON lines, as CSV and as a load balancer logs it",
    "footprint": "Peak memory",
}
_TASKS = """\
- `decode`: the four columns `timestamp`, `service`, `status`, `duration_ms`, decoded and dropped.
- `t1`: all requests, failures and slow requests of every service and minute.
- `t2`: p50, p90, p95, p99 of every service and hour; `exact` by interpolation (type 7), else from histograms.
- `t3`: `t1`, and the burn rates of 8 windows of every service at every minute.
- `all`: `t1`, `t2` and `t3` in one pass.
- `many` of Backburn: `t1` as a rollup, for its 40 million cells are a table of gigabytes, which is made afterwards.
- `burns`: the burn rates alone, from counts that are there already.
- `rolling-p95`: p95 of the last hour of every service at every minute; Backburn's from a rollup with histograms of a
  minute that is there already, the others' from the rows in memory.
- `timeline-parquet`: counts, SLI and burn rates of 8 windows and the budget left, at every minute, from counts that are
  there already, as a Parquet file.
- `replay`: when the two alerts of a policy of eight windows begin and end, of every service at every minute, from
  counts that are there already; Backburn's also say how high they stood and what was left of the budget; promtool
  evaluates the same policy as rules, at every minute of six hours, the 120th part of the month.
- `sweep`: a grid of 8 pairs of windows, 50 factors and 5 waits on 20 services at every minute, from counts that are
  there already: what each of the 2,000 policies did, its alerts merged to pages and held against events, added up over
  the services; `sweep-5000`: with 5,000 factors; `sweep-no-for`: alerts and pages, true, false and at night, without
  waiting, which is a fifth of the policies.
- `logs`: all requests and failures of every minute.
- `ndjson`, `csv`: `t1` from text with all columns of the month; `alb`: from lines of 29 fields."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One run: `measured` holds what each round told of a case, `missing` why a case could not run."""

    rows: int
    runs: int
    threads: int
    build: str
    cases: list[Case]
    missing: dict[str, str]
    measured: dict[str, list[dict[str, Any]]]
    recipes: dict[str, str]
    versions: dict[str, str]

    def seconds(self, name: str) -> float | None:
        """The median time of a case, if it was measured."""
        told = self.measured.get(name)
        return median(one["seconds"] for one in told) if told else None

    def above(self, name: str) -> float | None:
        """The median peak of resident memory above that at the task's start, in MB."""
        told = self.measured.get(name)
        return median(one["peak_mb"] - one["before_mb"] for one in told) if told else None

    def rows_of(self, name: str) -> int:
        """How many rows a case reads."""
        return next((case.dataset.rows for case in self.cases if case.name == name), self.rows)


def report(found: Found) -> str:
    """The whole page."""
    return "\n".join([*_head(found), *_aims(found), *_tables(found), *_recipe(found)])


def _head(found: Found) -> Iterator[str]:
    yield "# Measured beside others"
    yield ""
    yield (
        f"{found.rows:,} rows, {found.threads} threads for every engine, median of {found.runs} interleaved rounds. "
        "All answers were equal: counts exactly, exact quantiles and burn rates but for the last digits of a float, "
        "quantiles of histograms within the error that they state."
    )
    yield ""
    yield from _TASKS.splitlines()


def _aims(found: Found) -> Iterator[str]:
    yield from ("", "## Aims", "", "| aim | bound | measured | |", "|---|---|---|---|")
    for one in aims(found):
        if one.value is None:
            yield f"| {one.text} | {one.bound} | not measured: {one.reason} | |"
        else:
            yield f"| {one.text} | {one.bound} | {one.value} | {'reached' if one.reached else 'missed'} |"


def _tables(found: Found) -> Iterator[str]:
    for group, title in _TITLES.items():
        cases = [case for case in found.cases if case.group == group and case.timed]
        if not cases:
            continue
        yield from (
            "",
            f"## {title}",
            "",
            "| case | rows | median s | from–to | ns a row | of which | MB above start |",
        )
        yield "|---|--:|--:|--:|--:|---|--:|"
        yield from (_row(found, case) for case in cases)


def _row(found: Found, case: Case) -> str:
    name = case.name.partition("/")[2]
    rows = f"{case.dataset.rows:,}"
    told = found.measured.get(case.name)
    if not told:
        return f"| {name} | {rows} | not measured: {found.missing.get(case.name, 'not asked for')} | | | | |"
    times = sorted(one["seconds"] for one in told)
    laps = ", ".join(f"{word} {median(one['laps'][word] for one in told):.3f}" for word in told[0]["laps"])
    each = 1e9 * median(times) / case.dataset.rows
    span = f"{times[0]:.3f}–{times[-1]:.3f}"
    return f"| {name} | {rows} | {median(times):.3f} | {span} | {each:.1f} | {laps} | {found.above(case.name):.0f} |"


def _recipe(found: Found) -> Iterator[str]:
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    yield from ("", "## How", "")
    yield (
        f"`make bench` on {os.cpu_count()} processors ({platform.machine()}), {memory:.0f} GB of memory, "
        f"{platform.system()} {'.'.join(platform.release().split('.')[:2])}; Backburn's {found.build} build. Rows come "
        "from `data/generate.py` (30 days, 20 services, seed 7; zstd, row groups of 512 Ki), the others from "
        "`benches/datasets.py`; files are in the page cache. Each measurement is a process of its own; starting it, "
        "importing and, for tasks in memory, loading are not timed. Times end with the answer handed over as Arrow or "
        "as the engine's own frame. Memory is the peak of resident memory above that at the task's start."
    )
    yield ""
    yield from (f"- {engine}: {recipe}." for engine, recipe in found.recipes.items())
    yield ""
    versions = ", ".join(f"{name} {version}" for name, version in found.versions.items())
    yield f"Versions: {versions}. Commit: {_commit()}."
    yield ""


def _commit() -> str:
    """Which state of the project was measured."""
    described = ["git", "describe", "--always", "--dirty"]
    done = subprocess.run(described, check=False, capture_output=True, text=True, cwd=Path(__file__).parent)
    return done.stdout.strip() or "unknown"

"""How many instructions a row costs: exact enough to notice a change of one per cent on a busy machine.

    python benches/instructions.py           measure, and fail where a case costs over 5 % more than recorded
    python benches/instructions.py --write   measure, and record (`make instructions`)

Callgrind runs `rust/scan/examples/instructions.rs` on N and on 2N rows; the difference is the price of N rows, without
that of starting. Rows come from Parquet, and what its reader costs is measured alike and taken off, or from text.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[1]
RECORD = Path(__file__).with_name("instructions.toml")
TOLERANCE = 0.05
_BUILD = "cargo build --quiet --locked --profile instructions --package backburn-scan --example instructions"
_PROGRAM = Path("instructions", "examples", "instructions")
CASES = {
    "sorted": 1 << 19,
    "durations": 1 << 19,
    "shuffled": 1 << 20,
    "many": 1 << 20,
    "lines": 100_000,
    "json": 100_000,
}
"""Rows of each case; the many series need more than fit into one buffer of keys."""
_VERBS = {"durations": "record"}
_ROWS_OF = {"durations": "sorted"}
_ENDINGS = {"lines": "log", "json": "ndjson"}
"""Of the cases whose rows come from text; what its reading costs counts too."""
_HEAD = """\
# Instructions per row, by callgrind. `make instructions` writes this file anew.
# sorted: 20 series in order of time; durations: the same with histograms of an hour; shuffled: 20 series, any of
# 43,200 steps; many: 100,000 series, any of as many (two indicators each, decoding taken off); lines: Combined lines
# of an access log (one indicator, parsing included); json: JSON lines of 20 series in order of time (two indicators,
# parsing included).
"""


def build() -> Path:
    """Build the program that is counted, and give its path."""
    subprocess.run(_BUILD.split(), cwd=ROOT, check=True)
    target = subprocess.run(
        ["cargo", "metadata", "--format-version", "1", "--no-deps", "--locked"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    found = re.search(r'"target_directory":"([^"]+)"', target)
    if found is None:
        raise LookupError("cargo does not say where it builds")
    return Path(found[1]) / _PROGRAM


def compiler() -> str:
    """The version of the compiler, on which the numbers depend."""
    return subprocess.run(["rustc", "--version"], check=True, capture_output=True, text=True).stdout.strip()


def measure(program: Path, folder: Path) -> dict[str, float]:
    """Instructions per row of every case."""
    return {case: _per_row(program, folder, case, rows) for case, rows in CASES.items()}


def regressions(recorded: dict[str, float], measured: dict[str, float]) -> list[str]:
    """The cases that cost too much, and those of which only one side knows.

    >>> regressions({"sorted": 100.0, "many": 100.0}, {"sorted": 104.9, "many": 105.1})
    ['many: 105.1 instructions a row against 100.0 (+5.1 %)']
    """
    found = []
    for case in sorted(recorded.keys() | measured.keys()):
        before, now = recorded.get(case), measured.get(case)
        if before is None or now is None:
            found.append(f"{case}: {'not recorded' if before is None else 'not measured'}")
        elif now > before * (1 + TOLERANCE):
            found.append(f"{case}: {now:.1f} instructions a row against {before:.1f} ({now / before - 1:+.1%})")
    return [line.replace("%", " %") for line in found]


def _per_row(program: Path, folder: Path, case: str, rows: int) -> float:
    ending = _ENDINGS.get(case, "parquet")
    once, twice = (folder / f"{case}-{times}.{ending}" for times in (1, 2))
    for times, file in ((1, once), (2, twice)):
        subprocess.run([program, "make", _ROWS_OF.get(case, case), str(times * rows), file], check=True)
    verb = _VERBS.get(case, "count")
    cost = _instructions(program, verb, twice) - _instructions(program, verb, once)
    if case not in _ENDINGS:
        cost -= _instructions(program, "decode", twice) - _instructions(program, "decode", once)
    return cost / rows


def _instructions(program: Path, verb: str, file: Path) -> int:
    out = file.with_suffix(".callgrind")
    command = ["valgrind", "--tool=callgrind", f"--callgrind-out-file={out}", program, verb, file]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"{verb} {file.name} failed under valgrind:\n{done.stderr[-2000:]}")
    found = re.search(r"^summary: (\d+)$", out.read_text(encoding="utf-8", errors="replace"), re.MULTILINE)
    if found is None:
        raise RuntimeError(f"callgrind does not say how many instructions {verb} {file.name} took")
    return int(found[1])


def _write(measured: dict[str, float]) -> None:
    lines = [f"{case} = {cost:.1f}\n" for case, cost in measured.items()]
    text = f'{_HEAD}\ncompiler = "{compiler()}"\n\n[per_row]\n{"".join(lines)}'
    RECORD.write_text(text, encoding="utf-8")


def main() -> None:
    """Measure, then record or compare."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", action="store_true", help="record what is measured")
    write = parser.parse_args().write
    with tempfile.TemporaryDirectory() as folder:
        measured = measure(build(), Path(folder))
    for case, cost in measured.items():
        print(f"{case:10}{cost:10.1f} instructions a row")
    if write:
        _write(measured)
        return
    record = tomllib.loads(RECORD.read_text(encoding="utf-8"))
    found = regressions(record["per_row"], measured)
    if found:
        remedy = "look into it (callgrind_annotate names the lines), or record the new price with `make instructions`"
        built = f"recorded with {record['compiler']}, measured with {compiler()}"
        sys.exit("\n".join([*found, built, remedy]))


if __name__ == "__main__":
    main()

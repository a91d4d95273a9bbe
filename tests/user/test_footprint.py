"""How much memory counting takes depends on what is kept, cells and histograms, and not on how many rows there are."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MOST_MB = 300

# With cells of five minutes and histograms of a day, a million rows have touched nearly all that four million do.
DOCUMENT = """\
apiVersion: backburn/v1
kind: ServiceLevelObjectives
metadata: {name: fleet, owner: sre}
source:
  columns: {duration: {column: duration_ms, unit: ms}}
  by: [service]
  step: 5m
rollup: {histogram_step: 1d}
objectives:
  - {name: availability, sli: {kind: availability}, target: 99.9%, window: 30d}
  - {name: latency-p95, sli: {kind: latency}, target: p95 < 300ms, window: 30d}
"""
# What was reached while the package was imported and the document read is not the scan's: the peak is set back.
MEASURE = """
import sys
from pathlib import Path
import backburn
from backburn import rollup

def megabytes(field):
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(field + ":")) / 1024

path, folder, threads = sys.argv[1:]
spec = backburn.load_spec(path)
Path("/proc/self/clear_refs").write_text("5")
before = megabytes("VmRSS")
counted = rollup(spec, folder, threads=int(threads))
print(megabytes("VmHWM") - before, repr(counted))
"""


@pytest.fixture(scope="module")
def months(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Thirty days of twenty services, once in a million rows and once in four."""
    if not Path("/proc/self/clear_refs").exists():
        pytest.skip("only Linux tells how much memory a process had at most since some moment")
    place = tmp_path_factory.mktemp("months")
    (place / "slo.yaml").write_text(DOCUMENT, encoding="utf-8")
    for millions in (1, 4):
        options = ["--rows", f"{millions}e6", "--days", "30", "--services", "20", "-o", str(place / str(millions))]
        subprocess.run([sys.executable, str(ROOT / "data" / "generate.py"), *options], check=True, capture_output=True)
    return place


def peak(months: Path, millions: int, threads: int) -> float:
    """The most memory that counting took beside the interpreter and the package, in MB."""
    paths = [str(months / "slo.yaml"), f"{months / str(millions)}/*.parquet", str(threads)]
    done = subprocess.run([sys.executable, "-c", MEASURE, *paths], check=True, capture_output=True, text=True)
    megabytes, _, counted = done.stdout.partition(" ")
    assert counted.startswith(f"Rollup(rows={millions}000000,")
    return float(megabytes)


@pytest.mark.slow
# Two threads do not always hold the same things at the same time. Eight bytes a row would be 24 MB more.
@pytest.mark.parametrize(("threads", "allowance"), [(1, 20), (2, 40)])
def test_four_times_the_rows_take_no_more_memory(months: Path, threads: int, allowance: int) -> None:
    fewer, more = (peak(months, millions, threads) for millions in (1, 4))
    assert 1 < fewer <= MOST_MB
    assert more <= MOST_MB
    assert more - fewer < allowance

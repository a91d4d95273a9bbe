"""What tests share: real data beside the project, small files, the effort of hypothesis, and an honest closing line."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, settings

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

ROOT = Path(__file__).parents[1]
SHARED_DATA = ROOT.parent / "shared" / "data"

# Whatever is started in the background of a script ignores Ctrl-C, and so would everything that these tests start.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

SpecFile = Callable[[str], Path]
WriteLog = Callable[..., Path]

# Machines differ in speed, so no example has a deadline. In CI the examples are the same in every run: a failure there
# is a change's fault, and new examples are found on people's machines and by the soak.
settings.register_profile("dev", deadline=None, max_examples=40, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("ci", settings.get_profile("dev"), max_examples=150, derandomize=True, print_blob=True)
settings.register_profile("quick", settings.get_profile("ci"), max_examples=5)
settings.register_profile("soak", settings.get_profile("dev"), max_examples=5000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE") or ("ci" if os.environ.get("CI") == "true" else "dev"))


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real data that lives beside the project."""
    if not SHARED_DATA.is_dir():
        pytest.skip(f"the real data are not beside the project ({SHARED_DATA})")
    return SHARED_DATA


@pytest.fixture
def spec_file(tmp_path: Path) -> SpecFile:
    """Write a document and return its path."""

    def write(text: str, name: str = "slo.yaml") -> Path:
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return path

    return write


@pytest.fixture
def write_log(tmp_path: Path) -> WriteLog:
    """Write rows as Parquet or CSV, by the name's ending, and return the path.

    Columns are lists of equal length; a column of Parquet may be a pyarrow array, for its type.
    """

    def write(columns: Mapping[str, Any], name: str = "log.parquet") -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.suffix == ".csv":
            _write_csv(path, columns)
        else:
            import pyarrow as pa
            import pyarrow.parquet as pq

            pq.write_table(pa.table(dict(columns)), path)
        return path

    return write


def _write_csv(path: Path, columns: Mapping[str, Sequence[Any]]) -> None:
    import csv

    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(columns)
        writer.writerows(zip(*columns.values(), strict=True))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """End with the list of skipped tests, so that no one takes a skipped test for a passed one."""
    skipped = terminalreporter.stats.get("skipped", [])
    terminalreporter.section("skipped")
    if not skipped:
        terminalreporter.write_line("skipped: none")
    for report in skipped:
        place = report.longrepr
        reason = place[2] if isinstance(place, tuple) else str(place)
        terminalreporter.write_line(f"skipped: {report.nodeid}: {reason.removeprefix('Skipped: ')}")

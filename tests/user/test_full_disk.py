"""On a full disk the program says so and leaves nothing half-written, and what was there before stays whole."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

import pytest
from shell import Outcome, run

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

DOCUMENT = """\
apiVersion: backburn/v1
kind: ServiceLevelObjectives
metadata: {service: shop, owner: sre}
source: {data: [log.csv], by: [user]}
objectives:
  - {name: availability, sli: {kind: availability}, target: 50%, window: all}
"""
ROOM = 1 << 20


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A document whose results need several megabytes: many series with names that do not compress."""
    import hashlib

    place = tmp_path_factory.mktemp("full")
    names = (hashlib.sha256(str(row).encode()).hexdigest() for row in range(60_000))
    rows = (f"2026-06-01T10:{row % 60:02}:00Z,200,{name}\n" for row, name in enumerate(names))
    (place / "log.csv").write_text("timestamp,status,user\n" + "".join(rows), encoding="utf-8")
    (place / "slo.yaml").write_text(DOCUMENT, encoding="utf-8")
    return place


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path | None]:
    """A disk of one megabyte; None where this user or this machine cannot mount one."""
    place = tmp_path / "disk"
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={ROOM}", "tmpfs", str(place)]
    mounted = subprocess.run(mount, capture_output=True, check=False).returncode == 0
    yield place if mounted else None
    if mounted:
        subprocess.run(["umount", str(place)], check=True)


def onto(disk: Path | None, tmp_path: Path, command: str, folder: Path) -> tuple[Path, Outcome]:
    """Run a command whose last word is a file on the small disk, or under a limit of its size."""
    place = disk or tmp_path
    limit = "" if disk else f"ulimit -f {ROOM // 1024}; "
    return place, run(f"{limit}{command.format(place)}", folder)


@pytest.mark.parametrize(
    "command",
    ["backburn rollup slo.yaml -o '{}/out.parquet'", "backburn evaluate slo.yaml --quiet -o '{}/out.json'"],
    ids=["rollup", "evaluate"],
)
def test_a_full_disk_is_a_data_error_and_leaves_nothing(
    disk: Path | None, tmp_path: Path, folder: Path, command: str
) -> None:
    place, outcome = onto(disk, tmp_path, command, folder)
    assert outcome.exit == 3, outcome.stderr
    assert "out." in outcome.stderr
    assert ("no space left on device" if disk else "file too large") in outcome.stderr.lower()
    assert "Traceback" not in outcome.stderr
    assert [path.name for path in place.iterdir() if path.is_file()] == []


def test_a_file_that_was_there_before_stays_whole(disk: Path | None, tmp_path: Path, folder: Path) -> None:
    before = (disk or tmp_path) / "out.parquet"
    before.write_bytes(b"what was there before")
    _, outcome = onto(disk, tmp_path, "backburn rollup slo.yaml -o '{}/out.parquet'", folder)
    assert outcome.exit == 3
    assert before.read_bytes() == b"what was there before"

"""A Prometheus of one's own: its storage is filled from OpenMetrics text, then it answers queries on a free port."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import socket
import subprocess
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.error import URLError
from urllib.parse import urlencode
from urllib.request import urlopen

import numpy as np
import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    Values = NDArray[np.float64]

MOST_POINTS = 11_000
"""What Prometheus gives at once."""


def need_prometheus() -> None:
    """Skip without Prometheus and promtool; where everything has to be there, fail."""
    missing = [program for program in ("prometheus", "promtool") if shutil.which(program) is None]
    if missing:
        reason = f"{' and '.join(missing)} cannot be found; Debian's package 'prometheus' has both"
        pytest.fail(reason) if os.environ.get("CI") == "true" else pytest.skip(reason)


@dataclass(frozen=True)
class Server:
    """A running server."""

    address: str

    def ask(self, path: str, **parameters: object) -> Any:
        query = urlencode(parameters).encode()
        with urlopen(f"{self.address}/api/v1/{path}", query or None, timeout=300) as answer:  # noqa: S310 - our own.
            return json.load(answer)["data"]

    @property
    def version(self) -> tuple[int, ...]:
        return tuple(int(part) for part in self.ask("status/buildinfo")["version"].split("+")[0].split(".")[:2])

    def at(self, query: str, tick: int) -> float | None:
        """The one value of a query; None where it has no result."""
        found = self.ask("query", query=query, time=tick)["result"]
        return float(found[0]["value"][1]) if found else None

    def every_minute(self, query: str, first: int, last: int, label: str) -> dict[str, Values]:
        """The values of a query at every minute, by the value of a label; NaN where there is no result."""
        minutes = (last - first) // 60 + 1
        values: dict[str, Values] = {}
        for start in range(first, last + 1, MOST_POINTS * 60):
            end = min(start + (MOST_POINTS - 1) * 60, last)
            for series in self.ask("query_range", query=query, start=start, end=end, step=60)["result"]:
                mine = values.setdefault(series["metric"].get(label, ""), np.full(minutes, np.nan))
                ticks = np.array([tick for tick, _ in series["values"]], dtype=np.int64)
                mine[(ticks - first) // 60] = np.array([value for _, value in series["values"]], dtype=np.float64)
        return values


@contextlib.contextmanager
def prometheus(texts: Sequence[Path], folder: Path) -> Iterator[Server]:
    """Serve what these texts hold, and nothing else."""
    storage, config = folder / "tsdb", folder / "prometheus.yml"
    for text in texts:
        fill = ["promtool", "tsdb", "create-blocks-from", "--max-block-duration=744h", "openmetrics"]
        subprocess.run([*fill, str(text), str(storage)], check=True, capture_output=True)
    config.write_text("{}\n")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        place = f"127.0.0.1:{free.getsockname()[1]}"
    serve = ["prometheus", f"--config.file={config}", f"--storage.tsdb.path={storage}", f"--web.listen-address={place}"]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen([*serve, "--storage.tsdb.retention.time=100y"], stdout=log, stderr=log)
    try:
        _wait(f"http://{place}/-/ready", process, folder / "log")
        yield Server(f"http://{place}")
    finally:
        process.terminate()
        process.wait(timeout=60)


def _wait(address: str, process: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(600):
        if process.poll() is not None:
            break
        with contextlib.suppress(URLError, OSError), urlopen(address, timeout=5):  # noqa: S310 - our own.
            return
        time.sleep(0.1)
    pytest.fail(f"Prometheus does not serve: {log.read_text()[-2000:]}")

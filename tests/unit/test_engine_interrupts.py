"""Ctrl-C ends the reading of rows in memory within a second."""

from __future__ import annotations

import gc
import os
import signal
import threading
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pyarrow as pa
import pytest
from made_logs import document

import backburn

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.alone

FEW = pa.table(
    {
        "timestamp": pa.array([datetime(2025, 10, 1, tzinfo=UTC)] * 1000, pa.timestamp("us", "UTC")),
        "status": [200] * 1000,
    }
)


def endless(pause: float, begun: threading.Event) -> Iterator[pa.RecordBatch]:
    while True:
        begun.set()
        time.sleep(pause)
        yield FEW.to_batches()[0]


@pytest.fixture
def uncollected() -> Iterator[None]:
    """No garbage collection: what a signal raises inside of somebody's callback of it is lost."""
    gc.disable()
    yield
    gc.enable()


@pytest.mark.usefixtures("uncollected")
@pytest.mark.parametrize("pause", [0.2, 0.0])
def test_ctrl_c_ends_a_slow_stream_within_a_second(pause: float) -> None:
    begun = threading.Event()
    pressed: list[float] = []

    def press() -> None:
        begun.wait(10)
        time.sleep(0.3)
        pressed.append(time.monotonic())
        os.kill(os.getpid(), signal.SIGINT)

    reader = pa.RecordBatchReader.from_batches(FEW.schema, endless(pause, begun))
    presser = threading.Thread(target=press)
    presser.start()
    with pytest.raises(KeyboardInterrupt):
        backburn.rollup(document(), reader)
    presser.join()
    assert time.monotonic() - pressed[0] < 1.0


@pytest.mark.usefixtures("uncollected")
def test_ctrl_c_ends_a_long_table() -> None:
    long = pa.concat_tables([FEW] * 1000)
    again = pa.RecordBatchReader.from_batches(
        long.schema, (batch for _ in range(10_000) for batch in long.to_batches())
    )
    timer = threading.Timer(0.5, lambda: os.kill(os.getpid(), signal.SIGINT))
    timer.start()
    begun = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        backburn.rollup(document(), again)
    assert time.monotonic() - begun < 1.5
    timer.join()

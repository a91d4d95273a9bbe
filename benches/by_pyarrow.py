"""pyarrow: the columns decoded, and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.dataset as ds
from work import COLUMNS, Work

if TYPE_CHECKING:
    from collections.abc import Callable

    from work import Setup, Tasks

RECIPE = "`dataset(files).to_batches(columns)`, batches dropped as they come: the fastest of pyarrow's ways here"


def decode(setup: Setup) -> Work:
    """Decode the four columns; batches are dropped, so that keeping them costs nothing."""
    pa.set_cpu_count(setup.threads)
    pa.set_io_thread_count(setup.threads)

    def run(_: Callable[[str], None]) -> int:
        return sum(batch.num_rows for batch in ds.dataset(setup.files).to_batches(columns=COLUMNS))

    def answer(rows: int) -> pa.Table:
        return pa.table({"rows": [rows]})

    return Work(run=run, answer=answer)


TASKS: Tasks = {"decode": decode}

"""Quantiles from the rows themselves: read again and again, each time for less, until every rank is a known value."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backburn.engine.data import STANDARD_INPUT, is_pipe
from backburn.engine.memory import open_stream
from backburn.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from backburn._rust import Collected, Rollup, Search
    from backburn.engine.counting import Reading
    from backburn.engine.data import Resolved

__all__ = ["check_rereadable", "search"]


def check_rereadable(found: Resolved) -> None:
    """Refuse what cannot be read twice, before it is read once."""
    for name, _ in found.rollups:
        remedy = "count from the logs, or leave out exact"
        raise UsageError(f"exact quantiles need the rows, and '{name}' has none: it is a rollup", remedy, value=name)
    pipes = ["standard input" if path == STANDARD_INPUT else path for path in found.logs if is_pipe(path)]
    for name in (*pipes, *(stream.name for stream in found.streams if stream.once)):
        remedy = "give a table or a file, which can be read twice, or leave out exact"
        raise UsageError(
            f"exact quantiles need the rows more than once, and {name} gives them once", remedy, value=name
        )


def search(
    reading: Reading,
    counted: Rollup,
    indicators: Sequence[tuple[str, Sequence[str]]],
    *,
    every: int | None,
    quantiles: Sequence[str],
    definition: int,
) -> Search:
    """Read the rows until the quantiles of each (indicator, labels) are known; the first pass gave `counted`."""
    from backburn import _rust

    found = _rust.Search.begin(counted, indicators, every, quantiles, definition)
    while not found.done:
        found = found.refine(_collect(reading, found))
    return found


def _collect(reading: Reading, search: Search) -> list[Collected]:
    from backburn import _rust

    request, threads, progress = reading.request, reading.threads, reading.progress
    collected: list[Collected] = []
    if reading.found.logs:
        collected.append(_rust.collect(request, list(reading.found.logs), search, threads, progress))
    for stream in reading.found.streams:
        data = open_stream(request, stream)
        collected.append(_rust.collect_stream(request, data, stream.name, stream.once, search, threads, progress))
    return collected

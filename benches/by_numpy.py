"""NumPy: every alert policy of a grid at every tick, vectorised, on one thread."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
from by_backburn import ALERTING
from by_promtool import cells
from sweeping import GRACE, NIGHT, REGROUP, SUMS, counts, keys, levels, pairs, waits
from work import ALLOWED, Work

import backburn

if TYPE_CHECKING:
    from collections.abc import Callable

    from sweeping import Counts
    from work import Setup, Tasks

RECIPE = (
    "for each series, pair and `for` all factors at once: the lesser share of bad events of both windows, its running "
    "minimum, compared with the factors over all ticks; edges by `flatnonzero`, events by `searchsorted`; "
    "one thread"
)
FLOATS = ("detection_sum", "before_sum", "lost_sum")
_HOURS = 60
_DAY = 1_440

Array = np.ndarray[Any, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """What pages of a service are held against: masks by tick, and of each event its span and what was spent so far."""

    true: Array
    false: Array
    night: Array
    outside: Array
    spans: Array
    starts: Array
    spent: Array
    base: Array
    lost: Array


def _ground(seen: Counts, service: str) -> Ground:
    bad, (start, end), count = seen.bad[service], seen.part, len(seen.bad[service])
    so_far = np.concatenate([[0], np.cumsum(bad)])
    # Minute k is over at tick k, so what happened before the tick at k is the sum up to and with it.
    valid = int(seen.valid[service][start + 1 : end].sum())
    budget = ALLOWED * valid * seen.period / seen.covered[service]
    events = seen.events[service]
    spans = np.array([(first, min(after + GRACE, count)) for first, after in events], np.int64).reshape(-1, 2)
    true, outside = np.zeros(count, bool), np.zeros(count, bool)
    outside[start:end] = True
    for first, after in spans:
        true[first:after] = True
    known = true.copy()
    for first, after in seen.left_out[service]:
        known[max(first, 0) : max(after + GRACE, 0)] = True
    outside &= ~known
    hour = (seen.first + np.arange(count)) % _DAY // _HOURS
    ends = np.array([min(after, count - 1) for _, after in events], np.int64)
    base = so_far[spans[:, 0] + 1]
    return Ground(
        true=true,
        false=~known,
        night=(hour >= NIGHT[0]) | (hour < NIGHT[1]),
        outside=np.concatenate([[0], np.cumsum(outside)]),
        spans=spans,
        starts=spans[:, 0],
        spent=so_far[1:] / budget,
        base=base / budget,
        lost=(so_far[ends + 1] - base) / budget,
    )


def _shares(seen: Counts, service: str, windows: list[int]) -> dict[int, Array]:
    """The share of bad events of each window at every tick; −1 without events."""
    shares = {}
    sums = [np.concatenate([[0], np.cumsum(of[service])]) for of in (seen.bad, seen.valid)]
    for window in windows:
        bad, valid = (
            held[1:] - np.concatenate([np.zeros(window - 1, np.int64), held])[: len(held) - 1] for held in sums
        )
        shares[window] = np.divide(bad, valid, out=np.full(len(bad), -1.0), where=valid > 0)
    return shares


def _least(values: Array, more: int) -> Array:
    """The least of the last `more` places and this one; −1 where there are fewer."""
    least = values.copy()
    for back in range(1, more + 1):
        np.minimum(least[back:], values[:-back], out=least[back:])
    least[:more] = -1
    return least


def _tell(rank: Array, above: Array, part: tuple[int, int], ground: Ground) -> dict[str, Array]:
    """What alerts at all of these levels did."""
    start, end = part
    width, height = end - start, len(above)

    def count(rows: Array, weights: Array | None = None) -> Array:
        return np.bincount(rows, weights, height)

    fires = rank[start - 1 : end] > above[:, None]
    # Flat, which is faster to look through; where a row ends and the next begins is no edge.
    edges = fires.ravel()[1:] != fires.ravel()[:-1]
    edges[width :: width + 1] = False
    row, at = np.divmod(np.flatnonzero(edges), width + 1)
    rises = fires[row, at + 1]
    first_row, first = row[rises], at[rises]
    # One that began too early ends without a beginning, and one that still fires has no end.
    ends = np.flatnonzero(~rises)
    after_row, after = row[ends], at[ends]
    early = np.searchsorted(after_row, np.flatnonzero(fires[:, 0] & (count(after_row) > 0)))
    after_row, after = np.delete(after_row, early), np.delete(after, early)
    open_rows = np.flatnonzero(count(first_row) > count(after_row))
    places = np.searchsorted(after_row, open_rows, side="right")
    after = np.insert(after, places, width)
    same = np.concatenate([[False], first_row[1:] == first_row[:-1]])
    joined = same & (first - np.concatenate([[0], after[:-1]]) <= REGROUP)
    page_row, page = first_row[~joined], first[~joined] + start
    last = np.flatnonzero(np.concatenate([~joined[1:], [True]])) if len(first) else first
    page_end = after[last] + start

    long = len(ground.true) + 1
    wanted = np.arange(height)[:, None] * long + ground.starts
    flat = page_row * long + page
    found = np.searchsorted(flat, wanted)
    known, ends_of = np.append(flat, height * long), np.append(page_end, 0)
    until = np.arange(height)[:, None] * long + ground.spans[:, 1]
    detected = known[found] < until
    before = np.maximum(found - 1, 0)
    within = (found > 0) & (known[before] >= np.arange(height)[:, None] * long)
    firing = ~detected & within & (ends_of[before] > ground.starts)
    tick = np.where(detected, known[found] - np.arange(height)[:, None] * long, 0)
    whole = {
        "alerts": count(first_row),
        "true": count(page_row, ground.true[page]),
        "false": count(page_row, ground.false[page]),
        "nights": count(page_row, ground.night[page]),
        "detected": detected.sum(axis=1),
        "already_firing": firing.sum(axis=1),
        "fired_outside": count(first_row, ground.outside[after + start] - ground.outside[first + start]),
        "detection_sum": np.where(detected, tick - ground.starts, 0).sum(axis=1),
        "before_sum": np.where(detected, ground.spent[tick] - ground.base, 0).sum(axis=1),
        "lost_sum": np.where(detected | firing, 0, ground.lost).sum(axis=1),
    }
    return {name: values.astype(float if name in FLOATS else np.int64) for name, values in whole.items()}


def sweep(setup: Setup) -> Work:
    """Every policy, with what it did added up over the services."""
    seen = counts(setup, ALERTING, cells(backburn.rollup(ALERTING, setup.files, threads=setup.threads)))
    above, shape = np.array(levels()), (len(pairs()), len(waits()), len(levels()))
    windows = sorted({window for pair in pairs() for window in pair if window is not None})

    def run(_: Callable[[str], None]) -> dict[str, Array]:
        sums = {name: np.zeros(shape, float if name in FLOATS else np.int64) for name in (*SUMS, *FLOATS)}
        for service in seen.bad:
            ground, shares = _ground(seen, service), _shares(seen, service, windows)
            for place, (long, short) in enumerate(pairs()):
                lesser = shares[long] if short is None else np.minimum(shares[long], shares[short])
                for number, wait in enumerate(waits()):
                    for name, values in _tell(_least(lesser, wait), above, seen.part, ground).items():
                        sums[name][place, number] += values
        return sums

    def answer(sums: dict[str, Array]) -> pa.Table:
        return pa.table({**keys(), **{name: values.ravel() for name, values in sums.items()}})

    return Work(run=run, answer=answer)


TASKS: Tasks = {"sweep": sweep}

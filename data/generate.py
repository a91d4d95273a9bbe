"""Make months of request logs whose truth is known: Parquet by the day, labelled incidents and stated targets.

    python data/generate.py --rows 5e6 --days 30 --services 20 --seed 7 -o DIR

writes `requests-<date>.parquet`, `incidents.csv` (the labels) and `targets.csv` (per service: requests, failures and
slow requests as written, the shares it was built to reach, and whether these keep the promises of
`examples/fleet.yaml`).
The same arguments make the same rows on any number of processes: each hour draws from a seed of its own.
"""

from __future__ import annotations

import argparse
import csv
import os
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime, timedelta
from decimal import Decimal, InvalidOperation
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from incidents import LABEL_COLUMNS
from traffic import LATENCY_THRESHOLD_MS
from world import ROUTE_SLOTS, World, resident

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

MOST_DAYS = 91
MOST_SERVICES = 1000
_USERS = 200_000
_MINUTE_US = 60_000_000
_SERVICE_BITS = 10  # A row is sorted as (microsecond << bits | service) in one integer.
_SERVER_ERRORS = np.array([500, 500, 500, 502, 503, 503, 503, 504], dtype=np.uint16)
_OTHERS = {200: 862, 201: 40, 204: 24, 301: 10, 302: 12, 304: 20, 400: 6, 401: 8, 403: 3, 404: 12, 429: 3}
_STATUS_TABLE = np.repeat(np.array(list(_OTHERS), dtype=np.uint16), list(_OTHERS.values()))
_PARQUET: dict[str, Any] = {"compression": "zstd", "use_dictionary": ["service", "route", "status"]}


def make_hour(world: World, hour: int) -> pa.RecordBatch:
    """The rows of one hour, sorted by time."""
    rng = np.random.default_rng([world.seed, 3, hour])
    minutes = slice(hour * 60, hour * 60 + 60)
    rate = world.rate[:, minutes]
    count = int(world.hourly_rows[hour])
    cells = rng.multinomial(count, (rate / rate.sum()).ravel())
    cell = np.repeat(np.arange(cells.size), cells)
    packed = (cell % 60) * _MINUTE_US + rng.integers(0, _MINUTE_US, count)
    packed <<= _SERVICE_BITS
    packed |= cell // 60
    packed.sort()
    service = packed & ((1 << _SERVICE_BITS) - 1)
    offset = packed >> _SERVICE_BITS
    cell = service * 60 + offset // _MINUTE_US

    draw = rng.integers(0, 1 << 32, count, dtype=np.uint32)
    route = world.route_slots[service, draw & (ROUTE_SLOTS - 1)]
    status = _STATUS_TABLE[(draw >> 10) % len(_STATUS_TABLE)]
    failed = np.flatnonzero(rng.random(count) < world.errors[:, minutes].ravel()[cell])
    status[failed] = _SERVER_ERRORS[rng.integers(0, len(_SERVER_ERRORS), len(failed))]
    slow = np.log(world.slowness[:, minutes]).ravel()
    duration = np.exp(rng.standard_normal(count) * world.sigmas[service] + world.log_medians[route] + slow[cell])
    user = (rng.random(count) ** 3 * _USERS).astype(np.uint32)

    start = int(world.first.timestamp()) * 1_000_000 + hour * 60 * _MINUTE_US
    index = np.int16 if world.services > np.iinfo(np.int8).max else np.int8
    return pa.record_batch(
        {
            "timestamp": pa.array(offset + start, pa.timestamp("us", tz="UTC")),
            "service": pa.DictionaryArray.from_arrays(service.astype(index), [s.name for s in world.fleet]),
            "route": pa.DictionaryArray.from_arrays(route, world.routes),
            "status": pa.array(status),
            "duration_ms": pa.array(np.round(duration, 3)),
            "user_id": pa.array(user),
        }
    )


def write_day(world: World, folder: Path, row_group: int, day: int) -> NDArray[np.int64]:
    """Write one day's file; count requests, failures and slow requests by service."""
    world = resident(world)
    table = pa.Table.from_batches([make_hour(world, hour) for hour in range(day * 24, day * 24 + 24)])
    date = (world.first + timedelta(days=day)).date()
    pq.write_table(
        table,
        folder / f"requests-{date}.parquet",
        row_group_size=row_group,
        **_PARQUET,
    )
    chunks: list[Any] = table["service"].chunks
    service = np.concatenate([chunk.indices.to_numpy() for chunk in chunks])
    masks: Iterable[Any] = (
        slice(None),
        table["status"].to_numpy() >= 500,  # noqa: PLR2004 - a server error.
        table["duration_ms"].to_numpy() >= LATENCY_THRESHOLD_MS,
    )
    return np.array([np.bincount(service[mask], minlength=world.services) for mask in masks])


def write_truth(world: World, folder: Path, counts: NDArray[np.int64]) -> None:
    """Write `incidents.csv` and `targets.csv`."""
    _write_csv(folder / "incidents.csv", LABEL_COLUMNS, [i.label(world.fleet, world.first) for i in world.incidents])
    rows = []
    for number, service in enumerate(world.fleet):
        good, fast = world.expected_shares(number)
        truth = (
            f"{good:.6f}",
            f"{fast:.6f}",
            *(str(m).lower() for m in (service.meets_availability, service.meets_latency)),
        )
        rows.append((service.name, *(str(count) for count in counts[:, number]), *truth))
    head = ("service", "requests", "bad", "slow", "availability", "fast", "meets_availability", "meets_latency")
    _write_csv(folder / "targets.csv", head, rows)


def generate(world: World, folder: Path, *, row_group: int = 524_288, workers: int | None = None) -> None:
    """Write everything into `folder`, a day a task."""
    folder.mkdir(parents=True, exist_ok=True)
    write = partial(write_day, world, folder, row_group)
    workers = min(workers or os.cpu_count() or 1, world.days)
    if workers == 1:
        counts = [write(day) for day in range(world.days)]
    else:
        with ProcessPoolExecutor(workers) as pool:
            counts = list(pool.map(write, range(world.days)))
    write_truth(world, folder, np.sum(counts, axis=0))


def _write_csv(path: Path, head: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(head)
        writer.writerows(rows)


def _whole(text: str, most: int | None = None) -> int:
    """A positive whole number, also written as 5e6."""
    try:
        number = Decimal(text)
        whole = int(number)
    except (InvalidOperation, ValueError, OverflowError):
        raise argparse.ArgumentTypeError(f"{text!r} is not a number") from None
    if whole != number or whole < 1 or (most is not None and whole > most):
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from 1 to {most or 'any'}")
    return whole


def _date(text: str) -> datetime:
    return datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC)


def main() -> None:
    """Read the command line and write the files."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=_whole, default=5_000_000, help="rows in all, as in 5e6")
    parser.add_argument("--days", type=partial(_whole, most=MOST_DAYS), default=30, help=f"at most {MOST_DAYS}")
    parser.add_argument("--services", type=partial(_whole, most=MOST_SERVICES), default=20)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--start", type=_date, default="2025-10-01", help="the first day (UTC)")
    parser.add_argument("--row-group", type=_whole, default=524_288, help="rows in a row group")
    parser.add_argument("--workers", type=_whole, help="processes; the rows do not depend on it")
    parser.add_argument("-o", "--output", type=Path, required=True, metavar="DIR")
    options = parser.parse_args()
    world = World(
        rows=options.rows, days=options.days, services=options.services, seed=options.seed, first=options.start
    )
    generate(world, options.output, row_group=options.row_group, workers=options.workers)
    print(f"{world.rows:,} rows of {world.days} days in {options.output}, {len(world.incidents)} incidents")


if __name__ == "__main__":
    main()

"""Make the rows that are measured, once; what is there already is left alone.

    python benches/datasets.py KIND ROWS FOLDER

KIND is `month` (20 services, sorted), `shuffled` (the rows of the month in FOLDER/../month-ROWS in no order), `many`
(100,000 series over 43,200 minutes in no order), `large-groups` (the month in one file, in row groups of 7 M), `logs`
(Combined lines) or `text` (the month as JSON lines, as CSV and as a load balancer logs it).
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import combined_lines
import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from work import COLUMNS, MINUTE_US

GENERATOR = Path(__file__).parents[1] / "data" / "generate.py"
SEED = 7
FILES = 30
SERIES = 100_000
MINUTES = 43_200
_ROW_GROUP = 524_288
_LARGE_GROUP = 7_000_000
_FIRST_US = 1_759_276_800_000_000  # 2025-10-01T00:00:00Z


def month(rows: int, folder: Path) -> None:
    """The generator's month of 20 services, a file a day."""
    size = ["--rows", str(rows), "--days", "30", "--services", "20", "--seed", str(SEED)]
    command = [sys.executable, str(GENERATOR), *size, "--row-group", str(_ROW_GROUP), "-o", str(folder)]
    subprocess.run(command, check=True)


def shuffled(rows: int, folder: Path) -> None:
    """The same rows as the month's, in no order, in as many files."""
    sources = sorted((folder.parent / f"month-{rows}").glob("*.parquet"))
    table = pq.read_table(sources, columns=COLUMNS).unify_dictionaries().combine_chunks()
    order = np.random.default_rng(SEED).permutation(table.num_rows)
    for number, part in enumerate(np.array_split(order, FILES)):
        _write(table.take(pa.array(part)), folder / f"part-{number:02}.parquet")


def many(rows: int, folder: Path) -> None:
    """Each row of any of 100,000 series at any of 43,200 minutes."""
    rng = np.random.default_rng(SEED)
    names = pa.array([f"service-{number:06}" for number in range(SERIES)])
    for number, count in enumerate(len(part) for part in np.array_split(np.arange(rows), FILES)):
        times = rng.integers(0, MINUTES * MINUTE_US, count) + _FIRST_US
        series = pa.DictionaryArray.from_arrays(rng.integers(0, SERIES, count, dtype=np.int32), names)
        status = np.where(rng.random(count) < 0.001, np.uint16(503), np.uint16(200))  # noqa: PLR2004 - one in 1,000.
        duration = np.round(rng.exponential(120.0, count), 3)
        columns = [pa.array(times, pa.timestamp("us", tz="UTC")), series, pa.array(status), pa.array(duration)]
        _write(pa.table(columns, names=COLUMNS), folder / f"part-{number:02}.parquet")


def large_groups(rows: int, folder: Path) -> None:
    """The month in one file of few, large row groups."""
    sources = sorted((folder.parent / f"month-{rows}").glob("*.parquet"))
    table = pq.read_table(sources, columns=COLUMNS).unify_dictionaries()
    pq.write_table(table, folder / "month.parquet", compression="zstd", row_group_size=_LARGE_GROUP)


def logs(lines: int, folder: Path) -> None:
    """A plain access log, and beside it the number of its lines with status 500."""
    errors = combined_lines.write(folder / "access.log", lines)
    (folder / "errors-500").write_text(str(errors), encoding="ascii")


# A line as a load balancer writes it, of which service, status and duration are those of the month.
_ALB = """printf('https %s app/%s/50dc6c495c0c9188 192.0.2.7:51000 198.51.100.3:8080 0.000 %.3f 0.000 %d %d 310 2048 '
    || '"GET https://shop.example:443/items?page=2 HTTP/2.0" "app/3" TLS_AES_128_GCM_SHA256 TLSv1.3 arn:aws:tg/items '
    || '"Root=1-58337262-36d228ad5d99923122bbe354" "shop.example" "session-reused" 0 %s "forward" "-" "-" '
    || '"198.51.100.3:8080" "%d" "-" "-"', moment, service, duration_ms / 1000, status, status, moment, status)"""


def text(rows: int, folder: Path) -> None:
    """The month with all its columns as JSON lines and as CSV, and as a load balancer would have logged it."""
    sources = str(folder.parent / f"month-{rows}" / "*.parquet")
    moment = "strftime(timestamp AT TIME ZONE 'UTC', '%Y-%m-%dT%H:%M:%S.%fZ') AS {}, * EXCLUDE (timestamp)"
    columns, moment = moment.format("timestamp"), moment.format("moment")
    lines = f"SELECT {_ALB} FROM (SELECT {moment} FROM read_parquet('{sources}'))"
    options = "FORMAT csv, HEADER false, DELIMITER '\x01', QUOTE '', ESCAPE ''"
    duckdb.sql(f"COPY ({lines}) TO '{folder / 'requests.alb'}' ({options})")
    for ending, options in (("ndjson", "FORMAT json"), ("csv", "FORMAT csv, HEADER")):
        place = folder / f"requests.{ending}"
        duckdb.sql(f"COPY (SELECT {columns} FROM read_parquet('{sources}')) TO '{place}' ({options})")


def _write(table: pa.Table, path: Path) -> None:
    pq.write_table(
        table,
        path,
        compression="zstd",
        use_dictionary=["service", "status"],
        row_group_size=_ROW_GROUP,
        dictionary_pagesize_limit=16 << 20,
    )


def main() -> None:
    """Make one dataset beside its place, and move it there when it is whole."""
    kind, rows, place = sys.argv[1], int(sys.argv[2]), Path(sys.argv[3])
    if place.exists():
        return
    makers = {
        "month": month,
        "shuffled": shuffled,
        "many": many,
        "large-groups": large_groups,
        "logs": logs,
        "text": text,
    }
    begun = place.with_name(f"{place.name}.begun")
    shutil.rmtree(begun, ignore_errors=True)
    begun.mkdir(parents=True)
    makers[kind](rows, begun)
    begun.rename(place)


if __name__ == "__main__":
    main()

"""Real access logs, field by field against the `apachelogs` package."""

from __future__ import annotations

import gzip
from datetime import UTC
from typing import TYPE_CHECKING

import apachelogs  # type: ignore[import-untyped]  # It ships no types.
import pytest

import backburn

if TYPE_CHECKING:
    from pathlib import Path


def lines_of(log: Path) -> list[str]:
    raw = gzip.decompress(log.read_bytes()) if log.suffix == ".gz" else log.read_bytes()
    return raw.decode("utf-8").split("\n")[:-1]


def first_rows(log: Path, count: int, format: str | None = None) -> list[dict[str, str | None]]:
    (result,) = backburn.inspect(log, rows=count, format=format).to_dict()["results"]
    rows: list[dict[str, str | None]] = result["first"]
    return rows


@pytest.fixture(scope="module")
def apache(shared_data: Path) -> Path:
    return shared_data / "apache" / "access.log.gz"


def test_the_apache_line_that_breaks_off_in_its_user_agent_still_counts(apache: Path) -> None:
    broken = [number for number, line in enumerate(lines_of(apache), start=1) if line.count('"') != 6]
    assert broken == [8899]
    found = first_rows(apache, 10_000)
    assert len(found) == 10_000
    assert found[8898]["user_agent"] == lines_of(apache)[8898].rpartition('"')[2]


def by_apachelogs(line: str) -> dict[str, str | None] | None:
    """The fields of a line in Backburn's names; None where the package refuses it."""
    try:
        entry = PARSER.parse(line)
    except apachelogs.InvalidEntryError:
        return None
    parts = (entry.request_line or "").split(" ")
    if len(parts) == 2:
        parts.append("")  # HTTP/0.9 named no protocol.
    method, target, protocol = parts if len(parts) == 3 else (None, None, None)
    path, mark, query = (target or "").partition("?")
    return {
        "timestamp": entry.request_time.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "client": entry.remote_host,
        "user": entry.remote_user,
        "request": entry.request_line,
        "method": method,
        "path": path or None,
        "query": query if mark else None,
        "protocol": protocol or None,
        "status": None if entry.final_status is None else str(entry.final_status),
        "bytes": None if entry.bytes_sent is None else str(entry.bytes_sent),
        "referrer": entry.headers_in["Referer"],
        "user_agent": entry.headers_in["User-Agent"],
    }


PARSER = apachelogs.LogParser(apachelogs.COMBINED, encoding="utf-8", errors="replace")


def test_apachelogs_reads_the_same_fields_from_the_real_log(apache: Path) -> None:
    lines = lines_of(apache)
    found = first_rows(apache, 10_000)
    refused = []
    for number, (line, row) in enumerate(zip(lines, found, strict=True), start=1):
        # The package refuses the line that breaks off in its user agent; with its quotes closed it agrees there too.
        fields = by_apachelogs(line)
        if fields is None:
            refused.append(number)
            fields = by_apachelogs(line + '"')
        assert fields is not None
        assert {name: row[name] for name in fields} == fields
    assert refused == [8899]


def test_apachelogs_reads_the_same_fields_from_generated_lines(tmp_path: Path) -> None:
    from properties.access_lines import combined_lines

    lines = combined_lines(seed=3, count=2_000)
    log = tmp_path / "generated.log"
    log.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    found = first_rows(log, len(lines), format="combined")
    assert len(found) == len(lines)
    for line, row in zip(lines, found, strict=True):
        fields = by_apachelogs(line)
        assert fields is not None, line
        assert {name: row[name] for name in fields} == fields, line

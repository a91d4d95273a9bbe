"""Real access logs: rows, rejects and statuses equal counts that were made without Backburn."""

from __future__ import annotations

import gzip
import re
from collections import Counter
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import apachelogs  # type: ignore[import-untyped]  # It ships no types.
import pytest

import backburn

if TYPE_CHECKING:
    from pathlib import Path


def spec(by: list[str] | None = None, **source: str) -> dict[str, Any]:
    return {
        "apiVersion": "backburn/v1",
        "kind": "ServiceLevelObjectives",
        "metadata": {"service": "site"},
        "source": {"by": by or [], "max_rejected": "100%", **source},
        "objectives": [{"name": "up", "sli": {"kind": "availability"}, "target": "99%", "window": "all"}],
    }


def lines_of(log: Path) -> list[str]:
    raw = gzip.decompress(log.read_bytes()) if log.suffix == ".gz" else log.read_bytes()
    return raw.decode("utf-8").split("\n")[:-1]


def statuses_of(lines: list[str]) -> Counter[str]:
    """The statuses by cutting strings: the first word after the quoted request."""
    return Counter(line.split('"')[2].split()[0] for line in lines)


@pytest.fixture(scope="module")
def apache(shared_data: Path) -> Path:
    return shared_data / "apache" / "access.log.gz"


def test_apache_statuses_equal_an_independent_count(apache: Path) -> None:
    lines = lines_of(apache)
    assert len(lines) == 10_000
    found = backburn.evaluate(spec(["status"], format="common"), apache).to_dict()
    assert (found["data"]["rows"], found["data"]["rejected"]) == (10_000, 0)
    counted = {one["series"]["status"]: one["valid"] for one in found["results"]}
    assert counted == dict(statuses_of(lines))
    assert counted["500"] == 3
    assert sum(one["bad"] for one in found["results"]) == 3


def test_the_apache_line_that_breaks_off_in_its_user_agent_still_counts(apache: Path) -> None:
    broken = [number for number, line in enumerate(lines_of(apache), start=1) if line.count('"') != 6]
    assert broken == [8899]
    data = backburn.evaluate(spec(), apache).to_dict()["data"]
    assert (data["rows"], data["rejected"]) == (10_000, 0)


def test_the_apache_log_spans_what_its_lines_say(apache: Path) -> None:
    stamps = (re.search(r"\[(.*?)]", line) for line in lines_of(apache))
    times = [datetime.strptime(stamp[1], "%d/%b/%Y:%H:%M:%S %z") for stamp in stamps if stamp]
    data = backburn.evaluate(spec(), apache).to_dict()["data"]
    assert [datetime.fromisoformat(data[edge]) for edge in ("start", "end")] == [min(times), max(times)]


@pytest.mark.parametrize(
    ("name", "rows", "rejected", "bad"),
    [
        ("apache2-logs/apache2-logs.log", 7, [8, 9], 5),
        ("nginx_http-logs/nginx_http-logs.log", 7, [8, 9], 4),
        ("traefik_clf/traefik_clf.log", 7, [], 1),  # A status of "-" is no answer, which is bad unless told otherwise.
        ("lnav/logfile_shop_access_log.0", 1000, [], 0),
    ],
)
def test_fixtures_of_the_common_family_have_their_known_counts(
    shared_data: Path, name: str, rows: int, rejected: list[int], bad: int
) -> None:
    found = backburn.evaluate(spec(), shared_data / "formats" / name).to_dict()
    (result,) = found["results"]
    assert (found["data"]["rows"], found["data"]["rejected"]) == (rows, len(rejected))
    assert [example["line"] for reject in found["data"]["rejects"] for example in reject["examples"]] == rejected
    assert (result["good"], result["bad"]) == (rows - bad, bad)


def test_times_of_another_zone_are_read_as_utc(shared_data: Path) -> None:
    data = backburn.evaluate(spec(), shared_data / "formats" / "lnav" / "logfile_shop_access_log.0").to_dict()["data"]
    assert data["start"] == "2019-01-22T00:26:14Z"  # Written as 03:56:14 +0330.
    assert data["end"] == "2019-01-22T00:29:11Z"


def test_statuses_of_the_shop_equal_an_independent_count(shared_data: Path) -> None:
    log = shared_data / "formats" / "lnav" / "logfile_shop_access_log.0"
    results = backburn.evaluate(spec(["status"]), log).to_dict()["results"]
    assert {one["series"]["status"]: one["valid"] for one in results} == dict(statuses_of(lines_of(log)))


@pytest.mark.parametrize(
    ("name", "format", "rows", "rejected"),
    [
        ("aws-alb-logs/aws-alb-logs.log", "alb", 14, []),
        ("aws-cloudfront-logs/aws-cloudfront-logs.log", "cloudfront", 2, []),
        ("caddy-logs/caddy-logs.log", "caddy", 10, [11]),
        ("envoy-logs/envoy.log", "envoy-json", 6, [4, 5, 9, 10]),
        ("traefik_clf/traefik_clf.log", "traefik", 7, []),
        ("traefik_json/traefik_json.log", "traefik-json", 6, [6]),
    ],
)
def test_fixtures_of_other_families_are_recognised(
    shared_data: Path, name: str, format: str, rows: int, rejected: list[int]
) -> None:
    log = shared_data / "formats" / name
    (found,) = backburn.inspect(log).to_dict()["results"]
    assert found["format"] == format
    data = backburn.evaluate(spec(), log).to_dict()["data"]
    assert (data["rows"], data["rejected"]) == (rows, len(rejected))
    assert [example["line"] for reject in data["rejects"] for example in reject["examples"]] == rejected


def test_lines_that_are_no_requests_are_rejected_once_the_format_is_named(shared_data: Path) -> None:
    log = shared_data / "formats" / "haproxy-logs" / "haproxy-logs.log"
    with pytest.raises(backburn.DataError, match="only 2 of 5 lines are haproxy"):
        backburn.inspect(log)
    (found,) = backburn.inspect(log, format="haproxy").to_dict()["results"]
    assert (found["columns"][0]["name"], found["columns"][0]["marks"]) == ("timestamp", "start")


# ---------------------------------------------------------------------------------------------------------------------
# Field by field against the `apachelogs` package.


def first_rows(log: Path, count: int, format: str | None = None) -> list[dict[str, str | None]]:
    (result,) = backburn.inspect(log, rows=count, format=format).to_dict()["results"]
    rows: list[dict[str, str | None]] = result["first"]
    return rows


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

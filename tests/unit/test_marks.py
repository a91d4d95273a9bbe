"""When an event became known: by what the document says of its time, else by what the format of the log does."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

import pytest

import backburn

if TYPE_CHECKING:
    from pathlib import Path

ENVOY = (
    '[2026-04-01T{}Z] "GET /search HTTP/2" 200 - 0 4096 {} 35 "192.0.2.50" "Browser/2.0" "5f0c1d9e-0001" '
    '"shop.example" "198.51.100.20:9000"\n'
)
COMMON = '192.0.2.1 - - [01/Apr/2026:{} +0000] "GET / HTTP/1.1" 200 5\n'


def document(**timestamp: str) -> dict[str, Any]:
    source = {"source": {"columns": {"timestamp": {"column": "timestamp", **timestamp}}}} if timestamp else {}
    objective = {"name": "availability", "sli": {"kind": "availability"}, "target": "50%", "window": "all"}
    return {
        "apiVersion": "backburn/v1",
        "kind": "ServiceLevelObjectives",
        "metadata": {"service": "shop"},
        **source,
        "objectives": [objective],
    }


def span(spec: dict[str, Any], log: Path, start: str | None = None, end: str | None = None) -> tuple[str, str]:
    data = backburn.evaluate(spec, log, start=start, end=end).data
    assert isinstance(data.start, datetime)
    assert isinstance(data.end, datetime)
    return (f"{data.start:%H:%M:%S.%f}"[:-3], f"{data.end:%H:%M:%S.%f}"[:-3])


@pytest.fixture
def envoy(tmp_path: Path) -> Path:
    """Two requests that take longer than it takes until the next one begins."""
    path = tmp_path / "envoy.log"
    path.write_text(ENVOY.format("12:30:00.500", 90_250) + ENVOY.format("12:30:59.000", 1_500), encoding="utf-8")
    return path


def test_a_format_that_writes_starts_is_known_to(envoy: Path) -> None:
    assert span(document(), envoy) == ("12:31:00.500", "12:31:30.750")


def test_the_document_has_the_last_word(envoy: Path) -> None:
    assert span(document(marks="end"), envoy) == ("12:30:00.500", "12:30:59.000")


def test_other_formats_write_ends(tmp_path: Path) -> None:
    path = tmp_path / "common.log"
    path.write_text(COMMON.format("12:30:00") + COMMON.format("12:30:59"), encoding="utf-8")
    assert span(document(), path) == ("12:30:00.000", "12:30:59.000")


def test_a_converted_log_remembers(envoy: Path, tmp_path: Path) -> None:
    rows = tmp_path / "envoy.parquet"
    backburn.convert(envoy, rows)
    assert span(document(), rows) == ("12:31:00.500", "12:31:30.750")


def test_a_folder_of_yesterday_holds_what_ended_today(envoy: Path, tmp_path: Path) -> None:
    for day, name in (("2026-03-29", "old"), ("2026-04-03", "new")):
        folder = tmp_path / "logs" / f"date={day}"
        folder.mkdir(parents=True)
        text = ENVOY.format("12:30:00.000", 0 if name == "new" else 3 * 86_400_000).replace("2026-04-01", day)
        (folder / "envoy.log").write_text(text, encoding="utf-8")
    counted = backburn.evaluate(document(), tmp_path / "logs", start="2026-04-01T00:00:00Z", end="2026-04-02T00:00:00Z")
    # Three days after it began, which the date of its folder does not tell.
    assert counted.data.rows == 1
    assert counted.data.skipped.files == 0
    assert span(document(), envoy, start="2026-04-01T12:31:00Z", end="2026-04-01T12:32:00Z")[0] == "12:31:00.500"


def test_jmeter_writes_starts_and_milliseconds(tmp_path: Path) -> None:
    path = tmp_path / "results.jtl"
    path.write_text(
        "timeStamp,elapsed,label,responseCode\n1780308000000,61500,pay,200\n1780308059000,500,pay,500\n",
        encoding="utf-8",
    )
    spec = document()
    columns = {"timestamp": {"column": "timeStamp", "unit": "ms"}, "status": "responseCode"}
    spec["source"] = {"columns": columns}
    assert span(spec, path) == ("10:00:59.500", "10:01:01.500")
    columns["timestamp"] = {"column": "timeStamp", "unit": "ms", "marks": "end"}
    assert span(spec, path) == ("10:00:00.000", "10:00:59.000")
    rows = tmp_path / "results.parquet"
    backburn.convert(path, rows)
    columns["timestamp"] = {"column": "timeStamp", "unit": "ms"}
    assert span(spec, rows) == ("10:00:59.500", "10:01:01.500")

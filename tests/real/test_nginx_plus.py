"""A real status page, polled every five seconds: what its counters say is what plain Python reads off them."""

from __future__ import annotations

import gzip
import json
from collections import Counter
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest

import backburn

if TYPE_CHECKING:
    from pathlib import Path

ZONES = ("hg.nginx.org", "trac.nginx.org", "lxr.nginx.org")
PEER = 'server_zones."{zone}".responses.{kind}'
MINUTE = 60_000


@pytest.fixture(scope="module")
def log(shared_data: Path) -> Path:
    return shared_data / "nginxplus" / "nginxplus_status.ndjson.gz"


@pytest.fixture(scope="module")
def polls(log: Path) -> list[dict[str, Any]]:
    with gzip.open(log, "rt", encoding="utf-8") as file:
        return sorted(map(json.loads, file), key=lambda poll: poll["timestamp"])


def spec(kind: str, *, step: str = "1m") -> dict[str, Any]:
    def counter(zone: str, what: str) -> dict[str, str]:
        return {"counter": PEER.format(zone=zone, kind=what)}

    return {
        "apiVersion": "backburn/v1",
        "kind": "ServiceLevelObjectives",
        "metadata": {"service": "nginx-org"},
        "source": {"columns": {"timestamp": {"column": "timestamp", "unit": "ms"}}, "step": step},
        "objectives": [
            {
                "name": zone.partition(".")[0],
                "sli": {"kind": "ratio", "bad": counter(zone, kind), "valid": counter(zone, "total")},
                "target": "99%",
                "window": "all",
            }
            for zone in ZONES
        ],
    }


def grown(polls: list[dict[str, Any]], zone: str, kind: str) -> Counter[int]:
    """What a counter grew by, by the minute that holds the moment just before each poll."""
    found: Counter[int] = Counter()
    for before, now in pairwise(polls):
        assert now["timestamp"] - before["timestamp"] <= 5 * MINUTE
        was, new = (poll["server_zones"][zone]["responses"][kind] for poll in (before, now))
        found[(now["timestamp"] * 1000 - 1) // (MINUTE * 1000)] += new - was if new >= was else new
    return found


@pytest.mark.parametrize("kind", ["4xx", "5xx"])
def test_what_grew_is_what_plain_python_reads_off_the_page(log: Path, polls: list[dict[str, Any]], kind: str) -> None:
    results = backburn.evaluate(spec(kind), log).results
    assert [result.objective for result in results] == ["hg", "trac", "lxr"]
    for zone, result in zip(ZONES, results, strict=True):
        bad, valid = sum(grown(polls, zone, kind).values()), sum(grown(polls, zone, "total").values())
        assert (result.bad, result.valid) == (bad, valid)
        assert result.met == (bad <= valid / 100)
        assert result.observed == 1


def test_every_minute_has_what_grew_in_it(log: Path, polls: list[dict[str, Any]]) -> None:
    import pyarrow as pa

    rows = [row for row in pa.table(backburn.rollup(spec("4xx"), log)).to_pylist() if row["kind"] == "tally"]
    for zone in ZONES:
        name = zone.partition(".")[0]
        bad, valid = grown(polls, zone, "4xx"), grown(polls, zone, "total")
        found = {
            int(row["step_start"].timestamp()) // 60: (row["bad"], row["good"] + row["bad"])
            for row in rows
            if row["measure"] == name
        }
        assert found == {minute: (bad[minute], valid[minute]) for minute in valid if valid[minute]}


def test_polls_in_parts_are_the_same_as_all_together(log: Path, polls: list[dict[str, Any]], tmp_path: Path) -> None:
    parts = []
    for number in range(3):
        path = tmp_path / f"{number}.ndjson"
        # Every third poll: what grew lies between readings of different parts.
        path.write_text("".join(json.dumps(poll) + "\n" for poll in polls[number::3]), encoding="utf-8")
        parts.append(backburn.rollup(spec("4xx"), path))
    merged, whole = backburn.merge(parts), backburn.rollup(spec("4xx"), log)
    assert [(one.bad, one.valid, one.observed) for one in backburn.evaluate(spec("4xx"), merged).results] == [
        (one.bad, one.valid, one.observed) for one in backburn.evaluate(spec("4xx"), whole).results
    ]
    backburn.export("openmetrics", whole).save(tmp_path / "whole.om")
    assert backburn.Rollup.load(str(tmp_path / "whole.om")) == whole

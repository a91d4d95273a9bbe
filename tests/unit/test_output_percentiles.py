from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from made_logs import document, objective, write_log

import backburn
from backburn.output import render
from backburn.output.numbers import duration_text
from backburn.output.percentiles import answer

if TYPE_CHECKING:
    from pathlib import Path

TABLE = """\
shops: 3 rows, 2025-10-01 00:00:00 to 2025-10-01 02:00:00 UTC

service  objective  zone  window  start (UTC)              count    p50   p100
cart     fast       null  1h      2025-10-01 00:00:00  no events      –      –
cart     fast       null  1h      2025-10-01 01:00:00  no events      –      –
cart     fast       null  1h      2025-10-01 02:00:00          1  80 ms  80 ms
pay      fast       eu    1h      2025-10-01 00:00:00          2  20 ms  30 ms
pay      fast       eu    1h      2025-10-01 01:00:00  no events      –      –
pay      fast       eu    1h      2025-10-01 02:00:00  no events      –      –

Type 7, exact; 4 of 6 without events.
"""


def spec(**changes: Any) -> dict[str, Any]:
    fast = objective(name="fast", sli={"kind": "latency", "threshold": "300ms"}, target="95%")
    columns = {"duration": {"column": "duration_ms", "unit": "ms"}}
    source = {"columns": columns, "by": ["service", "zone"]}
    return document(metadata={"name": "shops"}, source=source, objectives=[fast], **changes)


@pytest.fixture
def log(tmp_path: Path) -> Path:
    pay = {"service": "pay", "zone": "eu"}
    rows = [{"at": 0, "duration_ms": 10.0, **pay}, {"at": 1, "duration_ms": 30.0, **pay}]
    return write_log(tmp_path / "a.parquet", [*rows, {"at": 120, "duration_ms": 80.0, "service": "cart", "zone": None}])


def test_a_table_has_a_row_for_each_series_and_span(log: Path) -> None:
    found = backburn.percentiles(spec(), log, every="1h", exact=True, quantiles=["0.5", "1"])
    assert render(answer(found), "table") == TABLE


def test_what_cannot_be_told_is_said_once(log: Path) -> None:
    counted = backburn.rollup(spec(), log)
    text = render(answer(backburn.percentiles(spec(), counted, every="7m")), "table")
    assert text.count("histograms of 5m do not tell every 7m") == 1
    assert text.endswith("Type 7, no value further off than 0.55%; 36 of 36 cannot be told.\n")
    bare = backburn.rollup(spec(report={"quantiles": []}), log)
    text = render(answer(backburn.percentiles(spec(), bare)), "md")
    assert "- unknown: fast: the rollup holds no durations\n" in text
    assert text.endswith("\nType 7; 2 of 2 cannot be told.\n")


def test_the_flat_table_and_the_envelope_say_the_same(log: Path) -> None:
    found = backburn.percentiles(spec(), log, quantiles=["0.5"], exact=True, type=1)
    lines = render(answer(found), "csv").splitlines()
    assert lines[0] == "service,objective,zone,window,start,end,count,unit,method,type,error,p50,reason"
    times = "2025-10-01T00:00:00Z,2025-10-01T02:01:00Z"
    assert lines[1:] == [
        f"cart,fast,,all,{times},1,ms,exact,1,0.0,80.0,",
        f"pay,fast,eu,all,{times},2,ms,exact,1,0.0,10.0,",
    ]
    assert [result["service"] for result in found.to_dict()["results"]] == ["cart", "pay"]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "0 ms"),
        (12.04, "12.0 ms"),
        (99.96, "100.0 ms"),
        (999.5, "1,000 ms"),
        (1_234_567.0, "1,234,567 ms"),
        (1e-9, "0.00000000100 ms"),
        (5e-324, "0.000000000000 ms"),
        (None, "–"),
    ],
)
def test_durations_have_their_unit_and_three_figures(value: float | None, text: str) -> None:
    assert duration_text(value, "ms") == text

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest
from made_logs import document, objective, write_log

import backburn
from backburn.plot.files import check
from backburn.plot.timeline import MOST, chart

if TYPE_CHECKING:
    from pathlib import Path

pytest.importorskip("altair")
pytest.importorskip("vl_convert")


def timeline(folder: Path, rows: list[dict[str, Any]], **asked: Any) -> Any:
    fast = objective(name="fast", sli={"kind": "latency", "threshold": "300ms"}, target="95%", window="1h")
    columns = {"duration": {"column": "duration_ms", "unit": "ms"}}
    made = document(source={"by": ["zone"], "columns": columns, "gaps": "quiet"}, objectives=[objective(), fast])
    log = write_log(folder / "log.parquet", rows)
    return backburn.timeline(made, log, **{"burn": ["2m", "1h"], **asked})


def some(minutes: int = 30) -> list[dict[str, Any]]:
    silence = range(10, 15)
    return [{"at": at, "zone": "a", "status": 500 if at == 20 else 200} for at in range(minutes) if at not in silence]


def panels(found: Any) -> list[list[dict[str, Any]]]:
    """The panels of each series, of which each has its axis' title and the points of its lines."""
    made = chart(found)

    def panel(one: dict[str, Any]) -> dict[str, Any]:
        line = next(layer for layer in one["layer"] if layer["mark"]["type"] == "line")
        y = line["encoding"]["y"]
        data = line.get("data", one.get("data", {}))
        points = made["datasets"][data["name"]] if "name" in data else data["values"]
        words = [layer for layer in one["layer"] if layer["mark"]["type"] == "text"]
        return {
            "title": y["title"],
            "points": points,
            "scale": y.get("scale", {}),
            "layers": one["layer"],
            "rule": words,
        }

    return [[panel(one) for one in block["vconcat"]] for block in made["vconcat"]]


def test_each_series_has_its_panels_with_titles_and_units(tmp_path: Path) -> None:
    found = timeline(tmp_path, some(), columns=["sli", "burn", "budget_remaining", "p95"])
    titles = [[panel["title"] for panel in block] for block in panels(found)]
    assert titles == [
        ["SLI", "budget left", "burn rate"],
        ["SLI", "budget left", "burn rate", "p95 (ms)"],
    ]
    made = chart(found)
    assert [block["title"]["text"] for block in made["vconcat"]] == ["shop · availability · a", "shop · fast · a"]
    assert made["vconcat"][1]["title"]["subtitle"] == "target 95%, budget of 1h"
    assert made["title"]["subtitle"] == ["2025-10-01 00:01 to 2025-10-01 00:30 UTC, a tick every 1m"]


def test_empty_spans_are_gaps_and_lonely_values_are_points(tmp_path: Path) -> None:
    rows = [{"at": at, "zone": "a"} for at in (0, 1, 2, 10, 20)]
    found = timeline(tmp_path, rows, columns="sli", burn="1m")
    (block, _) = panels(found)
    line = [(point["v"], point["alone"]) for point in block[0]["points"]]
    gap = (None, False)
    assert line == [*[(1.0, False)] * 3, gap, (1.0, True), gap, (1.0, True)]
    assert [layer["mark"]["type"] for layer in block[0]["layers"]][:2] == ["line", "point"]
    lines = [layer["mark"] for layer in block[0]["layers"] if layer["mark"]["type"] == "line"]
    assert lines[0]["invalid"] == "break-paths-show-path-domains"


def test_a_burn_rate_of_zero_stands_at_the_foot_of_the_scale(tmp_path: Path) -> None:
    found = timeline(tmp_path, some(), columns="burn")
    (block, _) = panels(found)
    (panel,) = block
    assert panel["scale"]["type"] == "log"
    foot = panel["scale"]["domain"][0]
    zeros = [point for point in panel["points"] if point["b"] == 0]
    assert zeros
    assert {point["v"] for point in zeros} == {foot}
    assert all(point["v"] is None or point["v"] >= foot for point in panel["points"])
    assert max(point["v"] for point in panel["points"] if point["v"]) == 50 < panel["scale"]["domain"][1]


def test_a_long_timeline_is_drawn_by_its_extremes(tmp_path: Path) -> None:
    rows = some(3000)
    found = timeline(tmp_path, rows, columns=["burn", "budget_remaining"])
    table = found.to_pyarrow()
    (block, _) = panels(found)
    budget, burn = block
    told = [value for value in table["budget_remaining"].to_pylist()[:3000] if value is not None]
    drawn = [point["v"] for point in budget["points"] if point["v"] is not None]
    assert len(drawn) <= 800 < len(told)
    assert (min(drawn), max(drawn)) == (min(told), max(told))
    rates = [value for value in table["burn_2m"].to_pylist()[:3000] if value is not None]
    lines = [point for point in burn["points"] if point["window"] == "2m" and point["b"] is not None]
    assert max(point["b"] for point in lines) == max(rates)
    assert [point["t"] for point in lines] == sorted(point["t"] for point in lines)
    (_, caption) = chart(found)["title"]["subtitle"]
    assert caption.startswith("Lines join the least and the greatest value of every 8 ticks (8m); a gap is shown")


def test_of_many_series_the_worst_are_drawn(tmp_path: Path) -> None:
    rows = [
        {"at": at, "zone": f"z{zone:02}", "status": 500 if at < zone else 200} for at in range(30) for zone in range(25)
    ]
    made = chart(timeline(tmp_path, rows, columns=["burn", "budget_remaining"]))
    names = [block["title"]["text"] for block in made["vconcat"]]
    assert names[:MOST] == [f"shop · availability · z{24 - zone}" for zone in range(MOST)]
    assert len(names) == 2 * MOST
    assert f"The {2 * MOST} worst of 50 series: those whose budget ends lowest" in made["title"]["subtitle"]


def test_pictures_are_made_without_a_network(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    found = timeline(tmp_path, some())
    for ending, begins in ((".html", b"<!DOCTYPE html>"), (".svg", b"<svg"), (".png", b"\x89PNG")):
        backburn.draw(found, tmp_path / f"a{ending}")
        assert (tmp_path / f"a{ending}").read_bytes().startswith(begins)
    page = (tmp_path / "a.html").read_text(encoding="utf-8")
    assert not re.search(r"""<(script|link|img)[^>]*(src|href)=["']?(https?:)?//""", page)
    drawing = (tmp_path / "a.svg").read_text(encoding="utf-8")
    for words in ("SLI", "budget left", "burn rate", "target 95%", "availability", "100 %", "window"):
        assert words in drawing


@pytest.mark.skipif(shutil.which("chromium") is None, reason="chromium is not installed")
def test_the_page_shows_itself_in_a_browser(tmp_path: Path) -> None:
    backburn.draw(timeline(tmp_path, some()), tmp_path / "a.html")
    options = ["--headless", "--no-sandbox", "--disable-gpu", "--host-resolver-rules=MAP * ~NOTFOUND"]
    command = [
        "chromium",
        *options,
        f"--user-data-dir={tmp_path / 'profile'}",
        "--virtual-time-budget=5000",
        "--dump-dom",
    ]
    page = subprocess.run(
        [*command, (tmp_path / "a.html").as_uri()], check=True, capture_output=True, text=True, timeout=120
    ).stdout
    assert page.count("aria-label=\"Title text 'shop · ") == 2 or "shop · availability" in page.split("<script")[0]
    assert "mark-line" in page


@pytest.mark.parametrize("name", ["a.pdf", "a"])
def test_other_endings_are_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(backburn.UsageError, match=r"names no picture; name a file that ends with \.html, \.svg, \.png"):
        check(tmp_path / name)


def test_what_draws_need_not_be_installed(tmp_path: Path) -> None:
    script = f"""
import importlib.util
real = importlib.util.find_spec
importlib.util.find_spec = lambda name, package=None: None if name in ("altair", "vl_convert") else real(name, package)
from backburn.plot.files import check
try:
    check({str(tmp_path / "a.svg")!r})
except Exception as error:
    print(error)
"""
    told = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True).stdout
    assert told == "pictures need Altair and vl-convert, which are not installed; pip install 'backburn[plot]'\n"


def test_a_chart_is_plain_vega_lite(tmp_path: Path) -> None:
    made = chart(timeline(tmp_path, some()))
    assert json.loads(json.dumps(made, allow_nan=False)) == made
    assert made["params"] == [
        {"name": "chosen", "select": {"type": "point", "fields": ["window"]}, "bind": "legend", "views": ["chooses"]}
    ]


def test_no_text_of_a_log_ends_the_script_of_a_page(tmp_path: Path) -> None:
    zone = "</script><script>alert(1)</script>"
    page = tmp_path / "page.html"
    backburn.draw(timeline(tmp_path, [{"at": at, "zone": zone} for at in range(3)]), page)
    text = page.read_text(encoding="utf-8")
    assert zone not in text
    assert zone.replace("<", "\\u003c") in text
    assert "backburn-less-than" not in text

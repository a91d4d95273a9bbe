"""Pictures of backtests: bands, rules, extremes, and which series are drawn."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pytest
from click.testing import CliRunner
from made_logs import START, counted_rows, document, objective, write_log

import backburn
from backburn.cli.program import program
from backburn.evaluation.rolling import BUDGET
from backburn.model.policy import Alert, AlertPolicy, Consumed, NoTraffic, Pair, Single
from backburn.plot.backtest import chart
from backburn.plot.cases import MOST
from backburn.plot.sheet import WIDTH
from backburn.units import Duration

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from backburn import Backtest

pytest.importorskip("altair")
pytest.importorskip("vl_convert")

MINUTE = timedelta(minutes=1)


def length(text: str) -> Duration:
    return Duration.parse(text)


def pair(long: str, short: str, factor: str) -> Pair:
    return Pair(long=length(long), short=length(short), factor=Fraction(factor))


def single(window: str, factor: str) -> Single:
    return Single(window=length(window), factor=Fraction(factor))


PAGE = Alert(name="page", severity="page", any=(pair("10m", "5m", "14.4"), single("30m", "6")))
TICKET = Alert(name="ticket", severity="ticket", any=(single("1h", "3"),), wait=length("3m"))
MINE = AlertPolicy(name="mine", alerts=(PAGE, TICKET))


def failing(*spans: tuple[int, int]) -> Callable[[int], tuple[int, int]]:
    return lambda minute: (0, 100) if any(start <= minute < end for start, end in spans) else (100, 0)


def replayed(
    minutes: int,
    load: Callable[[int], tuple[int, int]],
    policies: Any = MINE,
    target: str = "99%",
    labels: Any = None,
    **changes: Any,
) -> Backtest:
    source = {"step": "1m", "gaps": "quiet", "columns": {"count": {"column": "n", "means": "aggregated"}}}
    made = document(source=source, objectives=[objective(target=target, window="30d", **changes)])
    counted = counted_rows(START, MINUTE, map(load, range(minutes)))
    return backburn.backtest(made, counted, policy=policies, labels=labels)


def minute(milliseconds: float) -> float:
    return (datetime.fromtimestamp(milliseconds / 1000, UTC) - START) / MINUTE


def layers(made: dict[str, Any], mark: str) -> list[dict[str, Any]]:
    """The layers with a mark, with their records."""
    found = []
    for block in made["vconcat"]:
        for panel in block["vconcat"]:
            for layer in panel["layer"]:
                if layer["mark"]["type"] == mark:
                    data = layer.get("data") or panel["data"]
                    values = made["datasets"][data["name"]] if "name" in data else data["values"]
                    found.append(layer | {"records": values})
    return found


def bands(made: dict[str, Any], kind: str) -> list[tuple[str, float, float]]:
    """The lanes and the minutes of the bands of a kind, in the first panel that has any."""
    first = layers(made, "rect")[0]
    told = [(one["lane"], minute(one["f"]), minute(one["u"])) for one in first["records"] if one["kind"] == kind]
    return sorted(told, key=lambda one: one[1])


def rules(made: dict[str, Any]) -> list[list[tuple[float, str]]]:
    return [[(one["v"], one["words"]) for one in layer["records"]] for layer in layers(made, "rule")]


def test_bands_stand_where_alerts_waited_and_fired() -> None:
    found = replayed(300, failing((120, 140)))
    made = chart(found)
    (page,) = (one for one in found.alerts if one.alert == "page")
    (ticket,) = (one for one in found.alerts if one.alert == "ticket")
    assert page.end is not None
    assert ticket.end is not None
    told = [("page", (page.start - START) / MINUTE, (page.end - START) / MINUTE)]
    assert bands(made, "page") == told
    assert bands(made, "ticket") == [("ticket", (ticket.start - START) / MINUTE, (ticket.end - START) / MINUTE)]
    assert bands(made, "pending") == [("ticket", (ticket.active - START) / MINUTE, (ticket.start - START) / MINUTE)]
    (strip, shade) = layers(made, "rect")
    assert strip["encoding"]["y"]["sort"] == ["page", "ticket"]
    assert strip["records"] == shade["records"]
    assert strip["encoding"]["fill"]["scale"]["domain"] == ["page", "ticket", "pending"]
    (band,) = (one for one in strip["records"] if one["kind"] == "page")
    assert band["start"] == f"{page.start:%Y-%m-%d %H:%M:%S}"
    # Two thirds of half an hour are eleven times that level; the pair reaches seven times its own.
    assert band["what"] == "30m > 6, at most 66.7"
    assert band["spent"].endswith(" %")
    (band,) = (one for one in strip["records"] if one["kind"] == "pending")
    assert (band["what"], band["lasted"]) == ("fires after 3m", "3m")


def test_what_began_in_the_warm_up_is_paler_and_what_has_no_end_goes_on() -> None:
    found = replayed(120, failing((10, 15), (110, 120)))
    made = chart(found)
    assert bands(made, "page in warm-up")[0][1] == 11
    assert bands(made, "page")[-1][2] == 120
    records = layers(made, "rect")[0]["records"]
    assert [one["end"] for one in records if one["kind"] == "page"] == ["goes on"]
    scale = layers(made, "rect")[0]["encoding"]["fill"]["scale"]
    assert scale["domain"][0] == "page"
    assert len(set(scale["range"])) == len(scale["range"]) == len(scale["domain"])


def test_what_others_inhibit_is_told_apart() -> None:
    quiet = Alert(name="ticket", severity="ticket", any=(single("5m", "60"),), inhibited_by=("page",))
    page = Alert(name="page", severity="page", any=(single("5m", "50"),))
    made = chart(replayed(200, failing((100, 110)), AlertPolicy(name="two", alerts=(page, quiet))))
    assert [lane for lane, _, _ in bands(made, "ticket inhibited")] == ["ticket"]


def test_each_factor_has_a_rule_with_its_windows_and_words_stand_apart() -> None:
    made = chart(replayed(200, failing((100, 110))))
    burn, budget = rules(made)
    assert burn == [(3.0, "ticket: 1h > 3"), (6.0, "page: 30m > 6"), (14.4, "page: 10m/5m > 14.4")]
    assert budget == [(0.0, "all of it spent")]
    close = tuple(single("10m", factor) for factor in ("10", "10.1", "10.2", "990"))
    policies = [
        AlertPolicy(name="close", alerts=(Alert(name="a", severity="page", any=close),)),
        AlertPolicy(
            name="same",
            alerts=(
                Alert(name="b", severity="ticket", any=(single("5m", "2"),)),
                Alert(name="c", severity="page", any=(single("10m", "2"),)),
            ),
        ),
    ]
    made = chart(replayed(200, failing((100, 110)), policies, target="99.9%"))
    crowded, same, _ = layers(made, "rule")
    at = [one["at"] for one in crowded["records"]]
    assert at == sorted(at)
    assert all(above / below > 1.2 for below, above in pairwise(at))
    (one,) = same["records"]
    assert one["words"] == "c: 10m > 2 · b: 5m > 2"
    first, second, _ = layers(made, "line")
    assert first["transform"] == [{"filter": {"field": "window", "oneOf": ["10m"]}}]
    assert "transform" not in second
    assert first["records"] == second["records"]


def test_shares_of_errors_are_burn_rates_and_shares_of_the_budget_stand_on_the_budget() -> None:
    errors = Single(window=length("10m"), error_ratio=Fraction(5, 100))
    gone = Alert(name="gone", severity="ticket", any=(Consumed(share=Fraction(3, 4)), Consumed(share=Fraction(1))))
    policy = AlertPolicy(name="mine", alerts=(Alert(name="page", severity="page", any=(errors,)), gone))
    burn, budget = rules(chart(replayed(100, failing((50, 55)), policy)))
    assert burn == [(5.0, "page: 10m errors > 5%")]
    assert budget == [(0.0, "all of it spent · gone: consumed >= 100%"), (0.25, "gone: consumed >= 75%")]


def test_a_long_backtest_is_drawn_by_its_extremes_and_short_bands_can_be_seen() -> None:
    days = 10
    page = Alert(name="page", severity="page", any=(single("1m", "50"),))
    found = replayed(days * 1_440, failing((7_000, 7_003), (9_000, 9_001)), AlertPolicy(name="mine", alerts=(page,)))
    made = chart(found)
    rates = [rate for rate in found.ticks.to_pyarrow()["burn_1m"].to_pylist() if rate is not None]
    (line, budget) = layers(made, "line")
    drawn = [point["b"] for point in line["records"] if point["b"] is not None]
    assert len(drawn) <= 800 < len(rates)
    assert (min(drawn), max(drawn)) == (min(rates), max(rates))
    (course,) = found.ticks.courses
    left = pa.RecordBatchReader.from_stream(course.told([BUDGET], 1, ())).read_all()[BUDGET].to_pylist()
    shown = [point["v"] for point in budget["records"]]
    told = [value for value in left if value is not None]
    assert (min(shown), max(shown)) == (min(told), max(told))
    points = days * 1_440 / WIDTH
    for (_, start, end), alert in zip(bands(made, "page"), found.alerts, strict=True):
        assert start == (alert.start - START) / MINUTE
        assert end - start >= 2 * points * 0.999
    lasted = [one["lasted"] for one in layers(made, "rect")[0]["records"]]
    assert lasted == ["3m", "1m"]
    assert any("Lines join the least and the greatest value" in line for line in made["title"]["subtitle"])


def test_incidents_have_a_lane_of_their_own() -> None:
    found = replayed(200, failing((100, 110)))
    incidents = [
        (START + 98 * MINUTE, START + 112 * MINUTE, "INC-1"),
        (START - 60 * MINUTE, START - 30 * MINUTE, "before all data"),
        (START - 60 * MINUTE, START + 20 * MINUTE, "cut"),
    ]
    made = chart(found, incidents)
    assert bands(made, "incident") == [("incidents", 1, 20), ("incidents", 98, 112)]
    strip, shade = layers(made, "rect")
    assert strip["encoding"]["y"]["sort"] == ["incidents", "page", "ticket"]
    assert {one["what"] for one in strip["records"] if one["kind"] == "incident"} == {"INC-1", "cut"}
    assert shade["transform"] == [{"filter": "datum.lane != 'incidents'"}]
    with pytest.raises(backburn.UsageError, match=r"incidents: .* names no zone"):
        chart(found, [(datetime(2025, 10, 1), datetime(2025, 10, 2), "naive")])  # noqa: DTZ001 - it is refused.


def test_labels_are_incidents_of_the_series_for_which_they_hold() -> None:
    def label(first: int, last: int, **more: str) -> dict[str, str]:
        times = (START + first * MINUTE, START + last * MINUTE)
        return {"start": times[0].isoformat(), "end": times[1].isoformat(), **more}

    labels = [label(98, 112, id="INC-1"), label(20, 30, service="another")]
    made = chart(replayed(200, failing((100, 110)), labels=labels))
    assert bands(made, "incident") == [("incidents", 98, 112)]


def test_policies_stand_below_each_other_at_the_same_times() -> None:
    other = AlertPolicy(name="other", every=length("5m"), alerts=(replace(PAGE, name="other-page"),))
    made = chart(replayed(300, failing((120, 140)), [MINE, other]))
    (block,) = made["vconcat"]
    titles = [panel["title"]["text"] for panel in block["vconcat"] if "title" in panel]
    assert [title.split(":")[0] for title in titles] == ["mine", "other"]
    assert titles[0].startswith("mine: page 1×, ")
    assert len(block["vconcat"]) == 5
    assert block["title"]["text"] == "shop · availability"
    assert block["title"]["subtitle"] == "target 99%, budget of 30d"
    assert made["title"]["subtitle"][:3] == [
        "Alert policies on recorded traffic: mine, other",
        "2025-10-01 00:01 to 2025-10-01 05:00 UTC, a tick every 1m",
        "2025-10-01 00:05 to 2025-10-01 05:00 UTC, a tick every 5m",
    ]
    (domain,) = {tuple(layer["encoding"]["x"]["scale"]["domain"]) for layer in layers(made, "rect")}
    assert [minute(edge) for edge in domain] == [1, 300]


def test_the_series_that_spent_the_most_while_alerts_fired_are_drawn(tmp_path: Path) -> None:
    rows = [
        {"at": at, "zone": f"z{zone}", "status": 500 if 30 <= at < 30 + 2 * zone else 200}
        for at in range(90)
        for zone in range(7)
    ]
    log = write_log(tmp_path / "log.parquet", rows)
    fast = objective(name="fast", sli={"kind": "latency", "threshold": "300ms"}, target="95%")
    columns = {"duration": {"column": "duration_ms", "unit": "ms"}}
    made = document(source={"by": ["zone"], "columns": columns}, objectives=[objective(), fast])
    found = backburn.backtest(made, log, policy=MINE)
    drawn = chart(found)
    names = [block["title"]["text"] for block in drawn["vconcat"]]
    assert names[:MOST] == [f"shop · availability · z{zone}" for zone in (6, 5, 4, 3)]
    # No alert of the other objective fired: one series stands for all of them.
    assert len(names) == MOST + 1
    assert (
        "5 of 14 series: those of each objective that spent the most budget while alerts fired"
        in (drawn["title"]["subtitle"])
    )
    many = [AlertPolicy(name=f"p{number}", alerts=MINE.alerts) for number in range(12)]
    assert len(chart(backburn.backtest(made, log, policy=many))["vconcat"]) == 2


@pytest.mark.parametrize("alert", [NoTraffic(length=length("10m")), Consumed(share=Fraction(1)), single("5m", "2000")])
def test_a_backtest_without_alerts_still_gives_a_picture(tmp_path: Path, alert: Any) -> None:
    for minutes in (1, 60):
        policy = AlertPolicy(name="calm", alerts=(Alert(name="page", severity="page", any=(alert,)),))
        found = replayed(minutes, failing(), policy)
        assert found.alerts == ()
        made = chart(found)
        assert json.loads(json.dumps(made, allow_nan=False)) == made
        assert made["vconcat"][0]["vconcat"][0]["title"]["text"] == "calm: no alert"
        backburn.draw(found, tmp_path / "a.svg")
        assert "budget left" in (tmp_path / "a.svg").read_text(encoding="utf-8")


def test_pictures_are_written(tmp_path: Path) -> None:
    name = "</script><script>alert(1)</script>"
    found = replayed(200, failing((100, 110)), AlertPolicy(name=name, alerts=MINE.alerts))
    incidents = [(START, START + MINUTE, name)]
    for ending, begins in ((".html", b"<!DOCTYPE html>"), (".svg", b"<svg"), (".png", b"\x89PNG")):
        backburn.draw(found, tmp_path / f"a{ending}", incidents)
        assert (tmp_path / f"a{ending}").read_bytes().startswith(begins)
    page = (tmp_path / "a.html").read_text(encoding="utf-8")
    assert name not in page
    drawing = (tmp_path / "a.svg").read_text(encoding="utf-8")
    for words in ("burn rate", "budget left", "page: 10m/5m &gt; 14.4", "incidents", "pending", "window", "UTC"):
        assert words in drawing
    with pytest.raises(backburn.UsageError, match="names no picture"):
        backburn.draw(found, tmp_path / "a.pdf")


def test_a_timeline_shows_no_incidents(tmp_path: Path) -> None:
    log = write_log(tmp_path / "log.parquet", [{"at": at} for at in range(5)])
    timeline = backburn.timeline(document(), log, burn="1m")
    with pytest.raises(backburn.UsageError, match="a timeline shows no incidents"):
        backburn.draw(timeline, tmp_path / "a.svg", [(START, START + MINUTE, "INC-1")])


def test_the_verb_draws_and_refuses_other_files_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    slo = tmp_path / "slo.yaml"
    slo.write_text(json.dumps(document()), encoding="utf-8")
    log = write_log(tmp_path / "log.parquet", [{"at": at, "status": 500 if at > 50 else 200} for at in range(60)])
    replay = backburn.backtest
    asked: list[Any] = []

    def mine(*given: Any, **more: Any) -> Backtest:
        asked.append(given)
        return replay(*given, **{**more, "policy": MINE})

    monkeypatch.setattr(backburn, "backtest", mine)
    words = ["backtest", str(slo), str(log), "--policy", "mine", "--plot"]
    left = CliRunner().invoke(program, [*words, "a.pdf"])
    assert (left.exit_code, asked) == (2, [])
    assert "names no picture" in left.stderr
    drawn = CliRunner().invoke(program, [*words, str(tmp_path / "a.svg")])
    assert drawn.exit_code == 0, drawn.stderr
    assert (tmp_path / "a.svg").read_bytes().startswith(b"<svg")

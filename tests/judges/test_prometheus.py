"""Windows and ratios as a real Prometheus computes them, at every minute of a month, and where the two must differ."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest
from judges.prometheus import Server, need_prometheus, prometheus
from judges.traffic import MINUTES, RESTARTED, START, ZONES, exposition, month, restarts, rows

import backburn

if TYPE_CHECKING:
    from collections.abc import Iterator

    from judges.prometheus import Values

pytestmark = pytest.mark.slow

WINDOWS = {"5m": 5, "1h": 60, "6h": 360, "1d": 1440, "3d": 4320}
KINDS = ("good", "valid")
CLOSED_UNTIL = (3, 0)
"""Before this version a range holds the sample at its beginning."""

EXPORTED = "backburn_availability"
FIRST, LAST = START + 60, START + MINUTES * 60

# One request a minute for an hour; the server shows what it counted since it began.
STEADY = [f"own_gap_total {n} {START + n * 60}\n" for n in range(61) if n not in {59, 60}]
# Ten requests; then the server begins anew and sees twelve more before anybody looks.
RESET = [f"own_reset_total {value} {START + n * 60}\n" for n, value in enumerate((0, 10, 12))]


def spec(windows: list[str]) -> dict[str, Any]:
    objective = {"name": "availability", "sli": {"kind": "availability"}, "target": "99%", "window": "30d"}
    return {
        "apiVersion": "backburn/v1",
        "kind": "ServiceLevelObjectives",
        "metadata": {"service": "shop"},
        "source": {"by": ["zone"]},
        "objectives": [objective],
        "report": {"burn": windows},
    }


@pytest.fixture(scope="module")
def counted() -> backburn.Rollup:
    need_prometheus()
    return backburn.rollup(spec(list(WINDOWS)), rows(month(7), 8))


@pytest.fixture(scope="module")
def server(counted: backburn.Rollup, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("prometheus")
    made = month(7)
    resets = {zone: restarts(*made[zone], 4) for zone in RESTARTED}
    assert all(found.size == 4 for found in resets.values())
    own = "".join(exposition(made, resets))
    others = "".join(["# TYPE own_gap counter\n", *STEADY, "# TYPE own_reset counter\n", *RESET])
    (folder / "own.txt").write_text(f"{own}{others}# EOF\n")
    backburn.export("openmetrics", counted).save(folder / "exported.txt")
    with prometheus([folder / "own.txt", folder / "exported.txt"], folder) as running:
        yield running


@pytest.fixture(scope="module")
def ours(counted: backburn.Rollup) -> dict[str, pa.Table]:
    table = backburn.timeline(spec(list(WINDOWS)), counted, columns=["valid", "bad", "sli"]).to_pyarrow()
    return {zone: table.filter(pc.equal(table["zone"], pa.scalar(zone))) for zone in ZONES}


def column(table: pa.Table, name: str) -> Values:
    """A column; NaN where it is null."""
    return table[name].cast(pa.float64()).to_numpy()


def increase(counter: str, window: str, version: tuple[int, ...]) -> str:
    if version < CLOSED_UNTIL:
        return f"increase({counter}[{window}])"
    return growth(counter, window)


def growth(counter: str, window: str) -> str:
    """What an increase is without restarts, whatever belongs to a range."""
    return f"{counter} - ({counter} offset {window} or 0 * {counter})"


def no_differences(found: dict[str, Values], ours: dict[str, pa.Table], kind: str, window: str) -> int:
    """Hold counts against ours at every point; say of how many. An empty result is 0, but only where ours is."""
    assert set(found) == set(ours)
    for zone, table in ours.items():
        valid, bad = column(table, f"valid_{window}"), column(table, f"bad_{window}")
        mine = {"valid": valid, "bad": bad, "good": valid - bad}[kind]
        differing = np.flatnonzero(np.nan_to_num(found[zone]) != mine)
        assert differing.size == 0, (zone, window, kind, differing[:5], found[zone][differing[:5]], mine[differing[:5]])
    return sum(table.num_rows for table in ours.values())


def test_both_look_at_every_minute_of_the_month(ours: dict[str, pa.Table]) -> None:
    for table in ours.values():
        ticks = table["tick"].cast(pa.int64()).to_numpy() // 1_000_000
        assert np.array_equal(ticks, np.arange(FIRST, LAST + 1, 60))


@pytest.mark.parametrize("counters", ["own", EXPORTED])
def test_every_count_is_that_of_prometheus(counters: str, server: Server, ours: dict[str, pa.Table]) -> None:
    if counters == "own" and server.version >= CLOSED_UNTIL:
        # Ranges that lack their first sample are extrapolated, and a difference of samples does not see restarts.
        ours = {zone: table for zone, table in ours.items() if zone not in RESTARTED}
    points = 0
    for window in WINDOWS:
        for kind in KINDS:
            zones = "|".join(ours)
            query = increase(f'{counters}_{kind}_total{{zone=~"{zones}"}}', window, server.version)
            points += no_differences(server.every_minute(query, FIRST, LAST, "zone"), ours, kind, window)
    assert points == len(KINDS) * len(WINDOWS) * MINUTES * len(ours)


def test_every_ratio_is_that_of_prometheus(server: Server, ours: dict[str, pa.Table]) -> None:
    for window in WINDOWS:
        bad, valid = (increase(f"{EXPORTED}_{kind}_total", window, server.version) for kind in ("bad", "valid"))
        found = server.every_minute(f"1 - ({bad}) / ({valid})", FIRST, LAST, "zone")
        for zone, table in ours.items():
            # 0 / 0 is NaN there, and null here.
            assert np.allclose(found[zone], column(table, f"sli_{window}"), rtol=0, atol=1e-12, equal_nan=True)


def test_differences_of_exported_counters_are_counts_in_every_version(
    server: Server, ours: dict[str, pa.Table]
) -> None:
    query = growth(f"{EXPORTED}_valid_total", "1h")
    no_differences(server.every_minute(query, FIRST, LAST, "zone"), ours, "valid", "1h")


def requests(minutes: list[int]) -> pa.Table:
    times = pa.array([(START + minute * 60) * 1_000_000 + 1 for minute in minutes], pa.timestamp("us", "UTC"))
    return pa.table({"timestamp": times, "status": [200] * len(minutes), "zone": ["a"] * len(minutes)})


def test_a_restart_that_no_sample_shows_loses_what_was_counted_before_it(server: Server) -> None:
    table = backburn.timeline(spec(["3m"]), requests([0] * 10 + [1] * 12)).to_pyarrow()
    assert table["valid_3m"].to_pylist() == [10, 22]
    assert server.at("increase(own_reset_total[3m])", START + 120) == 12


def test_samples_that_lack_at_the_edge_of_a_window_are_extrapolated(server: Server) -> None:
    table = backburn.timeline(spec(["10m"]), requests(list(range(60)))).to_pyarrow()
    assert table["valid_10m"].to_pylist()[-1] == 10
    assert server.at("increase(own_gap_total[10m])", START + 3600) == pytest.approx(8.5)

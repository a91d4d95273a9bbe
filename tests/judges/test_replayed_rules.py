"""What `backtest` says of recorded traffic, the exported rules do in a real Prometheus."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pytest
from judges.policies import GOOGLE, length
from judges.promtool import need_promtool, promtool, verdict
from made_logs import document, objective

import backburn
from backburn.document import from_dict
from backburn.errors import UsageError
from backburn.interop.prometheus import rules
from backburn.interop.prometheus.replayed import file_of_tests, replayed
from backburn.model.policy import Alert, AlertPolicy, Single

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from backburn.model.spec import Spec

MINUTE = 60_000_000
START = 1_759_276_800_000_000
PAGES = AlertPolicy(name="pages", alerts=(replace(GOOGLE.alerts[0], wait=length("2m")),))


@pytest.fixture(autouse=True)
def needed() -> None:
    need_promtool()


def log(statuses: Sequence[tuple[str | None, int, int, int]]) -> pa.Table:
    """Ten requests a minute of each zone, with statuses of their own in some minutes."""
    times, codes, zones = [], [], []
    for zone, status, first, last in statuses:
        for minute in range(first, last):
            times += [START + minute * MINUTE + number * 5_000_000 for number in range(10)]
            codes += [status] * 10
            zones += [zone] * 10
    moments = pa.array(times, pa.timestamp("us", "UTC"))
    return pa.table({"timestamp": moments, "status": pa.array(codes, pa.int64()), "zone": pa.array(zones, pa.string())})


def spec(**words: Any) -> Spec:
    return from_dict(document(source={"by": ["zone"]}, objectives=[objective(target="99%", window="1d")], **words))


# Two outages, one of a series without a zone; statuses that say nothing; and one outage that is left out.
ROWS = log(
    [
        ("eu", 200, 0, 900),
        ("eu", 503, 900, 915),
        ("eu", 200, 915, 1440),
        (None, 200, 300, 800),
        (None, 0, 800, 830),
        (None, 200, 830, 1440),
        ("eu", 503, 1200, 1230),
    ]
)
MOVE = {"start": "2025-10-01T20:00:00Z", "end": "2025-10-01T20:30:00Z", "reason": "A move"}


def test_the_incidents_of_a_backtest_are_tests_that_pass(tmp_path: Path) -> None:
    promised = spec(exclusions=[MOVE])
    counted = backburn.rollup(promised, ROWS)
    found = backburn.backtest(promised, counted, policy=PAGES)
    assert {(one.series["zone"], bool(one.alerts)) for one in found.replays} == {("eu", True), (None, True)}
    made = rules(promised, lambda *_: PAGES)
    (group,) = made.groups
    tests = replayed(group, counted, found)
    assert [test["name"] for test in tests] == [f"what began at 2025-10-01T{time}:00Z" for time in ("13:31", "15:11")]
    checks = [check for test in tests for check in test["alert_rule_test"]]
    labels = [one["exp_labels"] for check in checks for one in check["exp_alerts"]]
    assert {(one.get("zone"), one.get("null")) for one in labels} == {("eu", None), (None, "zone")}
    answer = verdict(made, {group.name: tests}, tmp_path)
    assert answer.agrees, answer.said


def test_time_that_is_left_out_is_no_incident(tmp_path: Path) -> None:
    """With the move in it the alert fires once more, and counters without it do not show that."""
    counted = backburn.rollup(spec(), ROWS)
    found = backburn.backtest(spec(), counted, policy=PAGES)
    whole, without = (rules(one, lambda *_: PAGES) for one in (spec(), spec(exclusions=[MOVE])))
    tests = replayed(whole.groups[0], counted, found)
    assert len(tests) == 3
    assert verdict(whole, {"shop": tests}, tmp_path).agrees
    assert not verdict(without, {"shop": replayed(without.groups[0], counted, found)}, tmp_path).agrees
    assert replayed(whole.groups[0], counted, found, most=1) in ([test] for test in tests)


def test_a_file_of_tests_is_made_of_data(tmp_path: Path) -> None:
    made = backburn.export("prometheus", spec(), policy=PAGES)
    (tmp_path / "rules.yaml").write_bytes(b"".join(made))
    (tmp_path / "tests.yaml").write_text(file_of_tests(made, ROWS, PAGES, file="rules.yaml"), encoding="utf-8")
    tested = promtool("test", "rules", "tests.yaml", folder=tmp_path)
    assert tested.returncode == 0, tested.stderr


def test_series_without_events_yet_or_ever_are_there_to_be_told_of(tmp_path: Path) -> None:
    """Where silence is bad it is so from the beginning, for a series that is expected and one that begins late."""
    silent = AlertPolicy(
        name="silent",
        alerts=(
            Alert(
                name="dark", severity="page", any=(Single(window=length("20m"), factor=Fraction(90)),), no_data="bad"
            ),
        ),
    )
    expected = from_dict(
        document(
            source={"by": ["zone"], "expect": {"zone": ["eu", "late", "never"]}},
            objectives=[objective(target="99%", window="1d")],
        )
    )
    rows = log([("eu", 200, 0, 200), ("eu", 500, 200, 260), ("late", 200, 150, 300)])
    counted = backburn.rollup(expected, rows)
    found = backburn.backtest(expected, counted, policy=silent)
    fired = {one.series["zone"]: [alert.warm_up for alert in one.alerts] for one in found.replays}
    assert fired == {"eu": [False], "late": [True], "never": [True]}
    made = rules(expected, lambda *_: silent)
    tests = replayed(made.groups[0], counted, found)
    assert tests
    answer = verdict(made, {"shop": tests}, tmp_path)
    assert answer.agrees, answer.said
    seen = {label["exp_labels"]["zone"] for check in tests[0]["alert_rule_test"] for label in check["exp_alerts"]}
    assert seen == {"eu", "never"}


def test_the_series_of_the_rules_are_those_of_the_backtest() -> None:
    promised = spec()
    found = backburn.backtest(promised, ROWS, policy=PAGES)
    told = document(
        source={"by": ["zone"]}, objectives=[objective(prometheus={"bad": "a_total", "valid": "b_total", "by": []})]
    )
    (group,) = rules(from_dict(told), lambda *_: PAGES).groups
    with pytest.raises(
        UsageError, match="the backtest tells series apart by 'zone', and the rules by ''; name the same"
    ):
        replayed(group, backburn.rollup(promised, ROWS), found)
    both = backburn.backtest(promised, ROWS, policy=[PAGES, replace(PAGES, name="again")])
    with pytest.raises(UsageError, match="the tests of rules are those of one policy"):
        replayed(group, backburn.rollup(promised, ROWS), both)

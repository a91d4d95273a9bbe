"""What an alert policy means under a target, and what it cannot see."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner
from made_logs import START, document, objective, write_log

import backburn
from backburn.cli.program import program
from backburn.document import catalogue
from backburn.errors import BackburnError, UsageError

if TYPE_CHECKING:
    from pathlib import Path

    from backburn.alerts.explain import Explanation

MINUTE = 60
HOUR, DAY = 60 * MINUTE, 24 * 60 * MINUTE


def single(length: str = "1h", **level: Any) -> dict[str, Any]:
    return {"period": "30d", "alerts": [alert(window=length, **level)]}


def alert(name: str = "page", *, changes: dict[str, Any] | None = None, **condition: Any) -> dict[str, Any]:
    return {"name": name, "severity": "page", "any": [condition], **(changes or {})}


def kinds(explanation: Explanation) -> list[str]:
    return [one.kind for one in explanation.unseen]


@pytest.mark.parametrize(
    ("share", "hours", "factor"),
    [("2", 1, "14.4"), ("5", 6, "6"), ("10", 24, "3"), ("10", 72, "1"), ("5", 1, "36")],
)
def test_a_share_of_the_budget_is_a_burn_rate(share: str, hours: int, factor: str) -> None:
    (explained,) = backburn.explain(single(f"{hours}h", budget=f"{share}%"), target="99.9%").alerts
    (condition,) = explained.conditions
    assert condition.factor == Fraction(factor)
    assert condition.spent == Fraction(share) / 100
    assert condition.level == Fraction(factor) / 1000


def test_an_outage_under_the_fourth_policy_of_the_workbook() -> None:
    (page,) = backburn.explain("workbook-4-burn-rate", target="99.9%", error_ratios="100%").alerts
    (reaction,) = page.reactions
    assert reaction.fires_after == Fraction("2.16") * MINUTE
    assert reaction.resets_after == Fraction("57.84") * MINUTE
    start, end = 1440, 1500
    assert start + reaction.fires_after / MINUTE // 1 + 1 == 1443
    assert end + reaction.resets_after / MINUTE // 1 == 1557


def test_an_hour_of_waiting_spends_a_budget_and_more() -> None:
    (page,) = backburn.explain("workbook-3-duration", target="99.9%", error_ratios=["100%", "0.2%"]).alerts
    outage, slow = page.reactions
    assert round(float(outage.fires_after or 0) / MINUTE, 3) == 60.001
    assert round(float(outage.spent or 0), 2) == 1.39
    assert round(float(slow.fires_after or 0) / MINUTE, 1) == 60.5


@pytest.mark.parametrize(("op", "fires"), [("gt", None), ("gte", HOUR)])
def test_an_error_ratio_at_the_level(op: str, fires: int | None) -> None:
    policy = {"period": "30d", "alerts": [alert(window="1h", factor=2, changes={"op": op})]}
    (page,) = backburn.explain(policy, target="99%", error_ratios="2%").alerts
    assert page.reactions[0].fires_after == fires
    assert page.reactions[0].resets_after == (None if fires is None else 0)


def test_waiting_and_keeping_are_added() -> None:
    changes = {"for": "2m", "keep_firing_for": "4m"}
    policy = {"period": "30d", "alerts": [alert(long="1h", short="5m", factor=10, changes=changes)]}
    (page,) = backburn.explain(policy, target="99%", error_ratios="100%").alerts
    (reaction,) = page.reactions
    assert reaction.fires_after == (6 + 2) * MINUTE
    assert reaction.resets_after == Fraction("8.5") * MINUTE
    assert reaction.spent == Fraction(8 * 100, 30 * 24 * 60)


def test_an_outage_shorter_than_the_wait_is_told_where_a_window_remembers_it() -> None:
    (outage,) = [one for one in backburn.explain("pyrra", target="99.9%").unseen if one.kind == "short outage"]
    assert outage.length == Fraction("50.4")
    assert outage.share == Fraction("50.4") * 1000 / (28 * DAY)
    (outage,) = [
        one for one in backburn.explain("workbook-3-duration", target="99.9%").unseen if one.kind == "short outage"
    ]
    assert outage.length == Fraction("59.002") * MINUTE


def test_a_slow_burn_spends_a_budget_unseen() -> None:
    explained = backburn.explain("datadog-7d", target="99%")
    slow = explained.unseen[0]
    assert (slow.kind, slow.condition) == ("slow burn", "1d/2h >= 2.8")
    assert (slow.error_ratio, slow.burn_rate, slow.share) == (Fraction("0.028"), Fraction("2.8"), Fraction("2.8"))
    assert slow.length == Fraction(7 * DAY) / Fraction("2.8")


def test_a_level_that_a_total_outage_does_not_reach() -> None:
    explained = backburn.explain("google-30d", target="90%")
    unreachable = [one for one in explained.unseen if one.kind == "unreachable"]
    assert [(one.alert, one.condition, one.burn_rate) for one in unreachable] == [
        ("page", "1h/5m > 14.4", Fraction(10))
    ]
    assert explained.alerts[0].conditions[0].reactions[0].fires_after is None
    # Equality is enough for one, and not for the other.
    for op, reached in (("gt", False), ("gte", True)):
        policy = {"period": "30d", "alerts": [alert(window="1h", factor=10, changes={"op": op})]}
        (page,) = backburn.explain(policy, target="90%").alerts
        assert page.conditions[0].reachable is reached
    assert kinds(backburn.explain(single(factor=20), target="90%"))[:2] == ["nothing", "unreachable"]


def test_what_else_is_not_seen() -> None:
    assert kinds(backburn.explain("google-30d", target="99.9%")) == ["slow burn", "short outage", "no traffic"]
    rounded = kinds(backburn.explain("slo-generator", target="99.9%"))
    assert (rounded.count("slow reset"), rounded.count("quirk")) == (4, 4)
    quiet = {
        "period": "30d",
        "every": "5m",
        "alerts": [alert(long="1h", short="5m", factor=2, changes={"min_bad": 3}), alert("dead", no_traffic="10m")],
    }
    assert kinds(backburn.explain(quiet, target="99.9%")) == ["slow burn", "short outage", "guards", "every"]


def test_errors_in_place_of_a_factor() -> None:
    (page,) = backburn.explain(single(error_ratio="5%"), target="99%").alerts
    assert (page.conditions[0].factor, page.conditions[0].level) == (Fraction(5), Fraction("0.05"))
    assert page.conditions[0].spent == Fraction(5, 720)


def test_conditions_without_a_burn_rate_are_told_in_words() -> None:
    conditions = {
        "any": [
            {"consumed": "> 75%"},
            {"exhausts_within": "24h"},
            {"drop": {"share": "10%", "in": "1h"}},
            {"no_traffic": "10m"},
        ]
    }
    explained = backburn.explain({"period": "30d", "alerts": [alert(changes=conditions)]}, target="99%")
    (page,) = explained.alerts
    assert [one.kind for one in page.conditions] == ["consumed", "exhausts_within", "drop", "no_traffic"]
    assert (page.level, page.reactions, explained.unseen) == (None, (), ())
    assert len(explained.records()) == 4
    assert explained.records()[0]["factor"] is None


def test_a_scaled_policy_is_fitted_and_another_keeps_its_period() -> None:
    fitted = backburn.explain("pyrra", target="99.9%", window="7d")
    assert (fitted.period.text, fitted.alerts[0].conditions[0].words) == ("7d", "15m/1m > 14")
    kept = backburn.explain("sloth-28d", target="99.9%", window="30d")
    assert (kept.period.text, kept.window.text) == ("28d", "30d")
    assert kept.alerts[0].conditions[0].spent == Fraction(2, 100)
    assert backburn.explain(kept.policy, target="99.9%").window.text == "28d"


def test_a_policy_without_a_period_has_that_of_the_window() -> None:
    policy = {"alerts": [alert(window="1h", factor=10)]}
    explained = backburn.explain(policy, target="99%", window="10h")
    assert explained.alerts[0].conditions[0].spent == 1
    with pytest.raises(UsageError, match="has no period of its own"):
        backburn.explain(policy, target="99%")


@pytest.mark.parametrize("name", catalogue.names())
@pytest.mark.parametrize("target", ["90%", "99.9%", "99.99999%"])
def test_every_policy_of_the_catalogue_is_explained(name: str, target: str) -> None:
    found = backburn.explain(name, target=target, window="28d", baseline="0.000001%", traffic_change="3x")
    assert found.to_dict()["results"][0]["policy"] == name
    assert found.to_pyarrow().num_rows == len(found.records()) > 0
    assert CliRunner().invoke(program, ["policy", "explain", name, "--target", target]).exit_code == 0


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"target": "99.9"}, "write 99.9% or 0.999"),
        ({"target": "100%"}, "leaves nothing to alert on"),
        ({"target": 0}, "leaves nothing to alert on"),
        ({"window": "month"}, "window: 'month' is not a duration"),
        ({"error_ratios": "0%"}, "0 is no failure"),
        ({"error_ratios": "1%,120%"}, "'120%' is more than all"),
        ({"error_ratios": []}, "there is no error ratio"),
        ({"error_ratios": Fraction(3, 2)}, "3/2 is not a share"),
        ({"baseline": "0.2%"}, r"0.2% fires 'ticket' before anything happens: the level of 3d/6h > 1 is 0.1%"),
        ({"baseline": "-1%"}, "'-1%' is not a share"),
        ({"traffic_change": "twice"}, "'twice' is not a multiple"),
        ({"traffic_change": 0}, "'0' is not a multiple"),
        ({"policy": "gogle-30d"}, "did you mean 'google-30d'"),
        ({"policy": "all"}, "'all' is every policy"),
    ],
)
def test_a_wrong_question_is_explained(changes: dict[str, Any], words: str) -> None:
    asked: dict[str, Any] = {"policy": "google-30d", "target": "99.9%", **changes}
    with pytest.raises(BackburnError, match=words):
        backburn.explain(asked.pop("policy"), **asked)


def test_shares_are_read_in_every_shape() -> None:
    shapes: list[Any] = ["5%", 0.05, Fraction(1, 20), [0.05], ["5%", 0.05]]
    assert {backburn.explain("google-30d", target=0.999, error_ratios=one).alerts for one in shapes} == {
        backburn.explain("google-30d", target="99.9%", error_ratios="5%").alerts
    }
    assert repr(backburn.explain("google-30d", target=0.999)) == "Explanation(google-30d at 99.9% of 30d: page, ticket)"


@pytest.mark.parametrize(("name", "outage"), [("google-30d", 40), ("pyrra", 1), ("pyrra", 200), ("grafana", 7)])
def test_a_replay_agrees(name: str, outage: int, tmp_path: Path) -> None:
    before, after = 4 * 24 * 60, 7 * 60
    rows = write_log(
        tmp_path / "log.parquet",
        [{"at": at, "status": 500 if before <= at < before + outage else 200} for at in range(before + outage + after)],
    )
    spec = document(objectives=[objective(target="99.9%", window="28d")])
    replayed = [one for one in backburn.backtest(spec, rows, policy=name).replays[0].alerts if not one.warm_up]
    began = {one.alert: int((one.start - START).total_seconds()) - before * MINUTE for one in replayed}
    ended = {one.alert: int((one.end - START).total_seconds()) for one in replayed if one.end is not None}
    assert began
    for told in backburn.explain(name, target="99.9%", window="28d", error_ratios="100%").alerts:
        (whole,), wait = told.reactions, told.alert.wait
        reached = [one.reactions[0] for one in told.conditions if one.reactions[0].fires_after is not None]
        waits = 0 if wait is None else int(wait.seconds)
        true = [one for one in reached if (one.fires_after or 0) - waits < outage * MINUTE]
        lasts = max((outage * MINUTE + (one.resets_after or 0) for one in true), default=Fraction(0))
        if not true or (whole.fires_after or 0) >= lasts:
            assert told.alert.name not in began
            continue
        # A tick comes every minute.
        first = ((whole.fires_after or 0) - waits) // MINUTE + 1
        assert began[told.alert.name] == first * MINUTE + waits
        assert ended[told.alert.name] == before * MINUTE + -(-lasts // MINUTE) * MINUTE

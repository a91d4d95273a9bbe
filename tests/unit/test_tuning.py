"""Tuning on weeks with planted incidents: a choice holds on weeks it has not seen, and noise is no signal."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Any

import made_tuning
import pytest
from made_weeks import SPEC, planted, shuffled

import backburn
from backburn.alerts.tuning.metrics import dominates, not_worse

if TYPE_CHECKING:
    from pathlib import Path

    from backburn.alerts.tuning.result import Point

WINDOWS = [("1h", "5m"), ("2h", "10m"), ("6h", "30m"), ("12h", "1h"), ("1d", "2h"), ("1h", None)]
GRID: dict[str, Any] = {
    "apiVersion": "backburn/v1",
    "kind": "AlertPolicyGrid",
    "metadata": {"name": "few"},
    "windows": [{"long": long, "short": short} if short else {"window": long} for long, short in WINDOWS],
    "factors": {"from": 1, "to": 60, "steps": 30, "scale": "log"},
    "for": ["0s", "5m"],
}


def point(tuning: backburn.Tuning, name: str) -> Point:
    return next(one for one in tuning.catalogue if one.words == name)


@pytest.mark.slow
def test_the_choice_holds_on_weeks_that_it_has_not_seen(tmp_path: Path) -> None:
    """Of ten archives the choice is not worse than the usual policy on eight, and better on six, by any metric."""
    held = []
    for seed in range(1, 11):
        log = tmp_path / f"{seed}.parquet"
        labels = planted(log, seed)
        tuning = backburn.tune(SPEC, log, grid=GRID, labels=labels)
        assert tuning.chosen is not None, tuning.reason
        assert tuning.chosen.point.holdout is not None
        held.append((tuning.chosen.point.holdout, point(tuning, "google-30d").holdout))
    assert sum(not_worse(own, usual) for own, usual in held if usual is not None) >= 8
    assert sum(dominates(own, usual) for own, usual in held if usual is not None) >= 6


@pytest.mark.slow
def test_labels_that_mean_nothing_improve_nothing(tmp_path: Path) -> None:
    """Of twenty shuffles of the labels, over weeks that are enough to claim something, two at most claim something."""
    log, weeks = tmp_path / "log.parquet", 28
    labels = planted(log, 1, weeks=weeks, incidents=60)
    counted = backburn.rollup(SPEC, log)
    grid = {**GRID, "windows": GRID["windows"][:3]}
    claims = 0
    for seed in range(20):
        tuning = backburn.tune(SPEC, counted, grid=grid, labels=shuffled(labels, seed, weeks))
        assert tuning.holdout.weeks >= 8
        claims += any(one.improves for one in tuning.comparisons)
    assert claims <= 2
    honest = backburn.tune(SPEC, counted, grid=grid, labels=labels)
    assert honest.comparisons
    assert all(one.enough for one in honest.comparisons)


def test_what_true_labels_may_claim_shuffled_ones_may_not(tmp_path: Path) -> None:
    """Half of the incidents smoulder below what the usual policy sees, and weeks enough prove it of the true labels."""
    weeks, grid = 24, made_tuning.GRID
    made_tuning.write(tmp_path, weeks)
    counted = backburn.rollup(made_tuning.SPEC, tmp_path / "log.csv")
    _, labels = made_tuning.traffic(weeks)
    tuning = backburn.tune(made_tuning.SPEC, counted, grid=grid, labels=labels, train="50%")
    assert [(one.policy, one.enough, one.improves) for one in tuning.comparisons] == [("google-30d", True, True)]
    claims = []
    for seed in range(8):
        noise = shuffled(labels, seed, weeks, start=made_tuning.START)
        tuning = backburn.tune(made_tuning.SPEC, counted, grid=grid, labels=noise, train="50%")
        claims += [one.improves for one in tuning.comparisons if one.enough]
    assert claims
    assert not any(claims)


@cache
def _few(folder: Path) -> tuple[Path, list[dict[str, str]]]:
    log = folder / "few.parquet"
    return log, planted(log, 3, weeks=5, incidents=14)


@pytest.fixture(scope="module")
def few(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[dict[str, str]]]:
    return _few(tmp_path_factory.mktemp("few"))


def test_few_events_cannot_choose(few: tuple[Path, list[dict[str, str]]]) -> None:
    log, labels = few
    tuning = backburn.tune(SPEC, log, grid=GRID, labels=labels[:6])
    assert tuning.chosen is None
    assert tuning.reason is not None
    assert tuning.reason.startswith("the data cannot choose: ")
    assert "of the 3 events that are needed" in tuning.reason or "of the 5 events that are needed" in tuning.reason
    with pytest.raises(backburn.UsageError, match="there is no policy to save"):
        tuning.policy_text()


def test_the_choice_keeps_its_limits(few: tuple[Path, list[dict[str, str]]]) -> None:
    log, labels = few
    tuning = backburn.tune(SPEC, log, grid=GRID, labels=labels, max_pages_per_week=3, min_precision="80%")
    assert tuning.chosen is not None, tuning.reason
    assert (tuning.chosen.point.train.pages_per_week or 0) <= 3
    assert (tuning.chosen.point.train.precision or 0) >= 0.8


def test_what_nothing_keeps_is_said_with_what_would_be_near(few: tuple[Path, list[dict[str, str]]]) -> None:
    log, labels = few
    tuning = backburn.tune(SPEC, log, grid=GRID, labels=labels, min_recall="100%", detect_within="1m")
    assert (tuning.chosen, tuning.reason) == (None, "no policy keeps the limits")
    assert [line.split(":")[0] for line in tuning.binding] == ["min_recall 100%", "detect_within 1m"]
    assert any("the nearest has" in line for line in tuning.binding)


def test_a_cost_decides_what_a_mistake_is(few: tuple[Path, list[dict[str, str]]]) -> None:
    log, labels = few
    dear_pages = backburn.tune(SPEC, log, grid=GRID, labels=labels, cost="false_page=100,missed=1")
    dear_misses = backburn.tune(SPEC, log, grid=GRID, labels=labels, cost={"false_page": 1, "missed": 100})
    assert dear_pages.chosen is not None
    assert dear_misses.chosen is not None
    assert dear_pages.chosen.point.train.false_pages <= dear_misses.chosen.point.train.false_pages
    assert dear_pages.chosen.point.train.detected <= dear_misses.chosen.point.train.detected


def test_the_saved_policy_does_what_was_chosen(few: tuple[Path, list[dict[str, str]]], tmp_path: Path) -> None:
    log, labels = few
    tuning = backburn.tune(SPEC, log, grid=GRID, labels=labels)
    assert tuning.chosen is not None, tuning.reason
    saved = tmp_path / "tuned.yaml"
    tuning.save_policy(str(saved))
    again = backburn.load_policy(saved)
    assert [replace(alert, location=None) for alert in again.alerts] == list(tuning.chosen.policy.alerts)
    found = backburn.backtest(SPEC, log, policy=saved, labels=labels)
    told = [alert for replay in found.replays for alert in replay.told if alert.severity == "page"]
    holdout = tuning.chosen.point.holdout
    assert holdout is not None
    later = [alert for alert in told if alert.start.timestamp() * 1e6 >= tuning.holdout.start]
    assert len(later) >= holdout.pages
    assert saved.read_text(encoding="utf-8").startswith("# Chosen for shop among ")


def test_all_factors_are_those_that_tell_one_policy_from_another(few: tuple[Path, list[dict[str, str]]]) -> None:
    log, labels = few
    grid = {**GRID, "windows": GRID["windows"][:1], "factors": "all", "for": ["0s"]}
    tuning = backburn.tune(SPEC, log, grid=grid, labels=labels)
    assert tuning.tried > 100
    assert tuning.chosen is not None, tuning.reason


def test_a_huge_grid_is_refused_with_its_size(few: tuple[Path, list[dict[str, str]]]) -> None:
    log, labels = few
    grid = {**GRID, "factors": {"from": 1, "to": 100, "steps": 30000}, "min_valid": list(range(1, 200))}
    with pytest.raises(backburn.UsageError, match=r"has [0-9,]+ policies"):
        backburn.tune(SPEC, log, grid=grid, labels=labels)


def test_computed_events_are_the_planted_incidents(few: tuple[Path, list[dict[str, str]]]) -> None:
    """What failed tells of incidents what people wrote down: a policy that hears of one hears of the other."""
    log, labels = few
    found = backburn.backtest(SPEC, log, policy="google-30d", labels=labels)
    written, computed = (found.score("google-30d", truth=truth) for truth in ("labels", "computed"))
    assert written is not None
    assert computed is not None
    # Two incidents that overlap are one event of the counts, and what costs little is none.
    assert 0.7 * written.events <= computed.events <= written.events + 1
    assert (computed.recall.value or 0) >= (written.recall.value or 0)
    assert (computed.precision.value or 0) >= 0.8

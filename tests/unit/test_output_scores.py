"""What a person sees of scores, on traffic whose numbers are worked out by hand."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from fractions import Fraction
from typing import Any

import pytest
from made_logs import counted_rows

import backburn
from backburn.model.policy import Alert, AlertPolicy, Single
from backburn.output import Look, render
from backburn.output.backtest import answer
from backburn.units import Duration

START = datetime(2025, 10, 1, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
OUTAGE = (1_440, 1_500)
RATE = 10_000


def spec(*names: str) -> dict[str, Any]:
    return {
        "apiVersion": "backburn/v1",
        "kind": "ServiceLevelObjectives",
        "metadata": {"service": "shop"},
        "source": {"gaps": "quiet", "columns": {"count": {"column": "n", "means": "aggregated"}}},
        "objectives": [
            {"name": name, "sli": {"kind": "availability"}, "target": "99.9%", "window": "30d"}
            for name in names or ("availability",)
        ],
    }


def policy(window: str, factor: str, *, name: str = "mine", severity: str = "page", period: str = "30d") -> AlertPolicy:
    condition = Single(window=Duration.parse(window), factor=Fraction(factor))
    alert = Alert(name=severity, severity=severity, any=(condition,))
    return AlertPolicy(name=name, period=Duration.parse(period), alerts=(alert,))


HOUR = policy("1h", "36", name="hour")
"""Sees an outage after 2.16 minutes, at its third tick, and goes on for 58."""


def traffic(minutes: int, *failing: tuple[int, int, str]) -> dict[str, list[Any]]:
    def load(minute: int) -> tuple[int, int]:
        bad = sum(int(Fraction(share) * RATE) for start, end, share in failing if start <= minute < end)
        return RATE - bad, bad

    return counted_rows(START, MINUTE, map(load, range(minutes)))


def label(start: int, end: int, **more: str) -> dict[str, str]:
    return {"start": (START + start * MINUTE).isoformat(), "end": (START + end * MINUTE).isoformat(), **more}


def shown(form: str = "table", width: int | None = None, **asked: Any) -> str:
    spec_, rows = asked.pop("spec", spec()), asked.pop("rows")
    return render(answer(backburn.backtest(spec_, rows, **asked)), form, Look(width=width))


def block(text: str) -> dict[str, list[str]]:
    """Give the lines of the block of one policy, by the names of their numbers."""
    lines = text[text.index("scored by") :].split("\n\n", maxsplit=1)[0].splitlines()
    at = lines[0].index("labels") if "labels" in lines[0] else lines[0].index("computed")
    return {line[:at].strip(): [one.strip() for one in line[at:].split("  ") if one.strip()] for line in lines}


def table(text: str, caption: str) -> list[dict[str, str]]:
    """Give the rows of a table of Markdown."""
    head, _, *rows = text[text.index(caption) :].split("\n\n")[1].splitlines()
    names = [name.strip() for name in head.strip("|").split("|")]
    return [dict(zip(names, (cell.strip() for cell in row.strip("|").split("|")), strict=True)) for row in rows]


def test_a_single_policy_has_a_column_for_each_truth() -> None:
    """Two labels, of which one marks no failures; the outage is what is computed too."""
    rows = traffic(4_320, (*OUTAGE, "1"))
    found = block(shown(rows=rows, policy=HOUR, labels=[label(*OUTAGE), label(3_000, 3_010)]))
    # 2.5 % and 97.5 % of 1 of 2 and of 1 of 1, after Clopper and Pearson.
    assert found["scored by"] == ["labels", "computed events"]
    assert found["detected"] == ["1 of 2", "1 of 1"]
    assert found["missed"] == ["1", "0"]
    assert found["recall"] == ["0.50 (0.01-0.99)", "1 (0.03-1)"]
    assert found["precision"] == ["1 (0.03-1)", "1 (0.03-1)"]
    assert found["detection p50"] == ["3m", "3m"]
    assert found["detection p90"] == ["not reached", "3m"]
    # Three minutes of 30 days at a thousandth; nothing failed in the label that was missed.
    assert found["spent before"] == ["6.9 %", "6.9 %"]
    assert found["spent by missed"] == ["0 %", "0 %"]
    assert found["reset p50"] == ["58m", "58m"]
    assert (found["pages"], found["false pages"]) == (["1", "1"], ["0", "0"])
    assert "remark" not in found


def test_chance_stands_beside_recall() -> None:
    """A page at any time finds an outage of 60 minutes with a grace of 30 in 90 of 4,260 draws."""
    text = shown(rows=traffic(4_320, (*OUTAGE, "1")), policy=HOUR)
    found = block(text)
    assert float(found["by chance"][0]) == pytest.approx(90 / 4_260, abs=0.015)
    assert float(found["p"][0]) < 0.05
    assert "by chance: recall of the same pages at other times, the mean of 1,000 draws; p: how often" in text


def test_several_policies_have_a_table_for_each_truth_with_their_faults_in_words() -> None:
    rows = traffic(4_320, (*OUTAGE, "1"), (2_000, 3_500, "0.01"))
    policies = [
        HOUR,
        policy("5m", "5", name="twitchy"),
        policy("5m", "5", name="for-ever", period="1h"),
        policy("5m", "5", name="tickets", severity="ticket"),
    ]
    text = shown("md", rows=rows, policy=policies, labels=[label(*OUTAGE)])
    by_labels = table(text, "Scored by labels:")
    assert [(one["policy"], one["remark"]) for one in by_labels] == [
        ("hour", ""),
        ("twitchy", "noisy"),
        ("for-ever", "noisy, fires permanently"),
        ("tickets", "never pages"),
    ]
    assert [one["detected"] for one in by_labels] == ["1 of 1", "1 of 1", "1 of 1", "0 of 1"]
    assert [one["precision"] for one in by_labels] == ["1 (0.03-1)", "0.50 (0.01-0.99)", "0.50 (0.01-0.99)", "–"]
    assert [one["pages"] for one in by_labels] == ["1", "2", "2", "0"]
    assert "objective" not in by_labels[0]
    assert [one["policy"] for one in table(text, "Scored by computed events:")] == [one.name for one in policies]


def test_a_single_policy_that_is_noisy_is_marked() -> None:
    rows = traffic(4_320, (*OUTAGE, "1"), (2_000, 3_500, "0.01"))
    found = block(shown(rows=rows, policy=policy("5m", "5"), labels=[label(*OUTAGE)]))
    assert found["remark"][0] == "noisy"


def test_the_union_of_objectives_is_told_apart() -> None:
    rows = traffic(4_320, (*OUTAGE, "1"))
    labels = [label(*OUTAGE, objective="availability")]
    by_labels = table(shown("md", spec=spec("availability", "other"), rows=rows, policy=HOUR, labels=labels), "Scored")
    assert [(one["objective"], one["detected"]) for one in by_labels] == [
        ("availability", "1 of 1"),
        ("other", "–"),
        ("(all)", "1 of 1"),
    ]
    assert "policy" not in by_labels[0]


def test_an_event_before_which_a_page_fires_already() -> None:
    rows = traffic(4_320, (*OUTAGE, "1"))
    found = block(shown(rows=rows, policy=HOUR, labels=[label(1_450, 1_460), label(1_441, 1_450)]))
    assert found["already firing"][0] == "1"
    assert found["detected"][0] == "1 of 2"


def test_what_lies_in_the_warm_up_is_counted() -> None:
    """Both an alert and its event begin in the first hour, and one label begins after all ticks."""
    rows = traffic(3_000, (20, 50, "1"), (*OUTAGE, "1"))
    text = shown(rows=rows, policy=HOUR, labels=[label(20, 50), label(*OUTAGE), label(9_000, 9_010)])
    expected = "after the last tick: 1 alert that pages, 2 labels, 1 computed event\n"
    assert f"left out, for it begins in the warm-up or {expected}" in text
    assert "left out" not in shown(rows=traffic(3_000, (*OUTAGE, "1")), policy=HOUR)


def test_what_is_left_out_of_several_objectives_is_counted_once() -> None:
    rows = traffic(3_000, (20, 50, "1"), (*OUTAGE, "1"))
    text = shown(spec=spec("availability", "other"), rows=rows, policy=HOUR, labels=[label(20, 50), label(*OUTAGE)])
    assert "after the last tick: 2 alerts that page, 1 label, 1 computed event\n" in text


def test_nothing_is_scored_where_all_is_warm_up() -> None:
    text = shown(rows=traffic(50, (20, 30, "1")), policy=HOUR, labels=[label(20, 30)])
    assert "nothing is scored: every tick is in the warm-up\n" in text
    assert "1 alert that pages, 1 label" in text
    assert "scored by" not in text
    assert "a page is" not in text


def test_no_event_is_said_in_a_sentence() -> None:
    text = shown(rows=traffic(600), policy=HOUR)
    assert "no event is computed: nothing to detect\n" in text
    assert "scored by" not in text
    assert "intervals" not in text


def test_a_truth_without_events_has_no_column() -> None:
    """Where no truth has events, pages are still counted."""
    rows = traffic(3_000, (*OUTAGE, "1"))
    text = shown(rows=rows, policy=HOUR, labels=[label(9_000, 9_010)])
    assert "no label is of a time that is scored: nothing to detect\n" in text
    assert block(text)["scored by"] == ["computed events"]
    short = shown(rows=traffic(3_000, (1_440, 1_450, "0.05")), policy=policy("5m", "36"), labels=[label(0, 10)])
    found = block(short)
    assert (found["scored by"], found["pages"], found["false pages"]) == (["labels"], ["1"], ["1"])
    assert found["precision"] == ["0 (0-0.97)"]
    assert {"detected", "recall", "detection p50"}.isdisjoint(found)


def test_intervals_say_what_they_rest_on() -> None:
    """Nine weeks of five-minute steps are enough for a bootstrap; two days are not."""
    few = shown(rows=traffic(2_940, (*OUTAGE, "1")), policy=HOUR)
    assert "intervals need 8 weeks, so these are by event: 2d scored\n" in few
    assert "pages a week are those of less than a week, 2d, drawn out\n" in few
    steps = 9 * 7 * 288
    week = 7 * 288
    failing = {week * number + 600 + tick for number in range(9) for tick in range(12)}
    counts = ((0, RATE) if step in failing else (RATE, 0) for step in range(steps))
    rows = counted_rows(START, 5 * MINUTE, counts)
    stepped = spec() | {"source": {**spec()["source"], "step": "5m"}}
    many = shown(spec=stepped, rows=rows, policy=HOUR)
    assert "intervals need" not in many
    assert "drawn out" not in many
    assert block(many)["recall"] == ["1 (1-1)"]
    assert block(many)["pages a week"][0].startswith("1.00")


def test_policies_of_other_periods_have_other_events() -> None:
    """Six minutes of outage are 14 % of a month's budget, and less than 2 % of a year's."""
    rows = traffic(4_320, (1_440, 1_446, "1"))
    policies = [HOUR, policy("1h", "36", name="year", period="365d")]
    assert "those of different periods have different ones" in shown(rows=rows, policy=policies)
    assert "different periods" not in shown(rows=rows, policy=[HOUR, policy("2h", "6", name="slow")])


def test_the_rule_is_said_below() -> None:
    text = shown("md", rows=traffic(4_320, (*OUTAGE, "1")), policy=HOUR)
    rule = text.split("\n\n")[-2].splitlines()
    assert rule[0].startswith("- a page is the alerts of severity page of one service")
    assert rule[-1].startswith("- spent before: the share of a period's budget")


@pytest.mark.parametrize("width", [40, 60, 80, 100, 140])
def test_no_line_is_wider_than_the_screen(width: int) -> None:
    rows = traffic(4_320, (*OUTAGE, "1"))
    policies = [HOUR, policy("5m", "5", name="twitchy")]
    for asked in (policies, policies[:1]):
        text = shown(width=width, rows=rows, policy=asked, labels=[label(*OUTAGE)])
        assert "by chance" in " ".join(text.split())
        # A line of time has sixty places, however narrow the screen is.
        assert [line for line in text.splitlines() if len(line) > width and "·" not in line] == []


def test_rows_of_alerts_are_not_scored() -> None:
    text = shown("csv", rows=traffic(4_320, (*OUTAGE, "1")), policy=HOUR, labels=[label(*OUTAGE)])
    assert len(text.splitlines()) == 2

"""Conditions of alerts as expressions, and what no rule can do."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import pytest
from made_logs import document, objective
from made_policies import COUNTED, PAGE, PAIR, length, policy, spec

from backburn.document import from_dict
from backburn.errors import SpecError, UsageError
from backburn.interop.prometheus import rules
from backburn.model.policy import Alert, Consumed, Drop, Exhausts, Guards, NoTraffic, Pair, Single

if TYPE_CHECKING:
    from backburn.interop.prometheus import Rules
    from backburn.model.policy import Condition
    from backburn.model.spec import Spec


def exported(alert: Alert | Condition, promised: Spec | None = None, **words: Any) -> Rules:
    asked = alert if isinstance(alert, Alert) else replace(PAGE, any=(alert,))
    return rules(promised or spec(), lambda *_: policy(asked, **words))


def expression(alert: Alert | Condition, **words: Any) -> str:
    """The expression of an alert without the labels of its series, which are everywhere the same."""
    (group,) = exported(alert, **words).groups
    return group.alerts[0].expr.replace('{objective="availability",service="shop"}', "")


BOTH = """backburn:bad:increase1h / backburn:valid:increase1h > 0.0144
and
backburn:bad:increase5m / backburn:valid:increase5m > 0.0144"""
GUARDED = """(
  backburn:bad:increase1h / backburn:valid:increase1h > 0.0144
  and
  backburn:bad:increase5m / backburn:valid:increase5m > 0.0144
  and
  backburn:bad:increase1h >= 3
  and
  backburn:valid:increase1h >= 10
  and
  backburn:valid:increase1h >= 420
)"""


@pytest.mark.parametrize(
    ("alert", "expected", "told"),
    [
        (
            replace(PAGE, op="gte"),
            BOTH.replace(">", ">="),
            "A burn rate of at least 14.4 in 1h and 5m.",
        ),
        (
            Pair(long=length("1h"), short=length("5m"), budget=Fraction("0.02")),
            BOTH,
            "A burn rate above 14.4 in 1h and 5m.",
        ),
        (
            # The nearest double to 14/15 of a thousandth.
            Single(window=length("3d"), factor=Fraction(14, 15)),
            "backburn:bad:increase3d / backburn:valid:increase3d > 0.0009333333333333333",
            "A burn rate above 0.933333 in 3d.",
        ),
        (
            Single(window=length("10m"), error_ratio=Fraction("0.2")),
            "backburn:bad:increase10m / backburn:valid:increase10m > 0.2",
            "More than 20% errors in 10m.",
        ),
        (
            Consumed(share=Fraction("0.5")),
            "backburn:bad:increase30d / backburn:valid:increase30d >= 0.0005",
            "At least 50% of the error budget of 30d is spent.",
        ),
        (NoTraffic(length=length("10m")), "backburn:valid:increase10m == 0", "No events in 10m."),
        (
            replace(PAGE, any=(Single(window=length("1h"), factor=Fraction(20)), NoTraffic(length=length("10m")))),
            "backburn:bad:increase1h / backburn:valid:increase1h > 0.02\nor\nbackburn:valid:increase10m == 0",
            "A burn rate above 20 in 1h, or no events in 10m.",
        ),
        (
            # Seven events a minute, and one more than 419 in an hour.
            replace(PAGE, any=(PAIR, PAIR), guards=Guards(bad=3, valid=10, rate=Fraction("0.1165"))),
            f"{GUARDED}\nor\n{GUARDED}",
            "A burn rate above 14.4 in 1h and 5m, or a burn rate above 14.4 in 1h and 5m.",
        ),
        (
            replace(PAGE, any=(Single(window=length("1h"), factor=Fraction(999)),), no_data="bad"),
            "(backburn:bad:increase1h / backburn:valid:increase1h > 0.999 or backburn:valid:increase1h == 0)",
            "A burn rate above 999 in 1h.",
        ),
        (
            # All bad is a burn rate of 1,000, which is not above itself.
            replace(PAGE, any=(Single(window=length("1h"), factor=Fraction(1000)),), no_data="bad"),
            "backburn:bad:increase1h / backburn:valid:increase1h > 1",
            "A burn rate above 1000 in 1h.",
        ),
        (
            replace(PAGE, any=(Single(window=length("1h"), factor=Fraction(1000)),), no_data="bad", op="gte"),
            "(backburn:bad:increase1h / backburn:valid:increase1h >= 1 or backburn:valid:increase1h == 0)",
            "A burn rate of at least 1000 in 1h.",
        ),
    ],
)
def test_every_condition_is_an_expression(alert: Alert | Condition, expected: str, told: str) -> None:
    assert expression(alert, period=length("30d")) == expected
    (group,) = exported(alert, period=length("30d")).groups
    assert group.alerts[0].annotations["description"] == f"{told} The target is 99.9% over 30d."


@pytest.mark.parametrize(
    ("alert", "words", "message"),
    [
        (replace(PAGE, no_data="freeze"), {}, "mine, page: no_data: freeze cannot be exported to Prometheus; "),
        (replace(PAGE, quirk="rounded"), {}, "mine, page: the rounding of slo-generator cannot be exported"),
        (replace(PAGE, quirk="traffic-weighted"), {}, "mine, page: a weight by traffic cannot be exported"),
        (Exhausts(within=length("4h")), {}, "mine, page: exhausts_within cannot be exported to Prometheus; a forecast"),
        (Drop(share=Fraction("0.5"), within=length("1h")), {}, "mine, page: drop cannot be exported to Prometheus; "),
        (Pair(long=length("1h"), short=length("5m"), budget=Fraction("0.02")), {}, "without a period cannot be"),
        (Consumed(share=Fraction("0.5")), {"window": {"calendar": "month"}}, "a share of the budget of month cannot"),
        (PAGE, {"budgeting": {"method": "time-slices", "slice": "1m"}}, "availability: a budget of time-slices cannot"),
    ],
)
def test_what_rules_cannot_do_is_refused_with_a_remedy(
    alert: Alert | Condition, words: dict[str, Any], message: str
) -> None:
    with pytest.raises(SpecError) as raised:
        exported(alert, spec(**words))
    assert message in str(raised.value)
    assert raised.value.remedy


def test_rows_that_weigh_are_not_told_by_counters() -> None:
    guarded = policy(replace(PAGE, guards=Guards(bad=3)))
    weighed = document(objectives=[objective()], source={"columns": {"count": "n"}})
    with pytest.raises(SpecError, match=r"min_bad, which counts rows, cannot be exported .*; .* min_valid"):
        rules(from_dict(weighed), lambda *_: guarded)
    # Counters of one's own tell nothing of rows; each of their events is one.
    weighed["objectives"][0]["prometheus"] = COUNTED
    assert rules(from_dict(weighed), lambda *_: guarded).groups


def test_a_window_that_prometheus_cannot_write_is_refused() -> None:
    with pytest.raises(UsageError, match="'1500us' cannot be exported to Prometheus; write whole milliseconds"):
        exported(Single(window=length("1500us"), factor=Fraction(1)))

"""Overrides as label matchers: each series is in the one region of its first override, and in no other."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_logs import document, objective
from made_policies import COUNTED, PAGE, policy

from backburn.document import from_dict
from backburn.errors import SpecError
from backburn.evaluation.series import match_all
from backburn.interop.prometheus import rules
from backburn.interop.prometheus.regions import regions
from backburn.model.spec import Override

if TYPE_CHECKING:
    from collections.abc import Mapping

CALLED = {"service": "service", "zone": "zone_label"}
VALUES = ["a", "b", "batch-1", "a.b", "axb", "a[b", "^", "x\\y", 'say "a"', None]
PATTERNS = [
    "a",
    "b",
    "batch-*",
    "*",
    "?",
    "a?b",
    "a.b",
    "[ab]",
    "[!ab]",
    "[^ab]",
    "a[[]b",
    "[a-",
    "x\\*",
    "say*",
    "**",
    "*1",
]


def told(labels: Mapping[str, str | None]) -> dict[str, str]:
    """Labels as counters have them: null ones are left out."""
    return {CALLED[name]: value for name, value in labels.items() if value is not None}


@given(
    st.lists(st.dictionaries(st.sampled_from(list(CALLED)), st.sampled_from(PATTERNS), min_size=1), max_size=4),
    st.fixed_dictionaries({name: st.sampled_from(VALUES) for name in CALLED}),
)
def test_a_series_is_in_the_region_of_its_first_override(
    matches: list[dict[str, str]], labels: dict[str, str | None]
) -> None:
    overrides = tuple(Override(match=match, target=Decimal("0.9")) for match in matches)
    (promise,) = from_dict(document()).objectives
    promise = type(promise)(
        name="a", sli=promise.sli, target=promise.target, window=promise.window, overrides=overrides
    )
    holding = [region.override for region in regions(promise, CALLED) if region.holds(told(labels))]
    assert holding == [next((one for one in overrides if match_all(one.match, labels)), None)]


def test_regions_are_rules_of_their_own() -> None:
    overrides = [
        {"match": {"service": "payments", "zone": "eu-*"}, "target": "99.99%"},
        {"match": {"service": "*"}, "target": "99%"},
    ]
    written = document(
        metadata={"name": "fleet"}, source={"by": ["service", "zone"]}, objectives=[objective(overrides=overrides)]
    )
    (group,) = rules(from_dict(written), lambda *_: policy(PAGE)).groups
    seen = [(rule.alert, [str(one) for one in rule.region.matchers], rule.expr.split()[4]) for rule in group.alerts]
    assert seen == [
        ("FleetAvailabilityPage", ['service="payments"', 'zone=~"eu-.*"'], "0.00144"),
        ("FleetAvailabilityPage", ['service!="payments"', 'service=~".+"'], "0.144"),
        ("FleetAvailabilityPage", ['service="payments"', 'zone!~"eu-.*"', 'service=~".+"'], "0.144"),
        ("FleetAvailabilityPage", ['service!="payments"', 'service!~".+"'], "0.144"),
    ]


def test_an_override_needs_labels_that_the_counters_have() -> None:
    written = document(
        source={"by": ["zone"]},
        objectives=[
            objective(overrides=[{"match": {"zone": "eu"}, "target": "90%"}], prometheus={**COUNTED, "by": []})
        ],
    )
    with pytest.raises(SpecError, match="for some values of 'zone', which the rules cannot tell apart; add zone to"):
        rules(from_dict(written), lambda *_: policy(PAGE))

"""Scores are what the oracle says: every count, and every number to the ninth digit."""

from __future__ import annotations

from collections import Counter
from functools import cache
from math import sqrt
from typing import TYPE_CHECKING, Any

from hypothesis import event, given
from oracle.confidence import clopper_pearson
from oracle.score import Event, Group, by_chance
from oracle.tally import score
from properties.scored import cases, document, field, groups, log

import backburn

if TYPE_CHECKING:
    from fractions import Fraction

    from oracle.score import Field
    from properties.scored import Case

    from backburn.alerts.score.result import Estimate, Score

WITH_ENDS = ("recall", "recall_covered", "precision", "event_precision")
DRAWS = 1_000
interval = cache(clopper_pearson)


def near(found: float | None, exact: Fraction | float | None, by: float = 1e-9) -> bool:
    if found is None or exact is None:
        return found is None and exact is None
    return abs(found - float(exact)) <= by * max(1.0, abs(float(exact)))


def differing(found: Score, expected: dict[str, Any]) -> dict[str, Any]:
    """What is not as expected, by its name."""

    def same(value: Any, exact: Any) -> bool:
        if isinstance(exact, dict):
            return all(near(getattr(value, name), one) for name, one in exact.items())
        if isinstance(exact, int):
            return type(value) is type(exact) and bool(value == exact)
        return near(getattr(value, "value", value), exact)

    values = {name: getattr(found, name) for name in expected}
    return {name: (value, expected[name]) for name, value in values.items() if not same(value, expected[name])}


def together(parts: list[dict[str, Group]]) -> list[Group]:
    """The union of objectives: equal spans are one event, or as many as the objective has that has most of them."""
    made = []
    for service in parts[0]:
        own = [part[service] for part in parts]
        most: Counter[tuple[int, int]] = Counter()
        for group in own:
            most |= Counter((one.start, one.end) for one in group.events)
        made.append(
            Group(
                alerts=[alert for group in own for alert in group.alerts],
                events=[Event(start=start, end=end) for start, end in most.elements()],
                unsure=[span for group in own for span in group.unsure],
            )
        )
    return made


@given(cases())
def test_scores_are_those_of_the_oracle(case: Case) -> None:
    policies, ground = list(case.policies), field(case)
    every, labels = f"{case.every * case.step}m", list(case.labels) or None
    found = backburn.backtest(document(case), log(case), policy=policies, every=every, labels=labels)
    left = list(found.scores)
    for truth in ("labels", "computed") if case.labels else ("computed",):
        for policy in policies:
            assert policy.period is not None
            parts = {name: groups(case, found, policy, name, truth) for name in case.targets}
            told: dict[str | None, list[Group]] = {name: list(part.values()) for name, part in parts.items()}
            if len(parts) > 1:
                told[None] = together(list(parts.values()))
            for objective, of in told.items():
                own = left.pop(0)
                assert (own.policy, own.objective, own.truth) == (policy.name, objective, truth)
                expected = score(ground, of, policy.period.microseconds)
                if objective is None:
                    expected |= {"budget_before": None, "budget_lost": None}
                assert differing(own, expected) == {}
                check_intervals(own, expected)
                if own is found.scores[0]:
                    check_chance(own, ground, of)
                event(f"{truth}: {'some' if own.detected else 'none'} of {'some' if own.events else 'no'} events")
    assert left == []


def check_intervals(found: Score, expected: dict[str, Any]) -> None:
    """A log is shorter than eight weeks, so ends are those of Clopper and Pearson."""
    numbers = [found.detected, found.detected + found.already_firing, found.true_pages, found.detected]
    wholes = [found.events, found.events, found.true_pages + found.false_pages, found.detected + found.false_pages]
    for name, some, of in zip(WITH_ENDS, numbers, wholes, strict=True):
        estimate: Estimate = getattr(found, name)
        low, high = interval(some, of) if of else (None, None)
        assert near(estimate.low, low)
        assert near(estimate.high, high)
        assert estimate.method == ("events" if expected[name] is not None else None)


def check_chance(found: Score, ground: Field, of: list[Group]) -> None:
    """The mean of the draws is close to that of all distances: within six standard errors."""
    rings = [by_chance(ground, group) for group in of]
    paged = [ring for ring in rings if any(any(one) for one in ring)]
    if not found.pages or not found.events:
        assert found.random is None
        return
    assert found.random is not None
    means = [sum(one[0] for one in ring) / len(ring) for ring in rings if ring]
    spreads = [sum(one[0] ** 2 for one in ring) / len(ring) for ring in rings if ring]
    error = sqrt(max(0.0, sum(spreads) - sum(mean**2 for mean in means)) / DRAWS)
    assert abs((found.random.recall.value or 0.0) * found.events - sum(means)) <= 6 * error + 1e-9
    assert found.random.draws == DRAWS
    if len(paged) == 1:
        (ring,) = paged
        as_good = sum(one[0] >= found.detected for one in ring) / len(ring)
        assert near_chance(found.random.recall_p, as_good)
        precise = [true / (true + false) for _, true, false in ring if true + false]
        values = [
            estimate for estimate in (found.random.precision.low, found.random.precision.high) if estimate is not None
        ]
        assert all(any(abs(value - one) < 1e-12 for one in precise) for value in values)
        if len(precise) == len(ring):
            mean = sum(precise) / len(ring)
            error = sqrt(max(0.0, sum(one**2 for one in precise) / len(ring) - mean**2) / DRAWS)
            assert abs((found.random.precision.value or 0.0) - mean) <= 6 * error + 1e-9


def near_chance(found: float | None, exact: float) -> bool:
    return found is not None and abs(found - exact) <= 6 * sqrt(exact * (1 - exact) / DRAWS) + 2 / DRAWS

"""How sure a result is: what the oracle says for few events, and statsmodels and exact sums for many."""

from __future__ import annotations

from decimal import Decimal, localcontext
from fractions import Fraction
from itertools import chain
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_logs import document, objective
from oracle import confidence as oracle
from statsmodels.stats.proportion import proportion_confint  # type: ignore[import-untyped]  # It ships no types.

import backburn

if TYPE_CHECKING:
    from collections.abc import Sequence

    from backburn import Confidence

BEGIN = 1_759_276_800 // 60
"""2025-10-01T00:00:00Z in minutes."""
SIZES = [*range(1, 31), 99, 148, 263, 399, 400, 401, 402, 1000, 3000, *(10**power for power in range(4, 10))]
METHODS = {"wilson": "wilson", "beta": "clopper_pearson", "jeffreys": "jeffreys"}


def sure(counts: Sequence[tuple[int, int]], target: str = "99.9%", means: str = "aggregated") -> list[Confidence]:
    """How sure a target is for each of these pairs of good and bad events, which are one row each."""
    cases = [
        (case, status, count)
        for case, pair in enumerate(counts)
        for status, count in zip((200, 500), pair, strict=True)
    ]
    return judged([(case, status, count) for case, status, count in cases if count], target, means)


def judged(rows: Sequence[tuple[int, int, int]], target: str, means: str) -> list[Confidence]:
    """How sure each case is, from rows of (case, status, weight)."""
    columns = {"count": {"column": "n", "means": means}}
    spec = document(source={"by": ["case"], "columns": columns}, objectives=[objective(target=target)])
    data: dict[str, Any] = {
        "timestamp": ["2025-10-01T00:00:00Z"] * len(rows),
        "case": [f"{case:06}" for case, _, _ in rows],
        "status": [status for _, status, _ in rows],
        "n": [weight for _, _, weight in rows],
    }
    found = [result.confidence for result in backburn.evaluate(spec, data).results]
    return [one for one in found if one is not None]


def grid() -> list[tuple[int, int]]:
    """Good and bad events: none, all, few of many, and what lies around the places where methods change."""
    counts: list[tuple[int, int]] = []
    for n in SIZES:
        few = {0, 1, 2, 3, 5, 10, 199, 200, 201, 1000, 30_000, *(n // part for part in (1000, 100, 20, 10, 4, 3, 2))}
        bad = {count for count in few if count <= n}
        counts += [(n - count, count) for count in sorted(bad | {n - count for count in bad})]
    return counts


def miss(rare: int, n: int, share: float, *, above: bool) -> float:
    """By which part the chance that `share` is an end for misses 2.5 %, with 50 digits: of `rare` or more, or fewer."""
    with localcontext() as context:
        context.prec = 50
        p = Decimal(share)
        term = ((1 - p).ln() * n).exp()
        below = Decimal(0)
        for k in range(rare + 1 if above else rare):
            below += term
            term *= Decimal(n - k) / (k + 1) * p / (1 - p)
        chance = below if above else 1 - below
        return abs(float(chance * 40 - 1))


def test_intervals_are_those_of_statsmodels_and_where_it_errs_exact() -> None:
    counts = grid()
    erring: list[tuple[int, int]] = []
    for (good, bad), found in zip(counts, sure(counts), strict=True):
        n = good + bad
        for method, name in METHODS.items():
            # Of the rarer events, whose share has all its digits; those of the others are what is left of 1.
            low, high = proportion_confint(min(good, bad), n, method=method)
            shown = getattr(found, name)
            mine = shown if good < bad else (1 - shown[1], 1 - shown[0])
            if min(good, bad) == 0:  # Jeffreys' interval begins at 0 by definition, and Wilson's but for rounding.
                low = 0.0
            # What is left of 1 is known to 2^-53, and so is its end.
            near = [pytest.approx(end, rel=1e-9, abs=0 if good < bad else 2.3e-16) for end in (low, high)]
            if list(mine) != near:
                assert name == "clopper_pearson"
                assert n >= 10**7
                erring.append((min(good, bad), max(good, bad)))
    # SciPy 1.17 has some ends wrong, by up to a half; of the ends here the chances are exact.
    assert len(erring) <= 20
    for (rare, common), found in zip(sorted(set(erring)), sure(sorted(set(erring))), strict=True):
        low, high = found.clopper_pearson
        assert miss(rare, rare + common, low, above=False) < 1e-11
        assert miss(rare, rare + common, high, above=True) < 1e-11


def test_the_share_of_bad_events_is_what_is_left_of_that_of_good_ones() -> None:
    counts = grid()
    turned = sure([(bad, good) for good, bad in counts])
    for found, other in zip(sure(counts), turned, strict=True):
        for name in METHODS.values():
            low, high = getattr(found, name)
            assert [1 - high, 1 - low] == pytest.approx(list(getattr(other, name)), rel=1e-15, abs=2.3e-16)


@pytest.mark.parametrize("n", [1, 2, 7, 20, 30])
def test_intervals_of_few_events_are_those_of_exact_tails(n: int) -> None:
    counts = [(good, n - good) for good in range(n + 1)]
    for (good, _), found in zip(counts, sure(counts), strict=True):
        exact = oracle.clopper_pearson(good, n)
        assert found.events == n
        assert list(found.clopper_pearson) == pytest.approx([float(end) for end in exact], rel=1e-12)
        assert list(found.wilson) == pytest.approx(oracle.wilson(good, n), rel=1e-12)
        assert list(found.jeffreys) == pytest.approx(oracle.jeffreys(good, n), rel=1e-11)


@given(
    good=st.integers(0, 60),
    bad=st.integers(0, 8),
    target=st.sampled_from(["50%", "90%", "95%", "99%"]),
    times=st.integers(1, 12),
)
def test_there_are_enough_events_from_the_number_needed_on(good: int, bad: int, target: str, times: int) -> None:
    if good + bad == 0:
        return
    once, often = sure([(good, bad), (good * times, bad * times)], target)
    share = Fraction(target.removesuffix("%")) / 100
    assert often.verdict == oracle.verdict(good * times, bad * times, share)
    assert once.needed == often.needed
    assert (often.verdict != "too few to tell") == (once.needed is not None and often.events >= once.needed)


def test_a_share_that_is_the_target_never_decides() -> None:
    for found in sure([(999, 1), (999_000_000, 1_000_000)]):
        assert (found.verdict, found.needed) == ("too few to tell", None)


@given(st.lists(st.tuples(st.booleans(), st.integers(1, 50)), min_size=1, max_size=30))
def test_a_sample_is_worth_as_many_events_as_its_weights_say(rows: list[tuple[bool, int]]) -> None:
    weighed = [(0, 200 if good else 500, weight) for good, weight in rows]
    (found,) = judged(weighed, "90%", "sampled")
    n = oracle.effective([weight for _, weight in rows])
    assert found.events == pytest.approx(float(n), rel=1e-14)
    share = Fraction(sum(weight for good, weight in rows if good), sum(weight for _, weight in rows))
    for method, name in METHODS.items():
        low, high = proportion_confint(float(share * n), float(n), method=method)
        if name == "jeffreys":
            low, high = (0.0 if share == 0 else low), (1.0 if share == 1 else high)
        assert list(getattr(found, name)) == pytest.approx([low, high], rel=1e-9, abs=1e-15)
    (counted,) = judged(weighed, "90%", "aggregated")
    assert counted.events == sum(weight for _, weight in rows)


@given(
    events=st.lists(st.tuples(st.integers(0, 25 * 1440), st.booleans()), min_size=1, max_size=60),
    zone=st.sampled_from(["UTC", "America/New_York", "Asia/Kolkata", "australia/lord_howe"]),
    days=st.sampled_from([0, 12, 31]),
)
def test_blocks_are_drawn_as_the_oracle_draws_them(events: list[tuple[int, bool]], zone: str, days: int) -> None:
    # From the first of October on, clocks change in two of the zones within six weeks.
    at = [(BEGIN + days * 1440 + minute, good) for minute, good in events]
    spec = document(timezone=zone, source={"gaps": "quiet", "columns": {"timestamp": {"column": "at", "unit": "s"}}})
    data = {"at": [minute * 60 for minute, _ in at], "status": [200 if good else 503 for _, good in at]}
    (result,) = backburn.evaluate(spec, data).results
    assert result.confidence is not None
    found = result.confidence.blocks
    length, counts = oracle.blocks(at, {"australia/lord_howe": "Australia/Lord_Howe"}.get(zone, zone))
    wanted = oracle.resampled(counts)
    assert (found.length, found.count) == (length, len(counts))
    assert (found.reason is None) == (wanted is not None)
    if wanted is not None:
        assert [found.low, found.high] == pytest.approx([float(end) for end in wanted], rel=1e-13)


def test_order_and_threads_change_no_interval() -> None:
    minutes = [*range(0, 20_000, 7)]
    data = {
        "at": [(BEGIN + minute) * 60 for minute in minutes],
        "status": [503 if minute % 11 == 0 else 200 for minute in minutes],
        "zone": ["ab"[minute % 2] for minute in minutes],
    }
    turned = {name: list(reversed(values)) for name, values in data.items()}
    spec = document(source={"by": ["zone"], "columns": {"timestamp": {"column": "at", "unit": "s"}}})
    ways = [backburn.evaluate(spec, rows, threads=threads) for rows in (data, turned) for threads in (1, 2)]
    results = [[result.confidence for result in way.results] for way in ways]
    assert results[0] == results[1] == results[2] == results[3]
    assert all(one and one.blocks.low is not None for one in chain(*results))

"""Counters of written tests: every window holds whole counts, whether its range holds the sample at its beginning."""

from __future__ import annotations

import re
from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from hypothesis import given as drawn
from hypothesis import strategies as st
from made_policies import PAGE, policy, spec

from backburn.interop.prometheus import rules
from backburn.interop.prometheus.proof import Series, given

if TYPE_CHECKING:
    from collections.abc import Mapping

STEP = 60_000_000
HALF = 30
"""Seconds between two samples."""

COUNTERS = {"bad": "failed_total", "valid": "requests_total"}


def samples(written: str) -> list[tuple[int, int]]:
    """Seconds and values, as promtool reads its notation."""
    shown: list[int | None] = []
    for token in written.split():
        found = re.fullmatch(r"(?:(\d+)|_)(?:(?:\+0)?x(\d+))?", token)
        assert found, token
        value, times = found[1], found[2]
        # A value stands for itself and so many more, and `_` for so many.
        shown += [None if value is None else int(value)] * (int(times or 0) + (value is not None or times is None))
    return [(number * HALF, value) for number, value in enumerate(shown) if value is not None]


def increase(readings: list[tuple[int, int]], begin: int, end: int, *, closed: bool) -> Fraction | None:
    """What Prometheus says of a range, without the rounding of its doubles."""
    seen = [(at, value) for at, value in readings if begin < at <= end or (closed and at == begin)]
    if len(seen) < 2:
        return None
    values = [value for _, value in seen]
    grown = values[-1] - values[0] + sum(before for before, after in pairwise(values) if after < before)
    lasted = seen[-1][0] - seen[0][0]
    between = Fraction(lasted, len(seen) - 1)
    gaps = Fraction(seen[0][0] - begin), Fraction(end - seen[-1][0])
    before, after = (gap if gap < between * 11 / 10 else between / 2 for gap in gaps)
    if grown > 0:
        before = min(before, Fraction(lasted * values[0], grown))
    return grown * (lasted + before + after) / lasted


def shown(counts: Mapping[int, tuple[int, int]], first: int | None, minutes: int) -> list[list[tuple[int, int]]]:
    """The samples of the counters of bad and of valid events."""
    (group,) = rules(spec(prometheus=COUNTERS), lambda *_: policy(PAGE)).groups
    series = Series(objective="availability", labels={}, counts=counts, first=first)
    return [samples(one["values"]) for one in given(group, [series], (0, minutes * STEP), STEP)]


@pytest.mark.parametrize("closed", [True, False], ids=["Prometheus 2", "Prometheus 3"])
@drawn(
    counts=st.dictionaries(st.integers(0, 29), st.tuples(st.integers(0, 9), st.integers(0, 9)), min_size=1),
    begins=st.booleans(),
    window=st.integers(1, 12),
)
def test_every_window_holds_whole_counts(
    counts: dict[int, tuple[int, int]], begins: bool, window: int, closed: bool
) -> None:
    counters = shown(counts, None if begins else 0, 30)
    for which, readings in enumerate(counters):
        for tick in range(window, 31):
            found = increase(readings, (tick - window) * 60, tick * 60, closed=closed)
            happened = sum(both[which] for at, both in counts.items() if tick - window <= at < tick)
            assert (found or 0) == happened
            assert found is not None or tick <= min(counts)


def test_what_is_quiet_is_short() -> None:
    (group,) = rules(spec(prometheus=COUNTERS), lambda *_: policy(PAGE)).groups
    series = Series(objective="availability", labels={}, counts={2: (0, 7), 3: (1, 1)})
    assert given(group, [series], (0, 6 * STEP), STEP) == [
        {"series": "failed_total", "values": "_x4 0+0x3 1 0+0x4"},
        {"series": "requests_total", "values": "_x4 0+0x1 7 0 1 0+0x4"},
    ]

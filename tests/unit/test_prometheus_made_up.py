"""Counters that are made up for tests of rules."""

from __future__ import annotations

import pytest

from backburn.errors import UsageError
from backburn.interop.prometheus.made_up import made_up


@pytest.mark.parametrize(
    ("bad", "valid", "failing", "other"),
    [
        ("e_total", "n_total", ("e_total", {}), ("n_total", {})),
        ('e_total{a="1"}', 'n_total{b=~"x.*|y"}', ("e_total", {"a": "1"}), ("n_total", {"b": "x0"})),
        ('n{code=~"5[0-9]{2}"}', "n", ("n", {"code": "500"}), ("n", {"code": "200"})),
        ('n{code=~"^(?:500|503)$"}', "n", ("n", {"code": "500"}), ("n", {"code": "200"})),
        (r'n{code=~"5\\d\\d"}', "n", ("n", {"code": "500"}), ("n", {"code": "200"})),
        ("n{ok='no'}", "n{ok=~`yes|no`}", ("n", {"ok": "no"}), ("n", {"ok": "yes"})),
        ('n{code!~"2.."}', "n", ("n", {"code": "GET"}), ("n", {"code": "200"})),
        ('n{error!=""}', "n", ("n", {"error": "200"}), ("n", {})),
        ('n{a="say \\"x\\""}', "n", ("n", {"a": 'say "x"'}), ("n", {"a": "200"})),
    ],
)
def test_selectors_find_what_is_made_up(
    bad: str, valid: str, failing: tuple[str, dict[str, str]], other: tuple[str, dict[str, str]]
) -> None:
    made = made_up("availability", bad, valid, {})
    assert (made.bad, made.other) == (failing, other)
    assert made.shared is (failing[0] == other[0])


@pytest.mark.parametrize(
    ("bad", "valid"),
    [
        ("n", "n"),  # Everything fails.
        ('n{a="1"}', 'n{a="1"}'),
        ('n{a="1"}', 'n{a="2"}'),
        ('n{a=~"z{1,2}y+w"}', "n"),
        ('{a="1"}', "n"),
        ('n{zone="us"}', "n"),  # The series itself is of another zone.
    ],
)
def test_selectors_that_tell_nothing_apart_are_refused(bad: str, valid: str) -> None:
    with pytest.raises(
        UsageError, match=r"availability: no counters can be made up that .* tell apart; write selectors"
    ):
        made_up("availability", bad, valid, {"zone": "eu"})

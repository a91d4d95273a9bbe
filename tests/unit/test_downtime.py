from __future__ import annotations

from decimal import Decimal

import pytest

import backburn


@pytest.mark.parametrize(
    ("target", "window", "seconds"),
    [
        ("99.9%", "30d", "2592"),  # 43.2 min
        ("99.9%", "year", "31536"),  # 8.76 h
        ("99.95%", "30d", "1296"),  # 21.6 min
        ("99.99%", "30d", "259.2"),  # 4.32 min
        ("99.999%", "30d", "25.92"),
        (0.9995, "30d", "1296"),
        (Decimal("0.9995"), "day", "43.2"),
        ("99%", "quarter", "78840"),  # A fourth of 365 days.
        ("90%", "28d", "241920"),
        ("99%", "10h", "360"),
    ],
)
def test_the_allowance_is_exact(target: str | float | Decimal, window: str, seconds: str) -> None:
    (row,) = backburn.downtime(target, window).rows
    assert row.seconds == Decimal(seconds)


def test_without_a_window_the_common_ones_are_shown_and_fixed_lengths_are_said() -> None:
    table = backburn.downtime("99.9%")
    assert [row.window for row in table.rows] == ["day", "week", "28d", "30d", "quarter", "year"]
    assert table.to_dict()["notes"][0]["code"] == "BB409"
    assert backburn.downtime("99.9%", "30d").to_dict()["notes"] == []


def test_results_are_in_the_envelope() -> None:
    envelope = backburn.downtime("99.9%", "30d").to_dict()
    assert envelope["command"] == "downtime"
    assert envelope["results"] == [
        {"target": 0.999, "window": "30d", "length": 2592000.0, "seconds": 2592.0, "minutes": 43.2, "text": "43m12s"}
    ]


@pytest.mark.parametrize(
    ("target", "words"),
    [
        ("99.95", "write 99.95% or 0.9995"),
        (99.95, "write 99.95% or 0.9995"),
        ("100%", "leaves nothing to promise"),
        ("0", "leaves nothing to promise"),
        ("all of them", "is not a share"),
    ],
)
def test_a_wrong_target_is_explained(target: str | float, words: str) -> None:
    with pytest.raises(backburn.UsageError, match=words):
        backburn.downtime(target)


def test_a_wrong_window_is_explained() -> None:
    with pytest.raises(backburn.UsageError, match="'a month' is not a duration"):
        backburn.downtime("99.9%", "a month")

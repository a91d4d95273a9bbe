"""How far the reading has come: what the line says, when it is there, and for whom."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backburn.cli.pace import Pace, left_text
from backburn.cli.tell import Progress, progress

if TYPE_CHECKING:
    from collections.abc import Iterable


def test_the_line_waits_until_reading_takes_its_time_and_leaves_nothing(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    moments = iter([0.0, 0.3, 0.6, 2.0, 2.05, 3.0])
    monkeypatch.setattr("time.monotonic", lambda: next(moments))
    teller = Progress()
    teller(1, 100, 10)
    assert capsys.readouterr().err == ""
    teller(2, 100, 600)
    assert capsys.readouterr().err == "\r\x1b[Kreading: 2 %, 600 rows, 1,000 a second"
    teller(25, 100, 2_000)
    line = capsys.readouterr().err
    assert line.startswith("\r\x1b[Kreading: 25 %, 2,000 rows, 1,000 a second, ")
    assert line.endswith(" s left")
    teller(25, 100, 2_050)
    assert capsys.readouterr().err == ""
    teller(100, 100, 9_000)
    assert capsys.readouterr().err == "\r\x1b[Kreading: 100 %, 9,000 rows, 3,000 a second"
    teller.clear()
    teller.clear()
    assert capsys.readouterr().err == "\r\x1b[K"


def test_work_that_follows_the_reading_is_not_called_reading(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    moments = iter([0.0, 0.6, 1.2, 1.8, 2.4])
    monkeypatch.setattr("time.monotonic", lambda: next(moments))
    teller = Progress()
    teller(1, 1, 600)
    assert capsys.readouterr().err.startswith("\r\x1b[Kreading: 600 rows")
    teller.works(0, 1)
    assert capsys.readouterr().err == "\r\x1b[Kworking"
    teller.works(40, 100)
    assert capsys.readouterr().err == "\r\x1b[Kworking: 40 %"
    teller(0, 100, 20)
    assert "reading: 0 %, 20 rows" in capsys.readouterr().err


def test_the_line_never_breaks(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    moments = iter([0.0, 0.6, 1.2])
    monkeypatch.setattr("time.monotonic", lambda: next(moments))
    monkeypatch.setattr(sys.stderr, "fileno", lambda: 2, raising=False)
    monkeypatch.setattr("os.get_terminal_size", lambda _: os.terminal_size((20, 24)))
    teller = Progress()
    teller(2, 100, 600)
    assert capsys.readouterr().err == "\r\x1b[Kreading: 2 %, 600 r"
    monkeypatch.setattr("os.get_terminal_size", lambda _: os.terminal_size((0, 0)))
    teller(2, 100, 600)
    assert capsys.readouterr().err == "\r\x1b[Kreading: 2 %, 600 rows, 500 a second, 1 min 6 s left"


def test_nobody_is_told_who_does_not_watch() -> None:
    with progress(quiet=False) as teller:
        assert teller is None


def noted(notes: Iterable[tuple[float, int, int, int]], begun: float = 0.0) -> Pace:
    pace = Pace(begun)
    for note in notes:
        pace.note(*note)
    return pace


@given(beats=st.lists(st.floats(0.01, 5.0), min_size=1, max_size=30), speed=st.integers(1_000, 10**9))
def test_at_an_even_pace_the_rest_takes_as_long_as_it_should(beats: list[float], speed: int) -> None:
    total, pace, now = speed * 200, Pace(100.0), 100.0
    for beat in beats:
        now += beat
        pace.note(now, int((now - 100.0) * speed), total, 1)
    left = pace.left(now)
    if now - 100.0 < 1.0:
        assert left is None
    else:
        assert left == pytest.approx(200 - (now - 100.0), rel=1e-2)


def test_what_was_long_ago_is_forgotten() -> None:
    slow = [(second, 10 * second, 10_000, second) for second in range(1, 11)]
    fast = [(10 + second, 100 + 100 * second, 10_000, 10 + second) for second in range(1, 11)]
    left = noted([*slow, *fast]).left(20)
    assert left is not None
    assert 89 < left < 95  # 8,900 are left, at lately 100 a second; at the average of 55 it would be 162 s.


def test_the_time_in_which_files_are_opened_is_not_counted() -> None:
    pace = noted([(30.0, 0, 0, 0), (60.0, 0, 1_000, 0), (61.0, 100, 1_000, 500)])
    assert pace.text(61.0) == "reading: 10 %, 500 rows, 500 a second, 9 s left"
    assert noted([(60.0, 0, 1_000, 0)]).text(60.0) == "reading: 0 %, 0 rows"


@pytest.mark.parametrize("total", [0, 1])
def test_of_a_stream_nobody_knows_the_end(total: int) -> None:
    pace = noted([(1.0, 0, total, 500), (2.0, 0, total, 1_000)])
    assert pace.text(2.0) == "reading: 1,000 rows, 500 a second"


def test_a_standstill_has_no_end() -> None:
    assert noted([(1.0, 0, 1_000, 1), (5.0, 0, 1_000, 1)]).left(5.0) is None


def test_another_reading_begins_anew(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    moments = iter([0.0, 10.0, 11.0, 12.0, 12.5])
    monkeypatch.setattr("time.monotonic", lambda: next(moments))
    teller = Progress()
    teller(900, 1_000, 9_000)
    teller(0, 1_000, 0)
    teller(100, 1_000, 500)
    told = capsys.readouterr().err.split("\r\x1b[K")[1:]
    assert told == [
        "reading: 90 %, 9,000 rows, 900 a second, 2 s left",
        "reading: 0 %, 0 rows",
        "reading: 10 %, 500 rows, 500 a second, 9 s left",
    ]
    teller(0, 1, 100)
    assert capsys.readouterr().err == "\r\x1b[Kreading: 100 rows"


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0.0, "1 s left"),
        (59.0, "59 s left"),
        (59.1, "1 min 0 s left"),
        (3_599.5, "1 h 0 min left"),
        (7_265.0, "2 h 1 min left"),
        (3_600.0 * 5_000, "5,000 h 0 min left"),
    ],
)
def test_what_is_left_is_written_in_two_units(seconds: float, text: str) -> None:
    assert left_text(seconds) == text

"""Series minute by minute, and policies of one alert, in the words of the oracle."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

from oracle.alert import Tick, alerts, judge
from oracle.burn import Events, World

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from oracle.alert import State

MINUTE, HOUR, DAY = 60_000_000, 3_600_000_000, 86_400_000_000
TARGET = Fraction("0.999")
WORDS: dict[str, State] = {"-": "inactive", "p": "pending", "F": "firing", "k": "keeping"}


def series(minutes: Iterable[tuple[int, int]], left_out: Iterable[int] = ()) -> Events:
    """Good and bad events of the minutes from 0 on; every bad event is a row."""
    counts = {at: (good, bad, bad) for at, (good, bad) in enumerate(minutes) if good or bad}
    return Events(counts=counts, step=MINUTE, left_out=frozenset(left_out))


def steady(length: int, start: int, end: int, errors: str, rate: int = 10_000) -> Events:
    """The same number of requests in each minute, with a share of errors in `[start, end)`."""
    bad = Fraction(errors) * rate
    assert bad.denominator == 1
    return series((rate - int(bad), int(bad)) if start <= at < end else (rate, 0) for at in range(length))


def policy(*conditions: dict[str, Any], period: int = 30 * DAY, **words: Any) -> dict[str, Any]:
    return {"period": period, "alerts": [{"name": "page", "any": list(conditions), **words}]}


def told(events: Events, written: dict[str, Any], first: int, last: int, **world: Any) -> list[Tick]:
    """The one alert at every minute from `first` to `last`."""
    seen = World(events=events, period=written["period"], **{"target": TARGET, **world})
    return judge(seen, written, range(first * MINUTE, (last + 1) * MINUTE, MINUTE))["page"]


def drawn(ticks: Sequence[Tick]) -> str:
    letters = {state: letter for letter, state in WORDS.items()}
    return "".join(letters[tick.state] for tick in ticks)


def minutes(ticks: Sequence[Tick]) -> list[tuple[int, int | None]]:
    return [(run.first // MINUTE, None if run.end is None else run.end // MINUTE) for run in alerts(ticks)]


def pair(long: int, short: int, factor: str) -> dict[str, Any]:
    return {"long": long, "short": short, "factor": Fraction(factor)}


def single(window: int, factor: str) -> dict[str, Any]:
    return {"window": window, "factor": Fraction(factor)}

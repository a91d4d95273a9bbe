"""How sure a share is: intervals by bisection on exact tails, and blocks of time drawn anew, written out."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from itertools import groupby
from statistics import NormalDist
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

TAIL = Fraction(1, 40)
"""What a two-sided interval of 95 % leaves on either side."""
RESAMPLES = 2_000
_MASK = 2**64 - 1
_TWO_WEEKS = timedelta(days=14)


def effective(weights: Sequence[int]) -> Fraction:
    """How many independent events sampled rows are worth: (Σw)² / Σw²."""
    return Fraction(sum(weights) ** 2, sum(weight**2 for weight in weights))


def at_least(count: int, n: int, share: Fraction) -> Fraction:
    """The chance of `count` or more successes in `n` trials."""
    return sum((math.comb(n, k) * share**k * (1 - share) ** (n - k) for k in range(count, n + 1)), Fraction(0))


def clopper_pearson(count: int, n: int) -> tuple[Fraction, Fraction]:
    """The shares under which as many successes, or as few, have a chance of 2.5 %."""
    low = Fraction(0) if count == 0 else crossing(lambda share: at_least(count, n, share) > TAIL)
    high = Fraction(1) if count == n else crossing(lambda share: 1 - at_least(count + 1, n, share) < TAIL)
    return low, high


def wilson(count: int, n: int) -> tuple[float, float]:
    """The shares from which the seen one is as far as z standard deviations: (p̂ − p)² = z²·p(1 − p)/n."""
    z = Fraction(NormalDist().inv_cdf(0.975))
    seen = Fraction(count, n)

    def is_near(share: Fraction) -> bool:
        return (seen - share) ** 2 < z**2 * share * (1 - share) / n

    low = Fraction(0) if count == 0 else crossing(lambda share: share >= seen or is_near(share))
    high = Fraction(1) if count == n else crossing(lambda share: share > seen and not is_near(share))
    return float(low), float(high)


def jeffreys(count: int, n: int) -> tuple[float, float]:
    """The quantiles of Beta(count + ½, n − count + ½); an end without any, or with all, is that of the scale."""

    def is_below(share: Fraction, part: float) -> bool:
        return below_half(count, n - count, float(share)) > part

    low = Fraction(0) if count == 0 else crossing(lambda share: is_below(share, 0.025))
    high = Fraction(1) if count == n else crossing(lambda share: is_below(share, 0.975))
    return float(low), float(high)


def below_half(successes: int, failures: int, x: float) -> float:
    """I_x(successes + ½, failures + ½), from I_x(½, ½) = (2/π)·asin √x by adding 1 to one parameter at a time."""
    a, b, below = 0.5, 0.5, 2 / math.pi * math.asin(math.sqrt(x))

    def piece() -> float:
        return math.pow(x, a) * math.pow(1 - x, b) * math.exp(math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b))

    for _ in range(successes):
        below -= piece() / a
        a += 1
    for _ in range(failures):
        below += piece() / b
        b += 1
    return below


def crossing(is_beyond: Callable[[Fraction], bool]) -> Fraction:
    """Where a condition that holds from somewhere in (0, 1) on begins to hold."""
    low, high = Fraction(0), Fraction(1)
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (low, middle) if is_beyond(middle) else (middle, high)
    return high


def verdict(good: int, bad: int, target: Fraction) -> str:
    """On which side of the target all of Clopper and Pearson's interval lies.

    Its lower end solves P(good or more) = 2.5 %, which grows with the share: it is at least the target where that
    chance at the target is at most 2.5 %.
    """
    n = good + bad
    if at_least(good, n, target) <= TAIL:
        return "met"
    return "breached" if 1 - at_least(good + 1, n, target) < TAIL else "too few to tell"


def split_mix(state: int) -> Iterator[int]:
    """SplitMix64 (Steele, Lea and Flood, 2014)."""
    while True:
        state = (state + 0x9E3779B97F4A7C15) & _MASK
        mixed = state
        mixed = ((mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
        mixed = ((mixed ^ (mixed >> 27)) * 0x94D049BB133111EB) & _MASK
        yield mixed ^ (mixed >> 31)


def blocks(events: Sequence[tuple[int, bool]], zone: str) -> tuple[str, list[tuple[int, int]]]:
    """Good and valid events per civil day, or per quarter of it where the data are shorter than two weeks.

    Events are (time in minutes since the epoch, whether good); the data reach to the end of the last minute.
    """
    times = [time for time, _ in events]
    days = timedelta(minutes=max(times) + 1 - min(times)) >= _TWO_WEEKS

    def block(event: tuple[int, bool]) -> tuple[object, int]:
        clock = datetime.fromtimestamp(event[0] * 60, UTC).astimezone(ZoneInfo(zone))
        return clock.date(), 0 if days else clock.hour // 6

    grouped = (list(members) for _, members in groupby(sorted(events), key=block))
    return "1d" if days else "6h", [(sum(good for _, good in members), len(members)) for members in grouped]


def resampled(counts: Sequence[tuple[int, int]]) -> tuple[Fraction, Fraction] | None:
    """The 2.5 % and 97.5 % quantiles (type 7) of the share of good events over 2,000 draws of as many blocks."""
    if len(counts) < 3:
        return None
    numbers = split_mix(0)
    shares: list[Fraction] = []
    for _ in range(RESAMPLES):
        drawn = [counts[next(numbers) * len(counts) // 2**64] for _ in counts]
        shares.append(Fraction(sum(good for good, _ in drawn), sum(valid for _, valid in drawn)))
    shares.sort()

    def quantile(part: Fraction) -> Fraction:
        place = (len(shares) - 1) * part
        below = math.floor(place)
        return shares[below] + (place - below) * (shares[below + 1] - shares[below])

    return quantile(TAIL), quantile(1 - TAIL)

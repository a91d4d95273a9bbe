"""Make the small access log of the README's five minutes: Combined with the request's time, as nginx writes it.

    python data/sample_log.py --seed 1 > data/samples/access.log

Every address, host and path is made up (RFC 5737 and RFC 2606). Only `random.random` is drawn from, whose numbers are
the same on every version of Python.
"""

from __future__ import annotations

import argparse
import random
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Sequence

_T = TypeVar("_T")

_START = datetime(2025, 11, 3, 9, 0, tzinfo=UTC)
_MEAN_GAP_S = 36.0
_LINES = 200
_OUTAGE = range(118, 124)  # A deploy that went wrong for a few requests.
_REQUESTS = (
    ("GET", "/", 30, 0.045),
    ("GET", "/items/{n}", 26, 0.08),
    ("GET", "/search?q=lamp&page={n}", 14, 0.19),
    ("GET", "/static/app.css", 12, 0.004),
    ("POST", "/cart", 8, 0.12),
    ("POST", "/pay", 5, 0.31),
    ("GET", "/health", 5, 0.001),
)
_AGENTS = (
    ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", 6),
    ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Safari/605.1.15", 3),
    ("curl/8.14.1", 1),
)
_STATUSES = ((200, 90), (304, 5), (404, 4), (429, 1))


def lines(seed: int) -> list[str]:
    """The log, a line an entry."""
    rng = random.Random(seed)
    moment, made = _START, []
    for number in range(_LINES):
        moment += timedelta(seconds=max(1, round(2 * _MEAN_GAP_S * rng.random())))
        method, path, _, typical = _pick(rng, _REQUESTS, [row[2] for row in _REQUESTS])
        path = path.replace("{n}", str(1 + int(rng.random() * 40)))
        agent, _ = _pick(rng, _AGENTS, [row[1] for row in _AGENTS])
        status, _ = _pick(rng, _STATUSES, [row[1] for row in _STATUSES])
        seconds = typical * (0.4 + 1.5 * rng.random() ** 4)
        if number in _OUTAGE and rng.random() < 0.8:  # noqa: PLR2004 - the outage lets a few requests through.
            status, seconds = 503, 0.002
        client = f"192.0.2.{1 + int(rng.random() * 60)}"
        size = 0 if status == 304 else 180 + int(rng.random() ** 2 * 24_000)  # noqa: PLR2004 - not modified.
        referrer = "https://shop.example.com/" if rng.random() < 0.5 else "-"  # noqa: PLR2004 - half of them.
        stamp = moment.strftime("%d/%b/%Y:%H:%M:%S +0000")
        made.append(
            f'{client} - - [{stamp}] "{method} {path} HTTP/1.1" {status} {size} "{referrer}" "{agent}" {seconds:.3f}'
        )
    return made


def _pick(rng: random.Random, choices: Sequence[_T], weights: Sequence[int]) -> _T:
    """One of the choices, as often as its weight says."""
    left = rng.random() * sum(weights)
    for choice, weight in zip(choices, weights, strict=True):
        left -= weight
        if left < 0:
            return choice
    return choices[-1]


def main() -> None:
    """Print the log."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, default=1)
    print("\n".join(lines(parser.parse_args().seed)))


if __name__ == "__main__":
    main()

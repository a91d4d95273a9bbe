"""Make a plain access log of Combined lines, a month long, and note how many of them have status 500."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

DAYS = 30
_FIRST = datetime(2025, 10, 1, tzinfo=UTC)
_BLOCK = 10_000
# Most paths are short, a few are long, as in real logs; the addresses and hosts are made up (RFC 5737, RFC 2606).
_REQUESTS = (
    "GET /",
    "GET /items/{n}",
    "GET /search?q=lamp&page={n}&sort=price",
    "POST /cart/{n}",
    "GET /static/{n}.css",
)
_AGENTS = (
    "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 Safari/605.1.15",
    "curl/8.14.1",
)
_STATUSES = (200,) * 88 + (304,) * 5 + (404,) * 4 + (429,) + (500, 503)


def write(path: Path, lines: int, seed: int = 7) -> int:
    """Write so many lines; give the number of those with status 500."""
    rng = random.Random(seed)  # noqa: S311 - made-up traffic needs a seed, not secrets.
    errors = 0
    with path.open("w", encoding="ascii", newline="") as file:
        for first in range(0, lines, _BLOCK):
            for text, status in _lines(rng, range(first, min(first + _BLOCK, lines)), lines):
                file.write(text)
                errors += status == 500  # noqa: PLR2004 - what is counted.
    return errors


def _lines(rng: random.Random, numbers: range, lines: int) -> Iterator[tuple[str, int]]:
    gap = timedelta(days=DAYS) / lines
    for number in numbers:
        stamp = (_FIRST + number * gap).strftime("%d/%b/%Y:%H:%M:%S +0000")
        draw = rng.getrandbits(48)
        request = _REQUESTS[draw % len(_REQUESTS)].replace("{n}", str(draw >> 8 & 0xFFFF))
        status = _STATUSES[(draw >> 24) % len(_STATUSES)]
        size = 180 + (draw >> 31 & 0x3FFF)
        agent = _AGENTS[(draw >> 45) % len(_AGENTS)]
        head = f'192.0.2.{draw & 0xFF} - - [{stamp}] "{request} HTTP/1.1" {status} {size}'
        yield f'{head} "https://shop.example.com/" "{agent}"\n', status

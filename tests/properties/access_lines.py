"""Access-log lines in the Combined format, as Apache would escape them, with odd clients, users, requests and zones."""

from __future__ import annotations

import random

CLIENTS = ("192.0.2.7", "2001:db8::1", "::ffff:192.0.2.1", "host.example.com")
USERS = ("-", "frank", "o'neil", "x.y@example.com")
TIMES = (
    "10/Oct/2025:13:55:36 +0000",
    "29/Feb/2024:23:59:59 -0700",
    "01/Jan/2026:00:00:00 +0330",
    "26/Oct/2025:02:30:00 +0200",
    "01/Jan/2026:00:15:00 +1245",
)
METHODS = ("GET", "POST", "HEAD", "PROPFIND")
TARGETS = (
    "/",
    "/a/b?q=1",
    "/?",
    "/x?a=b?c",
    "*",
    "/caf%C3%A9",
    r"/quote\"d",
    r"/tab\there",
    r"/back\\slash",
    r"/\xc3\xa9",
)
WHOLE_REQUESTS = ("-", r"\x16\x03\x01", "GET", "GET /no-protocol", "")
STATUSES = ("200", "204", "301", "404", "499", "500", "503")
SIZES = ("-", "0", "5", "123456789012")
HEADERS = (
    "-",
    'https://example.com/?a=\\"b\\"',
    "Mozilla/5.0 (X11; Linux x86_64)",
    r"caf\xc3\xa9",
    r"back\\slash",
)


def combined_lines(seed: int, count: int) -> list[str]:
    """Lines drawn from the odd values above."""
    rng = random.Random(seed)  # noqa: S311 - lines need a seed, not secrets.
    return [_line(rng) for _ in range(count)]


def _line(rng: random.Random) -> str:
    request = f"{rng.choice(METHODS)} {rng.choice(TARGETS)} HTTP/{rng.choice(('1.0', '1.1', '2.0'))}"
    if rng.random() < 0.15:
        request = rng.choice(WHOLE_REQUESTS)
    return (
        f"{rng.choice(CLIENTS)} - {rng.choice(USERS)} [{rng.choice(TIMES)}] "
        f'"{request}" {rng.choice(STATUSES)} {rng.choice(SIZES)} "{rng.choice(HEADERS)}" "{rng.choice(HEADERS)}"'
    )

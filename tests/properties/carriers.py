"""What stands around the lines of a log: compression, and the prefixes of a container runtime and of syslog."""

from __future__ import annotations

import gzip
from itertools import pairwise
from typing import TYPE_CHECKING

import pyarrow as pa

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["CARRIERS", "PACKERS"]


def zstd(data: bytes) -> bytes:
    sink = pa.BufferOutputStream()
    with pa.CompressedOutputStream(sink, "zstd") as stream:
        stream.write(data)
    packed: bytes = sink.getvalue().to_pybytes()
    return packed


def container(line: bytes, number: int) -> list[bytes]:
    """As the kubelet writes it: long lines, and here every third, in parts."""
    cuts = [0, len(line) // 3, len(line) // 2, len(line)] if number % 3 == 0 else [0, len(line)]
    parts = [line[start:end] for start, end in pairwise(cuts)]
    clock = b"2026-01-02T03:04:05.678901234+01:00"
    tags = [*[b"P"] * (len(parts) - 1), b"F"]
    return [b"%s stdout %s %s" % (clock, tag, part) for tag, part in zip(tags, parts, strict=True)]


def syslog(line: bytes, _: int) -> list[bytes]:
    return [b"Jan  2 03:04:05 host program[7]: " + line]


def syslog_5424(line: bytes, _: int) -> list[bytes]:
    return [b"<134>1 2026-01-02T03:04:05Z host program 7 - - " + line]


PACKERS: dict[str, Callable[[bytes], bytes]] = {"plain": bytes, "gz": gzip.compress, "zst": zstd}
CARRIERS: dict[str, Callable[[bytes, int], list[bytes]]] = {
    "nothing": lambda line, _: [line],
    "a container": container,
    "syslog": syslog,
    "the newer syslog": syslog_5424,
}

"""Which columns of a log play which roles."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["Alias", "Columns", "Count", "DurationColumn", "TimeUnit", "Timestamp"]

TimeUnit = Literal["s", "ms", "us", "ns"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Timestamp:
    """The timestamp role. `unit` reads numbers, `format` (strptime) reads text, `timezone` reads naive times.

    `marks` tells what moment of a request the log wrote; None is what its format says, and else the end.
    """

    column: str = "timestamp"
    format: str | None = None
    unit: TimeUnit | None = None
    timezone: str | None = None
    marks: Literal["start", "end"] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DurationColumn:
    """The duration role; `unit` is None where the format or the column's type fixes it."""

    column: str = "duration"
    unit: TimeUnit | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """How many events a row stands for: a constant or a column of whole, positive numbers."""

    column: str | None = None
    constant: int | None = None
    means: Literal["aggregated", "sampled"] = "aggregated"


@dataclass(frozen=True, slots=True, kw_only=True)
class Alias:
    """Another name for a raw column, with the unit of its numbers when it is a duration."""

    column: str
    unit: TimeUnit | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """Which column plays which role; where a role is None, the column of the role's own name plays it."""

    timestamp: Timestamp | None = None
    status: str | None = None
    duration: DurationColumn | None = None
    count: Count | None = None
    aliases: Mapping[str, Alias] = field(default_factory=dict)

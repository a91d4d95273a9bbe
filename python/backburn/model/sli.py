"""What makes an event good, and where in a document that is written."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from backburn.units import Duration

__all__ = [
    "Availability",
    "Counter",
    "Counters",
    "Exclude",
    "Latency",
    "Location",
    "Predicate",
    "Ratio",
    "Sli",
    "Unparsable",
]

Unparsable = Literal["reject", "exclude", "bad"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Location:
    """Where something stands in a document: `line` and `column` from 1, `path` as in `source.where`."""

    file: str
    line: int
    column: int
    path: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Predicate:
    """A SQL boolean expression; `location` is where its text begins."""

    text: str
    location: Location | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Exclude:
    """Rows that are forgiven, with the reason that people read."""

    when: Predicate
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Availability:
    """Good is a status of 100 to 499, bad is 500 to 599; anything else follows `unparsable`."""

    valid: Predicate | None = None
    exclude: tuple[Exclude, ...] = ()
    unparsable: Unparsable = "bad"


@dataclass(frozen=True, slots=True, kw_only=True)
class Latency:
    """Good is a duration of at most `threshold`, or strictly below it when `strict`."""

    threshold: Duration
    strict: bool = False
    column: str = "duration"
    valid: Predicate | None = None
    exclude: tuple[Exclude, ...] = ()
    unparsable: Unparsable = "reject"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ratio:
    """Exactly one of `good` and `bad` tells the events apart; `valid` says which rows are in scope."""

    good: Predicate | None = None
    bad: Predicate | None = None
    valid: Predicate | None = None
    exclude: tuple[Exclude, ...] = ()
    unparsable: Unparsable = "reject"


@dataclass(frozen=True, slots=True, kw_only=True)
class Counter:
    """A column with a cumulative counter; `location` is where its path is written."""

    column: str
    location: Location | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Counters:
    """A ratio of cumulative counters: that of all events, and exactly one of those of the good and of the bad ones.

    `unparsable` says what becomes of events between readings that contradict each other.
    """

    good: Counter | None = None
    bad: Counter | None = None
    valid: Counter
    exclude: tuple[Exclude, ...] = ()
    unparsable: Unparsable = "reject"


Sli = Availability | Latency | Ratio | Counters

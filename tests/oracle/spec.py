"""What is promised, in the oracle's own words: times in microseconds, shares as fractions, predicates as trees."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping
    from decimal import Decimal
    from fractions import Fraction

    from oracle.predicate import Expression


@dataclass(frozen=True, kw_only=True)
class Calendar:
    """The civil period of the moment before the tick, or the one before it."""

    unit: Literal["day", "week", "month", "quarter", "year"]
    zone: str
    previous: bool = False


@dataclass(frozen=True, kw_only=True)
class LastEvents:
    """The last so many valid events."""

    events: int


@dataclass(frozen=True, kw_only=True)
class Fixed:
    """One span."""

    start: int
    end: int


Window = int | Literal["all"] | Calendar | LastEvents | Fixed
"""A rolling window's length in microseconds, all of the data, or another kind."""

UNITS: Mapping[str, int] = {"s": 1_000_000, "ms": 1_000, "us": 1}
"""Microseconds in a unit."""


@dataclass(frozen=True, kw_only=True)
class Exclude:
    """Rows that are forgiven, and why."""

    when: Expression
    reason: str


@dataclass(frozen=True, kw_only=True)
class Availability:
    """Judged by the status."""


@dataclass(frozen=True, kw_only=True)
class Latency:
    """Judged by a duration against a threshold in seconds; `unit` is that of the column's numbers."""

    threshold: Decimal
    strict: bool
    column: str
    unit: str


@dataclass(frozen=True, kw_only=True)
class Ratio:
    """Judged by a predicate that tells the good rows (or, unless `good`, the bad ones)."""

    predicate: Expression
    good: bool


@dataclass(frozen=True, kw_only=True)
class Slices:
    """The budget counts slices of time; without a target, a slice has to reach that of the objective."""

    length: int
    ratio: bool
    target: Fraction | None
    min_events: int


@dataclass(frozen=True, kw_only=True)
class Objective:
    """One promise."""

    name: str
    sli: Availability | Latency | Ratio
    unparsable: Literal["reject", "exclude", "bad"]
    target: Fraction
    window: Window
    also: tuple[tuple[Window, Fraction], ...] = ()
    by: tuple[str, ...] | None = None
    valid: Expression | None = None
    exclude: tuple[Exclude, ...] = ()
    no_data: Literal["undefined", "good", "bad"] = "undefined"
    slices: Slices | None = None


@dataclass(frozen=True, kw_only=True)
class Exclusion:
    """Time that does not count. `series` holds the value of each label that it is about; `x*` is any that begins so."""

    start: int
    end: int
    reason: str
    series: Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class Spec:
    """Promises about one log. `names` maps what predicates and labels may say to raw columns."""

    objectives: tuple[Objective, ...]
    step: int
    names: Mapping[str, str]
    duration_unit: str = "ms"
    marks: Literal["start", "end"] = "end"
    count: str | None = None
    where: Expression | None = None
    exclude: tuple[Exclude, ...] = ()
    by: tuple[str, ...] = ()
    start: int | None = None
    end: int | None = None
    at: int | None = None
    gaps: Literal["quiet", "unknown"] = "unknown"
    unknown: tuple[tuple[int, int], ...] = field(default=())
    min_coverage: Fraction
    burn: tuple[int, ...] = ()
    exclusions: tuple[Exclusion, ...] = ()

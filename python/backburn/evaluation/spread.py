"""How long the requests of one series took, span after span, in columns: there may be a million spans."""

from __future__ import annotations

from array import array
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, TypeVar

from backburn.engine.times import from_micros
from backburn.evaluation.result import WindowSpan

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    Value = TypeVar("Value")

__all__ = ["Found", "Spans", "Spread", "from_columns", "from_rows"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Spans:
    """What is asked about: `number` spans of `length` microseconds, one after the other from `start`."""

    text: str
    kind: Literal["all", "every"]
    start: int
    length: int
    number: int

    def starts(self) -> range:
        """Give the first microsecond of each."""
        return range(self.start, self.start + self.number * self.length, self.length)

    def window(self, place: int) -> WindowSpan:
        """Describe one of them."""
        start = self.start + place * self.length
        end = start + self.length
        return WindowSpan(text=self.text, kind=self.kind, start=from_micros(start), end=from_micros(end))

    def places(self, starts: Sequence[int]) -> array[int]:
        """Tell which ones begin there; where all is one span, it is that one."""
        if len(starts) == self.number:
            return array("q", range(self.number))
        return array("q", [(start - self.start) // self.length for start in starts])


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Found:
    """The spans with values by their `places`, how many values each has, and a column for each quantile."""

    places: array[int]
    counts: array[int]
    values: tuple[array[float], ...]


def from_columns(spans: Spans, starts: bytes, counts: bytes, values: Sequence[bytes]) -> Found:
    """Take over the columns that the core gives."""
    return Found(
        places=spans.places(_array("q", starts)),
        counts=_array("Q", counts),
        values=tuple(_array("d", column) for column in values),
    )


def from_rows(spans: Spans, rows: Iterable[tuple[int, int, int, Sequence[float | None]]], quantiles: int) -> Found:
    """Turn (start, end, count, values) into columns."""
    starts, counts = array("q"), array("Q")
    columns: tuple[array[float], ...] = tuple(array("d") for _ in range(quantiles))
    for start, _, count, values in rows:
        known = [value for value in values if value is not None]
        if len(known) == quantiles:
            starts.append(start)
            counts.append(count)
            for column, value in zip(columns, known, strict=True):
                column.append(value)
    return Found(places=spans.places(starts), counts=counts, values=columns)


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Spread:
    """The quantiles of one series of an objective over each of some spans.

    A span without values has the count `empty`, and no quantiles for the `reason`. `error` is None where nothing is
    known of durations.
    """

    service: str | None
    objective: str
    series: Mapping[str, str | None]
    spans: Spans
    unit: str | None
    error: float | None
    quantiles: tuple[str, ...]
    found: Found | None
    empty: int | None
    reason: str

    def counts(self) -> list[int | None]:
        """Give the count of every span."""
        return self._all(None if self.found is None else self.found.counts, self.empty)

    def column(self, quantile: str) -> list[float | None]:
        """Give a quantile in every span; one that was not asked for is None."""
        known = self.found is not None and quantile in self.quantiles
        values = self.found.values[self.quantiles.index(quantile)] if self.found is not None and known else None
        return self._all(values, None)

    def reasons(self) -> list[str | None]:
        """Say of every span why it has no quantiles."""
        places = () if self.found is None else self.found.places
        reasons: list[str | None] = [self.reason] * self.spans.number
        for place in places:
            reasons[place] = None
        return reasons

    def _all(self, values: Sequence[Value] | None, absent: Value | None) -> list[Value | None]:
        if self.found is None or values is None:
            return [absent] * self.spans.number
        if len(values) == self.spans.number:
            return list(values)
        column: list[Value | None] = [absent] * self.spans.number
        for place, value in zip(self.found.places, values, strict=True):
            column[place] = value
        return column


def _array(code: Literal["q", "Q", "d"], column: bytes) -> array[Any]:
    values: array[Any] = array(code)
    values.frombytes(column)
    return values

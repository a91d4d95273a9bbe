"""What `percentiles` says: how long requests took, frozen, and the shapes that people take away."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from backburn.engine.envelope import SCHEMA_VERSION, envelope
from backburn.engine.times import from_micros, rfc3339
from backburn.evaluation.flatten import quantile_column
from backburn.evaluation.table import Column, Tabular

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime

    from backburn.evaluation.provenance import Data, Note, SpecIdentity
    from backburn.evaluation.result import WindowSpan
    from backburn.evaluation.spread import Spread

__all__ = ["Method", "Percentile", "Percentiles"]

Method = Literal["histogram", "exact"]

_ROWS = 1 << 16
_FIXED = (
    Column(name="window", kind="text"),
    Column(name="start", kind="time"),
    Column(name="end", kind="time"),
    Column(name="count", kind="count"),
    Column(name="unit", kind="text"),
    Column(name="method", kind="text"),
    Column(name="type", kind="count"),
    Column(name="error", kind="number"),
)
_TAKEN = frozenset(column.name for column in _FIXED) | {"objective", "reason"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Percentile:
    """How long the `count` valid requests of one series took in one window, in `unit`.

    `quantiles` are None for the `reason` given. Each is made of values of which none is further off than `error`, a
    share of it; `type` is the definition of Hyndman and Fan.
    """

    service: str | None
    objective: str
    series: Mapping[str, str | None]
    window: WindowSpan
    count: int | None
    unit: str | None
    method: Method
    type: int
    error: float | None
    quantiles: Mapping[str, float | None]
    reason: str | None

    @property
    def start(self) -> datetime:
        """The first moment of the window."""
        return self.window.start

    @property
    def end(self) -> datetime:
        """The moment after the last one of the window."""
        return self.window.end

    def to_dict(self) -> dict[str, Any]:
        """As in the envelope."""
        return {
            "service": self.service,
            "objective": self.objective,
            "series": dict(self.series),
            "window": self.window.to_dict(),
            "start": rfc3339(self.start),
            "end": rfc3339(self.end),
            "count": self.count,
            "unit": self.unit,
            "method": self.method,
            "type": self.type,
            "error": self.error,
            "quantiles": dict(self.quantiles),
            "reason": self.reason,
        }


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Percentiles(Tabular):
    """How long requests took: quantiles of each series in each span of time.

    `to_dict()` is the JSON envelope; `to_pyarrow()`, `to_polars()` and `to_pandas()` have one row per result. It keeps
    columns, of which `results` are made when they are asked for.
    """

    schema_version: int = field(default=SCHEMA_VERSION, init=False)
    command: Literal["percentiles"] = field(default="percentiles", init=False)
    version: str
    specs: tuple[SpecIdentity, ...]
    data: Data
    method: Method
    type: int
    passes: int
    """How often the rows were read at most."""
    spreads: tuple[Spread, ...]
    """The columns behind the results, one object per objective and series."""
    notes: tuple[Note, ...] = ()

    def __len__(self) -> int:
        return sum(spread.spans.number for spread in self.spreads)

    def __iter__(self) -> Iterator[Percentile]:
        for spread in self.spreads:
            columns = [spread.column(quantile) for quantile in spread.quantiles]
            for place, (count, reason) in enumerate(zip(spread.counts(), spread.reasons(), strict=True)):
                yield Percentile(
                    service=spread.service,
                    objective=spread.objective,
                    series=spread.series,
                    window=spread.spans.window(place),
                    count=count,
                    unit=spread.unit,
                    method=self.method,
                    type=self.type,
                    error=spread.error,
                    quantiles=dict(zip(spread.quantiles, (column[place] for column in columns), strict=True)),
                    reason=reason,
                )

    @property
    def results(self) -> tuple[Percentile, ...]:
        """A result for each objective, series and span; iterating over this object makes them one by one."""
        return tuple(self)

    def to_dict(self) -> dict[str, Any]:
        """Give the JSON envelope: times as RFC 3339 text, undefined as None."""
        return envelope(
            self.command,
            specs=[spec.to_dict() for spec in self.specs],
            data=self.data.to_dict(),
            results=[result.to_dict() for result in self],
            notes=[note.to_dict() for note in self.notes],
        )

    def columns(self) -> tuple[Column, ...]:
        """Name the columns of the flat table, one row per result."""
        quantiles = self._quantiles()
        labels = (_label(name, quantiles) for spread in self.spreads for name in spread.series)
        return (
            *(Column(name=name, kind="text") for name in dict.fromkeys(("service", "objective", *labels))),
            *_FIXED,
            *(Column(name=name, kind="number") for name in quantiles),
            Column(name="reason", kind="text"),
        )

    def records(self) -> list[dict[str, Any]]:
        """Give the rows of the flat table; times are `datetime`, undefined is None."""
        columns = self.columns()
        names = [column.name for column in columns]
        times = [place for place, column in enumerate(columns) if column.kind == "time"]
        records: list[dict[str, Any]] = []
        for part in self.parts():
            values = [map(from_micros, one) if place in times else one for place, one in enumerate(part)]
            records.extend(dict(zip(names, row, strict=True)) for row in zip(*values, strict=True))
        return records

    def parts(self) -> Iterator[list[Sequence[Any]]]:
        """Give the flat table part by part, in columns; times are microseconds."""
        names = [column.name for column in self.columns()]
        part: dict[str, list[Any]] = {name: [] for name in names}
        for spread in self.spreads:
            self._extend(part, spread)
            if len(part["objective"]) >= _ROWS:
                yield list(part.values())
                part = {name: [] for name in names}
        if part["objective"]:
            yield list(part.values())

    def _extend(self, part: dict[str, list[Any]], spread: Spread) -> None:
        quantiles = self._quantiles()
        spans, starts = spread.spans, spread.spans.starts()
        same: dict[str, Any] = {_label(name, quantiles): value for name, value in spread.series.items()}
        same |= {"service": spread.service, "objective": spread.objective, "window": spans.text, "unit": spread.unit}
        same |= {"method": self.method, "type": self.type, "error": spread.error}
        own: dict[str, Sequence[Any]] = {
            "start": starts,
            "end": range(starts.start + spans.length, starts.stop + spans.length, spans.length),
            "count": spread.counts(),
            "reason": spread.reasons(),
            **{column: spread.column(name) for column, name in quantiles.items()},
        }
        for name, values in part.items():
            values.extend(own[name] if name in own else [same.get(name)] * spans.number)

    def _quantiles(self) -> dict[str, str]:
        """Give the quantiles of all series by the names of their columns."""
        distinct = dict.fromkeys(spread.quantiles for spread in self.spreads)
        return {quantile_column(name): name for quantiles in distinct for name in quantiles}

    def __repr__(self) -> str:
        names = ", ".join(spec.name for spec in self.specs)
        return f"Percentiles({names}: {self.method}, results={len(self)}, rows={self.data.rows})"


def _label(name: str, quantiles: Mapping[str, str]) -> str:
    """Name a label's column; one that is called like another column gets a prefix."""
    return f"label_{name}" if name in _TAKEN or name in quantiles else name

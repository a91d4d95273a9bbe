"""What an evaluation says: promises held against facts, frozen, and the shapes that people take away."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from backburn.engine.envelope import SCHEMA_VERSION, envelope
from backburn.engine.times import rfc3339
from backburn.evaluation.table import Tabular

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from decimal import Decimal

    from backburn.evaluation.budget import Budget, SliceCounts
    from backburn.evaluation.confidence import Confidence
    from backburn.evaluation.provenance import Data, Note, SpecIdentity
    from backburn.evaluation.table import Column

__all__ = ["Durations", "Evaluation", "LeftOut", "Period", "Result", "WindowSpan"]

Verdict = Literal["met", "breached", "unknown"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """The whole of a calendar or fixed window, of which only what lies before the tick is judged.

    `status` is `complete` where nothing of it is still to come, else `running` or `not begun`.
    """

    name: str
    start: datetime
    end: datetime
    status: Literal["complete", "running", "not begun"]

    def to_dict(self) -> dict[str, Any]:
        """As in the envelope."""
        return {
            "name": self.name,
            "start": rfc3339(self.start),
            "end": rfc3339(self.end),
            "status": self.status,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowSpan:
    """A window as the user wrote it, and the half-open span `[start, end)` whose events count here.

    `period` is the whole of a calendar or fixed window; the span ends with it, or at the tick where it is running.
    """

    text: str
    kind: Literal["rolling", "all", "every", "calendar", "events", "fixed"]
    start: datetime
    end: datetime
    period: Period | None = None

    def to_dict(self) -> dict[str, Any]:
        """As in the envelope."""
        return {
            "text": self.text,
            "kind": self.kind,
            "start": rfc3339(self.start),
            "end": rfc3339(self.end),
            "period": None if self.period is None else self.period.to_dict(),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """Time that exclusions leave out of a window, each span with its reason, and what the result would be with it."""

    spans: tuple[tuple[datetime, datetime, str], ...]
    good: int
    bad: int
    valid: int
    sli: float | None
    met: bool | None
    budget: Budget | None

    def to_dict(self) -> dict[str, Any]:
        """As in the envelope."""
        return {
            "spans": [
                {"start": rfc3339(start), "end": rfc3339(end), "reason": reason} for start, end, reason in self.spans
            ],
            "with_it": {
                "good": self.good,
                "bad": self.bad,
                "valid": self.valid,
                "sli": self.sli,
                "met": self.met,
                "budget": None if self.budget is None else self.budget.to_dict(),
            },
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Durations:
    """How long the valid rows took, in the `unit` of the column.

    `quantiles` are None without rows, or for the `reason` given; no value that they are made of is further off than
    `error`, a share of it.
    """

    column: str
    unit: str
    method: Literal["histogram"] = "histogram"
    error: float
    quantiles: Mapping[str, float | None]
    reason: str | None = None

    def to_dict(self) -> dict[str, Any]:
        """As in the envelope."""
        return {
            "column": self.column,
            "unit": self.unit,
            "method": self.method,
            "error": self.error,
            "quantiles": dict(self.quantiles),
            "reason": self.reason,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """One promise held against one series in one window; `(service, objective, series, window)` identifies it.

    `met` is None where it could not be judged, and only then `reason` says why. `observed` is the share of the window
    for which there are logs. `budget` is None for the windows of `also`. `burn` has a rate for each window of
    `report.burn`, None where it had no valid events. `latency` is None where no durations are judged or kept, and
    `left_out` where no exclusion cuts the window. `slices` is None where the budget counts events; else SLI, verdict,
    budget and burn rates are of slices of time, while the counts stay those of events.
    `confidence` is None without valid events, and where slices are good in part.
    """

    service: str | None
    objective: str
    series: Mapping[str, str | None]
    window: WindowSpan
    good: int
    bad: int
    excluded: int
    excluded_by: Mapping[str, int]
    valid: int
    sli: float | None
    target: Decimal
    met: bool | None
    reason: str | None
    observed: float
    budget: Budget | None
    burn: Mapping[str, float | None]
    latency: Durations | None = None
    left_out: LeftOut | None = None
    slices: SliceCounts | None = None
    confidence: Confidence | None = None

    @property
    def verdict(self) -> Verdict:
        """`met` in a word."""
        if self.met is None:
            return "unknown"
        return "met" if self.met else "breached"

    def to_dict(self) -> dict[str, Any]:
        """As in the envelope."""
        return {
            "service": self.service,
            "objective": self.objective,
            "series": dict(self.series),
            "window": self.window.to_dict(),
            "good": self.good,
            "bad": self.bad,
            "excluded": self.excluded,
            "excluded_by": dict(self.excluded_by),
            "valid": self.valid,
            "sli": self.sli,
            "target": float(self.target),
            "met": self.met,
            "reason": self.reason,
            "observed": self.observed,
            "budget": None if self.budget is None else self.budget.to_dict(),
            "burn": dict(self.burn),
            "latency": None if self.latency is None else self.latency.to_dict(),
            "left_out": None if self.left_out is None else self.left_out.to_dict(),
            "slices": None if self.slices is None else self.slices.to_dict(),
            "confidence": None if self.confidence is None else self.confidence.to_dict(),
        }


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Evaluation(Tabular):
    """Promises held against facts.

    `to_dict()` is the JSON envelope; `to_pyarrow()`, `to_polars()` and `to_pandas()` have one row per result.
    """

    schema_version: int = field(default=SCHEMA_VERSION, init=False)
    command: Literal["evaluate"] = field(default="evaluate", init=False)
    version: str
    specs: tuple[SpecIdentity, ...]
    data: Data
    results: tuple[Result, ...]
    notes: tuple[Note, ...] = ()

    @property
    def exit_code(self) -> int:
        """1 if anything is breached, else 4 if anything could not be judged, else 0."""
        verdicts = {result.verdict for result in self.results}
        if "breached" in verdicts:
            return 1
        return 4 if "unknown" in verdicts or not verdicts else 0

    def count(self, verdict: Verdict) -> int:
        """How many results have this verdict."""
        return sum(result.verdict == verdict for result in self.results)

    def to_dict(self) -> dict[str, Any]:
        """Give the JSON envelope: times as RFC 3339 text, undefined as None."""
        return envelope(
            self.command,
            specs=[spec.to_dict() for spec in self.specs],
            data=self.data.to_dict(),
            results=[result.to_dict() for result in self.results],
            notes=[note.to_dict() for note in self.notes],
        )

    def columns(self) -> tuple[Column, ...]:
        """Name the columns of the flat table, one row per result."""
        from backburn.evaluation.flatten import columns

        return columns(self.results)

    def records(self) -> list[dict[str, Any]]:
        """Give the rows of the flat table; times are `datetime`, undefined is None."""
        from backburn.evaluation.flatten import record

        names = [column.name for column in self.columns()]
        return [{name: flat.get(name) for name in names} for flat in map(record, self.results)]

    def __repr__(self) -> str:
        names = ", ".join(spec.name for spec in self.specs)
        verdicts = f"met={self.count('met')}, breached={self.count('breached')}, unknown={self.count('unknown')}"
        return f"Evaluation({names}: {verdicts}, rows={self.data.rows})"

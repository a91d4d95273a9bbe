"""Spec: what a team promises, in canonical, frozen form.

Documents are read into this (`backburn.document`), interop will read and write it, and everything downstream knows only
this. Numbers are exact: targets are `Decimal`, lengths are a `Duration` that remembers how it was written.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Literal

from backburn.model.columns import Columns
from backburn.units import Duration

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from backburn.model.budgeting import Slices
    from backburn.model.policy import AlertPolicy
    from backburn.model.prometheus import Counted
    from backburn.model.sli import Exclude, Location, Predicate, Sli
    from backburn.model.window import TimeSpan, Window

__all__ = [
    "MAX_GAP",
    "Agreement",
    "Also",
    "Dependency",
    "Exclusion",
    "IgnoredFinding",
    "NoData",
    "Objective",
    "Override",
    "Recording",
    "Report",
    "Source",
    "Spec",
]

MAX_GAP = Duration.parse("5m")
"""How far apart two readings of a counter may be unless the document says otherwise: how long Prometheus looks back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where the rows are and how to read them."""

    data: tuple[str, ...] = ()
    format: str | None = None
    columns: Columns = field(default_factory=Columns)
    where: Predicate | None = None
    exclude: tuple[Exclude, ...] = ()
    by: tuple[str, ...] = ()
    routes: tuple[str, ...] = ()
    expect: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    step: Duration
    max_rejected: Decimal
    gaps: Literal["quiet", "unknown"] = "unknown"
    max_gap: Duration = MAX_GAP
    unknown: tuple[TimeSpan, ...] = ()


NoData = Literal["undefined", "good", "bad"]
"""What a window without valid events is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Also:
    """A further window that is judged too, without a budget of its own."""

    window: Window
    target: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Override:
    """Other words for the series whose labels match (shell patterns); the first match wins.

    What is None is as the objective says.
    """

    match: Mapping[str, str]
    target: Decimal | None = None
    no_data: NoData | None = None
    alert_policy: AlertPolicy | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """What customers were told in writing (SLA), over the objective's window where `window` is None."""

    target: Decimal
    window: Window | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Dependency:
    """A service that is depended on and what it promises; without a `hard` one this service fails."""

    service: str
    target: Decimal
    hard: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Objective:
    """One promise: this indicator, this target, this window.

    `target` is a share in (0, 1), exact. `slices` is None where the budget counts events. `by` is None where the
    objective keeps every label of `source.by`. `prometheus` is None where rules look at what `export openmetrics`
    writes.
    """

    name: str
    sli: Sli
    target: Decimal
    window: Window
    also: tuple[Also, ...] = ()
    by: tuple[str, ...] | None = None
    overrides: tuple[Override, ...] = ()
    no_data: NoData = "undefined"
    slices: Slices | None = None
    sla: Agreement | None = None
    alert_policy: AlertPolicy | None = None
    prometheus: Counted | None = None
    title: str | None = None
    prose: Mapping[str, str] = field(default_factory=dict)
    location: Location | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Recording:
    """How durations are kept: histograms of `2^scale` buckets an octave, one per `histogram_step`.

    Without a step it is that of the question: what is judged at once is kept per `source.step`.
    """

    histogram_step: Duration | None = None
    scale: int = 6


QUANTILES = (Decimal("0.5"), Decimal("0.95"), Decimal("0.99"))
"""What is shown of durations unless the document says otherwise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What is shown beside the verdict: these quantiles of durations, and burn rates over these windows."""

    quantiles: tuple[Decimal, ...] = QUANTILES
    burn: tuple[Duration, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class IgnoredFinding:
    """A lint finding that is accepted, with its reason."""

    code: str
    reason: str
    objective: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Exclusion:
    """Time that is left out of budgets and coverage, with the reason that people read.

    `series` holds shell patterns for labels; it applies to the series that match all of them.
    """

    span: TimeSpan
    reason: str
    series: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Spec:
    """One `ServiceLevelObjectives` document.

    `alert_policy` is that of all objectives that name none; `policies` are those that stand beside the document.
    `service` is None when the services are a `by` column. `path` is the file it was read from, against which
    `source.data` is resolved. `location` is where its metadata stands.
    """

    name: str
    service: str | None
    source: Source
    objectives: tuple[Objective, ...]
    owner: str | None = None
    version: str | None = None
    labels: Mapping[str, str] = field(default_factory=dict)
    timezone: str = "UTC"
    timezone_written: bool = True
    dependencies: tuple[Dependency, ...] = ()
    min_coverage: Decimal
    report: Report = field(default_factory=Report)
    rollup: Recording = field(default_factory=Recording)
    prose: Mapping[str, str] = field(default_factory=dict)
    ignore: tuple[IgnoredFinding, ...] = ()
    exclusions: tuple[Exclusion, ...] = ()
    alert_policy: AlertPolicy | None = None
    policies: tuple[AlertPolicy, ...] = ()
    path: Path | None = field(default=None, compare=False)
    location: Location | None = field(default=None, compare=False)

"""The canonical, frozen form of what a document says; everything downstream knows only this."""

from __future__ import annotations

from backburn.model.budgeting import Slices
from backburn.model.columns import Alias, Columns, Count, DurationColumn, Timestamp, TimeUnit
from backburn.model.finding import Finding, Severity
from backburn.model.prometheus import Counted
from backburn.model.sli import (
    Availability,
    Counter,
    Counters,
    Exclude,
    Latency,
    Location,
    Predicate,
    Ratio,
    Sli,
    Unparsable,
)
from backburn.model.spec import (
    Agreement,
    Also,
    Dependency,
    Exclusion,
    IgnoredFinding,
    NoData,
    Objective,
    Override,
    Report,
    Source,
    Spec,
)
from backburn.model.window import Calendar, Everything, Fixed, LastEvents, Rolling, TimeSpan, Window

__all__ = [
    "Agreement",
    "Alias",
    "Also",
    "Availability",
    "Calendar",
    "Columns",
    "Count",
    "Counted",
    "Counter",
    "Counters",
    "Dependency",
    "DurationColumn",
    "Everything",
    "Exclude",
    "Exclusion",
    "Finding",
    "Fixed",
    "IgnoredFinding",
    "LastEvents",
    "Latency",
    "Location",
    "NoData",
    "Objective",
    "Override",
    "Predicate",
    "Ratio",
    "Report",
    "Rolling",
    "Severity",
    "Sli",
    "Slices",
    "Source",
    "Spec",
    "TimeSpan",
    "TimeUnit",
    "Timestamp",
    "Unparsable",
    "Window",
]

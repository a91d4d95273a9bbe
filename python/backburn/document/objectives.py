"""`kind: ServiceLevelObjectives`."""

from __future__ import annotations

from collections.abc import Mapping  # noqa: TC003 - pydantic reads the annotation when it builds the class.
from typing import TYPE_CHECKING, Annotated, ClassVar

from pydantic import Field  # noqa: TID253 - only `read` imports this module, inside its functions.

from backburn.document.alerting import AlertPolicyField  # noqa: TC001 - pydantic reads the annotation when it builds the class.
from backburn.document.bonds import AgreementShape, DependencyEntry  # noqa: TC001 - pydantic reads the annotation when it builds the class.
from backburn.document.budgeting import BudgetingShape  # noqa: TC001 - pydantic reads the annotation when it builds the class.
from backburn.document.checked import CivilZoneField  # noqa: TC001 - pydantic reads the annotation when it builds the class.
from backburn.document.fields import (
    IdField,
    InstantField,
    ProseField,
    ScaleField,
    ShareField,
    TextField,
    table_of,
    text_reads,
    word_of,
)
from backburn.document.lengths import DurationField  # noqa: TC001 - pydantic reads the annotation when it builds the class.
from backburn.document.prometheus import PrometheusShape  # noqa: TC001 - pydantic reads the annotation when it builds the class.
from backburn.document.promise import TargetField  # noqa: TC001 - pydantic reads the annotation when it builds the class.
from backburn.document.shape import Each, Shape
from backburn.document.sli import SliField  # noqa: TC001 - pydantic reads the annotation when it builds the class.
from backburn.document.source import SourceShape  # noqa: TC001 - pydantic reads the annotation when it builds the class.
from backburn.document.window import WindowField  # noqa: TC001 - pydantic reads the annotation when it builds the class.
from backburn.model.spec import NoData

if TYPE_CHECKING:
    from backburn.document.node import Table

__all__ = [
    "AlsoEntry",
    "DocumentShape",
    "ExclusionEntry",
    "IgnoreEntry",
    "MetadataShape",
    "ObjectiveShape",
    "OverrideEntry",
]


class MetadataShape(Shape):
    """Whose promise it is."""

    called: ClassVar[str] = "metadata"

    service: TextField = Field(default=None, description="The service, unless the services are a `by` column.")
    name: IdField = Field(default=None, description="The document's name; default: the service.")
    owner: TextField = Field(default=None, description="The team that answers for the promise.")
    version: TextField = Field(default=None, description="The document's version.")
    labels: Annotated[Mapping[str, str] | None, table_of(text_reads, "{tier: 1}")] = Field(
        default=None, description="Words to find the document by."
    )
    title: ProseField = Field(default=None, description="A name for people.")
    description: ProseField = Field(default=None, description="What the service is.")


class AlsoEntry(Shape):
    """A further window that is judged too, without a budget of its own."""

    called: ClassVar[str] = "also"
    needed: ClassVar[Mapping[str, str]] = {"window": "write window: 1h"}

    window: WindowField = Field(default=None, description="As the objective's window.")
    target: TargetField = Field(default=None, description="Default: the objective's.")


NoDataField = Annotated[NoData | None, word_of("undefined", "good", "bad")]


class OverrideEntry(Shape):
    """Other words for the series whose labels match; the first match wins."""

    called: ClassVar[str] = "override"
    needed: ClassVar[Mapping[str, str]] = {"match": "write match: {service: batch-*}"}

    match: Annotated[Mapping[str, str] | None, table_of(text_reads, "{service: batch-*}")] = Field(
        default=None, description="Labels and the shell patterns that their values match."
    )
    target: TargetField = Field(default=None, description="The target of these series.")
    no_data: NoDataField = Field(default=None, description="What a window without valid events is for these series.")
    alert_policy: AlertPolicyField = Field(default=None, description="The alert policy of these series.")
    rationale: ProseField = Field(default=None, description="Why it differs.")


class ObjectiveShape(Shape):
    """One promise: this indicator, this target, this window."""

    called: ClassVar[str] = "objective"
    needed: ClassVar[Mapping[str, str]] = {
        "name": "write a name such as availability",
        "sli": "write sli: {kind: availability}",
        "target": "write target: 99.9%",
        "window": "write window: 30d",
    }

    name: IdField = Field(default=None, description="The objective's name: small letters, digits, '-', '_' and '.'.")
    sli: SliField = Field(default=None, description="What makes an event good.")
    target: TargetField = Field(default=None, description="99.95%, 0.9995, or p95 < 300ms.")
    window: WindowField = Field(
        default=None, description="30d, all, {calendar: month}, {events: 1000000} or {start: ..., end: ...}."
    )
    also: Annotated[tuple[AlsoEntry, ...], Each("[{window: 1h, target: 99%}]")] = Field(
        default=(), description="Further windows that are judged too."
    )
    budgeting: BudgetingShape | None = Field(
        default=None, description="What the budget is counted in: events (default) or slices of time."
    )
    by: Annotated[tuple[TextField, ...], Each("[service]")] = Field(
        default=(), description="Which labels of source.by tell the series apart; default: all."
    )
    overrides: Annotated[tuple[OverrideEntry, ...], Each("[{match: {service: batch-*}, target: 99%}]")] = Field(
        default=(), description="Other targets for some series; the first match wins."
    )
    no_data: NoDataField = Field(
        default=None, description="What a window without valid events is: undefined (default), good or bad."
    )
    sla: AgreementShape | None = Field(default=None, description="The agreement that the objective protects.")
    alert_policy: AlertPolicyField = Field(
        default=None, description="A policy of the catalogue (google-30d), a file (./alerts.yaml), or one written out."
    )
    prometheus: PrometheusShape | None = Field(default=None, description="Which counters exported rules look at.")
    title: TextField = Field(default=None, description="A name for people.")
    description: ProseField = Field(default=None, description="What is promised.")
    rationale: ProseField = Field(default=None, description="Why this target.")
    links: ProseField = Field(default=None, description="Runbooks, dashboards.")
    review: ProseField = Field(default=None, description="When and by whom it is reviewed.")

    @classmethod
    def excused(cls, name: str, node: Table) -> bool:
        """A composite has no indicator of its own; that it does not exist yet has been said."""
        return name == "sli" and any(word in node for word in ("composite", "indicator", "indicatorRef"))


class ExclusionEntry(Shape):
    """Time that is left out of budgets and coverage, with the reason that people read."""

    called: ClassVar[str] = "exclusion"
    needed: ClassVar[Mapping[str, str]] = {
        "start": "write when it begins, as in 2025-10-26T02:00:00Z",
        "end": "write when it ends, as in 2025-10-26T04:00:00Z",
        "reason": "write why this time is left out; it is shown beside both budgets",
    }

    start: InstantField = Field(default=None, description="The first moment left out, with its zone.")
    end: InstantField = Field(default=None, description="The first moment that counts again, with its zone.")
    reason: TextField = Field(default=None, description="Why; shown beside both budgets.")
    series: Annotated[Mapping[str, str] | None, table_of(text_reads, "{service: batch-*}")] = Field(
        default=None, description="Labels and the shell patterns that their values match; default: every series."
    )


class ReportShape(Shape):
    """What is shown beside the verdict."""

    called: ClassVar[str] = "report"

    quantiles: Annotated[tuple[ShareField, ...] | None, Each("[0.5, 0.95, 0.99]")] = Field(
        default=None, description="The quantiles of durations; default [0.5, 0.95, 0.99], and [] for none."
    )
    burn: Annotated[tuple[DurationField, ...], Each("[1h, 6h]")] = Field(
        default=(), description="The windows of burn rates."
    )


class RollupShape(Shape):
    """How durations are kept."""

    called: ClassVar[str] = "rollup"

    histogram_step: DurationField = Field(
        default=None, description="The width of a histogram of durations; default: 5m where counts are saved."
    )
    scale: ScaleField = Field(
        default=None, description="2^scale buckets an octave, 0 to 8; default 6: no quantile is 0.55% off."
    )


class IgnoreEntry(Shape):
    """A lint finding that is accepted, with its reason."""

    called: ClassVar[str] = "ignore"
    needed: ClassVar[Mapping[str, str]] = {
        "code": "write the code of the finding, as in code: BB202",
        "reason": "write why the finding is accepted",
    }

    code: TextField = Field(default=None, description="The code of the finding.")
    objective: TextField = Field(default=None, description="The objective it is about; default: all.")
    reason: TextField = Field(default=None, description="Why it is accepted.")


class DocumentShape(Shape):
    """A document of service level objectives."""

    called: ClassVar[str] = "document"
    needed: ClassVar[Mapping[str, str]] = {
        "apiVersion": "write apiVersion: backburn/v1",
        "kind": "write kind: ServiceLevelObjectives",
        "metadata": "write metadata: {service: ...}",
        "objectives": "write objectives: [{name: ..., sli: ..., target: ..., window: ...}]",
    }

    apiVersion: Annotated[str | None, word_of("backburn/v1")] = Field(  # noqa: N815 - the grammar's word.
        default=None, description="The version of the grammar."
    )
    kind: Annotated[str | None, word_of("ServiceLevelObjectives")] = Field(
        default=None, description="What the document is."
    )
    metadata: MetadataShape | None = Field(default=None, description="Whose promise it is.")
    timezone: CivilZoneField = Field(default=None, description="The zone of calendars (default UTC).")
    source: SourceShape | None = Field(default=None, description="Where the rows are and how to read them.")
    objectives: Annotated[tuple[ObjectiveShape, ...], Each("[{name: ..., sli: ..., target: ..., window: ...}]", 1)] = (
        Field(default=(), description="The promises.")
    )
    min_coverage: ShareField = Field(
        default=None, description="The share of a window that must be observed to judge it; default 80%."
    )
    report: ReportShape | None = Field(default=None, description="What is shown beside the verdict.")
    rollup: RollupShape | None = Field(default=None, description="How durations are kept.")
    dependencies: Annotated[
        tuple[DependencyEntry, ...], Each("[{service: auth-service, target: 99.99%, kind: hard}]")
    ] = Field(default=(), description="The services that this one depends on, and what they promise.")
    exclusions: Annotated[tuple[ExclusionEntry, ...], Each("[{start: ..., end: ..., reason: ...}]")] = Field(
        default=(), description="Time that is left out of budgets and coverage, each span with its reason."
    )
    ignore: Annotated[tuple[IgnoreEntry, ...], Each("[{code: BB202, reason: ...}]")] = Field(
        default=(), description="Lint findings that are accepted."
    )
    alert_policy: AlertPolicyField = Field(
        default=None, description="The alert policy of every objective that names none."
    )
    title: ProseField = Field(default=None, description="A name for people.")
    description: ProseField = Field(default=None, description="What is promised, and to whom.")
    rationale: ProseField = Field(default=None, description="Why.")
    links: ProseField = Field(default=None, description="Runbooks, dashboards.")
    review: ProseField = Field(default=None, description="When and by whom it is reviewed.")

    @classmethod
    def excused(cls, name: str, node: Table) -> bool:
        """Fields that a `spec` hides are not missing; where they belong has been said."""
        return name in {"objectives", "metadata"} and "spec" in node

"""`kind: AlertPolicy`."""

from __future__ import annotations

from collections.abc import Mapping  # noqa: TC003 - pydantic reads the annotation when it builds the class.
from typing import Annotated, ClassVar, Literal

from pydantic import Field  # noqa: TID253 - only `read` imports this module, inside its functions.

from backburn.document.fields import IdField, ProseField, ShareField, TextField, word_of
from backburn.document.lengths import DurationField  # noqa: TC001 - pydantic reads the annotation when it builds the class.
from backburn.document.rates import ConsumedField, CountField, FactorField, RateField  # noqa: TC001 - as above.
from backburn.document.shape import Each, Shape

__all__ = ["AlertEntry", "ConditionEntry", "PolicyShape"]


class DropShape(Shape):
    """How much less traffic there is."""

    called: ClassVar[str] = "drop"
    needed: ClassVar[Mapping[str, str]] = {"share": "write share: 10%", "in": "write in: 1h"}

    share: ShareField = Field(default=None, description="How much of the usual traffic is missing.")
    within: DurationField = Field(default=None, alias="in", description="In the last how much time.")


class ConditionEntry(Shape):
    """One of the conditions of which any makes an alert true."""

    called: ClassVar[str] = "condition"

    long: DurationField = Field(default=None, description="The long window, which makes sure.")
    short: DurationField = Field(default=None, description="The short window, which says soon that it is over.")
    window: DurationField = Field(default=None, description="The only window, in place of long and short.")
    factor: FactorField = Field(default=None, description="How many times faster than allowed the budget burns.")
    budget: ShareField = Field(
        default=None,
        description="The share of the period's budget that is gone when the window reaches the level.",
    )
    error_ratio: ShareField = Field(default=None, description="The share of bad events in the window.")
    consumed: ConsumedField = Field(default=None, description="How much of the budget is gone: '>= 75%'.")
    exhausts_within: DurationField = Field(default=None, description="The budget will be gone within this time.")
    drop: DropShape | None = Field(default=None, description="Traffic is down: {share: 10%, in: 1h}.")
    no_traffic: DurationField = Field(default=None, description="There was no valid event for so long.")


class AlertEntry(Shape):
    """One alert: when it fires, and for whom."""

    called: ClassVar[str] = "alert"
    needed: ClassVar[Mapping[str, str]] = {
        "name": "write a name such as page",
        "severity": "write severity: page, or ticket",
        "any": "write any: [{long: 1h, short: 5m, factor: 14.4}]",
    }

    name: IdField = Field(default=None, description="The alert's name: small letters, digits, '-', '_' and '.'.")
    severity: IdField = Field(default=None, description="page, ticket, or a word of your own.")
    any: Annotated[tuple[ConditionEntry, ...], Each("[{long: 1h, short: 5m, factor: 14.4}]", 1)] = Field(
        default=(), description="The alert is true where any of these is."
    )
    op: Annotated[Literal["gt", "gte"] | None, word_of("gt", "gte")] = Field(
        default=None, description="Whether a rate must exceed its level (gt, the default) or may equal it (gte)."
    )
    wait: DurationField = Field(default=None, alias="for", description="How long it must be true before it fires.")
    keep_firing_for: DurationField = Field(default=None, description="How long it must be false before it ends.")
    min_bad: CountField = Field(default=None, description="So many bad rows are needed in the long window.")
    min_valid: CountField = Field(default=None, description="So many valid events are needed in the long window.")
    min_rate: RateField = Field(default=None, description="So much traffic is needed in the long window: 10/s.")
    no_data: Annotated[
        Literal["undefined", "good", "bad", "freeze"] | None, word_of("undefined", "good", "bad", "freeze")
    ] = Field(default=None, description="What a window without valid events is; default undefined.")
    inhibited_by: Annotated[tuple[TextField, ...], Each("[page]")] = Field(
        default=(), description="Alerts of this policy during which nobody is told of this one."
    )
    quirk: Annotated[Literal["rounded", "traffic-weighted"] | None, word_of("rounded", "traffic-weighted")] = Field(
        default=None,
        description="How a tool compares: rounded (slo-generator), traffic-weighted (slo-exporter).",
    )


class PolicyMetadata(Shape):
    """What the policy is called, and where it is from."""

    called: ClassVar[str] = "policy metadata"
    needed: ClassVar[Mapping[str, str]] = {"name": "write name: my-policy"}

    name: IdField = Field(default=None, description="The policy's name: small letters, digits, '-', '_' and '.'.")
    source: TextField = Field(default=None, description="Where its numbers are from: an address.")
    title: TextField = Field(default=None, description="A name for people.")
    description: ProseField = Field(default=None, description="What it is for.")
    rationale: ProseField = Field(default=None, description="Why these numbers.")


class PolicyShape(Shape):
    """When somebody is told that an error budget burns."""

    called: ClassVar[str] = "policy"
    needed: ClassVar[Mapping[str, str]] = {"alerts": "write alerts: [{name: page, severity: page, any: [...]}]"}

    apiVersion: Annotated[str | None, word_of("backburn/v1")] = Field(  # noqa: N815 - the grammar's word.
        default=None, description="The version of the grammar."
    )
    kind: Annotated[str | None, word_of("AlertPolicy")] = Field(default=None, description="What the document is.")
    metadata: PolicyMetadata | None = Field(default=None, description="What it is called, and where it is from.")
    period: DurationField = Field(default=None, description="The period that its factors were made for.")
    every: DurationField = Field(default=None, description="The time between two evaluations; default: a step.")
    scales: Annotated[Literal["windows"] | None, word_of("windows")] = Field(
        default=None, description="windows: all lengths grow with the objective's window, to the minute."
    )
    alerts: Annotated[tuple[AlertEntry, ...], Each("[{name: page, severity: page, any: [...]}]", 1)] = Field(
        default=(), description="Its alerts."
    )


class PolicyDocument(PolicyShape):
    """A document of its own."""

    called: ClassVar[str] = "policy"
    needed: ClassVar[Mapping[str, str]] = {
        "apiVersion": "write apiVersion: backburn/v1",
        "kind": "write kind: AlertPolicy",
        "metadata": "write metadata: {name: my-policy}",
        **PolicyShape.needed,
    }

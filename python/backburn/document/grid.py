"""`kind: AlertPolicyGrid`."""

from __future__ import annotations

from collections.abc import Mapping  # noqa: TC003 - pydantic reads the annotation when it builds the class.
from decimal import Decimal
from fractions import Fraction
from typing import Annotated, ClassVar, Literal

from pydantic import Field  # noqa: TID253 - only `read` imports this module, inside its functions.

from backburn.document.alternatives import alternatives
from backburn.document.factors import FactorsField  # noqa: TC001 - pydantic reads it, as above.
from backburn.document.fields import word_of
from backburn.document.lengths import LENGTH, DurationField, parse_duration
from backburn.document.policy import PolicyMetadata  # noqa: TC001 - pydantic reads it, as above.
from backburn.document.promise import parse_target
from backburn.document.rates import parse_count, parse_rate
from backburn.document.shape import Each, Shape
from backburn.units import Duration

__all__ = ["GridDocument", "GridShape", "WindowsEntry"]

_NO_TIME = ("0s", "0m", "0h", "0d")


def _wait(text: str) -> Duration | None:
    return None if text in _NO_TIME else parse_duration(text)


def _seconds(wait: Duration | None) -> Decimal | None:
    return None if wait is None else wait.seconds


def _count(text: str) -> int | None:
    return None if text == "0" else parse_count(text)


def _rate(text: str) -> Fraction | None:
    return None if text == "0" else parse_rate(text)


def _target(text: str) -> Decimal:
    target = parse_target(text)
    if target.threshold is not None:
        raise ValueError(f"{text!r} holds a threshold, which is the indicator's; write the share alone, as in 95%")
    return target.share


_LENGTHS = {"type": "string", "pattern": LENGTH}
_COUNTS = {"type": ["integer", "string"], "minimum": 0}
_RATES = {"type": ["integer", "string"], "pattern": r"^(0|[0-9]+(\.[0-9]+)? ?/ ?[smhd])$", "minimum": 0, "maximum": 0}
_SHARES = {
    "type": ["string", "number"],
    "pattern": r"^[0-9]+(\.[0-9]+)?%?$",
    "exclusiveMinimum": 0,
    "exclusiveMaximum": 1,
}

WaitsField = Annotated[
    tuple[Duration | None, ...] | None, alternatives(_wait, "write for: [0s, 2m]", _LENGTHS, key=_seconds)
]
BadsField = Annotated[tuple[int | None, ...] | None, alternatives(_count, "write min_bad: [0, 3]", _COUNTS)]
ValidsField = Annotated[tuple[int | None, ...] | None, alternatives(_count, "write min_valid: [0, 100]", _COUNTS)]
RatesField = Annotated[tuple[Fraction | None, ...] | None, alternatives(_rate, "write min_rate: [0, 10/s]", _RATES)]
TargetsField = Annotated[
    tuple[Decimal, ...] | None, alternatives(_target, "write targets: [99%, 99.9%]", _SHARES, single=False)
]


class WindowsEntry(Shape):
    """The windows of one condition."""

    called: ClassVar[str] = "grid windows"

    long: DurationField = Field(default=None, description="The long window, which makes sure.")
    short: DurationField = Field(default=None, description="The short window, which says soon that it is over.")
    window: DurationField = Field(default=None, description="The only window, in place of long and short.")


class GridShape(Shape):
    """Alert policies that are compared with each other: every way to choose from each list."""

    called: ClassVar[str] = "grid"
    needed: ClassVar[Mapping[str, str]] = {
        "windows": "write windows: [{long: 1h, short: 5m}]",
        "factors": "write factors: {from: 1, to: 100, steps: 50}",
    }

    apiVersion: Annotated[str | None, word_of("backburn/v1")] = Field(  # noqa: N815 - the grammar's word.
        default=None, description="The version of the grammar."
    )
    kind: Annotated[str | None, word_of("AlertPolicyGrid")] = Field(default=None, description="What the document is.")
    metadata: PolicyMetadata | None = Field(default=None, description="What it is called, and where it is from.")
    period: DurationField = Field(default=None, description="The period that its factors are for; default 30d.")
    windows: Annotated[tuple[WindowsEntry, ...], Each("windows: [{long: 1h, short: 5m}]", 1)] = Field(
        default=(), description="The windows: {long: 1h, short: 5m}, or {window: 1h} for a single one."
    )
    factors: FactorsField = Field(
        default=None,
        description="How many times faster than allowed the budget burns: a list, {from: 1, to: 100, steps: 50}, or "
        "all, which is each that tells one policy from another on the data.",
    )
    waits: WaitsField = Field(
        default=None, alias="for", description="How long it must be true before it fires; default 0s."
    )
    min_bad: BadsField = Field(
        default=None, description="So many bad rows are needed in the long window; 0 is without this guard."
    )
    min_valid: ValidsField = Field(
        default=None, description="So many valid events are needed in the long window; 0 is without this guard."
    )
    min_rate: RatesField = Field(
        default=None, description="So much traffic is needed in the long window: 10/s; 0 is without this guard."
    )
    targets: TargetsField = Field(default=None, description="Targets that are tried; default: the objective's own.")
    op: Annotated[Literal["gt", "gte"] | None, word_of("gt", "gte")] = Field(
        default=None, description="Whether a rate must exceed its factor (gt, the default) or may equal it (gte)."
    )
    no_data: Annotated[
        Literal["undefined", "good", "bad", "freeze"] | None, word_of("undefined", "good", "bad", "freeze")
    ] = Field(default=None, description="What a window without valid events is; default undefined.")


class GridDocument(GridShape):
    """A document of its own."""

    called: ClassVar[str] = "grid"
    needed: ClassVar[Mapping[str, str]] = {
        "apiVersion": "write apiVersion: backburn/v1",
        "kind": "write kind: AlertPolicyGrid",
        "metadata": "write metadata: {name: my-grid}",
        **GridShape.needed,
    }

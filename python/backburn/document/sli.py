"""The indicators: what makes an event good."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from pydantic import Field  # noqa: TID253 - only `read` imports this module, inside its functions.

from backburn.document.checked import PredicateField  # noqa: TC001 - pydantic reads the annotation when it builds the class.
from backburn.document.counter import OperandField  # noqa: TC001 - pydantic reads the annotation when it builds the class.
from backburn.document.fields import TextField, scalar, word_of
from backburn.document.lengths import ThresholdField  # noqa: TC001 - pydantic reads the annotation when it builds the class.
from backburn.document.node import Node, Scalar, Table
from backburn.document.shape import Chosen, Each, Shape, what
from backburn.document.words import FOREIGN, listed, suggestion
from backburn.model.sli import Unparsable

if TYPE_CHECKING:
    from collections.abc import Mapping

    from backburn.document.notes import Notes

__all__ = ["AvailabilitySli", "ExcludeEntry", "LatencySli", "RatioSli", "SliField"]

UnparsableField = Annotated[Unparsable | None, word_of("reject", "exclude", "bad")]


class ExcludeEntry(Shape):
    """Rows that are forgiven, with the reason that people read."""

    called: ClassVar[str] = "exclude"
    needed: ClassVar[Mapping[str, str]] = {
        "when": "write a SQL expression, as in when: status = 429",
        "reason": "write why these rows are forgiven; it is shown beside their count",
    }

    when: PredicateField = Field(default=None, description="Which rows: a SQL boolean expression.")
    reason: TextField = Field(default=None, description="Why they are forgiven; shown beside their count.")


class _Sli(Shape):
    called: ClassVar[str] = "sli"
    needed: ClassVar[Mapping[str, str]] = {"kind": "write kind: availability, latency or ratio"}

    @classmethod
    def hint(cls, word: str) -> str | None:
        """Name the kind that a field belongs to."""
        kind = next((kind for kind, shape in _KINDS.items() if word in shape.model_fields), None)
        return f"it belongs to kind: {kind}" if kind is not None else None

    exclude: Annotated[tuple[ExcludeEntry, ...], Each("[{when: status = 429, reason: ...}]")] = Field(
        default=(), description="Rows that this objective forgives, beside those of the source."
    )
    unparsable: UnparsableField = Field(
        default=None, description="What becomes of rows whose value cannot be read: reject, exclude or bad."
    )


class _RowsSli(_Sli):
    valid: PredicateField = Field(default=None, description="Which rows are in scope for this objective.")


class AvailabilitySli(_RowsSli):
    """Good is a status of 100 to 499, bad is 500 to 599; anything else follows `unparsable` (default bad)."""

    kind: Annotated[Literal["availability"] | None, word_of("availability")] = Field(
        default=None, description="Judged by status."
    )


class LatencySli(_RowsSli):
    """Good is a duration of at most `threshold`; a target such as `p95 < 300ms` brings a threshold of its own."""

    kind: Annotated[Literal["latency"] | None, word_of("latency")] = Field(
        default=None, description="Judged by duration."
    )
    threshold: ThresholdField = Field(default=None, description="The longest duration that is good, as in 300ms.")
    column: TextField = Field(default=None, description="The role, alias or column to judge; default duration.")


class RatioSli(_Sli):
    """Exactly one of `good` and `bad` tells the events apart: a predicate, or a counter beside that of all events."""

    kind: Annotated[Literal["ratio"] | None, word_of("ratio")] = Field(
        default=None, description="Judged by a predicate, or by counters."
    )
    good: OperandField = Field(
        default=None, description="Which rows are good, all others in scope being bad; or the counter of good events."
    )
    bad: OperandField = Field(
        default=None, description="Which rows are bad, all others in scope being good; or the counter of bad events."
    )
    valid: OperandField = Field(
        default=None, description="Which rows are in scope for this objective; or the counter of all events."
    )


_KINDS: Mapping[str, type[_Sli]] = {"availability": AvailabilitySli, "latency": LatencySli, "ratio": RatioSli}
_LATER = ("freshness", "throughput", "uptime")


def _choose(node: Node, notes: Notes) -> type[_Sli] | None:
    if not isinstance(node, Table):
        if isinstance(node, Scalar) and node.text in _KINDS:
            notes.about("BB105", node, f"expected a mapping, found {node.text!r}", f"write {{kind: {node.text}}}")
        elif not (isinstance(node, Scalar) and node.mended):
            notes.about("BB105", node, f"expected a mapping, found {what(node)}", "write {kind: availability}")
        return None
    kind = node.get("kind")
    if kind is None:
        _kindless(node, notes)
        return None
    text = scalar(kind, notes, f"write {listed(_KINDS)}")
    if text is None or text in _KINDS:
        return None if text is None else _KINDS[text]
    if text in _LATER:
        notes.about("BB104", kind, f"the kind {text!r} does not exist yet", f"write {listed(_KINDS)}")
    else:
        notes.about("BB106", kind, f"unknown kind {text!r}", suggestion(text, (*_KINDS, *_LATER)))
    return None


def _kindless(node: Table, notes: Notes) -> None:
    """Without a kind no field can be judged; guess it by the fields that one kind alone has."""
    remedy = f"write kind: {listed(_KINDS)}"
    for name, kind in (("threshold", "latency"), ("good", "ratio"), ("bad", "ratio"), ("up", "uptime")):
        if name in node:
            remedy = f"{name!r} belongs to kind: {kind}"
            break
    for word in ("ratioMetric", "thresholdMetric", "type"):
        if word in node:
            remedy = FOREIGN["sli"].get(word) or FOREIGN["objective"][word]
    notes.say("BB108", node.place, f"{node.path}.kind", "'kind' is missing", remedy)


SliField = Annotated[AvailabilitySli | LatencySli | RatioSli | None, Chosen(_choose)]

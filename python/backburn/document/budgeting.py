"""`budgeting`: whether the budget counts events or slices of time."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from pydantic import Field  # noqa: TID253 - only `read` imports this module, inside its functions.

from backburn.document.fields import ShareField, WholeField, word_of
from backburn.document.lengths import DurationField  # noqa: TC001 - pydantic reads the annotation when it builds the class.
from backburn.document.shape import Shape
from backburn.model.budgeting import Slices
from backburn.model.window import LastEvents

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from backburn.document.notes import Notes
    from backburn.document.objectives import AlsoEntry, ObjectiveShape

__all__ = ["BudgetingShape", "check_budgeting", "slices_of"]

_OF_SLICES = ("slice", "slice_target", "min_events")


class BudgetingShape(Shape):
    """What the budget is counted in."""

    called: ClassVar[str] = "budgeting"
    needed: ClassVar[Mapping[str, str]] = {"method": "write method: time-slices, ratio-time-slices or events"}

    method: Annotated[
        Literal["events", "time-slices", "ratio-time-slices"] | None,
        word_of("events", "time-slices", "ratio-time-slices"),
    ] = Field(default=None, description="events (as without budgeting), time-slices or ratio-time-slices.")
    slice: DurationField = Field(default=None, description="How long a slice is, in whole steps.")
    slice_target: ShareField = Field(
        default=None, description="The share of good events that makes a slice good; default: the objective's target."
    )
    min_events: WholeField = Field(
        default=None, description="With fewer valid events a slice is what no_data says; default 1."
    )


def check_budgeting(objective: ObjectiveShape, notes: Notes) -> None:
    """Note what does not go together with slices."""
    shape = objective.budgeting
    if shape is None or shape.method is None:
        return
    if shape.method == "events":
        for word in _OF_SLICES:
            key = shape.node.key(word)
            if key is not None:
                notes.about("BB111", key, f"{word!r} is about slices", "write method: time-slices, or leave it out")
        return
    if "slice" not in shape.node:
        path = f"{shape.node.path}.slice"
        notes.say("BB108", shape.node.place, path, "'slice' is missing", "write slice: 1m")
    key = shape.node.key("slice_target")
    if shape.method == "ratio-time-slices" and key is not None:
        remedy = "leave it out, or write method: time-slices"
        notes.about("BB111", key, "a slice counts by its ratio, which needs no target", remedy)
    elif shape.slice_target is not None and not Decimal(0) < shape.slice_target < Decimal(1):
        at = shape.node.get("slice_target") or shape.node
        notes.about("BB106", at, "a slice's target lies between 0% and 100%", "write slice_target: 95%")
    promises: Iterable[ObjectiveShape | AlsoEntry] = (objective, *objective.also)
    for promise in promises:
        if isinstance(promise.window, LastEvents):
            at = promise.node.get("window") or promise.node
            message = "a window of so many events cannot be cut into slices of time"
            notes.about("BB111", at, message, "write a window of time, or method: events")


def slices_of(shape: BudgetingShape | None) -> Slices | None:
    """Give the slices of an objective; None where events count."""
    if shape is None or shape.slice is None or shape.method is None or shape.method == "events":
        return None
    return Slices(
        method=shape.method,
        length=shape.slice,
        target=shape.slice_target,
        min_events=1 if shape.min_events is None else shape.min_events,
    )

"""The factors of a grid: a list, an evenly spaced range, or all that tell one policy from another."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, ClassVar

from pydantic import Field  # noqa: TID253 - only `read` imports this module, inside its functions.

from backburn.document.alternatives import alternatives
from backburn.document.fields import parsed, word_of
from backburn.document.node import Items, Node, Scalar, Table
from backburn.document.rates import FactorField, parse_factor
from backburn.document.scales import SCALES, Scale, spread
from backburn.document.shape import Reads, Shape, what
from backburn.document.words import nearest
from backburn.document.written import Written

if TYPE_CHECKING:
    from collections.abc import Mapping
    from fractions import Fraction

    from backburn.document.notes import Notes

__all__ = ["Factors", "FactorsField"]

ALL = "all"
_FEWEST, _MOST = 2, 100_000
_REMEDY = "write factors: [1, 3, 6, 14.4], factors: {from: 1, to: 100, steps: 50}, or factors: all"


@dataclass(frozen=True, slots=True)
class Factors:
    """The factors in rising order; None is all that tell one policy from another."""

    values: tuple[Fraction, ...] | None


def _steps(text: str) -> int:
    if re.fullmatch(r"[0-9]{1,15}", text, re.ASCII) is None or not _FEWEST <= int(text) <= _MOST:
        raise ValueError(f"{text!r} is not a number of steps; write a whole number from {_FEWEST} to {_MOST}")
    return int(text)


StepsField = Annotated[
    int | None,
    Reads(parsed(_steps, "write steps: 50"), {"type": ["integer", "string"], "minimum": _FEWEST, "maximum": _MOST}),
]


class RangeShape(Shape):
    """Factors between two others, evenly spaced."""

    called: ClassVar[str] = "range"
    needed: ClassVar[Mapping[str, str]] = {
        "from": "write from: 1",
        "to": "write to: 100",
        "steps": "write steps: 50",
    }

    first: FactorField = Field(default=None, alias="from", description="The first of them.")
    last: FactorField = Field(default=None, alias="to", description="The last of them.")
    steps: StepsField = Field(default=None, description="How many there are, with the first and the last: 2 or more.")
    scale: Annotated[Scale | None, word_of(*SCALES)] = Field(
        default=None,
        description="log (the default): each is so many times the one before, rounded to four significant digits, "
        "and each is there once; linear: each is so much more.",
    )


_item = {"type": ["number", "string"], "exclusiveMinimum": 0}
_list = alternatives(parse_factor, "write factors: [1, 3, 6, 14.4]", _item, single=False)


def _read(node: Node, notes: Notes) -> Factors | None:
    match node:
        case Table():
            return _range(node, notes)
        case Items():
            values = _list.read(node, notes)
            return Factors(tuple(sorted(values))) if isinstance(values, tuple) else None
        case Scalar(mended=True):
            return None
        case Scalar(text=text) if text == ALL:
            return Factors(None)
        case Scalar(text=text):
            remedy = f"did you mean {ALL!r}?" if nearest(text, [ALL]) else _REMEDY
            message = f"expected a list, a range or the word {ALL!r}, found {what(node)}"
            notes.about("BB105", node, message, remedy)
            return None


def _range(node: Table, notes: Notes) -> Factors | None:
    before = len(notes)
    shape = RangeShape.model_validate(node, context=notes)
    first, last, steps = shape.first, shape.last, shape.steps
    if first is not None and last is not None and first >= last:
        begin, end = node.get("from") or node, node.get("to") or node
        message = f"the range of factors begins at {what(begin)} and ends at {what(end)}"
        notes.about("BB106", end, message, "write a 'to' that is above 'from'")
    if len(notes) > before or first is None or last is None or steps is None:
        return None
    return Factors(spread(first, last, steps, shape.scale or "log"))


def _described() -> dict[str, object]:
    described = RangeShape.model_json_schema(schema_generator=Written)
    return {name: value for name, value in described.items() if name != "title"}


FactorsField = Annotated[
    Factors | None, Reads(_read, {"anyOf": [dict(_list.schema), _described(), {"type": "string", "enum": [ALL]}]})
]

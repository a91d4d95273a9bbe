"""Lists of alternatives: a value or several of one kind, none of them twice."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from backburn.document.fields import parsed
from backburn.document.node import Items, Node, Scalar
from backburn.document.shape import Reads, what

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Mapping

    from backburn.document.notes import Notes

__all__ = ["alternatives"]

Value = TypeVar("Value")

_TWICE = "keep one of the two"


def alternatives(
    parse: Callable[[str], Value],
    remedy: str,
    schema: Mapping[str, object],
    *,
    key: Callable[[Value], Hashable] = lambda value: value,
    single: bool = True,
) -> Reads:
    """A list whose items `parse` reads, or, where `single` allows it, one value without brackets.

    Two values are the same where `key` is. The field is None where no item can be read.
    """
    # A value may be None itself, so it is kept in a tuple until it is known to be one.
    read_one = parsed(lambda text: (parse(text),), remedy)

    def read(node: Node, notes: Notes) -> tuple[Value, ...] | None:
        if isinstance(node, Items):
            items = node.items
        elif single or (isinstance(node, Scalar) and node.mended):
            items = (node,)
        else:
            notes.about("BB105", node, f"expected a list, found {what(node)}", remedy)
            return None
        if not items:
            notes.about("BB105", node, "the list is empty", remedy)
        values: dict[Hashable, tuple[Value, str]] = {}
        for item in items:
            found = read_one(item, notes)
            if found is None:
                continue
            (value,) = found
            same = values.get(key(value))
            if same is None:
                values[key(value)] = (value, what(item))
                continue
            message = f"{what(item)} is in the list already"
            notes.about("BB113", item, message if same[1] == what(item) else f"{message}, as {same[1]}", _TWICE)
        return tuple(value for value, _ in values.values()) or None

    each = {"type": "array", "items": dict(schema), "minItems": 1}
    return Reads(read, {"anyOf": [dict(schema), each]} if single else each)

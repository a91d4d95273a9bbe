"""Rules and their tests as YAML that people read: expressions of several lines stand as they are."""

from __future__ import annotations

from io import StringIO
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

__all__ = ["dump"]

_WIDE = 1_000_000


def dump(document: Mapping[str, Any], notes: Iterable[str] = ()) -> str:
    """Write a document, with notes above it as comments."""
    from ruamel.yaml import YAML

    yaml = YAML()
    yaml.width = _WIDE  # A line is never broken: what is long is a number of samples, or one term of an expression.
    yaml.indent(mapping=2, sequence=4, offset=2)
    text = StringIO()
    yaml.dump(_blocks(document), text)
    comments = "".join(f"# {note}".rstrip() + "\n" for note in notes)
    return comments + text.getvalue()


def _blocks(value: Any) -> Any:  # noqa: ANN401 - whatever YAML can hold.
    from ruamel.yaml.scalarstring import LiteralScalarString

    match value:
        case dict():
            return {key: _blocks(below) for key, below in value.items()}
        case list():
            return [_blocks(below) for below in value]
        case str() if "\n" in value:
            return LiteralScalarString(value)
        case _:
            return value

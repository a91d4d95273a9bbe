"""Documents of kind AlertPolicyGrid: in a text, in a file, or as a mapping."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backburn.document.check_grid import check_grid
from backburn.document.convert_grid import grid_of
from backburn.document.grid import GridDocument, GridShape
from backburn.document.node import Node, Scalar, Table
from backburn.document.notes import Notes

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from backburn.model.grid import AlertPolicyGrid

__all__ = ["from_dict", "grids_in", "is_grid", "read_file", "read_text"]

KIND = "AlertPolicyGrid"


def is_grid(node: Node) -> bool:
    """Whether a document says that it is a grid of alert policies."""
    kind = node.get("kind") if isinstance(node, Table) else None
    return isinstance(kind, Scalar) and kind.text == KIND


def grids_in(nodes: Iterable[Node], notes: Notes) -> list[AlertPolicyGrid]:
    """Read those of some documents that are grids; what is wrong with them is noted."""
    found: dict[str, AlertPolicyGrid] = {}
    for node in nodes:
        if not is_grid(node):
            continue
        before = len(notes)
        shape = GridDocument.model_validate(node, context=notes)
        check_grid(shape, notes)
        if len(notes) > before:
            continue
        grid = grid_of(shape)
        if grid.name in found:
            message = f"another grid is called {grid.name!r} too"
            notes.about("BB113", node, message, "give each a metadata.name of its own")
        found[grid.name] = grid
    return list(found.values())


def read_text(text: str, file: str, notes: Notes) -> list[AlertPolicyGrid]:
    """Read the grids of a text."""
    from backburn.document.yaml import compose

    return grids_in(compose(text, file, notes), notes)


def read_file(path: Path, notes: Notes) -> list[AlertPolicyGrid]:
    """Read the grids of a file, or of the files of a directory."""
    from backburn.document.files import texts

    return [grid for file, text in texts(path, notes) for grid in read_text(text, str(file), notes)]


def from_dict(mapping: Mapping[str, object]) -> AlertPolicyGrid:
    """Read one that is a mapping of Python values; without a kind it is one that is written out.

    Raises:
        SpecError: with every error in `findings`.
    """
    from backburn.document.values import plant

    notes = Notes()
    node = plant(mapping, notes)
    whole = isinstance(node, Table) and ("kind" in node or "apiVersion" in node)
    shape = (GridDocument if whole else GridShape).model_validate(node, context=notes)
    if shape is not None:
        check_grid(shape, notes)
    notes.settle()
    return grid_of(shape)

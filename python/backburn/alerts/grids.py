"""Grids of alert policies: the one that comes with the program, those of files, and those that are handed over."""

from __future__ import annotations

import os
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

from backburn.errors import UsageError
from backburn.model.grid import AlertPolicyGrid

if TYPE_CHECKING:
    GridArgument = AlertPolicyGrid | str | os.PathLike[str] | Mapping[str, object]

__all__ = ["DEFAULT", "default_text", "load_grid"]

DEFAULT = "default"
"""The grid that is tried where none is named."""

_FILE = "grid.yaml"


def load_grid(asked: GridArgument) -> AlertPolicyGrid:
    """Give a grid of alert policies: `default`, the path of a document, or a mapping.

    A range of factors on a logarithmic scale is rounded to four significant digits, but for its first and last one,
    and what that makes equal is there once.

    >>> grid = load_grid("default")
    >>> grid.policies
    2000
    >>> [float(factor) for factor in grid.factors[:4]], float(grid.factors[-1])
    ([1.0, 1.099, 1.207, 1.326], 100.0)
    >>> windows = [{"long": "1h", "short": "5m"}, {"window": "10m"}]
    >>> load_grid({"windows": windows, "factors": [6, 14.4], "for": ["0s", "2m"]}).policies
    8

    Raises:
        UsageError: there is no such grid, or the file holds several.
        SpecError: the document is wrong, with every error in `findings`.
    """
    from backburn.document.alerting import is_path
    from backburn.document.grids import GRIDS
    from backburn.document.notes import Notes
    from backburn.document.words import nearest

    if isinstance(asked, AlertPolicyGrid):
        return asked
    if isinstance(asked, Mapping):
        return GRIDS.from_dict(asked)
    text = os.fspath(asked)
    if not isinstance(asked, os.PathLike) and not is_path(text):
        if text == DEFAULT:
            return _default()
        if not Path(text).exists():
            close = nearest(text, [DEFAULT])
            remedy = f"did you mean {close!r}?" if close else f"name a file with kind: AlertPolicyGrid, or {DEFAULT}"
            raise UsageError(f"there is no grid '{text}'", remedy, value=text)
    notes = Notes()
    found = GRIDS.read_file(Path(text), notes)
    notes.settle()
    if len(found) != 1:
        remedy = "name a file with one document of kind: AlertPolicyGrid"
        message = f"'{text}' holds {len(found) or 'no'} {'grids' if found else 'grid'} of alert policies"
        raise UsageError(message, remedy, value=text)
    return found[0]


def default_text() -> str:
    """Give the document of the default grid as it stands."""
    return (files("backburn") / "alerts" / _FILE).read_text(encoding="utf-8")


@cache
def _default() -> AlertPolicyGrid:
    from backburn.document.grids import GRIDS
    from backburn.document.notes import Notes

    notes = Notes()
    (grid,) = GRIDS.read_text(default_text(), _FILE, notes)
    notes.settle()
    return grid

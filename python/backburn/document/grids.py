"""Documents of kind AlertPolicyGrid."""

from __future__ import annotations

from backburn.document.beside import Kind
from backburn.document.check_grid import check_grid
from backburn.document.convert_grid import grid_of
from backburn.document.grid import GridDocument, GridShape

__all__ = ["GRIDS"]

GRIDS = Kind(
    name="AlertPolicyGrid",
    noun="grid",
    document=GridDocument,
    shape=GridShape,
    check=check_grid,
    make=grid_of,
)
"""How grids of alert policies are read."""

"""Pictures of results."""

from __future__ import annotations

from backburn.plot.drawing import draw
from backburn.plot.files import check

__all__ = ["check", "draw"]

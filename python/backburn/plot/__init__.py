"""Pictures of results."""

from __future__ import annotations

from backburn.plot.files import check
from backburn.plot.timeline import draw

__all__ = ["check", "draw"]

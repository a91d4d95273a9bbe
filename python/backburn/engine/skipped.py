"""What nobody had to read, because it lies outside the asked time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

__all__ = ["Skipped"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Skipped:
    """What is asked for and not read, because it lies outside the asked time.

    `files` are left out whole, by the dates of their folders; `row_groups` are parts of files that are read otherwise,
    left out by their statistics.
    """

    files: int
    row_groups: int

    def to_dict(self) -> dict[str, Any]:
        """As in the envelope."""
        return {"files": self.files, "row_groups": self.row_groups}

"""What can be said about a promise without its data."""

from __future__ import annotations

from backburn.lint.codes import CODES, Code
from backburn.lint.promises import lint

__all__ = ["CODES", "Code", "lint"]

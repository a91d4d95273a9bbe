"""The grammar: documents are read here into the model, or every error of theirs is said at once."""

from __future__ import annotations

from backburn.document.read import check, from_dict, read, read_text
from backburn.document.schema import Kind, schema

__all__ = ["Kind", "check", "from_dict", "read", "read_text", "schema"]

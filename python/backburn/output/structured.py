"""JSON and its lines: the envelope as it is."""

from __future__ import annotations

import json
from typing import Any

__all__ = ["as_json", "as_ndjson"]


def as_json(envelope: dict[str, Any]) -> str:
    """Write the whole envelope, two spaces a level; letters of every language stay themselves."""
    return json.dumps(envelope, indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def as_ndjson(envelope: dict[str, Any]) -> str:
    """Write the results alone, one a line."""
    lines = (json.dumps(result, ensure_ascii=False, allow_nan=False) for result in envelope["results"])
    return "".join(line + "\n" for line in lines)

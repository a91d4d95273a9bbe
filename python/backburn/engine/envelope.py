"""The envelope that every verb's result is delivered in (JSON)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["SCHEMA_VERSION", "envelope"]

SCHEMA_VERSION = 1


def envelope(
    command: str,
    *,
    results: Sequence[dict[str, Any]],
    specs: Sequence[dict[str, Any]] = (),
    data: dict[str, Any] | None = None,
    notes: Sequence[dict[str, Any]] = (),
) -> dict[str, Any]:
    """Wrap results in their one shape: who computed what, from which specs and data, and what is worth knowing."""
    from backburn import _rust

    return {
        "schema_version": SCHEMA_VERSION,
        "command": command,
        "version": _rust.__version__,
        "specs": list(specs),
        "data": data,
        "results": list(results),
        "notes": list(notes),
    }

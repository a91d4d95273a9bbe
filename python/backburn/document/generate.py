"""From the shapes to JSON Schema."""

from __future__ import annotations

from typing import Any

from backburn.document.objectives import DocumentShape
from backburn.document.written import Written

__all__ = ["generate"]


def generate() -> dict[str, Any]:
    """The schema of a document of service level objectives."""
    described = DocumentShape.model_json_schema(schema_generator=Written)
    head = {"$schema": Written.schema_dialect, "title": "Backburn: ServiceLevelObjectives (backburn/v1)"}
    return {**head, **{name: value for name, value in described.items() if name != "title"}}

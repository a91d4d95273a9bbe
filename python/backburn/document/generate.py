"""From the shapes to JSON Schema."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from backburn.document.grid import GridDocument
from backburn.document.objectives import DocumentShape
from backburn.document.policy import PolicyDocument
from backburn.document.written import Written

if TYPE_CHECKING:
    from backburn.document.shape import Shape

__all__ = ["generate"]

_SHAPES: dict[str, type[Shape]] = {
    "ServiceLevelObjectives": DocumentShape,
    "AlertPolicy": PolicyDocument,
    "AlertPolicyGrid": GridDocument,
}


def generate(kind: str) -> dict[str, Any]:
    """The schema of a document of a kind."""
    described = _SHAPES[kind].model_json_schema(schema_generator=Written)
    head = {"$schema": Written.schema_dialect, "title": f"Backburn: {kind} (backburn/v1)"}
    return {**head, **{name: value for name, value in described.items() if name != "title"}}

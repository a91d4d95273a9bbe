"""From the shapes to JSON Schema."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue  # noqa: TID253 - imported inside `schema` alone.

from backburn.document.objectives import DocumentShape

if TYPE_CHECKING:
    from pydantic_core import core_schema

__all__ = ["generate"]


class _Written(GenerateJsonSchema):
    """Describes what people write: None is our own word for a field that could not be read."""

    def nullable_schema(self, schema: core_schema.NullableSchema) -> JsonSchemaValue:
        return self.generate_inner(schema["schema"])

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> JsonSchemaValue:
        return self.generate_inner(schema["schema"])

    def field_title_should_be_set(self, schema: object) -> bool:  # noqa: ARG002 - a field's name is its title.
        return False


def generate() -> dict[str, Any]:
    """The schema of a document of service level objectives."""
    described = DocumentShape.model_json_schema(schema_generator=_Written)
    head = {"$schema": _Written.schema_dialect, "title": "Backburn: ServiceLevelObjectives (backburn/v1)"}
    return {**head, **{name: value for name, value in described.items() if name != "title"}}

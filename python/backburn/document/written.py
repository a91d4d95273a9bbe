"""How a JSON Schema says what people write."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue  # noqa: TID253 - imported inside functions alone.

if TYPE_CHECKING:
    from pydantic_core import core_schema

__all__ = ["Written"]


class Written(GenerateJsonSchema):
    """Describes what people write: None is our own word for a field that could not be read."""

    def nullable_schema(self, schema: core_schema.NullableSchema) -> JsonSchemaValue:
        """Describe what is there where anything is."""
        return self.generate_inner(schema["schema"])

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> JsonSchemaValue:
        """Leave the default out."""
        return self.generate_inner(schema["schema"])

    def field_title_should_be_set(self, schema: object) -> bool:  # noqa: ARG002 - a field's name is its title.
        """Give no field a title."""
        return False

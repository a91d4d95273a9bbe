"""What pydantic needs to read nodes: every error is noted with its place, and reading goes on."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Self, cast

from pydantic import BaseModel, ConfigDict, ModelWrapValidatorHandler, PrivateAttr, ValidationInfo, model_validator  # noqa: TID253 - only `read` imports this module, inside its functions.
from pydantic_core import core_schema

from backburn.document.node import Items, Node, Scalar, Table, child_path
from backburn.document.words import FOREIGN, NOT_YET, suggestion

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
    from pydantic.json_schema import JsonSchemaValue

    from backburn.document.notes import Notes

__all__ = ["Chosen", "Each", "Reads", "Shape", "note", "what"]

_SHOWN = 60


def what(node: Node) -> str:
    """What stands here, in a word."""
    match node:
        case Items():
            return "a list"
        case Table():
            return "a mapping"
        case Scalar(empty=True):
            return "nothing"
        case Scalar():
            # A log that is taken for a document is one long value.
            return repr(node.text if len(node.text) <= _SHOWN else f"{node.text[:_SHOWN]}…")


def note(info: ValidationInfo) -> Notes:
    """Where the errors of this reading go."""
    return cast("Notes", info.context)


_WORD = re.compile(r"(?:did you mean '|write )(\w+)")


class Shape(BaseModel):
    """A mapping of the grammar. A field that cannot be read is None, and its error is noted."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    # The key into the tables of words, and the fields that must be written.
    called: ClassVar[str]
    needed: ClassVar[Mapping[str, str]] = {}

    _node: Table = PrivateAttr()

    @property
    def node(self) -> Table:
        """The mapping that was read."""
        return self._node

    @model_validator(mode="wrap")
    @classmethod
    def _read(cls, node: Any, handler: ModelWrapValidatorHandler[Self], info: ValidationInfo) -> Self:  # noqa: ANN401 - a validator of pydantic takes anything.
        notes = note(info)
        if not isinstance(node, Table):
            if not (isinstance(node, Scalar) and node.mended):
                fields = ", ".join(f"{name}: ..." for name in cls.needed or cls.words()[:1])
                message = f"expected a mapping, found {what(node)}"
                notes.about("BB105", node, message, f"write {{{fields}}}")
            return cast("Self", None)  # Every field that holds a shape may be None; pydantic's types cannot say so.
        values: dict[str, Node] = {}
        meant: set[str] = set()
        words = cls.words()
        for key, value in node:
            if key.text in words:
                values[key.text] = value
            else:
                meant.update(_WORD.findall(cls._unknown(key, notes)))
        for name, remedy in cls.needed.items():
            if name not in node and name not in meant and not cls.excused(name, node):
                path = child_path(node.path, name)
                notes.say("BB108", node.place, path, f"{name!r} is missing", remedy)
        shape = handler(values)
        shape._node = node  # noqa: SLF001 - a class method of the same class.
        return shape

    @classmethod
    def words(cls) -> tuple[str, ...]:
        """The fields as they are written: some of the grammar's words are Python's too."""
        return tuple(field.alias or name for name, field in cls.model_fields.items())

    @classmethod
    def excused(cls, name: str, node: Table) -> bool:  # noqa: ARG003 - for those that know better.
        """Whether a needed field may be missing here, because something else was said about it."""
        return False

    @classmethod
    def _unknown(cls, key: Scalar, notes: Notes) -> str:
        """Note an unknown field; the remedy is returned, for a field that it names is not missing as well."""
        word = key.text
        later = NOT_YET.get(cls.called, {}).get(word)
        if later is not None:
            notes.about("BB104", key, f"{word!r} does not exist yet", later)
            return ""
        remedy = cls.hint(word) or FOREIGN.get(cls.called, {}).get(word) or suggestion(word, cls.words())
        notes.about("BB103", key, f"unknown field {word!r}", remedy)
        return remedy

    @classmethod
    def hint(cls, word: str) -> str | None:  # noqa: ARG003 - for those that know better.
        """What to do about a field that belongs elsewhere."""
        return None

    @classmethod
    def __get_pydantic_json_schema__(
        cls, schema: core_schema.CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        """Say which fields are needed, which the types cannot: a field that cannot be read is None."""
        json_schema = handler.resolve_ref_schema(handler(schema))
        if cls.needed:
            json_schema["required"] = list(cls.needed)
        return json_schema


@dataclass(frozen=True, slots=True)
class Reads:
    """A field that `read` turns from a node into its value, and that `schema` describes to other tools."""

    read: Callable[[Node, Notes], object]
    schema: Mapping[str, object]

    def __get_pydantic_core_schema__(self, source: object, handler: GetCoreSchemaHandler) -> core_schema.CoreSchema:
        """Read with our own function; the type is what it gives."""
        return core_schema.with_info_plain_validator_function(self._validate)

    def __get_pydantic_json_schema__(
        self, schema: core_schema.CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        """Describe what is written, not what it is turned into."""
        return dict(self.schema)

    def _validate(self, node: Any, info: ValidationInfo) -> object:  # noqa: ANN401 - a validator of pydantic takes anything.
        return self.read(node, note(info))


@dataclass(frozen=True, slots=True)
class Each:
    """A list; items that cannot be read are left out, and their errors noted."""

    remedy: str
    least: int = 0

    def __get_pydantic_core_schema__(self, source: object, handler: GetCoreSchemaHandler) -> core_schema.CoreSchema:
        """Let pydantic read the items, once we know that it is a list."""
        return core_schema.with_info_wrap_validator_function(self._validate, handler(source))

    def __get_pydantic_json_schema__(
        self, schema: core_schema.CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        """Describe the list and how long it must be."""
        json_schema = handler(schema)
        if self.least:
            json_schema["minItems"] = self.least
        return json_schema

    def _validate(
        self,
        node: Any,  # noqa: ANN401 - a validator of pydantic takes anything.
        handler: core_schema.ValidatorFunctionWrapHandler,
        info: ValidationInfo,
    ) -> tuple[object, ...]:
        if isinstance(node, Scalar) and node.mended:
            return ()
        if not isinstance(node, Items):
            note(info).about("BB105", node, f"expected a list, found {what(node)}", f"write {self.remedy}")
            return ()
        if len(node.items) < self.least:
            note(info).about("BB105", node, "the list is empty", f"write {self.remedy}")
        return tuple(item for item in handler(list(node.items)) if item is not None)


@dataclass(frozen=True, slots=True)
class Chosen:
    """One of several shapes, chosen by a word of the mapping instead of by trying each."""

    choose: Callable[[Node, Notes], type[Shape] | None]

    def __get_pydantic_core_schema__(self, source: object, handler: GetCoreSchemaHandler) -> core_schema.CoreSchema:
        """Let the schema describe all shapes, and read the one that is chosen."""
        return core_schema.with_info_wrap_validator_function(self._validate, handler(source))

    def _validate(
        self,
        node: Any,  # noqa: ANN401 - a validator of pydantic takes anything.
        handler: core_schema.ValidatorFunctionWrapHandler,  # noqa: ARG002 - the signature is pydantic's.
        info: ValidationInfo,
    ) -> Shape | None:
        chosen = self.choose(node, note(info))
        return None if chosen is None else chosen.model_validate(node, context=info.context)

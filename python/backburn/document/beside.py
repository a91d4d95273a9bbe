"""Kinds of documents that stand beside promises: in a text, in a file, or as a mapping."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeVar

from backburn.document.node import Node, Scalar, Table
from backburn.document.notes import Notes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from pathlib import Path

__all__ = ["Kind"]


class Named(Protocol):
    """What a document becomes: something with a name of its own."""

    @property
    def name(self) -> str:
        """Give it."""
        ...


Made = TypeVar("Made", bound=Named)


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind(Generic[Made]):
    """One kind: what it is called in the document and in a sentence, and how it is read.

    `document` is the shape of a whole document and `shape` that of one without a kind; `check` notes what contradicts
    in a shape, and `make` turns it into what it means.
    """

    name: str
    noun: str
    document: Any
    shape: Any
    check: Callable[[Any, Notes], None]
    make: Callable[[Any], Made]

    def holds(self, node: Node) -> bool:
        """Whether a document says that it is of this kind."""
        kind = node.get("kind") if isinstance(node, Table) else None
        return isinstance(kind, Scalar) and kind.text == self.name

    def among(self, nodes: Iterable[Node], notes: Notes) -> list[Made]:
        """Read those of some documents that are of this kind; what is wrong with them is noted."""
        found: dict[str, Made] = {}
        for node in filter(self.holds, nodes):
            before = len(notes)
            shape = self.document.model_validate(node, context=notes)
            if shape is not None:
                self.check(shape, notes)
            if len(notes) > before:
                continue
            made = self.make(shape)
            if made.name in found:
                message = f"another {self.noun} is called {made.name!r} too"
                notes.about("BB113", node, message, "give each a metadata.name of its own")
            found[made.name] = made
        return list(found.values())

    def read_text(self, text: str, file: str, notes: Notes) -> list[Made]:
        """Read those of a text."""
        from backburn.document.yaml import compose

        return self.among(compose(text, file, notes), notes)

    def read_file(self, path: Path, notes: Notes) -> list[Made]:
        """Read those of a file, or of the files of a directory."""
        from backburn.document.files import texts

        return [one for file, text in texts(path, notes) for one in self.read_text(text, str(file), notes)]

    def from_dict(self, mapping: Mapping[str, object]) -> Made:
        """Read one that is a mapping of Python values; without a kind it is one that is written out.

        Raises:
            SpecError: with every error in `findings`.
        """
        from backburn.document.values import plant

        notes = Notes()
        node = plant(mapping, notes)
        whole = isinstance(node, Table) and ("kind" in node or "apiVersion" in node)
        shape = (self.document if whole else self.shape).model_validate(node, context=notes)
        if shape is not None:
            self.check(shape, notes)
        notes.settle()
        return self.make(shape)

"""YAML text as nodes.

The parser's events are composed here, not by the library: so every scalar stays source text, a duplicate key is an
error with its place, and neither nesting nor aliases can exhaust the machine.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from backburn.document.node import Items, Node, Place, Scalar, Table, child_path
from backburn.document.splits import mend
from backburn.document.syntax import explain
from backburn.document.within import locator

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backburn.document.notes import Notes

__all__ = ["DEEPEST", "MOST_NODES", "compose"]

DEEPEST = 50
MOST_NODES = 100_000
_SHOWN = 60


class _RefusedError(Exception):
    """Reading on would be of no use; the reason is noted."""


@dataclass(slots=True)
class _Open:
    """A list or mapping whose end has not come yet."""

    place: Place
    table: bool
    flow: bool
    anchor: str | None
    path: str
    children: list[Node] = field(default_factory=list)


def compose(text: str, file: str | None, notes: Notes) -> list[Node]:
    """The documents of a text; what is wrong with its syntax goes to `notes`."""
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError

    composer = _Composer(text, file, notes)
    try:
        for event in YAML(typ="safe", pure=True).parse(text):
            composer.take(event)
    except _RefusedError:
        pass
    except (YAMLError, ValueError, IndexError, RecursionError) as error:
        # The last three escape from the library on some malformed text, such as an escape beyond Unicode.
        line, column, message, remedy = explain(error, text)
        notes.say("BB101", Place(file, line, column), "", message, remedy)
    return composer.documents


class _Composer:
    """Builds nodes from events with a stack of its own."""

    def __init__(self, text: str, file: str | None, notes: Notes) -> None:
        self.documents: list[Node] = []
        self._file = file
        self._notes = notes
        self._lines = text.splitlines()
        self._stack: list[_Open] = []
        self._anchors: dict[str, Node] = {}
        self._nodes = 0

    def take(self, event: Any) -> None:  # noqa: ANN401 - the library's events are not typed.
        """Take the parser's next event."""
        kind = type(event).__name__
        place = Place(self._file, event.start_mark.line + 1, event.start_mark.column + 1)
        if getattr(event, "tag", None) is not None:
            self._refuse(place, f"the tag {str(event.tag)!r} is refused", "a value that begins with ! must be quoted")
        if kind == "DocumentStartEvent":
            self._anchors = {}
        elif kind == "ScalarEvent":
            self._add(self._scalar(event, place), event.anchor)
        elif kind in {"SequenceStartEvent", "MappingStartEvent"}:
            self._check_depth(1, place)
            table = kind == "MappingStartEvent"
            self._stack.append(_Open(place, table, bool(event.flow_style), event.anchor, self._path()))
        elif kind in {"SequenceEndEvent", "MappingEndEvent"}:
            done = self._stack.pop()
            self._add(self._close(done), done.anchor)
        elif kind == "AliasEvent":
            self._alias(event.anchor, place)

    def _check_depth(self, more: int, place: Place) -> None:
        if len(self._stack) + more > DEEPEST:
            self._refuse(place, f"the document is nested deeper than {DEEPEST} levels", "write it flat")

    def _path(self, word: str | None = None) -> str:
        """The path of the node that comes next; `word` is its text if it can be a key."""
        if not self._stack:
            return ""
        top = self._stack[-1]
        if not top.table:
            return child_path(top.path, len(top.children))
        if len(top.children) % 2 == 0:
            return top.path if word is None else child_path(top.path, word)
        key = top.children[-1]
        return child_path(top.path, key.text) if isinstance(key, Scalar) else top.path

    def _alias(self, name: str, place: Place) -> None:
        target = self._anchors.get(name)
        if target is None:
            message = f"'*{name}' is read as an alias, and no anchor '&{name}' stands before it"
            self._refuse(place, message, "a value that begins with * must be quoted")
            return
        size, depth = _extent(target)
        self._nodes += size
        self._check_depth(depth, place)
        self._add(rooted(target, self._path()), None)

    def _add(self, node: Node, anchor: str | None) -> None:
        self._nodes += 1
        if self._nodes > MOST_NODES:
            message = f"the document has more than {MOST_NODES} values, counting each alias as what it stands for"
            self._refuse(node.place, message, "write fewer aliases")
        if anchor is not None:
            self._anchors[anchor] = node
        if self._stack:
            self._stack[-1].children.append(node)
        else:
            self.documents.append(node)

    def _scalar(self, event: Any, place: Place) -> Scalar:  # noqa: ANN401 - the library's events are not typed.
        end = (event.end_mark.line + 1, event.end_mark.column + 1)
        within = locator(self._lines, place, end, event.value, event.style)
        plain = event.style is None
        top = self._stack[-1] if self._stack else None
        if plain and not event.value and top is not None and top.table and len(top.children) % 2:
            place = top.children[-1].place  # A value that is not there has no place; its key has.
        return Scalar(text=event.value, place=place, path=self._path(event.value), plain=plain, within=within)

    def _close(self, done: _Open) -> Node:
        if not done.table:
            return Items(items=tuple(done.children), place=done.place, path=done.path)
        pairs = list(zip(done.children[::2], done.children[1::2], strict=True))
        entries = [(key, value) for key, value in pairs if isinstance(key, Scalar)]
        for key, _ in pairs:
            if not isinstance(key, Scalar):
                self._notes.say("BB105", key.place, done.path, "a key is a word, not a list or a mapping", None)
        if done.flow:
            entries = mend(entries, self._notes)
        return Table(entries=tuple(self._once(entries)), place=done.place, path=done.path)

    def _once(self, entries: list[tuple[Scalar, Node]]) -> Iterator[tuple[Scalar, Node]]:
        seen: dict[str, Scalar] = {}
        for key, value in entries:
            if key.text == "<<" and key.plain:
                message, remedy = "merge keys (<<) are refused", "write the fields out; a whole value may be an alias"
                self._notes.say("BB110", key.place, key.path, message, remedy)
            elif key.text in seen:
                line = seen[key.text].place.line
                message = f"{key.text!r} is written twice; the first stands on line {line}"
                self._notes.say("BB102", key.place, key.path, message, "keep one of the two")
            else:
                seen[key.text] = key
                yield key, value

    def _refuse(self, place: Place, message: str, remedy: str) -> None:
        path = self._path()
        shown = path if len(path) <= _SHOWN else f"{path[:_SHOWN]}…"
        self._notes.say("BB110", place, shown, message, remedy)
        raise _RefusedError


def rooted(node: Node, path: str) -> Node:
    """The same tree with the path of each node."""
    match node:
        case Scalar():
            return replace(node, path=path)
        case Items():
            items = tuple(rooted(item, child_path(path, number)) for number, item in enumerate(node.items))
            return replace(node, items=items, path=path)
        case Table():
            entries = (
                (replace(key, path=child_path(path, key.text)), rooted(value, child_path(path, key.text)))
                for key, value in node.entries
            )
            return replace(node, entries=tuple(entries), path=path)


def _extent(node: Node) -> tuple[int, int]:
    """How many nodes there are, and how deep they go; recursion is bounded by the depth of the document."""
    if isinstance(node, Scalar):
        return 1, 0
    below = [_extent(child) for child in (node.items if isinstance(node, Items) else (value for _, value in node))]
    return 1 + sum(size for size, _ in below), 1 + max((depth for _, depth in below), default=0)

"""Documents in, specifications out; or every error at once."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from backburn.document.node import Node, Place, Scalar
from backburn.document.notes import Notes
from backburn.lint import lint

if TYPE_CHECKING:
    import os
    from collections.abc import Mapping

    from backburn.model.finding import Finding
    from backburn.model.spec import Spec

__all__ = ["check", "from_dict", "read", "read_text"]


def read(path: str | os.PathLike[str]) -> list[Spec]:
    """Read the documents of a file, or of every `*.yaml`, `*.yml` and `*.json` in a directory.

    Raises:
        SpecError: with every error of every document in `findings`.
        NotYetError: nothing is wrong but words whose features do not exist yet.
    """
    notes = Notes()
    specs = _read(Path(path), notes)
    if not specs and not len(notes):
        message = "there are no objectives in it, only alert policies"
        notes.say("BB100", Place(str(path)), "", message, "name the document of kind: ServiceLevelObjectives")
    notes.settle()
    return specs


def read_text(text: str, file: str = "<text>") -> list[Spec]:
    r"""Read the documents of a text; `file` is the name that errors show.

    >>> read_text(
    ...     "apiVersion: backburn/v1\nkind: ServiceLevelObjectives\nspec: {}"
    ... )  # doctest: +IGNORE_EXCEPTION_DETAIL
    Traceback (most recent call last):
    ...
    backburn.errors.SpecError: <text>:3:1 spec: unknown field 'spec'; documents are flat: move its fields one level up

    Raises:
        SpecError: with every error of every document in `findings`.
        NotYetError: nothing is wrong but words whose features do not exist yet.
    """
    notes = Notes()
    specs = _specified([(None, file, text)], notes)
    notes.settle()
    return specs


def from_dict(mapping: Mapping[str, object]) -> Spec:
    """Read one document that is a mapping of Python values; errors name the path of the field.

    >>> spec = from_dict(
    ...     {
    ...         "apiVersion": "backburn/v1",
    ...         "kind": "ServiceLevelObjectives",
    ...         "metadata": {"service": "shop"},
    ...         "objectives": [
    ...             {"name": "availability", "sli": {"kind": "availability"}, "target": 0.999, "window": "30d"},
    ...         ],
    ...     }
    ... )
    >>> spec.objectives[0].target
    Decimal('0.999')

    Raises:
        SpecError: with every error in `findings`.
        NotYetError: nothing is wrong but words whose features do not exist yet.
    """
    from backburn.document.alerting import Shelf
    from backburn.document.kinds import specify
    from backburn.document.values import plant

    notes = Notes()
    node = plant(mapping, notes)
    spec = specify(node, notes, Shelf(), sound=len(notes) == 0)
    notes.settle()
    if spec is None:
        message = "a document without errors gave no specification"
        raise AssertionError(message)
    return spec


def check(path: str | os.PathLike[str]) -> list[Finding]:
    """Every error of the documents, or, where there is none, what lint finds in them."""
    notes = Notes()
    specs = _read(Path(path), notes)
    return notes.findings or [finding for spec in specs for finding in lint(spec)]


def _read(path: Path, notes: Notes) -> list[Spec]:
    from backburn.document.files import texts

    return _specified([(file, str(file), text) for file, text in texts(path, notes)], notes)


def _specified(sources: list[tuple[Path | None, str, str]], notes: Notes) -> list[Spec]:
    """Read the documents of some texts, whose alert policies all of them can name."""
    from backburn.document.alerting import Shelf
    from backburn.document.grids import GRIDS
    from backburn.document.kinds import specify
    from backburn.document.policies import POLICIES
    from backburn.document.yaml import compose

    composed = []
    for path, file, text in sources:
        before = len(notes)
        documents = [node for node in compose(text, file, notes) if not _nothing(node)]
        sound = len(notes) == before
        if not documents and sound:
            notes.say("BB100", Place(file), "", "there is no document in it", "begin with apiVersion: backburn/v1")
        composed.append((path, documents, sound))
    every = [node for _, documents, _ in composed for node in documents]
    policies = POLICIES.among(every, notes)
    GRIDS.among(every, notes)
    specs: list[Spec] = []
    for path, documents, sound in composed:
        shelf = Shelf({policy.name: policy for policy in policies}, path)
        others = (node for node in documents if not POLICIES.holds(node) and not GRIDS.holds(node))
        found = [specify(node, notes, shelf, sound=sound) for node in others]
        specs += [spec for spec in found if spec is not None]
    _check_names(specs, notes)
    return specs


def _nothing(node: Node) -> bool:
    """A `---` with nothing behind it."""
    return isinstance(node, Scalar) and node.empty


def _check_names(specs: list[Spec], notes: Notes) -> None:
    seen: set[str] = set()
    for spec in specs:
        if spec.name in seen:
            place = spec.location
            at = Place(place.file, place.line, place.column) if place is not None else Place()
            message = f"another document is called {spec.name!r} too"
            notes.say("BB113", at, "metadata", message, "give each a metadata.name of its own")
        seen.add(spec.name)

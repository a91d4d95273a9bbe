"""From what people hand over as a specification (a path, a dict, a Spec) to Specs."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from backburn import document
from backburn.errors import SpecError, UsageError
from backburn.model.spec import Spec

if TYPE_CHECKING:
    from collections.abc import Sequence

    from backburn.document import Kind

__all__ = ["SpecArgument", "as_spec", "as_specs", "load_spec", "load_specs", "schema"]

SpecArgument = str | os.PathLike[str] | Mapping[str, Any] | Spec
"""A path to a file or directory, a document as a dict, or a Spec."""


def load_specs(path: str | os.PathLike[str]) -> list[Spec]:
    """Read all documents of a file or directory.

    Raises:
        SpecError: a document is wrong; its `findings` are all that is.
    """
    return document.read(Path(path))


def load_spec(path: str | os.PathLike[str]) -> Spec:
    """Read the one document of a file.

    Raises:
        SpecError: the document is wrong, or the file holds several.
    """
    return _only(load_specs(path), str(path))


def as_specs(spec: SpecArgument | Sequence[Spec]) -> list[Spec]:
    """Give the Specs that an argument stands for."""
    if isinstance(spec, (list, tuple)):
        if not spec:
            raise UsageError("the list of specifications is empty", "give a path, a dict or a Spec")
        return [one for each in spec for one in as_specs(each)]
    if isinstance(spec, Spec):
        return [spec]
    if isinstance(spec, Mapping):
        return [document.from_dict(spec)]
    if isinstance(spec, (str, os.PathLike)):
        return load_specs(spec)
    raise _strange(spec)


def _strange(spec: object) -> UsageError:
    kind = type(spec).__name__
    return UsageError(f"a specification cannot be read from {kind}", "give a path, a dict or a Spec", value=kind)


def as_spec(spec: SpecArgument) -> Spec:
    """Give the one Spec that an argument stands for."""
    return _only(as_specs(spec), str(spec) if isinstance(spec, (str, os.PathLike)) else None)


def schema(kind: Kind = "ServiceLevelObjectives") -> dict[str, Any]:
    """Give the JSON Schema (2020-12) of the documents of a kind.

    >>> schema()["$schema"]
    'https://json-schema.org/draft/2020-12/schema'
    """
    return document.schema(kind)


def _only(specs: list[Spec], file: str | None) -> Spec:
    if len(specs) > 1:
        names = ", ".join(spec.name for spec in specs)
        raise SpecError(f"{len(specs)} documents where one is wanted: {names}", "give them one by one", file=file)
    return specs[0]

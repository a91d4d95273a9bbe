"""The catalogue: alert policies of books and tools, each a document with its source."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from backburn.document.notes import Notes

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

    from backburn.model.policy import AlertPolicy

__all__ = ["names", "read", "text"]


@cache
def names() -> tuple[str, ...]:
    """Name the policies, in the order of their names."""
    found = (entry.name for entry in _folder().iterdir())
    return tuple(sorted(name.removesuffix(".yaml") for name in found if name.endswith(".yaml")))


def text(name: str) -> str:
    """Give the document of a policy as it stands."""
    return (_folder() / f"{name}.yaml").read_text(encoding="utf-8")


@cache
def read(name: str) -> AlertPolicy:
    """Give a policy."""
    from backburn.document.policies import POLICIES

    notes = Notes()
    (policy,) = POLICIES.read_text(text(name), f"{name}.yaml", notes)
    notes.settle()
    return policy


def _folder() -> Traversable:
    return files("backburn") / "alerts" / "catalogue"

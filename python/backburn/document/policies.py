"""Documents of kind AlertPolicy: in a text, in a file, or as a mapping."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backburn.document.check_policy import check_policy
from backburn.document.convert_policy import policy_of
from backburn.document.node import Node, Scalar, Table
from backburn.document.notes import Notes
from backburn.document.policy import PolicyDocument

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from backburn.model.policy import AlertPolicy

__all__ = ["from_dict", "is_policy", "policies_in", "read_file", "read_text"]

KIND = "AlertPolicy"


def is_policy(node: Node) -> bool:
    """Whether a document says that it is an alert policy."""
    kind = node.get("kind") if isinstance(node, Table) else None
    return isinstance(kind, Scalar) and kind.text == KIND


def policies_in(nodes: Iterable[Node], notes: Notes) -> list[AlertPolicy]:
    """Read those of some documents that are alert policies; what is wrong with them is noted."""
    found: dict[str, AlertPolicy] = {}
    for node in nodes:
        if not is_policy(node):
            continue
        before = len(notes)
        shape = PolicyDocument.model_validate(node, context=notes)
        check_policy(shape, notes)
        if len(notes) > before:
            continue
        policy = policy_of(shape)
        if policy.name in found:
            message = f"another policy is called {policy.name!r} too"
            notes.about("BB113", node, message, "give each a metadata.name of its own")
        found[policy.name] = policy
    return list(found.values())


def read_text(text: str, file: str, notes: Notes) -> list[AlertPolicy]:
    """Read the alert policies of a text."""
    from backburn.document.yaml import compose

    return policies_in(compose(text, file, notes), notes)


def read_file(path: Path, notes: Notes) -> list[AlertPolicy]:
    """Read the alert policies of a file, or of the files of a directory."""
    from backburn.document.files import texts

    return [policy for file, text in texts(path, notes) for policy in read_text(text, str(file), notes)]


def from_dict(mapping: Mapping[str, object]) -> AlertPolicy:
    """Read one that is a mapping of Python values; without a kind it is one that is written out.

    Raises:
        SpecError: with every error in `findings`.
    """
    from backburn.document.policy import PolicyShape
    from backburn.document.values import plant

    notes = Notes()
    node = plant(mapping, notes)
    whole = isinstance(node, Table) and ("kind" in node or "apiVersion" in node)
    shape = (PolicyDocument if whole else PolicyShape).model_validate(node, context=notes)
    if shape is not None:
        check_policy(shape, notes)
    notes.settle()
    return policy_of(shape)

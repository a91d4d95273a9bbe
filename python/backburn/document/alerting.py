"""`alert_policy`: which alert policy holds, by name, by file or written out."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from backburn.document import catalogue
from backburn.document.check_policy import check_policy
from backburn.document.convert_policy import policy_of
from backburn.document.fields import scalar
from backburn.document.node import Node, Table
from backburn.document.notes import Notes
from backburn.document.policy import PolicyShape
from backburn.document.shape import Reads
from backburn.document.words import suggestion

if TYPE_CHECKING:
    from collections.abc import Iterable

    from backburn.model.policy import AlertPolicy
    from backburn.units import Duration

__all__ = ["AlertPolicyField", "Reference", "Shelf", "is_path"]

_ENDINGS = (".yaml", ".yml", ".json")


@dataclass(frozen=True, slots=True)
class Reference:
    """Where a policy is named, or stands: a name or a path, or the shape of one that is written out."""

    node: Node
    text: str = ""
    shape: PolicyShape | None = None


def _read(node: Node, notes: Notes) -> Reference | None:
    if isinstance(node, Table):
        before = len(notes)
        shape = PolicyShape.model_validate(node, context=notes)
        check_policy(shape, notes)
        return Reference(node, shape=shape) if len(notes) == before else None
    text = scalar(node, notes, "write alert_policy: google-30d")
    return None if text is None else Reference(node, text)


AlertPolicyField = Annotated[
    Reference | None, Reads(_read, {"anyOf": [{"type": "string"}, {"type": "object", "required": ["alerts"]}]})
]


def is_path(text: str) -> bool:
    """Whether a text names a file and no policy."""
    return text.endswith(_ENDINGS) or "/" in text


@dataclass(slots=True)
class Shelf:
    """The policies that a document can name: those that stand beside it, files next to it, and the catalogue."""

    policies: dict[str, AlertPolicy] = field(default_factory=dict)
    path: Path | None = None
    _resolved: dict[int, AlertPolicy] = field(default_factory=dict)

    def resolve(self, references: Iterable[Reference | None], step: Duration, notes: Notes) -> None:
        """Find what is named; what cannot be found, and lengths that are no whole steps, are noted."""
        for reference in references:
            if reference is None:
                continue
            policy = self._policy(reference, notes)
            if policy is None:
                continue
            self._resolved[id(reference.node)] = policy
            for length in policy.windows():
                # The lengths of a scaled policy are known where its objective is.
                if not policy.scaled and length.microseconds % step.microseconds:
                    message = f"{length.text} of policy '{policy.name}' is not a multiple of the step {step.text}"
                    notes.about("BB114", reference.node, message, "choose a step that divides it")

    def found(self, reference: Reference | None) -> AlertPolicy | None:
        """Give the policy that was found."""
        return None if reference is None else self._resolved[id(reference.node)]

    def _policy(self, reference: Reference, notes: Notes) -> AlertPolicy | None:
        text, node = reference.text, reference.node
        if reference.shape is not None:
            return policy_of(reference.shape, node.path.removesuffix("alert_policy").rstrip(".") or "document")
        if text in self.policies:
            return self.policies[text]
        if is_path(text):
            return self._file(text, node, notes)
        known = (*self.policies, *catalogue.names())
        if text in known:
            return catalogue.read(text)
        notes.about("BB112", node, f"there is no alert policy {text!r}", suggestion(text, known))
        return None

    def _file(self, text: str, node: Node, notes: Notes) -> AlertPolicy | None:
        from backburn.document.policies import POLICIES

        base = Path() if self.path is None else self.path.parent
        inside = Notes()
        found = POLICIES.read_file(base / text, inside)
        for finding in inside.findings:
            where = f"{finding.file}:{finding.line}:{finding.column}" if finding.line else str(finding.file)
            notes.about(finding.code, node, f"{where}: {finding.message}", finding.remedy)
        if inside.findings:
            return None
        if len(found) != 1:
            message = f"'{text}' holds {len(found)} alert policies" if found else f"'{text}' holds no alert policy"
            notes.about("BB112", node, message, "name a file with one document of kind: AlertPolicy")
            return None
        return found[0]

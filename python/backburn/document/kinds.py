"""Which kind of document this is, and its specification if it is one that we read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backburn.document.agree import check_agreement
from backburn.document.convert import convert
from backburn.document.node import Node, Scalar, Table
from backburn.document.objectives import DocumentShape
from backburn.document.shape import what
from backburn.document.steps import DEFAULT_STEP
from backburn.document.words import suggestion

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backburn.document.alerting import Reference, Shelf
    from backburn.document.notes import Notes
    from backburn.document.objectives import ObjectiveShape
    from backburn.model.spec import Spec

__all__ = ["specify"]

_VERSION = "backburn/v1"
_OBJECTIVES = "ServiceLevelObjectives"
_BESIDE = ("AlertPolicy", "AlertPolicyGrid")
_LATER = ("ErrorBudgetPolicy",)
_OPENSLO = ("SLO", "SLI", "Service", "DataSource", "AlertCondition", "AlertNotificationTarget")


def specify(node: Node, notes: Notes, shelf: Shelf, *, sound: bool) -> Spec | None:
    """The specification of a document, or None where it has errors, which are noted.

    On the shelf are the alert policies that stand beside it, and the path of its file. `sound` is whether the text had
    none: what its syntax has spoilt is judged as far as it goes, but never converted.
    """
    before = len(notes)
    if not isinstance(node, Table):
        notes.about("BB105", node, f"a document is a mapping, found {what(node)}", f"begin with apiVersion: {_VERSION}")
        return None
    if not _is_ours(node, notes):
        return None
    shape = DocumentShape.model_validate(node, context=notes)
    check_agreement(shape, notes)
    references = [shape.alert_policy, *(one for each in shape.objectives for one in _references(each))]
    step = DEFAULT_STEP if shape.source is None or shape.source.step is None else shape.source.step
    shelf.resolve(references, step, notes)
    return convert(shape, shelf) if sound and len(notes) == before else None


def _references(objective: ObjectiveShape) -> Iterator[Reference | None]:
    yield objective.alert_policy
    yield from (override.alert_policy for override in objective.overrides)


def _is_ours(node: Table, notes: Notes) -> bool:
    """Whether the rest of the document can be judged by our grammar; if not, one error says why."""
    version, kind = node.get("apiVersion"), node.get("kind")
    if version is None and kind is None and "metadata" not in node and "objectives" not in node:
        message = "this is not a document of ours: it has no apiVersion and no kind"
        notes.about("BB108", node, message, f"begin with apiVersion: {_VERSION} and kind: {_OBJECTIVES}")
        return False
    if isinstance(version, Scalar) and version.text != _VERSION:
        _say_version(version, notes)
        return False
    if not isinstance(kind, Scalar) or kind.text == _OBJECTIVES:
        return True
    if kind.text in _LATER:
        message = f"the kind {kind.text!r} does not exist yet"
        read = f"{_OBJECTIVES}, {' and '.join(_BESIDE)}"
        notes.about("BB104", kind, message, f"leave the document out for now: only {read} are read")
    elif kind.text in _BESIDE:
        message = f"a document of kind {kind.text!r} holds no objectives"
        notes.about("BB106", kind, message, f"hand over one of kind: {_OBJECTIVES}")
    elif kind.text in _OPENSLO:
        notes.about("BB106", kind, f"the kind {kind.text!r} is OpenSLO's", f"write kind: {_OBJECTIVES}")
    else:
        remedy = suggestion(kind.text, (_OBJECTIVES, *_BESIDE, *_LATER))
        notes.about("BB106", kind, f"unknown kind {kind.text!r}", remedy)
    return False


def _say_version(version: Scalar, notes: Notes) -> None:
    if version.text.lower().startswith("openslo"):
        message = f"{version.text!r} is a document of OpenSLO"
    elif version.text.startswith("backburn/"):
        message = f"{version.text!r} is a version that is not known here"
    else:
        message = f"{version.text!r} is not a version of ours"
    notes.about("BB106", version, message, f"write apiVersion: {_VERSION}")

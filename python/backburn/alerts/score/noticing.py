"""What is to be said of labels: what was left out, and which hold for nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backburn.evaluation.provenance import Note
from backburn.events import applies, read_labels

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from backburn.alerts.replaying import Group
    from backburn.events import Labels, LabelsArgument
    from backburn.model.spec import Spec

__all__ = ["about_labels", "labels_for"]

_MOST = 3


def labels_for(asked: LabelsArgument | None, specs: Sequence[Spec]) -> Labels | None:
    """Read labels of incidents, which may name the objectives of some documents and the labels of their series."""
    if asked is None:
        return None
    own = [objective.by or () for spec in specs for objective in spec.objectives]
    columns = (*(label for spec in specs for label in spec.source.by), *(label for by in own for label in by))
    objectives = (objective.name for spec in specs for objective in spec.objectives)
    return read_labels(asked, list(dict.fromkeys(columns)), list(dict.fromkeys(objectives)))


def about_labels(labels: Labels | None, groups: Sequence[Group]) -> Iterator[Note]:
    """Say what the file said, and which labels hold for no series."""
    if labels is None:
        return
    for note in labels.notes:
        yield Note(code="BB421", message=f"{labels.name}: {note}")
    series = [(dict(group.named(place)), group.objective.name) for group in groups for place in group.places]
    stray = [label for label in labels.labels if not any(applies(label, *one) for one in series)]
    for label in stray[:_MOST]:
        where = ", ".join(f"{column}={value}" for column, value in label.where.items()) or "no column"
        message = f"{labels.name}, line {label.line}: no series is like this label ({where}), so it is left out"
        yield Note(code="BB422", message=message)
    if len(stray) > _MOST:
        yield Note(code="BB422", message=f"{labels.name}: {len(stray) - _MOST} more labels hold for no series")

"""What people know to have happened: labels of incidents, and of the times of which nobody knows."""

from __future__ import annotations

from backburn.events.labels import Label, Labels, applies
from backburn.events.reading import LabelsArgument, read_labels

__all__ = ["Label", "Labels", "LabelsArgument", "applies", "read_labels"]

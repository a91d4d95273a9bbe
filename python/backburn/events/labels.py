"""Labels of incidents, and the series for which each holds."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["Label", "Labels", "applies"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """A span of time, [start, end) in microseconds UTC, in which something was wrong, or in which nobody knows.

    `where` holds the columns that name series, as far as the label fills them in; one that it leaves empty holds for
    every value. `category` is the column `class`. `line` counts from 1: the line of a text, or the place in a list.
    """

    id: str | None = None
    kind: Literal["incident", "unsure"] = "incident"
    start: int
    end: int
    where: Mapping[str, str] = field(default_factory=dict)
    objective: str | None = None
    severity: str | None = None
    category: str | None = None
    source: str | None = None
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Labels:
    """The labels of one reading, in the order in which they were written.

    `left_out` counts the rows that are no incidents, by their kind; `notes` are sentences for a person; `name` is the
    file's, as it was asked for.
    """

    labels: tuple[Label, ...]
    left_out: Mapping[str, int] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    name: str = "labels"


def applies(label: Label, series: Mapping[str, str | None], objective: str) -> bool:
    """Tell whether a label holds for a series of an objective.

    Every column that the label fills in must equal the series' value. `series` has the labels of the series, and
    `service` as well where the document names one service for all of them. A column that the series lacks asks for
    nothing: what went wrong on one route went wrong inside the service, so the label holds for an objective that is
    judged per service. A value that is null equals none. A label that names an objective holds for that one alone.

    >>> label = Label(start=0, end=1, where={"service": "shop", "route": "/pay"})
    >>> applies(label, {"service": "shop", "route": "/pay"}, "availability")
    True
    >>> applies(label, {"service": "shop", "route": "/cart"}, "availability")
    False
    >>> applies(label, {"service": "shop"}, "availability")
    True
    """
    if label.objective is not None and label.objective != objective:
        return False
    return all(series[column] == value for column, value in label.where.items() if column in series)

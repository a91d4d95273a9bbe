"""What results are about: the caption over a table, and the columns that tell its rows apart."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, TypeVar

from backburn.output.answer import Cell, Heading, Lines
from backburn.output.numbers import count_text
from backburn.output.skipped import skipped_text

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime

    from backburn.evaluation.provenance import Data, SpecIdentity

__all__ = ["head", "keys", "moment"]


class Identified(Protocol):
    """A result of an objective for a series."""

    @property
    def service(self) -> str | None:
        """Whose it is."""

    @property
    def objective(self) -> str:
        """What was promised."""

    @property
    def series(self) -> Mapping[str, str | None]:
        """The labels."""


Row = TypeVar("Row", bound=Identified)


def head(specs: Sequence[SpecIdentity], data: Data) -> Lines:
    """Say what was judged, on which rows, and what did not have to be read."""
    cells = [Cell(_caption(specs, data))]
    if skipped := skipped_text(data.skipped):
        cells.append(Cell(skipped, "quiet"))
    return Lines(cells)


def _caption(specs: Sequence[SpecIdentity], data: Data) -> str:
    """Say what was judged, and on which rows."""
    names = ", ".join(spec.name if spec.version is None else f"{spec.name} {spec.version}" for spec in specs)
    parts = [f"{count_text(data.rows)} rows"]
    if data.rejected:
        parts.append(f"{count_text(data.rejected)} rejected")
    if data.start is not None and data.end is not None:
        parts.append(f"{moment(data.start)} to {moment(data.end)} UTC")
    return f"{names}: {', '.join(parts)}"


def moment(time: datetime) -> str:
    """Write a time in UTC to the second."""
    return f"{time:%Y-%m-%d %H:%M:%S}"


def keys(results: Sequence[Row], specs: Sequence[SpecIdentity]) -> list[tuple[Heading, Callable[[Row], Cell]]]:
    """What tells series apart; a service that the caption names, or that is a label, is not said again."""
    labels = dict.fromkeys(label for result in results for label in result.series)
    services = {result.service for result in results}
    columns: list[tuple[Heading, Callable[[Row], Cell]]] = []
    if len(services) > 1 or ("service" not in labels and services not in ({None}, {spec.name for spec in specs})):
        columns.append((Heading("service"), lambda result: Cell(result.service or "")))
        labels.pop("service", None)
    columns.append((Heading("objective"), lambda result: Cell(result.objective)))
    return columns + [(Heading(label), _label(label)) for label in labels]


def _label(label: str) -> Callable[[Identified], Cell]:
    def cell(result: Identified) -> Cell:
        value = result.series.get(label, "")
        return Cell("null", "quiet") if value is None else Cell(value)

    return cell

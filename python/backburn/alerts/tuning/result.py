"""What tuning found: the front, the choice, what is near it, and how sure one can be."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from backburn.alerts.score.rule import RULE
from backburn.alerts.tuning import tables
from backburn.engine.envelope import SCHEMA_VERSION, envelope
from backburn.engine.times import from_micros, rfc3339
from backburn.evaluation.table import Tabular

if TYPE_CHECKING:
    from collections.abc import Mapping

    from backburn.alerts.score.result import Score, Truth
    from backburn.alerts.tuning.claims import Comparison
    from backburn.alerts.tuning.metrics import Metrics
    from backburn.evaluation.provenance import Data, Note, SpecIdentity
    from backburn.evaluation.table import Column
    from backburn.model.policy import AlertPolicy

__all__ = ["Chosen", "Half", "Point", "Tuning"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Half:
    """One part of the traffic, in microseconds, and how many events begin in it."""

    start: int
    end: int
    events: int
    weeks: float

    def to_dict(self) -> dict[str, Any]:
        """As in the envelope."""
        return {
            "start": rfc3339(from_micros(self.start)),
            "end": rfc3339(from_micros(self.end)),
            "events": self.events,
            "weeks": self.weeks,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """One policy: in words, as its choices from the grid unless it is of the catalogue, and what it did on each part.

    `holdout` is None where it was not looked at: only the choice and the catalogue are.
    """

    words: str
    choice: Mapping[str, Any] | None
    train: Metrics
    holdout: Metrics | None = None

    def to_dict(self) -> dict[str, Any]:
        """As in the envelope."""
        return {
            "policy": self.words,
            "choice": self.choice,
            "train": self.train.to_dict(),
            "holdout": None if self.holdout is None else self.holdout.to_dict(),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """The policy that is chosen, with its ticket; scored once on the later part."""

    policy: AlertPolicy
    point: Point
    ticket: Point | None
    score: Score

    def to_dict(self) -> dict[str, Any]:
        """As in the envelope."""
        return {
            **self.point.to_dict(),
            "ticket": None if self.ticket is None else self.ticket.to_dict(),
            "score": self.score.to_dict(),
        }


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Tuning(Tabular):
    """Which alert policy of a grid to run, chosen on the earlier part of the traffic and held against the later.

    A table of a row for each policy of the front and of the catalogue, and for the choice. `chosen` is None where the
    data cannot choose or nothing keeps the limits; `reason` then says why.
    """

    schema_version: int = field(default=SCHEMA_VERSION, init=False)
    command: Literal["tune"] = field(default="tune", init=False)
    version: str
    specs: tuple[SpecIdentity, ...]
    data: Data
    grid: str
    tried: int
    truth: Truth
    train: Half
    holdout: Half
    wishes: tuple[str, ...]
    front: tuple[Point, ...]
    catalogue: tuple[Point, ...]
    baseline: str | None
    chosen: Chosen | None
    sensitivity: tuple[tuple[str, Point], ...]
    comparisons: tuple[Comparison, ...]
    reason: str | None
    binding: tuple[str, ...]
    zone: str
    notes: tuple[Note, ...]

    @property
    def random(self) -> dict[str, Any] | None:
        """What the pages of the choice would have told of at other times, on the later part."""
        if self.chosen is None or self.chosen.score.random is None:
            return None
        return self.chosen.score.random.to_dict()

    def words(self) -> list[str]:
        """Say the rule by which all are scored."""
        return list(RULE.words(self.zone))

    def to_dict(self) -> dict[str, Any]:
        """Give the JSON envelope with one result."""
        result = {
            "grid": self.grid,
            "tried": self.tried,
            "truth": self.truth,
            "train": self.train.to_dict(),
            "holdout": self.holdout.to_dict(),
            "wishes": list(self.wishes),
            "front": [point.to_dict() for point in self.front],
            "catalogue": [point.to_dict() for point in self.catalogue],
            "baseline": self.baseline,
            "chosen": None if self.chosen is None else self.chosen.to_dict(),
            "sensitivity": [{"change": change, **point.to_dict()} for change, point in self.sensitivity],
            "random": self.random,
            "comparisons": [one.to_dict() for one in self.comparisons],
            "reason": self.reason,
            "binding": list(self.binding),
            "scored_by": RULE.to_dict(self.zone),
        }
        return envelope(
            self.command,
            specs=[spec.to_dict() for spec in self.specs],
            data=self.data.to_dict(),
            results=[result],
            notes=[note.to_dict() for note in self.notes],
        )

    def columns(self) -> tuple[Column, ...]:
        """Name the columns of the table of policies."""
        return tables.columns()

    def records(self) -> list[dict[str, Any]]:
        """Give a row for each policy."""
        return list(tables.records(self))

    def policy_text(self) -> str:
        """Give the choice as a document of kind AlertPolicy, with where it is from.

        Raises:
            UsageError: nothing was chosen.
        """
        from backburn.alerts.tuning.saving import text_of

        return text_of(self)

    def save_policy(self, path: str) -> None:
        """Write it to a file.

        Raises:
            UsageError: nothing was chosen.
        """
        from pathlib import Path

        text = self.policy_text()
        Path(path).write_text(text, encoding="utf-8")

    def __repr__(self) -> str:
        told = "nothing" if self.chosen is None else self.chosen.point.words
        return f"Tuning({', '.join(spec.name for spec in self.specs)}: {told})"

"""What a result is about and was made from: the document, the rows that were read, and what is worth knowing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from backburn.engine.times import rfc3339

if TYPE_CHECKING:
    from datetime import datetime

    from backburn.engine.skipped import Skipped

__all__ = ["Data", "Example", "Note", "Reject", "SpecIdentity"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """One record that could not be used: its `line` (from 1) or its `row` (from 0) in a file, and its value."""

    file: str
    value: str
    line: int | None = None
    row: int | None = None

    @property
    def place(self) -> str:
        """`file:line`, or `file, row N`."""
        return f"{self.file}:{self.line}" if self.line is not None else f"{self.file}, row {self.row}"

    def to_dict(self) -> dict[str, Any]:
        """As in the envelope."""
        place = {"line": self.line} if self.line is not None else {"row": self.row}
        return {"file": self.file, **place, "value": self.value}


@dataclass(frozen=True, slots=True, kw_only=True)
class Reject:
    """How many records could not be used for one reason, and some of them."""

    reason: str
    count: int
    examples: tuple[Example, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """As in the envelope."""
        return {"reason": self.reason, "count": self.count, "examples": [one.to_dict() for one in self.examples]}


@dataclass(frozen=True, slots=True, kw_only=True)
class Data:
    """What was read: `files` by name, usable `rows` and those of them out of scope, rejects, first and last event.

    `skipped` is what was not read, because it lies outside the asked time; merging adds it up.
    """

    files: tuple[str, ...]
    rows: int
    ignored: int
    rejected: int
    rejects: tuple[Reject, ...]
    skipped: Skipped
    start: datetime | None
    end: datetime | None

    def to_dict(self) -> dict[str, Any]:
        """As in the envelope."""
        return {
            "files": list(self.files),
            "rows": self.rows,
            "ignored": self.ignored,
            "rejected": self.rejected,
            "rejects": [reject.to_dict() for reject in self.rejects],
            "skipped": self.skipped.to_dict(),
            "start": None if self.start is None else rfc3339(self.start),
            "end": None if self.end is None else rfc3339(self.end),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """Something worth knowing that is no error, with its code (`BB4xx`)."""

    code: str
    message: str

    def to_dict(self) -> dict[str, Any]:
        """As in the envelope."""
        return {"code": self.code, "message": self.message}


@dataclass(frozen=True, slots=True, kw_only=True)
class SpecIdentity:
    """Which document was judged; `fingerprint` changes with anything that could change a number."""

    name: str
    version: str | None
    fingerprint: str

    def to_dict(self) -> dict[str, Any]:
        """As in the envelope."""
        return {"name": self.name, "version": self.version, "fingerprint": self.fingerprint}

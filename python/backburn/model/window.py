"""Windows: over which time, or how many events, a promise holds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from backburn.civil import Unit
    from backburn.units import Duration

__all__ = ["Calendar", "Everything", "Fixed", "LastEvents", "Rolling", "TimeSpan", "Window"]


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeSpan:
    """A half-open span `[start, end)` in microseconds since the epoch (UTC)."""

    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Rolling:
    """The last `length` before the tick at which it is judged."""

    length: Duration

    @property
    def text(self) -> str:
        """As the user wrote it."""
        return self.length.text


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    """A civil period in a zone; that of the document where `timezone` is None.

    `which` is `current` (the period that holds the last moment before the tick, which may be running), `previous` (the
    one before it) or the name of one, as in 2026-10.
    """

    unit: Unit
    which: str = "current"
    timezone: str | None = None

    @property
    def text(self) -> str:
        """The period in words, with the zone where the window has its own."""
        words = {"current": self.unit, "previous": f"previous {self.unit}"}.get(self.which, self.which)
        return words if self.timezone is None else f"{words} {self.timezone}"


@dataclass(frozen=True, slots=True, kw_only=True)
class LastEvents:
    """The shortest run of whole steps before the tick that holds at least so many valid events."""

    events: int

    @property
    def text(self) -> str:
        """How many there are."""
        return f"{self.events} events"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fixed:
    """One span of time, whatever the tick; `text` is as the user wrote it."""

    span: TimeSpan
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Everything:
    """All of the data (`all`)."""

    text: Literal["all"] = "all"


Window = Rolling | Calendar | LastEvents | Fixed | Everything

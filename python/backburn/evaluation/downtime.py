"""`downtime`: how long everything may be down under a promise."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from backburn.engine.envelope import envelope
from backburn.errors import UsageError
from backburn.evaluation.percent import percent
from backburn.evaluation.table import Column, Tabular
from backburn.units import Duration, parse_share, share_text

__all__ = ["Allowance", "Downtime", "downtime"]

_DAY = 86_400
_WINDOWS = {
    "day": _DAY,
    "week": 7 * _DAY,
    "28d": 28 * _DAY,
    "30d": 30 * _DAY,
    "quarter": 365 * _DAY // 4,
    "year": 365 * _DAY,
}
_UNITS = (("d", 86_400), ("h", 3_600), ("m", 60))
_NOTE = "a year is 365 days and a quarter is a fourth of it"


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowance:
    """The allowed downtime in one window: exact `seconds`, and as people read it."""

    window: str
    length: Decimal
    seconds: Decimal

    @property
    def text(self) -> str:
        """The allowance in days, hours, minutes and seconds.

        >>> Allowance(window="day", length=Decimal(86400), seconds=Decimal("86.4")).text
        '1m26.4s'
        """
        parts: list[str] = []
        rest = self.seconds
        for unit, size in _UNITS:
            count, rest = divmod(rest, size)
            if count:
                parts.append(f"{count:f}{unit}")
        if rest or not parts:
            parts.append(f"{share_text(rest)}s")
        return "".join(parts)

    def to_dict(self) -> dict[str, Any]:
        """As in the envelope; `length` and `seconds` are seconds."""
        return {
            "window": self.window,
            "length": float(self.length),
            "seconds": float(self.seconds),
            "minutes": float(self.seconds / 60),
            "text": self.text,
        }


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Downtime(Tabular):
    """The allowed downtime under a target, window by window."""

    target: Decimal
    rows: tuple[Allowance, ...]

    @property
    def note(self) -> str | None:
        """What a quarter and a year are taken for, where one is shown."""
        return _NOTE if any(row.window in {"quarter", "year"} for row in self.rows) else None

    def to_dict(self) -> dict[str, Any]:
        """Give the envelope of `downtime`, a result for each window."""
        results = [{"target": float(self.target), **row.to_dict()} for row in self.rows]
        notes = [] if self.note is None else [{"code": "BB409", "message": self.note}]
        return envelope("downtime", results=results, notes=notes)

    def columns(self) -> tuple[Column, ...]:
        """Name the columns of the flat table, one row per window."""
        numbers = (Column(name=name, kind="number") for name in ("target", "length", "seconds", "minutes"))
        return (Column(name="window", kind="text"), *numbers, Column(name="text", kind="text"))

    def records(self) -> list[dict[str, Any]]:
        """Give the rows of the flat table."""
        return [{"target": float(self.target), **row.to_dict()} for row in self.rows]

    def __repr__(self) -> str:
        rows = ", ".join(f"{row.window}={row.text}" for row in self.rows)
        return f"Downtime({percent(self.target)}: {rows})"


def downtime(target: str | float | Decimal, window: str | None = None) -> Downtime:
    """Say how long everything may be down, in common windows or in one of your own.

    >>> downtime("99.95%", "30d")
    Downtime(99.95%: 30d=21m36s)
    >>> downtime(0.99999, "30d").rows[0].seconds
    Decimal('25.92000')

    Raises:
        UsageError: the target is not a share between 0 and 1, or the window is not a duration.
    """
    share = _share(target)
    lengths = {name: Decimal(seconds) for name, seconds in _WINDOWS.items()}
    if window is not None and window in lengths:
        lengths = {window: lengths[window]}
    elif window is not None:
        lengths = {window: _length(window)}
    rows = (Allowance(window=name, length=length, seconds=(1 - share) * length) for name, length in lengths.items())
    return Downtime(target=share, rows=tuple(rows))


def _share(target: str | float | Decimal) -> Decimal:
    # The shortest text that gives a float back is what the person typed.
    text = target if isinstance(target, str) else f"{Decimal(str(target)):f}"
    try:
        share = parse_share(text)
    except ValueError as error:
        raise UsageError(f"target: {error}", value=text) from error
    if not 0 < share < 1:
        raise UsageError(f"target: {text} leaves nothing to promise", "choose a share between 0 and 100%", value=text)
    return share


def _length(text: str) -> Decimal:
    try:
        return Duration.parse(text).seconds
    except ValueError as error:
        known = ", ".join(_WINDOWS)
        raise UsageError(f"window: {error}", f"or one of {known}", value=text) from error

"""Where a Prometheus counts the events of an objective."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Counted"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """Selectors of cumulative counters: of bad and of valid events.

    `by` are the labels that tell series apart; None are those of the objective.
    """

    bad: str
    valid: str
    by: tuple[str, ...] | None = None

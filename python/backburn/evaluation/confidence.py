"""How sure a result is: intervals of its SLI, and whether its events are enough to tell."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

__all__ = ["Blocks", "Confidence", "Decision", "Interval"]

Interval = tuple[float, float]
"""The lower and the upper end."""

Decision = Literal["met", "breached", "too few to tell"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Blocks:
    """An interval of the SLI that was drawn from blocks of time.

    Errors come in runs, so events are not independent; blocks keep the runs together. A block is a civil day in the
    document's zone, or six hours of one where there are fewer than two weeks of data. Of the `count` blocks that have
    events as many are drawn, 2,000 times and always the same ones, and `low` and `high` are the quantiles of 2.5 % and
    97.5 % (type 7) of the SLIs of what was drawn; they are None for the `reason` given. Rare, long incidents make even
    these intervals too narrow.
    """

    length: str
    count: int
    low: float | None
    high: float | None
    reason: str | None = None

    def to_dict(self) -> dict[str, Any]:
        """As in the envelope."""
        return {
            "length": self.length,
            "count": self.count,
            "low": self.low,
            "high": self.high,
            "reason": self.reason,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Confidence:
    """How sure a result is, at `level`.

    `events` is how many independent events the counts are worth: the valid ones, and for sampled logs (Σw)²/Σw². The
    intervals of the SLI after Wilson (1927), Clopper and Pearson (1934) and Jeffreys (as in Brown, Cai and DasGupta,
    2001, section 3.1.3) take events for independent; `blocks` does not. `verdict` says on which side of the target all
    of Clopper and Pearson's interval lies; it is None where `met` is. `needed` is the least number of events with the
    same SLI that would decide, None where none below 2^53 would.

    >>> import backburn
    >>> objective = {"name": "availability", "sli": {"kind": "availability"}, "target": "99.9%", "window": "all"}
    >>> spec = {
    ...     "apiVersion": "backburn/v1",
    ...     "kind": "ServiceLevelObjectives",
    ...     "metadata": {"service": "shop"},
    ...     "objectives": [objective],
    ... }
    >>> rows = {"timestamp": ["2025-10-01T00:00:00Z"] * 120, "status": [200] * 120}
    >>> sure = backburn.evaluate(spec, rows).results[0].confidence
    >>> sure.verdict, sure.events, sure.needed
    ('too few to tell', 120.0, 3688)
    """

    level: float = 0.95
    events: float
    wilson: Interval
    clopper_pearson: Interval
    jeffreys: Interval
    blocks: Blocks
    verdict: Decision | None
    needed: int | None

    def to_dict(self) -> dict[str, Any]:
        """As in the envelope."""
        return {
            "level": self.level,
            "events": self.events,
            "wilson": list(self.wilson),
            "clopper_pearson": list(self.clopper_pearson),
            "jeffreys": list(self.jeffreys),
            "blocks": self.blocks.to_dict(),
            "verdict": self.verdict,
            "needed": self.needed,
        }

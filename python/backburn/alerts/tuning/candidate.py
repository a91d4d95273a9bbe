"""One alert of a grid: conditions, how long they must hold, and guards."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from backburn.model.policy import Alert, Guards, Pair, Single

if TYPE_CHECKING:
    from decimal import Decimal

    from backburn.model.grid import AlertPolicyGrid
    from backburn.model.policy import Condition
    from backburn.units import Duration

__all__ = ["Candidate", "Part"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One condition: its place among the windows of the grid, and that of its factor."""

    window: int
    factor: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """Conditions of which any is enough; the others are places in the lists of the grid."""

    parts: tuple[Part, ...]
    wait: int
    guard: int
    target: int

    def alert(self, grid: AlertPolicyGrid, target: Decimal, *, name: str, severity: str) -> Alert:
        """Give the alert, for an objective with a target."""
        return Alert(
            name=name,
            severity=severity,
            any=tuple(self._condition(grid, part, target) for part in self.parts),
            op=grid.op,
            wait=self.waits(grid),
            guards=grid.guards[self.guard],
            no_data=grid.no_data,
        )

    def waits(self, grid: AlertPolicyGrid) -> Duration | None:
        """Give how long it must be true; None for no time at all."""
        wait = grid.waits[self.wait]
        return None if wait is None or wait.microseconds == 0 else wait

    def factor(self, grid: AlertPolicyGrid, part: Part, target: Decimal) -> Fraction:
        """Give the factor for an objective's own target, whichever it is of in the grid."""
        factor = (grid.factors or ())[part.factor]
        if grid.targets is None:
            return factor
        return factor * (1 - Fraction(grid.targets[self.target])) / (1 - Fraction(target))

    def words(self, grid: AlertPolicyGrid) -> str:
        """Say it in a line.

        >>> from backburn.alerts.grids import load_grid
        >>> grid = load_grid("default")
        >>> Candidate(parts=(Part(window=0, factor=0), Part(window=7, factor=0)), wait=1, guard=0, target=0).words(grid)
        '1h/5m > 1 or 1h > 1, for 2m'
        """
        sign = ">" if grid.op == "gt" else ">="
        texts = []
        for part in self.parts:
            long, short = grid.windows[part.window]
            windows = long.text if short is None else f"{long.text}/{short.text}"
            texts.append(f"{windows} {sign} {float((grid.factors or ())[part.factor]):.6g}")
        words = " or ".join(texts)
        wait = self.waits(grid)
        words += "" if wait is None else f", for {wait.text}"
        guards = grid.guards[self.guard]
        words += "".join(
            f", {name} {value}"
            for name, value in (("min_bad", guards.bad), ("min_valid", guards.valid), ("min_rate", guards.rate))
            if value
        )
        return words if grid.targets is None else f"{words}, of a target of {grid.targets[self.target]}"

    def to_dict(self, grid: AlertPolicyGrid) -> dict[str, Any]:
        """As in the envelope."""
        guards: Guards = grid.guards[self.guard]
        wait = self.waits(grid)
        return {
            "any": [
                {
                    "long": grid.windows[part.window][0].text,
                    "short": None if (short := grid.windows[part.window][1]) is None else short.text,
                    "factor": float((grid.factors or ())[part.factor]),
                }
                for part in self.parts
            ],
            "for": None if wait is None else wait.text,
            "min_bad": guards.bad,
            "min_valid": guards.valid,
            "min_rate": None if guards.rate is None else float(guards.rate),
            "target": None if grid.targets is None else float(grid.targets[self.target]),
        }

    def _condition(self, grid: AlertPolicyGrid, part: Part, target: Decimal) -> Condition:
        long, short = grid.windows[part.window]
        factor = self.factor(grid, part, target)
        return Single(window=long, factor=factor) if short is None else Pair(long=long, short=short, factor=factor)

"""A grid as the core takes it: lengths in microseconds, numbers as quotients."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from backburn.model.grid import AlertPolicyGrid

__all__ = ["asked"]


def asked(grid: AlertPolicyGrid) -> Any:  # noqa: ANN401 - what the core takes is told by its stub.
    """Put a grid as the core takes it."""
    guards = [
        (one.bad or 0, one.valid or 0, (0, 1) if one.rate is None else (one.rate.numerator, one.rate.denominator))
        for one in grid.guards
    ]
    return (
        [(long.microseconds, None if short is None else short.microseconds) for long, short in grid.windows],
        [(factor.numerator, factor.denominator) for factor in grid.factors or ()],
        [0 if wait is None else wait.microseconds for wait in grid.waits],
        0,
        guards,
        [None] if grid.targets is None else [format(target, "f") for target in grid.targets],
        grid.op,
        grid.no_data,
    )

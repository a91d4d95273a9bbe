"""How much work a grid is, before it is begun."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backburn.errors import UsageError

if TYPE_CHECKING:
    from backburn.alerts.tuning.field import Field
    from backburn.model.grid import AlertPolicyGrid

__all__ = ["check_size", "policy_ticks"]

_MOST_PASSES = 100_000_000_000
"""Passes over a tick that take a minute or two: all factors of a condition, a wait and guards are one."""
_MOST_POLICIES = 20_000_000
"""What each policy did is kept until one is chosen."""


def policy_ticks(grid: AlertPolicyGrid, field: Field) -> int:
    """Count what a replay one by one would look at: policies, series and ticks."""
    return (grid.policies or 0) * sum(len(group.places) * group.track.ticks for group in field.groups)


def check_size(grid: AlertPolicyGrid, field: Field, *, force: bool) -> None:
    """Refuse a grid that takes long.

    Raises:
        UsageError: it does, and nobody forces it.
    """
    policies = grid.policies or 0
    passes = policy_ticks(grid, field) // max(1, len(grid.factors or ()))
    if force or (passes <= _MOST_PASSES and policies <= _MOST_POLICIES):
        return
    ticks, most = policy_ticks(grid, field), f"{_MOST_PASSES:.0e} passes or {_MOST_POLICIES:.0e} policies"
    message = (
        f"grid '{grid.name}' has {policies:,} policies: {ticks:.3g} policy-ticks on this traffic, {passes:.3g} passes "
        f"over a tick; more than {most} take minutes"
    )
    raise UsageError(message, "try fewer windows, waits or guards, a longer --every, or insist with --force")

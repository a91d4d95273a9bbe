"""How long error budgets will last, in sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backburn.output.answer import Cell
from backburn.output.numbers import percent_text

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from backburn.evaluation.budget import Exhaustion
    from backburn.evaluation.result import Result

__all__ = ["lasting"]

_NAMED = 3


def lasting(results: Sequence[Result], name: Callable[[Result], str]) -> list[Cell]:
    """Say which budgets are gone or will be, the soonest first, and what that rests on."""
    gone = [(one, left) for one in results if (left := _left(one)) and left.answer == "already"]
    going = [(one, left) for one in results if (left := _left(one)) and left.answer == "exhausts" and left.at]
    going.sort(key=lambda pair: pair[1].at.timestamp() if pair[1].at else 0.0)
    lines = [
        f"budget gone: {name(one)}: {_back(left, period=one.window.period is not None)}" for one, left in gone[:_NAMED]
    ]
    lines += [f"budget lasts until {_minute(left.at)}: {name(one)}: {_basis(left)}" for one, left in going[:_NAMED]]
    for label, pairs in (("gone", gone), ("will be gone within their window", going)):
        if more := len(pairs) - _NAMED:
            lines += [f"{more:,} more budgets {label}"] if more > 0 else []
    return [Cell(line) for line in lines]


def _left(result: Result) -> Exhaustion | None:
    return None if result.budget is None else result.budget.exhaustion


def _back(left: Exhaustion, *, period: bool) -> str:
    if left.recovers_at is None:
        return "it does not come back within the window"
    if period:
        return f"a new one begins on {_minute(left.recovers_at)}"
    return f"without any more failures it is back on {_minute(left.recovers_at)}"


def _basis(left: Exhaustion) -> str:
    ratio = "" if left.ratio is None else f" ({percent_text(left.ratio)} of all)"
    basis = f"if failures go on as in the last {left.lookback}{ratio}"
    if left.earliest == left.latest:
        # There are no two blocks of hours that differ.
        return basis
    latest = f"at the latest {_minute(left.latest)}" if left.latest else "or not within the window at all"
    return f"{basis}; at the earliest {_minute(left.earliest)}, {latest}"


def _minute(moment: datetime | None) -> str:
    return "–" if moment is None else f"{moment:%Y-%m-%d %H:%M} UTC"

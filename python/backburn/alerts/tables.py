"""Alerts as flat rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from backburn.evaluation.table import Column

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backburn.alerts.result import Backtest

__all__ = ["columns", "records"]

_SINCE = (
    Column(name="alert", kind="text"),
    Column(name="severity", kind="text"),
    Column(name="active", kind="time"),
    Column(name="start", kind="time"),
    Column(name="end", kind="time"),
    Column(name="told", kind="time"),
    Column(name="warm_up", kind="flag"),
    Column(name="condition", kind="text"),
    Column(name="peak", kind="number"),
    Column(name="bad", kind="count"),
    Column(name="valid", kind="count"),
    Column(name="budget_before", kind="number"),
    Column(name="budget_during", kind="number"),
    Column(name="budget_after", kind="number"),
)


def columns(backtest: Backtest) -> tuple[Column, ...]:
    """Name the columns: which series, which alert, when, how high, and the budget around it."""
    which = ("policy", *_series(backtest).values())
    return (*(Column(name=name, kind="text") for name in which), *_SINCE)


def records(backtest: Backtest) -> Iterator[dict[str, Any]]:
    """Give a record for each alert; moments are datetimes in UTC."""
    names = _series(backtest)
    for replay in backtest.replays:
        known = {"service": replay.service, "objective": replay.objective, **replay.series}
        told = {column: known.get(name) for name, column in names.items()}
        for one in replay.alerts:
            yield {
                "policy": replay.policy,
                **told,
                "alert": one.alert,
                "severity": one.severity,
                "active": one.active,
                "start": one.start,
                "end": one.end,
                "told": one.told,
                "warm_up": one.warm_up,
                "condition": one.highest.condition,
                "peak": one.highest.peak,
                "bad": one.bad,
                "valid": one.valid,
                "budget_before": one.budget.before,
                "budget_during": one.budget.during,
                "budget_after": one.budget.after,
            }


def _series(backtest: Backtest) -> dict[str, str]:
    """Name what tells series apart, and the column of each."""
    taken = {"policy", "service", "objective", *(column.name for column in _SINCE)}
    found = {"service": "service", "objective": "objective"}
    for label in dict.fromkeys(label for replay in backtest.replays for label in replay.series):
        found.setdefault(label, f"label_{label}" if label in taken else label)
    return found

"""Results of an evaluation as flat rows."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from backburn.evaluation.table import Column
from backburn.units import share_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from backburn.evaluation.budget import Budget
    from backburn.evaluation.result import Result

__all__ = ["columns", "quantile_column", "record"]

_WINDOW = (
    Column(name="window", kind="text"),
    Column(name="window_kind", kind="text"),
    Column(name="window_start", kind="time"),
    Column(name="window_end", kind="time"),
    Column(name="window_period", kind="text"),
    Column(name="window_status", kind="text"),
)
_COUNTS = (
    Column(name="good", kind="count"),
    Column(name="bad", kind="count"),
    Column(name="excluded", kind="count"),
    Column(name="valid", kind="count"),
    Column(name="sli", kind="number"),
    Column(name="target", kind="number"),
    Column(name="met", kind="flag"),
    Column(name="reason", kind="text"),
    Column(name="observed", kind="number"),
)
_BUDGET = (
    Column(name="budget_basis", kind="text"),
    Column(name="budget_unit", kind="text"),
    Column(name="budget_allowed", kind="number"),
    Column(name="budget_spent", kind="number"),
    Column(name="budget_consumed", kind="number"),
    Column(name="budget_remaining", kind="number"),
    Column(name="budget_minutes", kind="number"),
    Column(name="budget_burn_to_date", kind="number"),
    Column(name="budget_exhaustion", kind="text"),
    Column(name="budget_exhausts_at", kind="time"),
    Column(name="budget_recovers_at", kind="time"),
)
_SLICES = (
    Column(name="slices_bad", kind="number"),
    Column(name="slices_counted", kind="count"),
    Column(name="slices_undefined", kind="count"),
)
_LEFT_OUT = (
    Column(name="with_left_out_bad", kind="count"),
    Column(name="with_left_out_valid", kind="count"),
    Column(name="with_left_out_sli", kind="number"),
    Column(name="with_left_out_met", kind="flag"),
    Column(name="with_left_out_consumed", kind="number"),
)
_CONFIDENCE = (
    Column(name="confidence_low", kind="number"),
    Column(name="confidence_high", kind="number"),
    Column(name="confidence_verdict", kind="text"),
    Column(name="confidence_events", kind="number"),
    Column(name="confidence_needed", kind="count"),
    Column(name="confidence_blocks_low", kind="number"),
    Column(name="confidence_blocks_high", kind="number"),
)
_ALWAYS = (*_WINDOW, *_COUNTS, *_BUDGET)
_FIXED = frozenset(column.name for column in (*_ALWAYS, *_SLICES, *_LEFT_OUT, *_CONFIDENCE)) | {"objective"}


def columns(results: Sequence[Result]) -> tuple[Column, ...]:
    """Service and objective, every label of any series, then the fixed columns and a `burn_W` per window.

    How long requests took and how sure the results are comes last.
    """
    labels = dict.fromkeys(_label(name) for result in results for name in result.series)
    burns = dict.fromkeys(f"burn_{window}" for result in results for window in result.burn)
    quantiles = dict.fromkeys(
        _quantile(name) for result in results if result.latency for name in result.latency.quantiles
    )
    names = dict.fromkeys(("service", "objective", *labels))
    return (
        *(Column(name=name, kind="text") for name in names),
        *_ALWAYS,
        *(_SLICES if any(result.slices for result in results) else ()),
        *(_LEFT_OUT if any(result.left_out for result in results) else ()),
        *(Column(name=name, kind="number") for name in burns),
        *((Column(name="latency_unit", kind="text"), Column(name="latency_error", kind="number")) if quantiles else ()),
        *(Column(name=name, kind="number") for name in quantiles),
        *_CONFIDENCE,
    )


def record(result: Result) -> dict[str, Any]:
    """One result as a flat row."""
    window, budget = result.window, result.budget
    row: dict[str, Any] = {_label(name): value for name, value in result.series.items()}
    row |= {
        "service": result.service,
        "objective": result.objective,
        "window": window.text,
        "window_kind": window.kind,
        "window_start": window.start,
        "window_end": window.end,
        "window_period": window.period.name if window.period else None,
        "window_status": window.period.status if window.period else None,
        "good": result.good,
        "bad": result.bad,
        "excluded": result.excluded,
        "valid": result.valid,
        "sli": result.sli,
        "target": float(result.target),
        "met": result.met,
        "reason": result.reason,
        "observed": result.observed,
    }
    if budget is not None:
        row |= _budget(budget)
    if result.slices is not None:
        row |= {f"slices_{name}": getattr(result.slices, name) for name in ("bad", "counted", "undefined")}
    left_out = result.left_out
    if left_out is not None:
        row |= {f"with_left_out_{name}": getattr(left_out, name) for name in ("bad", "valid", "sli", "met")}
        row["with_left_out_consumed"] = left_out.budget.consumed if left_out.budget else None
    row |= {f"burn_{name}": rate for name, rate in result.burn.items()}
    sure = result.confidence
    if sure is not None:
        row |= {
            "confidence_low": sure.clopper_pearson[0],
            "confidence_high": sure.clopper_pearson[1],
            "confidence_verdict": sure.verdict,
            "confidence_events": sure.events,
            "confidence_needed": sure.needed,
            "confidence_blocks_low": sure.blocks.low,
            "confidence_blocks_high": sure.blocks.high,
        }
    latency = result.latency
    if latency is not None:
        row |= {"latency_unit": latency.unit, "latency_error": latency.error}
        row |= {_quantile(name): value for name, value in latency.quantiles.items()}
    return row


def _budget(budget: Budget) -> dict[str, Any]:
    names = ("basis", "unit", "allowed", "spent", "consumed", "remaining", "minutes", "burn_to_date")
    row = {f"budget_{name}": getattr(budget, name) for name in names}
    if budget.exhaustion is not None:
        row["budget_exhaustion"] = budget.exhaustion.answer
        row["budget_exhausts_at"] = budget.exhaustion.at
        row["budget_recovers_at"] = budget.exhaustion.recovers_at
    return row


def quantile_column(name: str) -> str:
    """Name the column of a quantile.

    >>> quantile_column("0.999")
    'p99.9'
    """
    return f"p{share_text(Decimal(name) * 100)}"


def _quantile(name: str) -> str:
    return f"latency_{quantile_column(name)}"


def _label(name: str) -> str:
    """Name a label's column; one that is called like a fixed column gets a prefix."""
    return f"label_{name}" if name in _FIXED or name.startswith(("burn_", "latency_")) else name

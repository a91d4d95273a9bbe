"""What is asked of a timeline: which windows, at which ticks, and what is told of each."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING

from backburn.errors import SpecError, UsageError
from backburn.evaluation.windows import check_step, rolling
from backburn.model.window import Rolling
from backburn.units import Duration

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from backburn.model.spec import Spec

__all__ = ["BUDGET", "COLUMNS", "columns_of", "count", "every_of", "percentiles", "quantile_of", "ticks", "windows_of"]

COLUMNS = ("valid", "bad", "sli", "burn")
"""What can be told of a window, in the order in which it is shown."""

BUDGET = "budget_remaining"
"""The column of what is left of the budget, in the objective's own window."""

_PERCENTILE = re.compile(r"p(100|\d{1,2})(?:\.(\d{1,14}))?", re.ASCII)


def columns_of(asked: Sequence[str] | str | None) -> tuple[str, ...]:
    """Name what is told at each tick, in the usual order; all of it but percentiles unless the user chooses.

    >>> columns_of("burn, p99.90, valid, p50")
    ('valid', 'burn', 'p50', 'p99.9')
    """
    known = (*COLUMNS, BUDGET)
    if asked is None:
        return known
    names = _listed(asked, "columns")
    quantiles: dict[Decimal, str] = {}
    for name in names:
        if name in known:
            continue
        match = _PERCENTILE.fullmatch(name)
        if match is None or quantile_of(name) > 1:
            remedy = f"choose of {', '.join(known)}, or a percentile such as p95 or p99.9"
            raise UsageError(f"columns: there is no column '{name}'", remedy, value=name)
        digits = (match[2] or "").rstrip("0")
        quantiles[quantile_of(name)] = f"p{int(match[1])}{'.' if digits else ''}{digits}"
    told = tuple(name for name in known if name in names)
    return told + tuple(quantiles[quantile] for quantile in sorted(quantiles))


def percentiles(columns: Sequence[str]) -> tuple[str, ...]:
    """Give those of some columns that are percentiles."""
    return tuple(name for name in columns if name not in {*COLUMNS, BUDGET})


def quantile_of(percentile: str) -> Decimal:
    """Give the share of the values that a percentile is not below.

    >>> quantile_of("p99.9")
    Decimal('0.999')
    """
    return Decimal(percentile.removeprefix("p")).scaleb(-2)


def windows_of(specs: Sequence[Spec], asked: Sequence[str] | str | None) -> tuple[Duration, ...]:
    """List the windows: those that the user asks for, else those of `report.burn`, else the objectives' rolling ones.

    Each document is asked about the windows of all of them.
    """
    if asked is not None:
        found = [_duration(text, "burn") for text in _listed(asked, "burn")]
        problem: type[UsageError | SpecError] = UsageError
    else:
        found = [duration for spec in specs for duration in rolling(spec) or _promised(spec)]
        problem = SpecError
    windows = {duration.text: duration for duration in found}
    if not windows:
        raise UsageError("burn: no window is named", "name some, as in 5m,1h, or write report.burn")
    for spec in specs:
        for window in windows.values():
            check_step(window, spec.source.step.microseconds, problem(f"window {window.text} of '{spec.name}'"))
    return tuple(windows.values())


def every_of(spec: Spec, asked: str | None) -> int:
    """Give the time between two ticks, in microseconds: a step unless the user asks for several."""
    step = spec.source.step.microseconds
    if asked is None:
        return step
    every = _duration(asked, "every")
    check_step(every, step, UsageError(f"every: {every.text}"))
    return every.microseconds


def ticks(first: int, last: int, every: int) -> tuple[int, int, int]:
    """Give the ticks from the one that knows the event at `first` to the one that knows that at `last`, and `every`.

    Ticks are multiples of `every` from the epoch, so that timelines of several logs fall together.

    >>> ticks(59, 60, 60)
    (60, 120, 60)
    """
    return (first // every + 1) * every, (last // every + 1) * every, every


def count(span: tuple[int, int, int]) -> int:
    """How many ticks there are."""
    first, last, every = span
    return (last - first) // every + 1


def _promised(spec: Spec) -> Iterator[Duration]:
    for objective in spec.objectives:
        for window in (objective.window, *(also.window for also in objective.also)):
            if isinstance(window, Rolling):
                yield window.length


def _listed(asked: object, option: str) -> list[str]:
    texts = asked.split(",") if isinstance(asked, str) else asked
    if not isinstance(texts, (list, tuple)) or not all(isinstance(text, str) for text in texts):
        raise UsageError(f"{option}: {asked!r} is no list of texts", value=repr(asked))
    named = [text.strip() for text in texts if text.strip()]
    if not named:
        raise UsageError(f"{option}: the list is empty", "name something, or leave it out")
    return named


def _duration(text: object, option: str) -> Duration:
    if not isinstance(text, str):
        raise UsageError(f"{option}: {text!r} is not a text", "write a duration such as 5m", value=repr(text))
    try:
        duration = Duration.parse(text)
        _ = duration.microseconds
    except ValueError as error:
        raise UsageError(f"{option}: {error}", value=text) from error
    return duration

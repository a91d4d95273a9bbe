"""Windows at a tick: which span each of them stands for, and how much of it is covered by logs."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Literal

from backburn.engine.times import from_micros, length_text
from backburn.errors import SpecError, UsageError
from backburn.evaluation.result import WindowSpan
from backburn.model.spec import Everything, Rolling
from backburn.units import Duration

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from decimal import Decimal

    from backburn.model.spec import Objective, Spec, Window

__all__ = [
    "Promise",
    "Span",
    "check_step",
    "intersect",
    "length",
    "missing",
    "observed",
    "promises",
    "rolling",
    "span",
    "window_span",
]

Span = tuple[int, int]
"""A half-open span in microseconds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """A target in a window; only the main one of an objective has a budget."""

    window: Window
    target: Decimal
    budget: bool


def promises(spec: Spec, objective: Objective, window: str | None) -> list[Promise]:
    """List what is judged: the objective's windows, or the one that the user asks for in their place."""
    step = spec.source.step.microseconds
    if window is not None:
        asked = _asked(window)
        if isinstance(asked, Rolling):
            check_step(asked.length, step, UsageError(f"window: {asked.text}"))
        return [Promise(window=asked, target=objective.target, budget=True)]
    all_of_them = [Promise(window=objective.window, target=objective.target, budget=True)]
    all_of_them += [Promise(window=also.window, target=also.target, budget=False) for also in objective.also]
    for promise in all_of_them:
        if isinstance(promise.window, Rolling):
            check_step(promise.window.length, step, _error(spec, f"window {promise.window.text} of {objective.name}"))
    return all_of_them


def rolling(spec: Spec) -> list[Duration]:
    """List the windows whose burn rates are reported."""
    for duration in spec.report.burn:
        check_step(duration, spec.source.step.microseconds, _error(spec, f"window {duration.text} of report.burn"))
    return list(spec.report.burn)


def span(window: Window, tick: int, first: int) -> Span:
    """Give the span of a window at a tick; `first` is where the first step with data begins."""
    match window:
        case Rolling():
            return tick - window.length.microseconds, tick
        case Everything():
            return min(first, tick), tick


def window_span(window: Window, micros: Span) -> WindowSpan:
    """Describe a window and its span for a result."""
    start, end = micros
    kind: Literal["rolling", "all"] = "rolling" if isinstance(window, Rolling) else "all"
    return WindowSpan(text=window.text, kind=kind, start=from_micros(start), end=from_micros(end))


def observed(covered: Iterable[Span], window: Span) -> Fraction:
    """Give the share of a window that is covered, exactly; of an empty window nothing is.

    >>> observed([(0, 30), (50, 60)], (20, 60))
    Fraction(1, 2)
    """
    whole = window[1] - window[0]
    return Fraction(length(intersect(covered, window)), whole) if whole > 0 else Fraction(0)


def intersect(spans: Iterable[Span], window: Span) -> list[Span]:
    """Cut sorted spans to a window."""
    cut = ((max(start, window[0]), min(end, window[1])) for start, end in spans)
    return [(start, end) for start, end in cut if start < end]


def missing(covered: Iterable[Span], window: Span) -> list[Span]:
    """List the parts of a window that sorted spans leave out.

    >>> missing([(0, 30), (50, 60)], (20, 70))
    [(30, 50), (60, 70)]
    """
    gaps: list[Span] = []
    reached = window[0]
    for start, end in intersect(covered, window):
        if start > reached:
            gaps.append((reached, start))
        reached = max(reached, end)
    return [*gaps, (reached, window[1])] if reached < window[1] else gaps


def length(spans: Sequence[Span]) -> int:
    """Add up spans that do not overlap."""
    return sum(end - start for start, end in spans)


def _asked(text: object) -> Window:
    if not isinstance(text, str):
        raise UsageError(f"window: {text!r} is not a text", "write a duration such as 7d, or all", value=repr(text))
    if text == "all":
        return Everything()
    try:
        duration = Duration.parse(text)
        _ = duration.microseconds
    except ValueError as error:
        raise UsageError(f"window: {error}", "or write all", value=text) from error
    return Rolling(length=duration)


def check_step(duration: Duration, step: int, error: UsageError | SpecError) -> None:
    """Raise the error, with what is wrong, for a length that is no whole number of steps."""
    if duration.microseconds % step:
        error.message += f" is not a multiple of the step {length_text(step)}"
        error.remedy = "choose a step that divides it"
        error.value = duration.text
        raise error


def _error(spec: Spec, words: str) -> SpecError:
    return SpecError(words, file=None if spec.path is None else str(spec.path))

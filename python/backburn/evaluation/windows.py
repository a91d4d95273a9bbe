"""Windows at a tick: which span each of them stands for, and how much of it is covered by logs."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from fractions import Fraction
from typing import TYPE_CHECKING, Literal

from backburn import civil
from backburn.engine.times import from_micros, length_text
from backburn.errors import SpecError, UsageError
from backburn.evaluation.result import Period, WindowSpan
from backburn.model.window import Calendar, Everything, Fixed, LastEvents, Rolling

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from decimal import Decimal

    from backburn.model.spec import Objective, Spec
    from backburn.model.window import TimeSpan, Window
    from backburn.units import Duration

__all__ = [
    "Placed",
    "Promise",
    "Span",
    "check_step",
    "intersect",
    "kind_of",
    "length",
    "missing",
    "observed",
    "on_slices",
    "place",
    "promises",
    "rolling",
    "whole_steps",
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """Where a promise stands at a tick: the span whose events count, and the whole period where there is one.

    `cut` is how many slices of time lie in it only in part, and so do not count.
    """

    promise: Promise
    span: Span
    period: Period | None = None
    cut: int = 0


def promises(spec: Spec, objective: Objective, window: str | Mapping[str, object] | None) -> list[Promise]:
    """List what is judged: the objective's windows, or the one that the user asks for in their place."""
    if window is not None:
        asked = _asked(window)
        problem: UsageError | SpecError = UsageError(f"window: {asked.text}")
        _check_window(asked, spec, problem)
        _check_slices([asked], objective, UsageError(f"window: {asked.text}"))
        return [Promise(window=asked, target=objective.target, budget=True)]
    all_of_them = [Promise(window=objective.window, target=objective.target, budget=True)]
    all_of_them += [Promise(window=also.window, target=also.target, budget=False) for also in objective.also]
    for promise in all_of_them:
        problem = _error(spec, f"window {promise.window.text} of {objective.name}")
        _check_window(promise.window, spec, problem)
        _check_slices([promise.window], objective, problem)
    if objective.slices is not None:
        check_step(objective.slices.length, spec.source.step.microseconds, _error(spec, f"a slice of {objective.name}"))
    return all_of_them


def rolling(spec: Spec) -> list[Duration]:
    """List the windows whose burn rates are reported."""
    for duration in spec.report.burn:
        check_step(duration, spec.source.step.microseconds, _error(spec, f"window {duration.text} of report.burn"))
    return list(spec.report.burn)


def place(promise: Promise, spec: Spec, tick: int, first: int) -> Placed:
    """Place a promise at a tick; `first` is where the first step with data begins.

    The window of the last so many events differs from series to series; here it is all time up to the tick.
    """
    window = promise.window
    if isinstance(window, Rolling):
        return Placed(promise=promise, span=(tick - window.length.microseconds, tick))
    if isinstance(window, (Everything, LastEvents)):
        return Placed(promise=promise, span=(min(first, tick), tick))
    if isinstance(window, Fixed):
        name, whole = window.text, (window.span.start, window.span.end)
    else:
        name, whole = _civil(window, spec, tick)
    step = spec.source.step
    if any(edge % step.microseconds for edge in whole):
        error = _error(spec, f"the window {window.text} does not begin and end on a step of {step.text}")
        error.remedy = "choose a step that divides the offset of its zone"
        raise error
    status: Literal["complete", "running", "not begun"] = (
        "complete" if whole[1] <= tick else "running" if whole[0] < tick else "not begun"
    )
    period = Period(name=name, start=from_micros(whole[0]), end=from_micros(whole[1]), status=status)
    return Placed(promise=promise, span=(whole[0], max(whole[0], min(whole[1], tick))), period=period)


def on_slices(placed: Placed, tick: int, length: int) -> Placed:
    """Move a window to whole slices: a rolling one to the last that is complete, any other to those inside of it.

    >>> from decimal import Decimal
    >>> promise = Promise(window=Everything(), target=Decimal("0.9"), budget=True)
    >>> on_slices(Placed(promise=promise, span=(50, 250)), 250, 60)  # doctest: +ELLIPSIS
    Placed(..., span=(60, 240), period=None, cut=2)
    """
    start, end = placed.span
    if isinstance(placed.promise.window, Rolling):
        last = tick - tick % length
        return replace(placed, span=(last - (end - start), last))
    first, last = start + -start % length, end - end % length
    if first >= last:
        touched = -(-end // length) - start // length if start < end else 0
        return replace(placed, span=(min(first, end), min(first, end)), cut=touched)
    return replace(placed, span=(first, last), cut=(first > start) + (last < end))


def _civil(window: Calendar, spec: Spec, tick: int) -> tuple[str, Span]:
    """Give the name and the span of a civil period; the current one holds the last moment before the tick."""
    zone = civil.zone(window.timezone or spec.timezone)
    try:
        if window.which in {"current", "previous"}:
            first = civil.first_day(window.unit, civil.day_of(tick - 1, zone))
            if window.which == "previous":
                first = civil.first_day(window.unit, first - timedelta(days=1))
        else:
            first = civil.parse(window.unit, window.which)
        following = civil.next_first(window.unit, first)
        return civil.name(window.unit, first), (civil.begins(first, zone), civil.begins(following, zone))
    except OverflowError as error:
        message = f"the window {window.text} lies outside the years 1 to 9999"
        raise SpecError(message, file=None if spec.path is None else str(spec.path)) from error


def window_span(placed: Placed, micros: Span) -> WindowSpan:
    """Describe a window for a result, in which the events of the span `micros` count."""
    window = placed.promise.window
    start, end = (from_micros(edge) for edge in micros)
    return WindowSpan(text=window.text, kind=kind_of(window), start=start, end=end, period=placed.period)


def kind_of(window: Window) -> Literal["rolling", "all", "calendar", "events", "fixed"]:
    """Name the kind of a window."""
    return _KINDS[type(window)]


_KINDS: dict[type, Literal["rolling", "all", "calendar", "events", "fixed"]] = {
    Rolling: "rolling",
    Everything: "all",
    Calendar: "calendar",
    LastEvents: "events",
    Fixed: "fixed",
}


def whole_steps(span: TimeSpan, step: int) -> Span:
    """Widen a span to the steps that it touches: of a part of one nothing can be told apart.

    >>> from backburn.model import TimeSpan
    >>> whole_steps(TimeSpan(start=70, end=80), 60)
    (60, 120)
    """
    return span.start - span.start % step, span.end + -span.end % step


def observed(covered: Iterable[Span], pieces: Sequence[Span]) -> Fraction:
    """Give the share of a window that is covered, exactly; of an empty window nothing is.

    >>> observed([(0, 30), (50, 60)], [(20, 60)])
    Fraction(1, 2)
    """
    covered = list(covered)
    whole = length(pieces)
    return Fraction(sum(length(intersect(covered, piece)) for piece in pieces), whole) if whole > 0 else Fraction(0)


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


def _asked(window: object) -> Window:
    """Read a window that is asked for: a text as in a document, or a mapping."""
    from backburn.document.ask import window as read

    return read(window)


def _check_window(window: Window, spec: Spec, error: UsageError | SpecError) -> None:
    step = spec.source.step.microseconds
    if isinstance(window, Rolling):
        check_step(window.length, step, error)
    if isinstance(window, Fixed) and (window.span.start % step or window.span.end % step):
        error.message += f" does not begin and end on a step of {length_text(step)}"
        error.remedy = "move its edges to steps"
        raise error


def _check_slices(windows: Iterable[Window], objective: Objective, error: UsageError | SpecError) -> None:
    """Refuse windows that are no whole number of slices; `error` names them."""
    if objective.slices is None:
        return
    for window in windows:
        if isinstance(window, LastEvents):
            error.message += " cannot be cut into slices of time"
            error.remedy = "ask for a window of time"
            raise error
        if isinstance(window, Rolling) and window.length.microseconds % objective.slices.length.microseconds:
            error.message += f" is no whole number of slices of {objective.slices.length.text}"
            error.remedy = "choose a window of whole slices"
            error.value = window.text
            raise error


def check_step(duration: Duration, step: int, error: UsageError | SpecError) -> None:
    """Refuse a length that is no whole number of steps; `error` names it."""
    if duration.microseconds % step:
        error.message += f" is not a multiple of the step {length_text(step)}"
        error.remedy = "choose a step that divides it"
        error.value = duration.text
        raise error


def _error(spec: Spec, words: str) -> SpecError:
    return SpecError(words, file=None if spec.path is None else str(spec.path))

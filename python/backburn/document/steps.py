"""Windows are whole numbers of steps."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backburn.document.budgeting import slices_of
from backburn.document.words import listed
from backburn.model.window import Fixed, Rolling
from backburn.units import Duration

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backburn.document.node import Node
    from backburn.document.notes import Notes
    from backburn.document.objectives import AlsoEntry, DocumentShape, ObjectiveShape

__all__ = ["DEFAULT_STEP", "check_steps"]

DEFAULT_STEP = Duration.parse("1m")
_LEAST = 100_000
_MILLISECOND = 1_000
_COMMON = tuple(
    Duration.parse(text)
    for text in ("100ms", "500ms", "1s", "5s", "10s", "15s", "30s", "1m", "5m", "10m", "15m", "30m", "1h")
)


def check_steps(document: DocumentShape, notes: Notes) -> None:
    """Note a step that cannot be, and each window that it does not divide."""
    source = document.source
    written = source.node.get("step") if source is not None else None
    step = DEFAULT_STEP
    if source is not None and written is not None:
        if source.step is None:
            return
        step = source.step
        if step.microseconds < _LEAST or step.microseconds % _MILLISECOND:
            message = f"the step {step.text} is not a whole number of milliseconds of at least 100ms"
            notes.about("BB106", written, message, "write step: 1s, or another of 100ms or more")
            return
    windows = list(_windows(document))
    fitting = [one for one in _COMMON if all(_divides(one, window) for window, _ in windows)]
    shorter = [one.text for one in fitting if one.seconds < step.seconds]
    longer = [one.text for one in fitting if one.seconds > step.seconds]
    near = shorter[-1:] + longer[:1]
    for window, node in windows:
        if _divides(step, window):
            continue
        what = f"the step {step.text}" if written is not None else f"the default step {step.text}"
        noun = "slice" if node.path.endswith(".slice") else "window"
        message = f"{what} does not divide the {noun} {window.text}"
        if near:
            remedy = f"write {'step' if written is not None else 'source.step'}: {listed(near)}"
        else:
            remedy = "write windows that are whole tenths of a second"
        notes.about("BB114", node, message, remedy)
    _check_slices(document, notes)
    for fixed, node in _fixed(document):
        if any(edge % step.microseconds for edge in (fixed.span.start, fixed.span.end)):
            message = f"the window {fixed.text} does not begin and end on a step of {step.text}"
            notes.about("BB114", node, message, "move its edges to steps, or choose a step that divides them")


def _check_slices(document: DocumentShape, notes: Notes) -> None:
    """Note the windows that are no whole number of slices."""
    for objective in document.objectives:
        slices = slices_of(objective.budgeting)
        if slices is None:
            continue
        promises: tuple[ObjectiveShape | AlsoEntry, ...] = (objective, *objective.also)
        rolling = [(promise.window, promise.node.get("window")) for promise in promises]
        windows = [(one.length, node) for one, node in rolling if isinstance(one, Rolling) and node is not None]
        name = "the objective" if objective.name is None else objective.name.text
        for window, node in [*windows, *_burns(document)]:
            if not _divides(slices.length, window):
                message = f"the window {window.text} is no whole number of slices of {name}, which last"
                remedy = "choose a slice that divides it"
                notes.about("BB114", node, f"{message} {slices.length.text}", remedy)


def _divides(step: Duration, window: Duration) -> bool:
    return window.microseconds % step.microseconds == 0


def _fixed(document: DocumentShape) -> Iterator[tuple[Fixed, Node]]:
    for objective in document.objectives:
        promises: tuple[ObjectiveShape | AlsoEntry, ...] = (objective, *objective.also)
        for promise in promises:
            if isinstance(promise.window, Fixed):
                yield promise.window, promise.node.get("window") or promise.node


def _burns(document: DocumentShape) -> Iterator[tuple[Duration, Node]]:
    if document.report is None:
        return
    at = document.report.node.get("burn") or document.report.node
    items = getattr(at, "items", ())
    for length in (length for length in document.report.burn if length is not None):
        yield length, next((item for item in items if getattr(item, "text", None) == length.text), at)


def _windows(document: DocumentShape) -> Iterator[tuple[Duration, Node]]:
    for objective in document.objectives:
        promises: tuple[ObjectiveShape | AlsoEntry, ...] = (objective, *objective.also)
        for promise in promises:
            node = promise.node.get("window")
            if isinstance(promise.window, Rolling) and node is not None:
                yield promise.window.length, node
        if objective.budgeting is not None and objective.budgeting.slice is not None:
            yield objective.budgeting.slice, objective.budgeting.node.get("slice") or objective.budgeting.node
    yield from _burns(document)
    if document.rollup is not None and document.rollup.histogram_step is not None:
        yield document.rollup.histogram_step, document.rollup.node.get("histogram_step") or document.rollup.node

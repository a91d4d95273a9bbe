"""Steps and ticks."""

from __future__ import annotations


def start_of_step(time: int, step: int) -> int:
    """Where the step `[k·step, (k+1)·step)` that holds `time` begins, also before 1970."""
    return time - time % step


def end_of_step(time: int, step: int) -> int:
    """Where the step that holds `time` ends: the first tick that knows of it."""
    return start_of_step(time, step) + step


def widen(span: tuple[int, int], step: int) -> tuple[int, int]:
    """The whole steps that a span touches."""
    start, end = span
    return start_of_step(start, step), end_of_step(end - 1, step)

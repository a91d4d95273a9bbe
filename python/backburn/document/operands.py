"""Whether the operands of a ratio fit each other, and the rows that they are read from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backburn.document.node import child_path
from backburn.document.sli import RatioSli
from backburn.model.sli import Counter

if TYPE_CHECKING:
    from collections.abc import Iterable

    from backburn.document.notes import Notes
    from backburn.document.source import SourceShape

__all__ = ["check_operands", "check_readings"]

_LEAVE_OUT = "leave out readings with source.where, or time with exclusions: [{start: ..., end: ..., reason: ...}]"


def check_operands(sli: RatioSli, notes: Notes) -> None:
    """Note operands that are missing or too many, predicates beside counters, and rows that are forgiven."""
    node = sli.node
    if "good" in node and "bad" in node:
        notes.about("BB111", node.key("bad") or node, "both good and bad are written", "keep one of them")
    elif "good" not in node and "bad" not in node:
        remedy = "write a SQL expression, as in good: status < 500"
        if isinstance(sli.valid, Counter):
            remedy = "write the counter of good or of bad events, as in bad: {counter: requests.failed}"
        notes.say("BB108", node.place, child_path(node.path, "good"), "'good' or 'bad' is missing", remedy)
    operands = {name: getattr(sli, name) for name in ("good", "bad", "valid") if getattr(sli, name) is not None}
    counters = _counters(sli)
    if not counters:
        return
    for name in operands:
        if name not in counters:
            at = node.key(name) or node
            message = f"{name} is a predicate, and {counters[0]} is a counter: rows and events cannot be divided"
            remedy = "write {counter: ...}, the counter of all events"
            if name != "valid":
                remedy = f"write {{counter: ...}}, the counter of {name} events; rows are chosen by source.where"
            notes.about("BB111", at, message, remedy)
    if "valid" not in node:
        message = f"'valid' is missing: {counters[0]} is a counter, and beside it stands that of all events"
        remedy = "write valid: {counter: ...}, the counter of all events, as in {counter: requests.total}"
        notes.say("BB108", node.place, child_path(node.path, "valid"), message, remedy)
    if sli.exclude:
        notes.about(
            "BB111", node.key("exclude") or node, "rows are forgiven, and counters are read from them", _LEAVE_OUT
        )


def _counters(sli: RatioSli) -> list[str]:
    return [name for name in ("good", "bad", "valid") if isinstance(getattr(sli, name), Counter)]


def check_readings(source: SourceShape, slis: Iterable[object], notes: Notes) -> None:
    """Note what forgives or weighs rows where one with counters is a reading, and no event."""
    sli = next((sli for sli in slis if isinstance(sli, RatioSli) and _counters(sli)), None)
    if sli is None:
        return
    if source.exclude:
        at = source.node.key("exclude") or source.node
        message = f"rows are forgiven, and {sli.node.path} reads counters from them"
        notes.about("BB111", at, message, _LEAVE_OUT)
    columns = source.columns
    count = source.node.key("count") if source.count is not None else None
    if columns is not None and columns.count is not None:
        count = columns.node.key("count")
    if count is not None:
        message = f"rows stand for several events, and {sli.node.path} reads counters from them"
        notes.about("BB111", count, message, "leave out the count: a counter says how many events there were")

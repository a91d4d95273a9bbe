"""Whether the operands of a ratio fit each other, and the rows that they are read from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backburn.document.node import child_path
from backburn.model.spec import Counter

if TYPE_CHECKING:
    from backburn.document.notes import Notes
    from backburn.document.sli import RatioSli
    from backburn.document.source import SourceShape

__all__ = ["check_operands"]


def check_operands(sli: RatioSli, source: SourceShape | None, notes: Notes) -> None:
    """Note operands that are missing or too many, predicates beside counters, and what counters cannot have."""
    node = sli.node
    if "good" in node and "bad" in node:
        notes.about("BB111", node.key("bad") or node, "both good and bad are written", "keep one of them")
    elif "good" not in node and "bad" not in node:
        remedy = "write a SQL expression, as in good: status < 500"
        if isinstance(sli.valid, Counter):
            remedy = "write the counter of good or of bad events, as in bad: {counter: requests.failed}"
        notes.say("BB108", node.place, child_path(node.path, "good"), "'good' or 'bad' is missing", remedy)
    operands = {name: getattr(sli, name) for name in ("good", "bad", "valid") if getattr(sli, name) is not None}
    counters = [name for name, operand in operands.items() if isinstance(operand, Counter)]
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
    _check_rows(sli, source, notes)


def _check_rows(sli: RatioSli, source: SourceShape | None, notes: Notes) -> None:
    """Note what forgives or weighs rows: a row with counters is a reading, and no event."""
    remedy = "leave out readings with source.where, or time with exclusions: [{start: ..., end: ..., reason: ...}]"
    if sli.exclude:
        at = sli.node.key("exclude") or sli.node
        notes.about("BB111", at, "rows are forgiven, and counters are read from them", remedy)
    if source is None:
        return
    if source.exclude:
        at = source.node.key("exclude") or source.node
        message = f"rows are forgiven, and {sli.node.path} reads counters from them"
        notes.about("BB111", at, message, remedy)
    columns = source.columns
    count = source.node.key("count") if source.count is not None else None
    if columns is not None and columns.count is not None:
        count = columns.node.key("count")
    if count is not None:
        message = f"rows stand for several events, and {sli.node.path} reads counters from them"
        notes.about("BB111", count, message, "leave out the count: a counter says how many events there were")

"""Whether the windows of a grid agree with each other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backburn.document.node import child_path

if TYPE_CHECKING:
    from decimal import Decimal

    from backburn.document.grid import GridShape, WindowsEntry
    from backburn.document.notes import Notes

__all__ = ["check_grid"]


def check_grid(shape: GridShape, notes: Notes) -> None:
    """Note windows that are there twice, that contradict each other, or of which one is missing."""
    seen: dict[tuple[Decimal, ...], str] = {}
    for entry in shape.windows:
        before = len(notes)
        _check_fields(entry, notes)
        lengths = tuple(one.seconds for one in (entry.window, entry.long, entry.short) if one is not None)
        # Of what is wrong by itself, or not read at all, nobody can say what it would be equal to.
        if len(notes) > before or len(lengths) < len(entry.node.entries):
            continue
        if lengths in seen:
            notes.about("BB113", entry.node, f"these windows are those of {seen[lengths]} too", "keep one of the two")
        seen.setdefault(lengths, entry.node.path)


def _check_fields(entry: WindowsEntry, notes: Notes) -> None:
    node = entry.node
    long, short, window = (node.key(word) for word in ("long", "short", "window"))
    if window is not None:
        for word, key in (("long", long), ("short", short)):
            if key is not None:
                remedy = "write long and short, or window alone"
                notes.about("BB111", key, f"{word!r} stands beside 'window', which is a single one", remedy)
    elif long is not None and short is not None:
        _check_pair(entry, notes)
    elif any(key.text not in entry.words() for key, _ in node):
        return  # What is missing may be what is misspelt, and that is noted already.
    elif long is not None:
        remedy = "write short: 5m, or window in place of long"
        notes.say("BB108", node.place, child_path(node.path, "short"), "'short' is missing", remedy)
    elif short is not None:
        notes.say("BB108", node.place, child_path(node.path, "long"), "'long' is missing", "write long: 1h")
    else:
        notes.about("BB105", node, "there is no window in it", "write {long: 1h, short: 5m}, or {window: 1h}")


def _check_pair(entry: WindowsEntry, notes: Notes) -> None:
    long, short = entry.long, entry.short
    if long is not None and short is not None and short.seconds >= long.seconds:
        at = entry.node.get("short") or entry.node
        message = f"the short window {short.text} is not shorter than the long one {long.text}"
        notes.about("BB106", at, message, "write one of about a twelfth of the long one")

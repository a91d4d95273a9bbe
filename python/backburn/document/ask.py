"""Words of the documents that are asked for outside of one: a window on the command line, or in a call."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from backburn.errors import SpecError, UsageError

if TYPE_CHECKING:
    from backburn.model.window import Window

__all__ = ["window"]


def window(asked: object) -> Window:
    """Read a window: a text such as `7d`, `all` or `{calendar: month}`, or the mapping itself.

    >>> window("{calendar: month, which: previous}").text
    'previous month'

    Raises:
        UsageError: it is none; the message says what would be one.
    """
    from backburn.document.notes import Notes
    from backburn.document.values import plant
    from backburn.document.window import read
    from backburn.document.yaml import compose

    if not isinstance(asked, (str, Mapping)):
        raise UsageError(f"window: {asked!r} is not a text", "write 7d, all or {calendar: month}", value=repr(asked))
    notes = Notes()
    if isinstance(asked, str) and asked.lstrip().startswith("{"):
        nodes = list(compose(asked, "window", notes))
        node = nodes[0] if len(nodes) == 1 else plant(asked, notes)
    else:
        node = plant(asked, notes)
    found = read(node, notes)
    try:
        notes.settle()
    except SpecError as error:
        raise UsageError(f"window: {error.message}", error.remedy, value=str(asked)) from error
    if found is None:
        raise UsageError(f"window: {asked!r} is no window", "write 7d, all or {calendar: month}", value=str(asked))
    return found

"""An answer, a format: the text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from backburn.output.delimited import as_csv
from backburn.output.markdown import as_markdown
from backburn.output.structured import as_json, as_ndjson
from backburn.output.terminal import as_terminal

if TYPE_CHECKING:
    from backburn.output.answer import Answer

__all__ = ["Look", "render"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """How wide the reader's screen is (None is endless, as a file's lines); if it has colours, and is a terminal."""

    width: int | None = None
    colour: bool = False
    terminal: bool = True


def render(answer: Answer, format: str, look: Look = Look()) -> str:
    """Write the answer in one of `FORMATS`."""
    match format:
        case "json":
            return as_json(answer.envelope())
        case "ndjson":
            return as_ndjson(answer.envelope())
        case "csv":
            return as_csv(answer.flat())
        case "md":
            return as_markdown(answer.view())
        case _:
            return as_terminal(answer.view(), width=look.width, colour=look.colour, terminal=look.terminal)

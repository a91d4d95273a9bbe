"""Every result in every format: the one place that knows how an answer looks."""

from __future__ import annotations

from backburn.output.answer import Answer
from backburn.output.deliver import pour, save, send
from backburn.output.formats import FORMATS, choose_format
from backburn.output.render import Look, render

__all__ = ["FORMATS", "Answer", "Look", "choose_format", "pour", "render", "save", "send"]

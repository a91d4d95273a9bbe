"""Where a Prometheus counts the events of an objective, for the rules that are exported."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated, ClassVar

from pydantic import Field  # noqa: TID253 - only `read` imports this module, inside its functions.

from backburn.document.fields import parsed
from backburn.document.shape import Each, Reads, Shape
from backburn.document.surely import every, sure
from backburn.model.prometheus import Counted

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["PrometheusShape", "counted"]

_LABEL = r"[a-zA-Z_][a-zA-Z0-9_]*"
_TEXT = r'(?:"(?:[^"\\\n]|\\.)*"|' + r"'(?:[^'\\\n]|\\.)*'|`[^`]*`)"
_MATCHER = rf"\s*{_LABEL}\s*(?:=~|!~|!=|=)\s*{_TEXT}\s*"
_BRACES = rf"\{{(?:{_MATCHER}(?:,{_MATCHER})*,?\s*)?\}}"
_SELECTOR = re.compile(rf"[a-zA-Z_:][a-zA-Z0-9_:]*\s*(?:{_BRACES})?|{_BRACES}")
_EXAMPLE = 'http_requests_total{code=~"5.."}'


def _selector(text: str) -> str:
    """Read the selector of a counter.

    >>> _selector('http_requests_total{code=~"5[0-9]{2}"}')
    'http_requests_total{code=~"5[0-9]{2}"}'
    """
    written = text.strip()
    if _SELECTOR.fullmatch(written):
        return written
    remedy = f"write that of a counter alone, as in {_EXAMPLE}"
    if _SELECTOR.fullmatch(re.sub(r"\[[^\]]*\]$", "", written)):
        remedy = "leave the range out: every window has its own"
    raise ValueError(f"{text!r} is not a selector; {remedy}")


def _label(text: str) -> str:
    if re.fullmatch(_LABEL, text) is None or text.startswith("__"):
        raise ValueError(f"{text!r} is not a label of Prometheus; write letters, digits and _, as in route")
    return text


SelectorField = Annotated[str | None, Reads(parsed(_selector, f"write {_EXAMPLE}"), {"type": "string"})]
LabelField = Annotated[str | None, Reads(parsed(_label, "write a label"), {"type": "string"})]


class PrometheusShape(Shape):
    """Counters that hold the events of the objective."""

    called: ClassVar[str] = "prometheus"
    needed: ClassVar[Mapping[str, str]] = {
        "bad": f"write the selector of a counter: {_EXAMPLE}",
        "valid": "write the selector of a counter: http_requests_total",
    }

    bad: SelectorField = Field(default=None, description="The selector of the counters of bad events.")
    valid: SelectorField = Field(default=None, description="The selector of the counters of all events that count.")
    by: Annotated[tuple[LabelField, ...], Each("[route]")] = Field(
        default=(), description="The labels that tell the series apart; default: those of the objective."
    )


def counted(shape: PrometheusShape | None) -> Counted | None:
    """Say where the events are counted."""
    if shape is None:
        return None
    return Counted(bad=sure(shape.bad), valid=sure(shape.valid), by=every(shape.by) if "by" in shape.node else None)

"""One thing that is wrong, or worth knowing, in a document."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

__all__ = ["Finding", "Severity"]

Severity = Literal["error", "warning", "info"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A finding with its code (`BB101`), severity, place, message and remedy.

    `line` and `column` count from 1; `path` is the field, as in `objectives[0].sli.kind`.

    >>> print(
    ...     Finding(
    ...         code="BB103",
    ...         severity="error",
    ...         file="slo.yaml",
    ...         line=3,
    ...         column=1,
    ...         path="objectves",
    ...         message="unknown field 'objectves'",
    ...         remedy="did you mean 'objectives'?",
    ...     )
    ... )
    slo.yaml:3:1 objectves: unknown field 'objectves'; did you mean 'objectives'?
    """

    code: str
    severity: Severity
    message: str
    remedy: str | None = None
    file: str | None = None
    line: int | None = None
    column: int | None = None
    path: str = ""

    def __str__(self) -> str:
        place = ":".join(str(part) for part in (self.file, self.line, self.column) if part is not None)
        head = " ".join(part for part in (place, self.path) if part)
        text = f"{head}: {self.message}" if head else self.message
        return f"{text}; {self.remedy}" if self.remedy else text

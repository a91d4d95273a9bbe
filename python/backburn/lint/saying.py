"""How lint says what it finds about an objective, and what a document does not want to hear."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backburn.lint.codes import CODES
from backburn.model.finding import Finding

if TYPE_CHECKING:
    from collections.abc import Iterable

    from backburn.model.spec import Objective, Spec

__all__ = ["about", "heard", "remedy"]


def about(code: str, spec: Spec, objective: Objective, message: str) -> Finding:
    """Say something about an objective, at the place where it is written, with the remedy of the code."""
    place = objective.location
    return Finding(
        code=code,
        severity="warning",
        message=message,
        remedy=remedy(code),
        file=place.file if place else None,
        line=place.line if place else None,
        column=place.column if place else None,
        path=f"objectives[{spec.objectives.index(objective)}]",
    )


def remedy(code: str) -> str:
    """Give the remedy of a code as the end of a sentence.

    >>> remedy("BB206")
    'write timezone: Europe/Berlin, or UTC if that is meant'
    """
    text = CODES[code].remedy
    return text[0].lower() + text[1:].rstrip(".")


def heard(spec: Spec, findings: Iterable[tuple[str | None, Finding]]) -> list[Finding]:
    """Leave out what `ignore` of the document silences, for one objective (by its name beside a finding) or for all."""
    silenced = {(ignored.code, ignored.objective) for ignored in spec.ignore}
    return [
        finding
        for objective, finding in findings
        if (finding.code, None) not in silenced and (finding.code, objective) not in silenced
    ]

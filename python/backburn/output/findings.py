"""How findings look: a line each, as compilers write them."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict
from typing import TYPE_CHECKING

from backburn.engine.envelope import envelope
from backburn.output.answer import Answer, Cell, Lines, View
from backburn.output.delimited import flatten

if TYPE_CHECKING:
    from collections.abc import Sequence

    from backburn.model.finding import Finding
    from backburn.output.answer import Tone

__all__ = ["answer", "summary"]

_FIELDS = ("code", "severity", "file", "line", "column", "path", "message", "remedy")
_TONES: dict[str, Tone] = {"error": "bad", "warning": "doubt", "info": "quiet"}


def answer(findings: Sequence[Finding]) -> Answer:
    """Give findings their shapes."""
    records = [{name: asdict(finding)[name] for name in _FIELDS} for finding in findings]
    flat = flatten(records)
    return Answer(
        envelope=lambda: envelope("validate", results=records),
        view=lambda: _view(findings),
        flat=lambda: type(flat)(_FIELDS, records),
    )


def summary(findings: Sequence[Finding]) -> str:
    """Sum up in a sentence: `2 errors, 1 warning.`."""
    counts: Counter[str] = Counter(finding.severity for finding in findings)
    parts = [
        f"{counts[severity]:,} {severity if counts[severity] == 1 or severity == 'info' else severity + 's'}"
        for severity in _TONES
        if severity in counts
    ]
    return (", ".join(parts) or "no findings") + "."


def _view(findings: Sequence[Finding]) -> View:
    lines = Lines([_line(finding) for finding in findings], listed=True, greppable=True)
    return View([*([lines] if findings else []), Lines([Cell(summary(findings))])])


def _line(finding: Finding) -> Cell:
    place = ":".join(str(part) for part in (finding.file, finding.line, finding.column) if part is not None)
    what = f"{finding.path}: {finding.message}" if finding.path else finding.message
    text = f"{finding.severity} {finding.code} {what}"
    text = f"{place}: {text}" if place else text
    return Cell(f"{text}; {finding.remedy}" if finding.remedy else text, _TONES[finding.severity])

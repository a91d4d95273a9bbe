"""All that is wrong with the documents of one reading, gathered so that it can be said at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backburn.errors import NotYetError, SpecError
from backburn.model.finding import Finding

if TYPE_CHECKING:
    from backburn.document.node import Node, Place

__all__ = ["Notes"]


class Notes:
    """Gathers errors while documents are read."""

    def __init__(self) -> None:
        self._findings: list[Finding] = []

    @property
    def findings(self) -> list[Finding]:
        """What was found, in the order of the text; each once."""
        unique = dict.fromkeys(self._findings)
        return sorted(unique, key=lambda finding: (finding.file or "", finding.line or 0, finding.column or 0))

    def __len__(self) -> int:
        return len(self._findings)

    def say(self, code: str, place: Place, path: str, message: str, remedy: str | None = None) -> None:
        """Note an error at a place."""
        self._findings.append(
            Finding(
                code=code,
                severity="error",
                message=message,
                remedy=remedy,
                file=place.file,
                line=place.line,
                column=place.column,
                path=path,
            )
        )

    def about(self, code: str, node: Node, message: str, remedy: str | None = None) -> None:
        """Note an error of a node."""
        self.say(code, node.place, node.path, message, remedy)

    def settle(self) -> None:
        """Raise everything that was noted, if anything was.

        Raises:
            NotYetError: nothing is wrong but words whose features do not exist yet.
            SpecError: the documents have errors.
        """
        if not self._findings:
            return
        findings = self.findings
        kind = NotYetError if all(finding.code == "BB104" for finding in findings) else SpecError
        first = findings[0]
        raise kind(
            first.message,
            first.remedy,
            first.file,
            first.line,
            first.column,
            first.path or None,
            findings=findings,
        )

"""Every error that Backburn raises.

Each is a `BackburnError` and also the builtin that a Python person would catch. It names the place, the value and the
remedy, and survives pickling.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    from backburn.model.finding import Finding

__all__ = [
    "BackburnError",
    "DataAccessError",
    "DataError",
    "DataNotFoundError",
    "DataPermissionError",
    "InterruptedScanError",
    "NotYetError",
    "RollupMismatchError",
    "SpecError",
    "UsageError",
]


class BackburnError(Exception):
    """The root of all errors of this package.

    `str()` gives `file:line:column: message; remedy`, with the parts that are known.

    >>> str(BackburnError("no such column 'stauts'", "did you mean 'status'?", file="slo.yaml", line=7, column=3))
    "slo.yaml:7:3: no such column 'stauts'; did you mean 'status'?"
    """

    exit_code: int = 3

    def __init__(
        self,
        message: str,
        remedy: str | None = None,
        file: str | None = None,
        line: int | None = None,
        column: int | None = None,
        field: str | None = None,
        value: str | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy
        self.file = file
        self.line = line
        self.column = column
        self.field = field
        self.value = value

    @property
    def location(self) -> str:
        """`file:line:column`, with the parts that are known; empty when no file is."""
        parts = [self.file, self.line, self.column if self.line is not None else None]
        return ":".join(str(part) for part in parts if part is not None) if self.file is not None else ""

    def __str__(self) -> str:
        head = f"{self.location}: {self.message}" if self.location else self.message
        return f"{head}; {self.remedy}" if self.remedy else head

    def __reduce__(self) -> tuple[Any, ...]:
        fields = (self.message, self.remedy, self.file, self.line, self.column, self.field, self.value)
        return (type(self), fields)


class UsageError(BackburnError, ValueError):
    """The call itself is wrong: an unknown option, a time that cannot be read."""

    exit_code = 2


class SpecError(BackburnError, ValueError):
    """One or more documents are wrong; `findings` lists every error, in the order of the text."""

    exit_code = 2

    def __init__(
        self,
        message: str,
        remedy: str | None = None,
        file: str | None = None,
        line: int | None = None,
        column: int | None = None,
        field: str | None = None,
        value: str | None = None,
        findings: Sequence[Finding] = (),
    ) -> None:
        super().__init__(message, remedy, file, line, column, field, value)
        self.findings = tuple(findings)

    def __str__(self) -> str:
        return "\n".join(str(finding) for finding in self.findings) if self.findings else super().__str__()

    def __reduce__(self) -> tuple[Any, ...]:
        fields = (self.message, self.remedy, self.file, self.line, self.column, self.field, self.value, self.findings)
        return (type(self), fields)


class NotYetError(SpecError, NotImplementedError):
    """A word of the grammar whose feature does not exist yet."""


class DataError(BackburnError, ValueError):
    """The data cannot be read, or cannot answer what is asked of it."""


class DataNotFoundError(DataError, FileNotFoundError):
    """A file, directory or pattern names nothing."""


class DataPermissionError(DataError, PermissionError):
    """The operating system refuses access to a file."""


class DataAccessError(DataError, OSError):
    """Reading or writing a file failed: a full disk, a broken device."""


class RollupMismatchError(DataError):
    """Two rollups cannot be merged: they share a source, or count different things under one name."""


class InterruptedScanError(BackburnError, KeyboardInterrupt):
    """The scan was interrupted."""

    exit_code = 130

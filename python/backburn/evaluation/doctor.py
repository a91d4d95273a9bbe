"""`doctor`: whether this installation can do its work, and what to do where it cannot."""

from __future__ import annotations

import os
import platform
import sys
import tempfile
from dataclasses import dataclass
from importlib import metadata
from typing import Any, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from backburn.engine.counting import default_threads
from backburn.engine.envelope import envelope
from backburn.evaluation.table import Column, Tabular

__all__ = ["Check", "Doctor", "doctor"]

_OPTIONAL = ("pyarrow", "duckdb", "polars", "pandas")


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One thing that was looked at; `remedy` says what to do unless it is `ok`."""

    name: str
    value: str
    status: Literal["ok", "warning", "problem"] = "ok"
    remedy: str | None = None

    def to_dict(self) -> dict[str, Any]:
        """As in the envelope."""
        return {"name": self.name, "value": self.value, "status": self.status, "remedy": self.remedy}


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Doctor(Tabular):
    """Everything that was looked at."""

    checks: tuple[Check, ...]

    @property
    def problems(self) -> tuple[Check, ...]:
        """The checks that are not ok."""
        return tuple(check for check in self.checks if check.status != "ok")

    def to_dict(self) -> dict[str, Any]:
        """Give the envelope of `doctor`, a result for each check."""
        return envelope("doctor", results=[check.to_dict() for check in self.checks])

    def columns(self) -> tuple[Column, ...]:
        """Name the columns of the flat table, one row per check."""
        return tuple(Column(name=name, kind="text") for name in ("name", "value", "status", "remedy"))

    def records(self) -> list[dict[str, Any]]:
        """Give the rows of the flat table."""
        return [check.to_dict() for check in self.checks]

    def __repr__(self) -> str:
        found = ", ".join(f"{check.name}: {check.value}" for check in self.problems)
        return f"Doctor({found or 'all well'})"


def doctor() -> Doctor:
    """Look at the installation.

    >>> [check.name for check in doctor().checks][:3]
    ['backburn', 'build', 'python']
    """
    from backburn import _rust

    release = _rust.__build__ == "release"
    return Doctor(
        checks=(
            Check(name="backburn", value=_rust.__version__),
            Check(
                name="build",
                value=_rust.__build__,
                status="ok" if release else "warning",
                remedy=None if release else "a debug build is many times slower; install a release wheel",
            ),
            Check(name="python", value=f"{platform.python_version()} ({sys.executable})"),
            Check(name="platform", value=platform.platform()),
            *map(_library, _OPTIONAL),
            Check(name="processors", value=str(os.cpu_count() or 1)),
            Check(name="threads", value=str(default_threads())),
            _zones(),
            _temporary(),
        )
    )


def _library(name: str) -> Check:
    try:
        return Check(name=name, value=metadata.version(name))
    except metadata.PackageNotFoundError:
        return Check(name=name, value="not installed (optional)")


def _zones() -> Check:
    try:
        ZoneInfo("Europe/Berlin")
    except ZoneInfoNotFoundError:
        return Check(name="time zones", value="missing", status="problem", remedy="install the package tzdata")
    try:
        return Check(name="time zones", value=f"tzdata {metadata.version('tzdata')}")
    except metadata.PackageNotFoundError:
        return Check(name="time zones", value="of the operating system")


def _temporary() -> Check:
    try:
        folder = tempfile.gettempdir()
        with tempfile.TemporaryFile():
            return Check(name="temporary files", value=folder)
    except OSError as error:
        return Check(
            name="temporary files",
            value=str(error),
            status="problem",
            remedy="set TMPDIR to a directory with space that you may write to",
        )

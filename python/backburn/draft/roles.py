"""Which columns of a log play which role, and why: by name first, then by type and magnitude."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from backburn.draft.durations import duration_of
from backburn.draft.guess import Guess, known_of, number_of, values_of
from backburn.draft.times import timestamp_of

if TYPE_CHECKING:
    from backburn.engine.inspection import InspectedFile

__all__ = ["Roles", "roles_of"]

_STATUSES = (
    "status",
    "statuscode",
    "httpstatus",
    "httpstatuscode",
    "httpcode",
    "responsecode",
    "scstatus",
    "elbstatuscode",
    "code",
)
_SUCCESSES = ("success", "succeeded", "issuccess", "ok", "state")
_LABELS = (
    *("service", "servicename", "app", "application", "component", "job", "label"),
    *("vhost", "virtualhost", "servername", "host", "hostname", "site", "endpoint", "operation", "operationname"),
)
# The two values that a flag may have, the good one first.
_FLAGS = (("true", "false"), ("up", "down"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Roles:
    """The columns of a log by the role that they seem to play; `labels` are candidates for `by`, the best first."""

    timestamp: Guess
    status: Guess | None
    duration: Guess | None
    success: Guess | None
    labels: tuple[str, ...]


def roles_of(file: InspectedFile) -> Roles:
    """Guess the roles of a file's columns."""
    names = [column.name for column in file.columns]
    duration = duration_of(file, names)
    timestamp = timestamp_of(file, names, duration)
    taken = {guess.column for guess in (timestamp, duration) if guess is not None}
    status = next((name for name in known_of(names, _STATUSES) if name not in taken), None)
    return Roles(
        timestamp=timestamp,
        status=None if status is None else Guess(column=status, why=f"'{status}' is what statuses are called"),
        duration=duration,
        success=next((flag for name in known_of(names, _SUCCESSES) if (flag := _flag(file, name)) is not None), None),
        labels=tuple(name for name in known_of([*names, *file.partitions], _LABELS) if not _numbers(file, name)),
    )


def _flag(file: InspectedFile, name: str) -> Guess | None:
    """Tell whether a column says nothing but good and bad, and how good is spelled: `true`, `True`, `UP`."""
    values = set(values_of(file, name))
    for good, bad in _FLAGS:
        for spell in (str.lower, str.capitalize, str.upper):
            if values and values <= {spell(good), spell(bad)}:
                return Guess(column=name, good=spell(good), why=f"'{name}' holds {spell(good)} and {spell(bad)}")
    return None


def _numbers(file: InspectedFile, name: str) -> bool:
    """Tell whether a column holds numbers alone, which name no service."""
    values = values_of(file, name)
    return bool(values) and all(number_of(value) is not None for value in values)

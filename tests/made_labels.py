"""Labels of incidents and files of them, for tests."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from backburn.errors import SpecError
from backburn.events import Labels, read_labels

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

BY = ("service", "route")
OBJECTIVES = ("availability", "latency-p95")
HOUR = 3_600_000_000
DAY = datetime(2025, 10, 15, tzinfo=UTC)
MIDNIGHT = 1_760_486_400_000_000
"""The beginning of 2025-10-15 in UTC."""
HEAD = "id,kind,service,start,end,severity,class,source"
SPAN = {"start": "2025-10-15T00:00:00Z", "end": "2025-10-15T01:00:00Z"}
ROW = '{"start": "2025-10-15T00:00:00Z", "end": "2025-10-15T01:00:00Z"}'
"""A label as a file of JSON has it."""
EMPTY = "write a row for each incident; without one there is nothing to score"
"""What to do about a file that holds no label."""


def written(folder: Path, content: str | bytes, name: str = "incidents.csv") -> Path:
    """Write a file of labels."""
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def read(asked: Any, by: Sequence[str] = BY, objectives: Sequence[str] = OBJECTIVES) -> Labels:
    """Read labels of these documents."""
    return read_labels(asked, by, objectives)


def rows(*changes: Mapping[str, object]) -> list[dict[str, object]]:
    """Give a label for each change of the usual one."""
    return [{**SPAN, **change} for change in changes]


def said(asked: Any, by: Sequence[str] = BY, objectives: Sequence[str] = OBJECTIVES) -> list[str]:
    """What is wrong, each finding without the name of the folder."""
    with pytest.raises(SpecError) as raised:
        read(asked, by, objectives)
    folder = f"{asked.parent}/" if hasattr(asked, "parent") else ""
    return [str(finding).replace(folder, "") if folder else str(finding) for finding in raised.value.findings]

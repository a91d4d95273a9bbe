"""The names of the formats, and which one is meant."""

from __future__ import annotations

from pathlib import PurePath

from backburn.errors import NotYetError, UsageError

__all__ = ["FORMATS", "choose_format"]

FORMATS = ("table", "json", "ndjson", "csv", "md", "parquet", "junit", "github")
"""The words of `--format`."""

_NOT_YET = frozenset({"parquet", "junit", "github"})
_ENDINGS = {
    "": "table",
    ".txt": "table",
    ".json": "json",
    ".ndjson": "ndjson",
    ".jsonl": "ndjson",
    ".csv": "csv",
    ".md": "md",
    ".markdown": "md",
    ".parquet": "parquet",
    ".xml": "junit",
}


def choose_format(asked: str | None, file: str | None, *, more: tuple[str, ...] = ()) -> str:
    """Use the format that was asked for, else the one of the file's ending, else the table.

    `more` are formats that not every result has.

    >>> choose_format(None, "result.JSON"), choose_format("csv", "result.json"), choose_format(None, None)
    ('json', 'csv', 'table')
    """
    chosen = asked if asked is not None else _by_ending(file)
    later = _NOT_YET.difference(more)
    remedy = f"use one of {', '.join(word for word in FORMATS if word not in later)}"
    if chosen in later:
        raise NotYetError(f"the format '{chosen}' does not exist yet", remedy, value=chosen)
    if chosen not in FORMATS:
        raise UsageError(f"there is no format '{chosen}'", remedy, value=chosen)
    return chosen


def _by_ending(file: str | None) -> str:
    if file is None or file == "-":
        return "table"
    ending = PurePath(file).suffix.lower()
    try:
        return _ENDINGS[ending]
    except KeyError:
        raise UsageError(
            f"the ending '{ending}' of '{file}' names no format", "say which one with --format", value=ending
        ) from None

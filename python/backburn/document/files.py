"""The text of documents: a file, or the documents of a directory."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backburn.document.node import Place

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from backburn.document.notes import Notes

__all__ = ["texts"]

_ENDINGS = {".yaml", ".yml", ".json"}
_LARGEST = 4 * 2**20


def texts(path: Path, notes: Notes) -> Iterator[tuple[Path, str]]:
    """Each file's text; what cannot be read is noted."""
    for file in _files(path, notes):
        text = _text(file, notes)
        if text is not None:
            yield file, text


def _files(path: Path, notes: Notes) -> list[Path]:
    try:
        if not path.is_dir():
            return [path]
        found = sorted(file for file in path.iterdir() if file.suffix.lower() in _ENDINGS and file.is_file())
    except (OSError, ValueError) as error:
        notes.say("BB100", Place(str(path)), "", _reason(error))
        return []
    if not found:
        message = "the directory holds no document"
        notes.say("BB100", Place(str(path)), "", message, "name a file, or a directory with *.yaml files")
    return found


def _text(file: Path, notes: Notes) -> str | None:
    place = Place(str(file))
    try:
        with file.open("rb") as stream:
            content = stream.read(_LARGEST + 1)
    except (OSError, ValueError) as error:
        remedy = "check the path" if isinstance(error, FileNotFoundError) else None
        notes.say("BB100", place, "", _reason(error), remedy)
        return None
    if len(content) > _LARGEST:
        message = "the file is larger than 4 MiB and no document"
        notes.say("BB100", place, "", message, "name the document first, then the data")
        return None
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = content[: error.start]
        line, column = before.count(b"\n") + 1, len(before[before.rfind(b"\n") + 1 :].decode("utf-8-sig")) + 1
        message = "the file is not UTF-8 text"
        notes.say(
            "BB100", Place(str(file), line, column), "", message, "save it as UTF-8; data comes after the document"
        )
        return None
    if not text.strip():
        notes.say("BB100", place, "", "the file is empty", "begin with apiVersion: backburn/v1")
        return None
    return text


def _reason(error: OSError | ValueError) -> str:
    match error:
        case FileNotFoundError():
            return "no such file or directory"
        case PermissionError():
            return "permission denied"
        case OSError(strerror=str() as reason):
            return reason[:1].lower() + reason[1:]
        case _:
            return "the path cannot be used"

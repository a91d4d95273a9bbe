"""Where the text goes: a file, whole or not at all, or standard output."""

from __future__ import annotations

import contextlib
import errno
import os
import stat
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, TextIO

from backburn.errors import DataAccessError, DataNotFoundError, DataPermissionError, UsageError
from backburn.output.text import visible

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

__all__ = ["check_free", "fill", "pour", "save", "save_pieces", "send", "silence", "trouble"]

# A name of a file may hold bytes that are no text; written so, JSON stays JSON.
_ERRORS = "backslashreplace"


def save(text: str, file: str, *, exclusive: bool = False) -> None:
    """Write the text beside the file, then let it take the file's place; `exclusive` refuses to replace one.

    Raises:
        UsageError: there is such a file already, and it may not be replaced.
        DataError: the file cannot be written; what was there before is still there, and nothing half-written is.
    """
    save_pieces([text.encode(errors=_ERRORS)], file, exclusive=exclusive)


def save_pieces(pieces: Iterable[bytes], file: str, *, exclusive: bool = False) -> None:
    """Do the same with text that comes piece by piece, of which none is kept.

    Raises:
        UsageError, DataError: as of `save`.
    """
    path = Path(os.path.realpath(file))
    if exclusive:
        check_free(file)
    try:
        if path.exists() and not path.is_file():
            if path.is_dir():
                raise UsageError(f"'{file}' is a directory", "name a file in it", value=file)
            # A device or a pipe has no place that could be taken.
            with path.open("wb") as stream:
                stream.writelines(pieces)
            return
        _replace(pieces, path, file, exclusive=exclusive)
    except OSError as error:
        raise trouble(error, f"'{file}'") from error


def fill(write: Callable[[str], None], file: str) -> None:
    """Let something write itself beside the file, then let that take the file's place.

    Raises:
        UsageError: there is something else than a file.
        DataError: the file cannot be written; what was there before is still there, and nothing half-written is.
    """
    path = Path(os.path.realpath(file))
    if path.exists() and not path.is_file():
        raise UsageError(f"'{file}' is no file", "name one that may be replaced", value=file)
    try:
        with _beside(path) as (descriptor, part):
            os.fchmod(descriptor, _mode(path))
            mode = stat.S_IMODE(os.fstat(descriptor).st_mode)
            os.close(descriptor)
            write(str(part))
            part.chmod(mode)
            part.replace(path)
    except OSError as error:
        raise trouble(error, f"'{file}'") from error


def check_free(file: str) -> None:
    """Refuse a place where something is already.

    Raises:
        UsageError: there is.
    """
    if os.path.lexists(file):
        raise _taken(file)


def send(text: str) -> None:
    """Write to standard output. A reader that has seen enough and left is no error.

    Raises:
        DataAccessError: standard output cannot be written, as when the disk behind it is full.
    """
    with _standard_output() as stream:
        binary: BinaryIO | None = getattr(stream, "buffer", None)
        if binary is None or stream.isatty():
            stream.write(_fitting(text, stream.encoding))
        else:
            stream.flush()
            binary.write(text.encode(errors=_ERRORS))


def pour(pieces: Iterable[bytes]) -> None:
    """Write pieces of whole lines in UTF-8 to standard output as they come; to a terminal nothing that would harm it.

    Raises:
        DataAccessError: as of `send`.
    """
    with _standard_output() as stream:
        binary: BinaryIO | None = getattr(stream, "buffer", None)
        for piece in pieces:
            if binary is None or stream.isatty():
                text = "\n".join(map(visible, piece.decode().split("\n")))
                stream.write(_fitting(text, stream.encoding))
            else:
                binary.write(piece)


@contextlib.contextmanager
def _standard_output() -> Iterator[TextIO]:
    stream = sys.stdout
    if stream is None:
        raise DataAccessError("standard output is closed", "leave it open, or name a file with -o")
    try:
        yield stream
        stream.flush()
    except BrokenPipeError:
        silence()
    except OSError as error:
        silence()
        raise trouble(error, "standard output") from error


def silence() -> None:
    """Let what is still buffered go nowhere, so that the interpreter does not complain when it leaves."""
    with contextlib.suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)


def trouble(error: OSError, place: str) -> DataAccessError | DataNotFoundError | DataPermissionError:
    """Say in plain words why something cannot be written."""
    match error.errno:
        case errno.ENOSPC | errno.EDQUOT:
            return DataAccessError(f"cannot write {place}: no space left on device", "free some space")
        case errno.EACCES | errno.EPERM | errno.EROFS:
            return DataPermissionError(f"cannot write {place}: permission denied", "choose another place")
        case errno.ENOENT | errno.ENOTDIR:
            return DataNotFoundError(f"cannot write {place}: there is no such directory", "make the directory first")
        case _:
            reason = (error.strerror or str(error)).lower()
            return DataAccessError(f"cannot write {place}: {reason}", "choose another place")


def _replace(pieces: Iterable[bytes], path: Path, file: str, *, exclusive: bool) -> None:
    with _beside(path) as (descriptor, part):
        with os.fdopen(descriptor, "wb") as stream:
            stream.writelines(pieces)
            stream.flush()
            os.fchmod(descriptor, _mode(path))
            # A file system may promise space that it does not have; only this tells.
            os.fsync(descriptor)
        if not exclusive:
            part.replace(path)
            return
        try:
            os.link(part, path)  # Unlike a replacement, a link fails where another file has come meanwhile.
        except FileExistsError:
            raise _taken(file) from None
        except OSError:  # Not every file system has links.
            part.replace(path)


@contextlib.contextmanager
def _beside(path: Path) -> Iterator[tuple[int, Path]]:
    descriptor, name = tempfile.mkstemp(prefix=f".{path.name[:64]}.", suffix=".part", dir=path.parent)
    part = Path(name)
    try:
        yield descriptor, part
    finally:
        part.unlink(missing_ok=True)


def _mode(path: Path) -> int:
    """Keep the mode of the file that is replaced; a new one gets what the user's mask leaves."""
    with contextlib.suppress(OSError):
        return stat.S_IMODE(path.stat().st_mode)
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask


def _fitting(text: str, encoding: str | None) -> str:
    name = encoding or "utf-8"
    return text.encode(name, _ERRORS).decode(name)


def _taken(file: str) -> UsageError:
    return UsageError(f"'{file}' exists already", "name another file, or remove this one first", value=file)

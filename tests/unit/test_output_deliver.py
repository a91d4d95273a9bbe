from __future__ import annotations

import errno
import os
import stat
from typing import TYPE_CHECKING

import pytest

from backburn.errors import (
    DataAccessError,
    DataError,
    DataNotFoundError,
    DataPermissionError,
    NotYetError,
    UsageError,
)
from backburn.output import choose_format, save
from backburn.output.deliver import check_free, trouble

if TYPE_CHECKING:
    from pathlib import Path


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_file_is_written_and_nothing_else(tmp_path: Path) -> None:
    save("é\n", str(tmp_path / "a.txt"))
    assert (tmp_path / "a.txt").read_bytes() == "é\n".encode()
    assert names(tmp_path) == ["a.txt"]


def test_a_name_that_is_no_text_stays_readable(tmp_path: Path) -> None:
    save("a\udcff", str(tmp_path / "a.txt"))
    assert (tmp_path / "a.txt").read_text(encoding="utf-8") == "a\\udcff"


def test_a_new_file_has_the_mode_that_the_mask_leaves_and_an_old_one_keeps_its_own(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    before = os.umask(0o027)
    try:
        save("1", str(path))
        assert stat.S_IMODE(path.stat().st_mode) == 0o640
        path.chmod(0o604)
        save("2", str(path))
    finally:
        os.umask(before)
    assert stat.S_IMODE(path.stat().st_mode) == 0o604
    assert path.read_text(encoding="utf-8") == "2"


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "real.txt").write_text("old", encoding="utf-8")
    (tmp_path / "link.txt").symlink_to("real.txt")
    save("new", str(tmp_path / "link.txt"))
    assert (tmp_path / "link.txt").is_symlink()
    assert (tmp_path / "real.txt").read_text(encoding="utf-8") == "new"


def test_an_exclusive_file_is_not_replaced(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    save("mine", str(path), exclusive=True)
    with pytest.raises(UsageError, match=r"a\.txt' exists already; name another file"):
        save("yours", str(path), exclusive=True)
    assert path.read_text(encoding="utf-8") == "mine"
    assert names(tmp_path) == ["a.txt"]


def test_an_exclusive_file_is_not_replaced_by_one_that_comes_meanwhile(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.txt"

    def slow(descriptor: int) -> None:
        assert descriptor
        path.write_text("theirs", encoding="utf-8")

    monkeypatch.setattr("os.fsync", slow)
    with pytest.raises(UsageError, match="exists already"):
        save("mine", str(path), exclusive=True)
    assert path.read_text(encoding="utf-8") == "theirs"
    assert names(tmp_path) == ["a.txt"]


def test_a_file_system_without_links_gets_the_file_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(source: object, target: object) -> None:
        raise OSError(errno.EPERM, "Operation not permitted", str(source), None, str(target))

    monkeypatch.setattr("os.link", refuse)
    save("mine", str(tmp_path / "a.txt"), exclusive=True)
    assert names(tmp_path) == ["a.txt"]


def test_a_dangling_link_is_something_too(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to("nowhere")
    with pytest.raises(UsageError):
        check_free(str(tmp_path / "link"))


def test_what_cannot_be_flushed_leaves_the_old_file_and_nothing_half_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.txt"
    path.write_text("old", encoding="utf-8")

    def full(descriptor: int) -> None:
        assert descriptor
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(DataAccessError, match=r"cannot write '.*a\.txt': no space left on device; free some space"):
        save("new", str(path))
    assert path.read_text(encoding="utf-8") == "old"
    assert names(tmp_path) == ["a.txt"]


def test_a_directory_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="is a directory"):
        save("1", str(tmp_path))


def test_a_directory_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(DataNotFoundError, match="there is no such directory"):
        save("1", str(tmp_path / "no" / "a.txt"))
    (tmp_path / "file").touch()
    with pytest.raises(DataNotFoundError, match="there is no such directory"):
        save("1", str(tmp_path / "file" / "a.txt"))


@pytest.mark.parametrize(
    ("number", "kind", "words"),
    [
        (errno.ENOSPC, DataAccessError, "no space left on device"),
        (errno.EDQUOT, DataAccessError, "no space left on device"),
        (errno.EACCES, DataPermissionError, "permission denied"),
        (errno.EROFS, DataPermissionError, "permission denied"),
        (errno.ENOENT, DataNotFoundError, "no such directory"),
        (errno.EIO, DataAccessError, "input/output error"),
    ],
)
def test_trouble_is_told_in_plain_words(number: int, kind: type[DataError], words: str) -> None:
    error = trouble(OSError(number, os.strerror(number)), "'a.txt'")
    assert type(error) is kind
    assert words in str(error)
    assert error.exit_code == 3


@pytest.mark.parametrize(
    ("asked", "file", "chosen"),
    [
        (None, None, "table"),
        (None, "-", "table"),
        (None, "a", "table"),
        (None, "a.TXT", "table"),
        (None, "out.v2/a.json", "json"),
        (None, "a.jsonl", "ndjson"),
        (None, "a.csv", "csv"),
        (None, "README.md", "md"),
        ("csv", "a.json", "csv"),
        ("table", "a.pdf", "table"),
    ],
)
def test_the_format_is_what_is_asked_for_or_what_the_ending_says(
    asked: str | None, file: str | None, chosen: str
) -> None:
    assert choose_format(asked, file) == chosen


@pytest.mark.parametrize(
    ("asked", "file"), [("parquet", None), ("junit", None), ("github", None), (None, "a.parquet"), (None, "a.xml")]
)
def test_formats_of_later_say_so(asked: str | None, file: str | None) -> None:
    with pytest.raises(NotYetError, match="does not exist yet; use one of table, json, ndjson, csv, md"):
        choose_format(asked, file)


def test_an_ending_that_names_no_format_asks_for_one() -> None:
    with pytest.raises(
        UsageError, match=r"the ending '\.pdf' of 'a\.pdf' names no format; say which one with --format"
    ):
        choose_format(None, "a.pdf")

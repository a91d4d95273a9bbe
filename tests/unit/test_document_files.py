"""Files and directories that hold documents, or do not."""

from __future__ import annotations

from pathlib import Path

import pytest

from backburn.document import check, read
from backburn.errors import SpecError

DOCUMENT = """\
apiVersion: backburn/v1
kind: ServiceLevelObjectives
metadata: {{service: {name}, owner: web}}
objectives:
  - {{name: a, sli: {{kind: availability}}, target: 99%, window: 30d}}
"""


def complaint(path: Path) -> str:
    with pytest.raises(SpecError) as raised:
        read(path)
    assert raised.value.exit_code == 2
    return str(raised.value)


def test_a_directory_gives_its_documents_in_the_order_of_their_names(tmp_path: Path) -> None:
    for name in ("b.yaml", "a.yml", "c.json", "notes.txt"):
        (tmp_path / name).write_text(DOCUMENT.format(name=name[0]), encoding="utf-8")
    (tmp_path / "c.json").write_text(
        '{"apiVersion": "backburn/v1", "kind": "ServiceLevelObjectives", "metadata": {"service": "c"}, "objectives":'
        ' [{"name": "a", "sli": {"kind": "availability"}, "target": "99%", "window": "30d"}]}',
        encoding="utf-8",
    )
    (tmp_path / "below.yaml").mkdir()
    assert [(spec.name, spec.path) for spec in read(tmp_path)] == [
        ("a", tmp_path / "a.yml"),
        ("b", tmp_path / "b.yaml"),
        ("c", tmp_path / "c.json"),
    ]


def test_the_errors_of_all_files_come_at_once(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("stepp: 1\n" + DOCUMENT.format(name="a"), encoding="utf-8")
    (tmp_path / "b.yaml").write_text("", encoding="utf-8")
    lines = complaint(tmp_path).splitlines()
    assert [line.removeprefix(str(tmp_path)).split(" ")[0] for line in lines] == ["/a.yaml:1:1", "/b.yaml:"]


def test_two_files_with_one_name_are_refused(tmp_path: Path) -> None:
    for name in ("a.yaml", "b.yaml"):
        (tmp_path / name).write_text(DOCUMENT.format(name="shop"), encoding="utf-8")
    assert complaint(tmp_path) == (
        f"{tmp_path}/b.yaml:3:11 metadata: another document is called 'shop' too; give each a metadata.name of its own"
    )


def test_a_directory_without_documents_is_refused(tmp_path: Path) -> None:
    assert complaint(tmp_path) == (
        f"{tmp_path}: the directory holds no document; name a file, or a directory with *.yaml files"
    )


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    assert complaint(tmp_path / "slo.yaml") == f"{tmp_path}/slo.yaml: no such file or directory; check the path"


def test_a_path_that_cannot_be_is_refused() -> None:
    assert complaint(Path("a\0b")) == "a\0b: the path cannot be used"


def test_an_empty_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "slo.yaml").write_text(" \n", encoding="utf-8")
    assert complaint(tmp_path / "slo.yaml") == (
        f"{tmp_path}/slo.yaml: the file is empty; begin with apiVersion: backburn/v1"
    )


def test_bytes_that_are_no_text_are_refused_at_their_place(tmp_path: Path) -> None:
    (tmp_path / "slo.yaml").write_bytes("a: b\nß: ".encode() + b"\xff\xfe")
    assert complaint(tmp_path / "slo.yaml") == (
        f"{tmp_path}/slo.yaml:2:4: the file is not UTF-8 text; save it as UTF-8; data comes after the document"
    )


def test_a_file_of_data_is_not_read_whole(tmp_path: Path) -> None:
    (tmp_path / "rows.csv").write_bytes(b"a,b\n" * (1024 * 1024 + 1))
    assert complaint(tmp_path / "rows.csv") == (
        f"{tmp_path}/rows.csv: the file is larger than 4 MiB and no document; name the document first, then the data"
    )


def test_a_file_that_the_system_refuses_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(self: Path, mode: str) -> None:
        raise PermissionError(13, f"Permission denied for {mode}", str(self))

    (tmp_path / "slo.yaml").write_text("a: b\n", encoding="utf-8")
    monkeypatch.setattr(Path, "open", refuse)
    assert complaint(tmp_path / "slo.yaml") == f"{tmp_path}/slo.yaml: permission denied"


def test_check_tells_errors_first_and_then_what_lint_finds(tmp_path: Path) -> None:
    file = tmp_path / "slo.yaml"
    file.write_text(DOCUMENT.format(name="shop").replace(", owner: web", ""), encoding="utf-8")
    assert [(finding.code, finding.severity) for finding in check(file)] == [("BB201", "warning")]
    file.write_text(DOCUMENT.format(name="shop").replace("99%", "199%"), encoding="utf-8")
    assert [(finding.code, finding.severity) for finding in check(file)] == [("BB106", "error")]
    assert [finding.code for finding in check(tmp_path / "other.yaml")] == ["BB100"]

"""Every wrong document of tests/cases/documents gives exactly the findings that are written there."""

from __future__ import annotations

import pickle
import tomllib
from pathlib import Path
from typing import Any

import pytest

from backburn.document import from_dict, read_text
from backburn.errors import NotYetError, SpecError
from backburn.lint import CODES

CASES = Path(__file__).parents[1] / "cases" / "documents"


def cases() -> list[Any]:
    return [
        pytest.param(case, id=f"{file.stem}: {case['name']}")
        for file in sorted(CASES.glob("*.toml"))
        for case in tomllib.loads(file.read_text(encoding="utf-8"))["case"]
    ]


@pytest.mark.parametrize("case", cases())
def test_a_wrong_document_gives_all_its_findings_at_once(case: dict[str, Any]) -> None:
    with pytest.raises(SpecError) as raised:
        read_text(case["text"], "slo.yaml")
    assert [f"{finding.code} {finding}" for finding in raised.value.findings] == case["findings"]
    assert type(raised.value).__name__ == case["raises"]
    assert {finding.code for finding in raised.value.findings} <= set(CODES)


def test_every_code_about_documents_is_shown_by_a_case() -> None:
    text = "".join(file.read_text(encoding="utf-8") for file in CASES.glob("*.toml"))
    assert [code for code in CODES if code.startswith("BB1") and f'"{code} ' not in text] == []


def test_an_error_survives_pickling_with_its_findings() -> None:
    with pytest.raises(SpecError) as raised:
        read_text("kind: Nonsense\napiVersion: backburn/v1\n")
    copy = pickle.loads(pickle.dumps(raised.value))  # noqa: S301 - our own bytes.
    assert copy.findings == raised.value.findings
    assert str(copy) == str(raised.value)
    assert (copy.file, copy.line, copy.column, copy.field) == ("<text>", 1, 7, "kind")


def test_a_document_that_only_asks_for_too_much_is_told_apart() -> None:
    with pytest.raises(NotYetError, match="does not exist yet"):
        read_text("apiVersion: backburn/v1\nkind: ErrorBudgetPolicy\n")


@pytest.mark.parametrize(
    ("change", "finding"),
    [
        ({"metadata": {"servce": "shop"}}, "metadata.servce: unknown field 'servce'; did you mean 'service'?"),
        ({"timezone": None}, "timezone: the field has no value; write one, or leave the field out"),
        (
            {"timezone": b"UTC"},
            "timezone: a value of type 'bytes' cannot stand in a document; give text, a number, a list or a mapping",
        ),
        ({"min_coverage": 80}, "min_coverage: '80' is more than 1; write 80% or 0.8"),
        ({"source": {"gaps": True}}, "source.gaps: unknown word 'true'; use quiet or unknown"),
        ({"source": {"step": float("inf")}}, "source.step: 'Infinity' is not a duration; write a number and a unit "),
        ({"links": {1: "a", "1": "b"}}, "links.1: '1' is written twice; keep one of the two"),
        ({"links": {(1, 2): "a"}}, "links: a key is a word, not a tuple"),
    ],
)
def test_a_wrong_dict_names_the_path(change: dict[str, object], finding: str) -> None:
    with pytest.raises(SpecError) as raised:
        from_dict({**small(), **change})
    assert any(line.startswith(finding) for line in str(raised.value).splitlines())


def test_a_dict_that_holds_itself_ends() -> None:
    endless: dict[str, object] = {}
    endless.update(a=endless, b=endless)
    with pytest.raises(SpecError) as raised:
        from_dict({**small(), "links": endless})
    assert [finding.code for finding in raised.value.findings] == ["BB110"]


def test_aliases_cannot_multiply_without_end() -> None:
    levels = [f"l{level}: &l{level} [" + ", ".join([f"*l{level - 1}"] * 9) + "]" for level in range(1, 12)]
    with pytest.raises(SpecError) as raised:
        read_text("\n".join(["l0: &l0 [a, b, c]", *levels]))
    assert "counting each alias as what it stands for" in str(raised.value)


def test_aliases_cannot_nest_without_end() -> None:
    levels = [f"l{level}: &l{level} [*l{level - 1}]" for level in range(1, 80)]
    with pytest.raises(SpecError) as raised:
        read_text("\n".join(["l0: &l0 [a]", *levels]))
    assert "nested deeper than 50 levels" in str(raised.value)


@pytest.mark.parametrize(("written", "says"), [("weird", "unknown format"), ("'$status$request'", "side by side")])
def test_a_format_that_the_core_cannot_read_is_refused_at_its_place(written: str, says: str) -> None:
    with pytest.raises(SpecError) as raised:
        read_text(f"apiVersion: backburn/v1\nkind: ServiceLevelObjectives\nsource: {{format: {written}}}\n", "slo.yaml")
    (finding,) = [one for one in raised.value.findings if one.path == "source.format"]
    assert (finding.code, finding.line, finding.column) == ("BB106", 3, 18)
    assert says in finding.message


def small() -> dict[str, object]:
    return {
        "apiVersion": "backburn/v1",
        "kind": "ServiceLevelObjectives",
        "metadata": {"service": "shop"},
        "objectives": [{"name": "a", "sli": {"kind": "availability"}, "target": "99%", "window": "30d"}],
    }

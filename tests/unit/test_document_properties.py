"""Whatever is handed over is read or refused; nothing else happens."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backburn.document import from_dict, read_text, schema
from backburn.document.node import Scalar, Table
from backburn.document.notes import Notes
from backburn.document.yaml import compose
from backburn.errors import SpecError

GOOD = (Path(__file__).parents[1] / "cases" / "documents" / "good" / "payment-api.yaml").read_text(encoding="utf-8")

SHAPES = [schema(), *schema()["$defs"].values()]
FIELDS = sorted({name for shape in SHAPES for name in shape.get("properties", {})})
WORDS = st.sampled_from([*FIELDS, "backburn/v1", "availability", "latency", "99%", "30d", "p95 < 1s", "all", "BB201"])
SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | WORDS
VALUES = st.recursive(
    SCALARS, lambda below: st.lists(below, max_size=3) | st.dictionaries(WORDS, below, max_size=4), max_leaves=12
)
HEAD = {"apiVersion": "backburn/v1", "kind": "ServiceLevelObjectives"}


@given(st.text(alphabet=st.sampled_from("ab:-[]{},'\"|>&*!%@`#?\\ \n\t0.~<="), max_size=60))
def test_any_text_is_read_or_refused(text: str) -> None:
    with contextlib.suppress(SpecError):
        read_text(text)


@given(st.text(max_size=40), st.integers(min_value=0, max_value=len(GOOD)), st.integers(min_value=0, max_value=30))
def test_a_good_text_with_a_wound_is_read_or_refused(insert: str, at: int, cut: int) -> None:
    with contextlib.suppress(SpecError):
        read_text(GOOD[:at] + insert + GOOD[at + cut :])


@given(st.dictionaries(WORDS, VALUES, max_size=6))
def test_any_dict_is_read_or_refused(mapping: dict[str, Any]) -> None:
    with pytest.raises(SpecError):
        from_dict(mapping)


@given(st.dictionaries(st.sampled_from(["metadata", "source", "report", "ignore"]), VALUES), st.lists(VALUES))
def test_a_dict_of_the_right_kind_is_read_or_refused(fields: dict[str, Any], objectives: list[Any]) -> None:
    with contextlib.suppress(SpecError):
        from_dict({**HEAD, **fields, "objectives": objectives})


@given(
    st.text(alphabet=st.sampled_from("abc '\"\\ßΩ=()"), min_size=1),
    st.sampled_from(["'", '"']),
    st.data(),
)
def test_an_offset_in_a_quoted_text_is_the_place_of_its_letter(text: str, quote: str, data: st.DataObject) -> None:
    inner = text.replace("'", "''") if quote == "'" else text.replace("\\", "\\\\").replace('"', '\\"')
    source = f"where: {quote}{inner}{quote}"
    (table,) = compose(source, "slo.yaml", Notes())
    assert isinstance(table, Table)
    scalar = table.get("where")
    assert isinstance(scalar, Scalar)
    assert scalar.text == text
    offset = data.draw(st.integers(min_value=0, max_value=len(text) - 1))
    place = scalar.at(offset)
    assert place.line == 1
    assert place.column is not None
    letter = source[place.column - 1]
    assert letter == text[offset] or (letter == "\\" and text[offset] in '\\"')

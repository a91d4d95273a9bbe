"""The published JSON Schema is current, valid, and agrees with the reader about whole documents."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator  # type: ignore[import-untyped] # Its stubs are a package of their own.

import backburn.document
from backburn.document import Kind, catalogue, schema
from backburn.document.node import Items, Node, Scalar
from backburn.document.notes import Notes
from backburn.document.yaml import compose

PUBLISHED: dict[Kind, str] = {"ServiceLevelObjectives": "service-level-objectives", "AlertPolicy": "alert-policy"}
SCHEMAS = Path(backburn.document.__file__).parents[1] / "schemas"
GOOD = Path(__file__).parents[1] / "cases" / "documents" / "good"


def plain(node: Node) -> Any:
    """The document as a tool sees it whose YAML keeps all scalars as text."""
    match node:
        case Scalar():
            return node.text
        case Items():
            return [plain(item) for item in node.items]
        case _:
            return {key.text: plain(value) for key, value in node}


def documents() -> list[Any]:
    return [
        pytest.param(plain(node), id=f"{file.name}[{number}]")
        for file in sorted(GOOD.iterdir())
        for number, node in enumerate(compose(file.read_text(encoding="utf-8"), file.name, Notes()))
        if not isinstance(node, Scalar)
    ]


@pytest.mark.parametrize("kind", PUBLISHED)
def test_the_published_schema_is_current(kind: Kind) -> None:
    path = SCHEMAS / f"{PUBLISHED[kind]}.schema.json"
    written = json.dumps(schema(kind), indent=2, ensure_ascii=False) + "\n"
    assert path.read_text(encoding="utf-8") == written, f"write backburn.document.schema({kind!r}) to {path.name}"


@pytest.mark.parametrize("kind", PUBLISHED)
def test_the_schema_is_a_schema(kind: Kind) -> None:
    Draft202012Validator.check_schema(schema(kind))


def test_the_schema_of_policies_takes_the_catalogue_and_refuses_what_we_refuse() -> None:
    validator = Draft202012Validator(schema("AlertPolicy"))
    for name in catalogue.names():
        (node,) = compose(catalogue.text(name), name, Notes())
        assert not list(validator.iter_errors(plain(node))), name
    good = {"apiVersion": "backburn/v1", "kind": "AlertPolicy", "metadata": {"name": "mine"}}
    condition = {"window": "1h", "factor": "6"}
    alert = {"name": "page", "severity": "page", "for": "2m", "any": [condition]}
    assert validator.is_valid({**good, "alerts": [alert]})
    wrong: list[dict[str, Any]] = [
        {"for": "2 min"},
        {"op": "above"},
        {"any": []},
        {"any": [{**condition, "facter": 6}]},
        {"wait": "2m"},
    ]
    for change in wrong:
        assert not validator.is_valid({**good, "alerts": [{**alert, **change}]}), change


@pytest.mark.parametrize("document", documents())
def test_the_schema_accepts_what_we_accept(document: Any) -> None:
    Draft202012Validator(schema()).validate(document)


def test_the_schema_accepts_numbers_where_a_tool_reads_numbers() -> None:
    document = json.loads((GOOD / "small.json").read_text(encoding="utf-8"))
    Draft202012Validator(schema()).validate(document)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("kind",), "SLO"),
        (("spec",), {}),
        (("objectives",), []),
        (("objectives", 0, "target"), 99.9),
        (("objectives", 0, "target"), "p95 > 300ms"),
        (("objectives", 0, "window"), "30 days"),
        (("objectives", 0, "sli"), {"kind": "avail"}),
        (("objectives", 0, "sli"), {"kind": "availability", "threshold": "1s"}),
        (("objectives", 0, "alert_policy"), ["google-30d"]),
        (("source", "columns"), {"timestamp": {"unit": "s"}}),
        (("source", "columns"), {"duration": {"column": "d", "unit": "hours"}}),
        (("source", "by"), "service"),
    ],
)
def test_the_schema_refuses_what_we_refuse(path: tuple[str | int, ...], value: object) -> None:
    document = json.loads((GOOD / "small.json").read_text(encoding="utf-8"))
    holder = document
    for step in path[:-1]:
        holder = holder[step]
    holder[path[-1]] = value
    assert not Draft202012Validator(schema()).is_valid(document)

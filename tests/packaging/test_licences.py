"""The reading of licence expressions, on which the check of the dependencies rests."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import Any

import pytest

ALLOW = {"Apache-2.0", "Apache-2.0 WITH LLVM-exception", "MIT", "Unicode-3.0"}


@pytest.fixture(scope="module")
def licences() -> Any:
    spec = importlib.util.spec_from_file_location("licences", Path(__file__).parents[2] / ".ci" / "licences.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(
    ("expression", "taken"),
    [
        ("MIT", "MIT"),
        ("MIT OR Apache-2.0", "Apache-2.0"),
        ("Unlicense/MIT", "MIT"),
        ("GPL-3.0-only OR MIT", "MIT"),
        ("Apache-2.0 WITH LLVM-exception", "Apache-2.0 WITH LLVM-exception"),
        ("Apache-2.0 AND MIT", "Apache-2.0 AND MIT"),
        ("(MIT OR Apache-2.0) AND Unicode-3.0", "Apache-2.0 AND Unicode-3.0"),
        ("GPL-3.0-only", None),
        ("MIT AND GPL-3.0-only", None),
        ("(GPL-3.0-only OR MIT) AND LGPL-3.0-only", None),
        ("GPL-3.0-only WITH Classpath-exception-2.0", None),
    ],
)
def test_an_expression_is_allowed_by_what_it_lets_us_choose(licences: Any, expression: str, taken: str | None) -> None:
    assert licences.allowed(expression, ALLOW) == taken


def test_a_banned_crate_is_named_with_its_user_and_the_reason(licences: Any) -> None:
    regex = {"name": "regex", "version": "1.0.0", "license": "MIT", "source": "registry+here"}
    ban = {"crate": "regex", "wrappers": ["arrow-string"], "reason": "lines are read byte by byte"}
    deny = {"licenses": {"allow": ["MIT"]}, "bans": {"deny": [ban]}}
    assert licences.crate_problems([regex], {"regex": {"arrow-string"}}, deny) == []
    assert licences.crate_problems([regex], {"regex": {"arrow-string", "backburn-scan"}}, deny) == [
        "crate regex: used by backburn-scan; lines are read byte by byte"
    ]


def test_a_crate_from_elsewhere_than_a_registry_is_named(licences: Any) -> None:
    crate = {"name": "odd", "version": "1.0.0", "license": "MIT", "source": "git+somewhere"}
    deny = {"licenses": {"allow": ["MIT"]}, "bans": {"deny": []}}
    assert licences.crate_problems([crate], {}, deny) == [
        "crate odd 1.0.0: comes from git+somewhere, not from a registry"
    ]

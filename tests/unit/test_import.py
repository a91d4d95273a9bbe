from __future__ import annotations

import subprocess
import sys

import pytest

import backburn

HEAVY = ("click", "duckdb", "numpy", "pandas", "polars", "pyarrow", "pydantic", "rich", "rich_click", "ruamel")
# Processor time, inside the process: neither what Python takes to start nor what else the machine does is ours.
TIMED = "import time; begun = time.process_time(); import backburn; print(time.process_time() - begun)"


def run(code: str) -> str:
    return subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout


def test_importing_the_package_imports_no_heavy_library() -> None:
    loaded = set(run("import sys, backburn; print(*{name.split('.')[0] for name in sys.modules})").split())
    assert loaded.isdisjoint(HEAVY)
    assert "backburn" in loaded


@pytest.mark.alone
def test_importing_the_package_takes_less_than_150_ms() -> None:
    assert min(float(run(TIMED)) for _ in range(5)) < 0.150


@pytest.mark.parametrize("name", backburn.__all__)
def test_every_name_of_the_table_of_contents_is_there(name: str) -> None:
    assert getattr(backburn, name) is not None
    assert name in dir(backburn)


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'evalute'"):
        backburn.evalute  # type: ignore[attr-defined]  # noqa: B018 - reading it is the test, which types refuse too.


def test_functions_are_not_hidden_by_modules_of_their_name() -> None:
    printed = run("import backburn.draft.init, backburn.evaluation.evaluate as m, backburn; print(backburn.init)")
    assert printed.startswith("<function init")

"""What a person gets who installs the wheel."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from importlib import metadata
from pathlib import Path, PurePosixPath

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "python"


@pytest.fixture(scope="module")
def wheel() -> metadata.Distribution:
    return metadata.distribution("backburn")


@pytest.fixture(scope="module")
def files(wheel: metadata.Distribution) -> set[str]:
    return {str(path) for path in wheel.files or [] if "__pycache__" not in path.parts}


def shipped_texts(wheel: metadata.Distribution, ending: str) -> list[str]:
    found = [path for path in wheel.files or [] if str(path).endswith(ending)]
    return [Path(str(wheel.locate_file(path))).read_text(encoding="utf-8") for path in found]


def test_one_wheel_serves_every_cpython_from_3_11(wheel: metadata.Distribution) -> None:
    tags = re.findall(r"^Tag: (\S+)$", wheel.read_text("WHEEL") or "", re.MULTILINE)
    assert tags
    assert all(tag.startswith("cp311-abi3-") for tag in tags)


def test_the_version_is_the_workspaces(wheel: metadata.Distribution) -> None:
    from backburn import _rust

    workspace = tomllib.loads((ROOT / "Cargo.toml").read_text(encoding="utf-8"))["workspace"]["package"]
    assert wheel.version == workspace["version"]
    assert _rust.__version__ == workspace["version"]


def test_the_core_is_an_optimised_build() -> None:
    from backburn import _rust

    assert _rust.__build__ == "release"


def test_everything_under_the_package_is_installed_and_nothing_else(files: set[str]) -> None:
    source = {
        path.relative_to(SOURCE).as_posix()
        for path in (SOURCE / "backburn").rglob("*")
        if path.is_file() and path.suffix not in {".pyc", ".so"}
    }
    installed = {path for path in files if path.startswith("backburn/")}
    assert installed - {"backburn/_rust.abi3.so"} == source
    assert "backburn/_rust.abi3.so" in installed


def test_type_checkers_and_editors_find_types_and_schemas(files: set[str]) -> None:
    assert {"backburn/py.typed", "backburn/_rust.pyi"} <= files
    assert any(PurePosixPath(path).match("backburn/schemas/*.json") for path in files)


@pytest.mark.parametrize("name", ["LICENSE", "THIRD-PARTY-LICENSES.txt"])
def test_the_licences_come_along(wheel: metadata.Distribution, name: str) -> None:
    assert shipped_texts(wheel, f".dist-info/licenses/{name}") == [(ROOT / name).read_text(encoding="utf-8")]


def test_the_command_is_installed(wheel: metadata.Distribution) -> None:
    scripts = {entry.name: entry for entry in wheel.entry_points if entry.group == "console_scripts"}
    assert list(scripts) == ["backburn"]
    assert callable(scripts["backburn"].load())


def test_every_import_is_a_declared_requirement(wheel: metadata.Distribution) -> None:
    declared = {canonicalize_name(Requirement(line).name) for line in wheel.requires or []}
    providers = {
        module: {canonicalize_name(name) for name in names}
        for module, names in metadata.packages_distributions().items()
    }
    undeclared = {
        f"{path}: {module}"
        for path in wheel.files or []
        if path.suffix == ".py"
        for module in imported(Path(str(wheel.locate_file(path))))
        if not declared & providers.get(module, set())
    }
    assert not undeclared


def imported(path: Path) -> set[str]:
    """Return the top names that a file imports, except the standard library's and our own."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_bytes())):
        if isinstance(node, ast.Import):
            names |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module.partition(".")[0])
    return names - sys.stdlib_module_names - {"backburn"}


def test_the_pins_lie_within_the_declared_ranges(wheel: metadata.Distribution) -> None:
    lines = (ROOT / "constraints" / "dev.txt").read_text(encoding="utf-8").splitlines()
    pins = {canonicalize_name(name): version for name, _, version in (line.partition("==") for line in lines)}
    for requirement in map(Requirement, wheel.requires or []):
        assert requirement.specifier.contains(pins[canonicalize_name(requirement.name)]), requirement

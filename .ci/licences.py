"""Holds the dependencies to deny.toml and the shipped list of licences to the dependencies, without a network.

`check` fails, with every reason at once, when a crate or a Python requirement has a licence that is not allowed, is
banned, comes from elsewhere than the registry, or when THIRD-PARTY-LICENSES.txt is not what `write` would make of it.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tomllib
from importlib import metadata
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
SHIPPED = ROOT / "THIRD-PARTY-LICENSES.txt"

# Python packages say their licence in words of their own; these are the words seen, by the SPDX name they mean.
SPOKEN = {
    "Apache Software License": "Apache-2.0",
    "BSD License": "BSD-3-Clause",
    "MIT License": "MIT",
}
PYTHON_ONLY = {"0BSD", "PSF-2.0"}
PYTHON_BANS = {
    "aiohttp": "logs are read from files; nothing here speaks to a network",
    "httpx": "logs are read from files; nothing here speaks to a network",
    "pyyaml": "it reads NO as false and 12:30:00 as 45000; ruamel.yaml keeps what was written, and where",
    "requests": "logs are read from files; nothing here speaks to a network",
    "urllib3": "logs are read from files; nothing here speaks to a network",
}

# These crates ship no text of their own; the crate named beside is by the same authors, under the same licence.
TEXT_OF = {"alloc-stdlib": "alloc-no-stdlib"}
TEXT_NAMES = ("LICENSE", "LICENCE", "COPYING", "NOTICE")


def allowed(expression: str, allow: set[str]) -> str | None:
    """Return what is accepted of an SPDX expression, or None.

    Of alternatives the one under our own licence is taken, whose text the wheel carries anyway, or else the first.
    """
    tokens = re.findall(r"[()]|[^\s()]+", expression.replace("/", " OR "))

    def alternatives() -> str | None:
        choices = [conjunction()]
        while tokens and tokens[0] == "OR":
            tokens.pop(0)
            choices.append(conjunction())
        known = [choice for choice in choices if choice]
        return min(known, key=lambda choice: choice != "Apache-2.0", default=None)

    def conjunction() -> str | None:
        parts = [one()]
        while tokens and tokens[0] == "AND":
            tokens.pop(0)
            parts.append(one())
        known = [part for part in parts if part]
        return " AND ".join(known) if len(known) == len(parts) else None

    def one() -> str | None:
        name = tokens.pop(0)
        if name == "(":
            inner = alternatives()
            tokens.pop(0)
            return inner
        if tokens and tokens[0] == "WITH":
            name = f"{name} WITH {tokens[1]}"
            del tokens[:2]
        return name if name in allow else None

    return alternatives()


def crates() -> tuple[list[dict[str, Any]], list[dict[str, Any]], dict[str, set[str]]]:
    """Return all crates in use, those linked into the wheel, and who directly depends on each name."""
    command = ["cargo", "metadata", "--offline", "--locked", "--format-version", "1"]
    command += ["--filter-platform", "x86_64-unknown-linux-gnu"]
    answer = json.loads(subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE).stdout)
    packages = {package["id"]: package for package in answer["packages"]}
    nodes = {node["id"]: node for node in answer["resolve"]["nodes"]}
    users: dict[str, set[str]] = {}
    for identity, node in nodes.items():
        for dependency in node["deps"]:
            users.setdefault(packages[dependency["pkg"]]["name"], set()).add(packages[identity]["name"])

    linked: dict[str, dict[str, Any]] = {}
    waiting = [identity for identity, package in packages.items() if package["name"] == "backburn-python"]
    while waiting:
        package = packages[waiting.pop()]
        runs_in_the_compiler = any("proc-macro" in target["kind"] for target in package["targets"])
        if package["id"] in linked or runs_in_the_compiler:
            continue
        linked[package["id"]] = package
        waiting += [
            dependency["pkg"]
            for dependency in nodes[package["id"]]["deps"]
            if any(kind["kind"] is None for kind in dependency["dep_kinds"])
        ]

    def foreign(those: dict[str, dict[str, Any]]) -> list[dict[str, Any]]:
        return sorted((p for p in those.values() if p["source"]), key=lambda p: (p["name"], p["version"]))

    return foreign(packages), foreign(linked), users


def crate_problems(used: list[dict[str, Any]], users: dict[str, set[str]], deny: dict[str, Any]) -> list[str]:
    """Return what is wrong with the crates."""
    allow = set(deny["licenses"]["allow"])
    problems = [
        f"crate {package['name']} {package['version']}: licence {package['license']!r} is not allowed by deny.toml"
        for package in used
        if not allowed(package["license"] or "none", allow)
    ]
    problems += [
        f"crate {package['name']} {package['version']}: comes from {package['source']}, not from a registry"
        for package in used
        if not package["source"].startswith("registry+")
    ]
    for ban in deny["bans"]["deny"]:
        versions = [package["version"] for package in used if package["name"] == ban["crate"]]
        strangers = users.get(ban["crate"], set()) - set(ban.get("wrappers", []))
        if ban.get("deny-multiple-versions"):
            if len(versions) > 1:
                problems.append(f"crate {ban['crate']}: {' and '.join(versions)} at once; {ban['reason']}")
        elif versions and strangers:
            problems.append(f"crate {ban['crate']}: used by {', '.join(sorted(strangers))}; {ban['reason']}")
    return problems


def python_problems(allow: set[str]) -> list[str]:
    """Return what is wrong with the Python packages that come with the wheel."""
    problems = []
    pins = (ROOT / "constraints" / "runtime.txt").read_text(encoding="utf-8").splitlines()
    for name in (pin.partition("==")[0] for pin in pins if "==" in pin):
        if name.lower() in PYTHON_BANS:
            problems.append(f"package {name}: is banned; {PYTHON_BANS[name.lower()]}")
        about = metadata.metadata(name)
        spoken = [text.rpartition(" :: ")[2] for text in about.get_all("Classifier", []) if text.startswith("License")]
        first_line = (about["License"] or "").strip().split("\n")[0].strip() if "License" in about else ""
        said = about["License-Expression"] if "License-Expression" in about else (spoken or [first_line])[0]
        if not allowed(SPOKEN.get(said, said) or "none", allow | PYTHON_ONLY):
            problems.append(f"package {name}: licence {said!r} is not allowed")
    return problems


def texts(package: dict[str, Any], choice: str, homes: dict[str, Path]) -> list[str]:
    """Return the licence texts and notices of one crate that its chosen licence asks us to pass on."""
    home = homes[TEXT_OF.get(package["name"], package["name"])]
    # A crate that links a C library carries that library's own licence further down.
    places = home.rglob("*") if package["links"] else home.iterdir()
    files = sorted(path for path in places if path.name.upper().startswith(TEXT_NAMES) and path.is_file())
    words = {word.split("-")[0].upper() for word in choice.split(" AND ")}
    named = [path for path in files if path.parent != home or any(word in path.name.upper() for word in words)]
    notices = [path for path in files if path.name.upper().startswith("NOTICE")]
    found = [
        path.read_text(encoding="utf-8", errors="replace").strip()
        for path in dict.fromkeys([*(named or files), *notices])
    ]
    if choice == "Apache-2.0":  # The terms are in LICENSE; what stands beside them, in a few crates, is passed on.
        found = [text for text in found if "END OF TERMS AND CONDITIONS" not in text or len(text) > len_of_terms()]
    elif not found:
        sys.exit(f"crate {package['name']}: ships no licence text; name one of the same authors in TEXT_OF")
    return ["\n".join(line.rstrip() for line in text.splitlines()) for text in found]


def len_of_terms() -> int:
    """Return the length of the Apache licence with a little room for a copyright line."""
    return len((ROOT / "LICENSE").read_text(encoding="utf-8")) + 200


def shipped(linked: list[dict[str, Any]], allow: set[str]) -> str:
    """Return the text of THIRD-PARTY-LICENSES.txt: every crate, then each distinct text with the crates under it."""
    homes = {package["name"]: Path(package["manifest_path"]).parent for package in linked}
    lines = ["These crates are linked into the compiled module of this package. Those under Apache-2.0 are under the"]
    lines += ["terms in LICENSE; the texts and notices of the others follow the list.", ""]
    owners: dict[str, list[str]] = {}
    for package in linked:
        label = f"{package['name']} {package['version']}"
        choice = allowed(package["license"] or "none", allow)
        if choice is None:
            continue  # `check` names it.
        lines.append(f"{label}: {choice}")
        for text in texts(package, choice, homes):
            owners.setdefault(text, []).append(label)
    for text, labels in owners.items():
        lines += ["", "-" * 100, ", ".join(dict.fromkeys(labels)), "", text]
    return "\n".join(lines) + "\n"


def main() -> None:
    """Check, or write the list of what is shipped."""
    deny = tomllib.loads((ROOT / "deny.toml").read_text(encoding="utf-8"))
    allow = set(deny["licenses"]["allow"])
    used, linked, users = crates()
    if sys.argv[1:] == ["write"]:
        SHIPPED.write_text(shipped(linked, allow), encoding="utf-8")
        return
    problems = crate_problems(used, users, deny) + python_problems(allow)
    if not SHIPPED.exists() or SHIPPED.read_text(encoding="utf-8") != shipped(linked, allow):
        problems.append(f"{SHIPPED.name}: is not current; write it with `make licences`")
    if problems:
        sys.exit("\n".join(problems))
    print(f"licences: {len(used)} crates and the Python requirements keep to deny.toml")


if __name__ == "__main__":
    main()

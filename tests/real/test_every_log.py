"""Every file of the real data: through `inspect`, `init` and `evaluate`, and the facts that were counted without it."""

from __future__ import annotations

import json
import re
import shlex
import tomllib
from collections import Counter
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from real.by_hand import quantile, read, times
from shell import run

import backburn

if TYPE_CHECKING:
    from shell import Outcome

CASES = tomllib.loads((Path(__file__).parents[1] / "cases" / "real_logs.toml").read_text(encoding="utf-8"))
LOGS: list[dict[str, Any]] = CASES["log"]
OTHERS: list[dict[str, Any]] = CASES["other"]
NO_DATA = {"README.md", "LICENSE", "LICENSE-lnav"}

logs = pytest.mark.parametrize("case", LOGS, ids=[case["file"] for case in LOGS])


def test_every_file_is_listed(shared_data: Path) -> None:
    files = {path.relative_to(shared_data).as_posix() for path in shared_data.rglob("*") if path.is_file()}
    data = {file for file in files if Path(file).name not in NO_DATA}
    assert {case["file"] for case in [*LOGS, *OTHERS]} == data


# ---------------------------------------------------------------------------------------------------------------------
# Through the program.


def call(words: str, folder: Path) -> Outcome:
    return run(f"backburn {words}", folder, warm=True)


def answer(words: str, folder: Path) -> dict[str, Any]:
    done = call(f"{words} --format json", folder)
    assert (done.exit, done.stderr if done.exit else "") == (0, "")
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def by_hand(case: dict[str, Any], objective: dict[str, Any], **source: Any) -> dict[str, Any]:
    """A specification that is not drafted; rows in memory would need no file."""
    clock = {"column": "timestamp", "timezone": "UTC"} if case.get("naive") else "timestamp"
    columns = {**case.get("roles", {"timestamp": clock}), **source.pop("columns", {})}
    return {
        "apiVersion": "backburn/v1",
        "kind": "ServiceLevelObjectives",
        "metadata": {"service": "real", "owner": "team"},
        "source": {"format": case["format"], "columns": columns, "gaps": "quiet", "max_rejected": "100%", **source},
        "objectives": [{"name": "fact", "target": "50%", "window": "all", **objective}],
    }


@logs
def test_inspect_knows_the_format_and_the_columns(case: dict[str, Any], shared_data: Path, tmp_path: Path) -> None:
    file = shared_data / case["file"]
    words = f"inspect {shlex.quote(str(file))}"
    if case.get("unknown"):
        refused = call(words, tmp_path)
        assert (refused.exit, re.search(case["refused"], refused.stderr) is not None) == (3, True)
        words += f" --log-format {case['format']}"
    (found,) = answer(words, tmp_path)["results"]
    assert found["format"] == case["format"]
    columns = {column["name"] for column in found["columns"]}
    if "columns" in case:
        assert set(case["columns"]) <= columns
    else:
        assert columns == {name for row in read(file, case)[0] for name in row}


@logs
def test_a_draft_fits_or_says_what_it_lacks(case: dict[str, Any], shared_data: Path, tmp_path: Path) -> None:
    file = shlex.quote(str(shared_data / case["file"]))
    words = f"init {file} -o slo.yaml"
    if "refused" in case:
        refused = call(words, tmp_path)
        assert (refused.exit, refused.stdout) == (3, "")
        assert re.search(case["refused"], refused.stderr.replace("\n", " "))
        assert not (tmp_path / "slo.yaml").exists()
        words += f" --log-format {case['format']}"
    if "by_hand" in case:
        objective = {"sli": {"kind": "ratio", "good": case["by_hand"]}}
        (tmp_path / "slo.yaml").write_text(json.dumps(by_hand(case, objective)), encoding="utf-8")
    else:
        assert call(words, tmp_path).exit == 0
    assert answer("validate slo.yaml", tmp_path)["results"] == []
    data = answer(f"evaluate slo.yaml {file} --exit-zero", tmp_path)["data"]
    rejected = case.get("rejected", [])
    assert (data["rows"], data["rejected"]) == (case["rows"], len(rejected))
    lines = sorted(example["line"] for reject in data["rejects"] for example in reject["examples"])
    assert lines[:3] == rejected[:3]
    assert [data["start"], data["end"]] == case["span"]


@pytest.mark.parametrize("case", OTHERS, ids=[case["file"] for case in OTHERS])
def test_what_is_no_log_is_said(case: dict[str, Any], shared_data: Path, tmp_path: Path) -> None:
    file = shlex.quote(str(shared_data / case["file"]))
    if "inspect" in case:
        (found,) = answer(f"inspect {file}", tmp_path)["results"]
        assert found["format"] == case["inspect"]
    for words in [f"init {file} -o slo.yaml", *([] if "inspect" in case else [f"inspect {file}"])]:
        refused = call(words, tmp_path)
        assert (refused.exit, refused.stdout) == (3, "")
        assert case["says"] in refused.stderr.replace("\n  help:", ";")
        assert "\n  help: " in refused.stderr


# ---------------------------------------------------------------------------------------------------------------------
# Facts: as they are written down, as Python's own modules count them, and as Backburn does.


def good(case: dict[str, Any], file: Path, predicate: str, by: list[str]) -> dict[str | None, tuple[int, int]]:
    """How many rows of each series the predicate is true for, and how many it judges."""
    spec = by_hand(case, {"sli": {"kind": "ratio", "good": predicate}}, by=by)
    results = backburn.evaluate(spec, file).to_dict()["results"]
    return {one["series"].get(by[0] if by else ""): (one["good"], one["valid"]) for one in results}


@logs
def test_rows_and_span_are_those_that_are_counted_by_hand(case: dict[str, Any], shared_data: Path) -> None:
    rows, refused = read(shared_data / case["file"], case)
    assert (len(rows), refused) == (case["rows"], case.get("rejected", []))
    known = times(rows, case)
    assert [datetime.fromisoformat(edge) for edge in case["span"]] == [min(known), max(known)]


def facts(kind: str) -> pytest.MarkDecorator:
    listed = [(case, column, fact) for case in LOGS for column, fact in case.get(kind, {}).items()]
    names = [f"{case['file']}: {column}" for case, column, _ in listed]
    return pytest.mark.parametrize(("case", "column", "fact"), listed, ids=names)


@facts("values")
def test_the_rows_of_each_value(case: dict[str, Any], column: str, fact: dict[str, Any], shared_data: Path) -> None:
    file = shared_data / case["file"]
    counted = Counter(row[fact.get("own", column)] for row in read(file, case)[0])
    assert counted == fact["counts"]
    found = good(case, file, f'"{column}" IS NULL OR "{column}" IS NOT NULL', [column])
    assert {value or "": count for value, (count, _) in found.items()} == fact["counts"]


@facts("equal")
def test_the_rows_of_one_value(case: dict[str, Any], column: str, fact: dict[str, Any], shared_data: Path) -> None:
    file = shared_data / case["file"]
    rows = read(file, case)[0]
    assert sum(row[column] == fact["to"] for row in rows) == fact["rows"]
    assert good(case, file, f"\"{column}\" = '{fact['to']}'", []) == {None: (fact["rows"], len(rows))}


@facts("least")
def test_the_rows_of_at_least_so_much(
    case: dict[str, Any], column: str, fact: dict[str, Any], shared_data: Path
) -> None:
    file = shared_data / case["file"]
    values = [row[fact.get("own", column)] for row in read(file, case)[0]]
    assert sum(value != "" and float(value) >= fact["least"] for value in values) == fact["rows"]
    # A null, also one that a server writes as -1, is not judged.
    (found,) = good(case, file, f'"{column}" >= {fact["least"]}', []).values()
    assert found == (fact["rows"], sum(value not in {"", "-1"} for value in values))


@facts("quantiles")
def test_quantiles_of_durations(case: dict[str, Any], column: str, fact: dict[str, Any], shared_data: Path) -> None:
    file = shared_data / case["file"]
    values = [float(row[fact.get("own", column)]) for row in read(file, case)[0]]
    assert {share: quantile(values, float(share)) for share in fact["at"]} == fact["at"]
    typed = "columns" in case  # The formats of servers say the unit themselves.
    duration = {"column": column} if typed else {"column": column, "unit": fact["unit"]}
    spec = by_hand(case, {"sli": {"kind": "latency", "threshold": "1s"}}, columns={"duration": duration})
    (found,) = backburn.percentiles(spec, file, exact=True, type=1, quantiles=list(fact["at"])).results
    assert (found.count, found.unit, dict(found.quantiles)) == (len(values), fact["unit"], fact["at"])

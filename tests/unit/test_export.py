"""Rollups as counters: everything that was counted can be read off them."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pytest
from made_logs import document, objective
from shell import run
from terminal import on_terminal

import backburn

if TYPE_CHECKING:
    from pathlib import Path

SAMPLE = re.compile(r"backburn_\w+_([a-z]+)_total\{(.*)\} (\d+) (\d+)")
LABEL = re.compile(r'(\w+)="((?:[^"\\]|\\.)*)",?')
ESCAPE = re.compile(r"\\(.)")

Cells = dict[tuple[Any, ...], dict[str, int]]


def read_back(text: str, by: list[str]) -> Cells:
    """The cells behind counters: by objective, labels and the second in which a step begins, what grew in it."""
    cells: Cells = defaultdict(lambda: defaultdict(int))
    last: dict[tuple[str, str], int] = {}
    for kind, inside, value, second in SAMPLE.findall(text):
        labels = {name: ESCAPE.sub(lambda m: {"n": "\n"}.get(m[1], m[1]), told) for name, told in LABEL.findall(inside)}
        null = labels.get("null", "").split(",")
        key = tuple(None if name in null else labels[name] for name in by)
        grown = int(value) - last.get((kind, inside), 0)
        last[kind, inside] = int(value)
        name = f"excluded {labels['reason']}" if kind == "excluded" else kind
        if grown:
            cells[labels["objective"], *key, int(second) - 60][name] = grown
    return cells


def cells_of(rollup: backburn.Rollup, by: list[str]) -> Cells:
    """The same of the rollup itself."""
    cells: Cells = defaultdict(lambda: defaultdict(int))
    for row in pa.table(rollup).to_pylist():
        key = (row["measure"], *(row[name] for name in by), int(row["step_start"].timestamp()))
        if row["kind"] == "excluded":
            cells[key][f"excluded {row['reason']}"] = row["excluded"]
        elif row["kind"] == "tally":
            told = {
                "good": row["good"],
                "bad": row["bad"],
                "valid": row["good"] + row["bad"],
                "unknown": row["unknown"],
            }
            if row["squares"] is not None:
                told |= {"rows": row["rows"], "badrows": row["bad_rows"], "squares": int(row["squares"])}
            cells[key] |= {name: count for name, count in told.items() if count}
    return cells


def spec(**source: Any) -> dict[str, Any]:
    exclude = [{"when": "status = 429", "reason": 'Rate "limit" \\ 429'}, {"when": "status = 404", "reason": "b"}]
    objectives = [objective(), objective(name="up-to_date"), objective(name="all", by=[])]
    return document(source={"by": ["zone", "host"], "exclude": exclude, **source}, objectives=objectives)


def rows(count: int = 400) -> pa.Table:
    zones, hosts = [None, "", "a", 'b"\n\\'], ["x", None, "", "null", "é"]
    return pa.table(
        {
            "timestamp": pa.array([n * n * 7_777_777 % 9_000_000_000 for n in range(count)], pa.timestamp("us", "UTC")),
            "status": [(200, 503, None, 429, 404, 301)[n * n % 6] for n in range(count)],
            "zone": [zones[n % 4] for n in range(count)],
            "host": [hosts[n * n % 5] for n in range(count)],
            "n": [1 + n % 9 for n in range(count)],
        }
    )


@pytest.mark.parametrize(
    "count", [None, {"column": "n", "means": "aggregated"}, {"column": "n", "means": "sampled"}], ids=str
)
def test_all_that_was_counted_can_be_read_off_the_counters(count: dict[str, str] | None) -> None:
    counted = backburn.rollup(spec(**({"count": count} if count else {})), rows())
    text = b"".join(backburn.export("openmetrics", counted)).decode()
    by = ["zone", "host"]
    expected = cells_of(counted, by)
    assert len(expected) > 300
    assert read_back(text, by) == {key: cell for key, cell in expected.items() if cell}


def test_an_export_can_be_taken_any_number_of_times(tmp_path: Path) -> None:
    counted = backburn.rollup(spec(), rows())
    counted.save(str(tmp_path / "a.parquet"))
    exported = backburn.export("openmetrics", tmp_path / "a.parquet", labels={"service": "shop"})
    text = b"".join(exported)
    assert text == b"".join(exported)
    exported.save(tmp_path / "a.txt")
    assert (tmp_path / "a.txt").read_bytes() == text
    assert text.count(b'{service="shop",objective="') == text.count(b"_total{")


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (
            "sloth a.parquet",
            "error: the export 'sloth' does not exist yet\n  help: there are openmetrics, prometheus\n",
        ),
        ("csv a.parquet", "error: there is no export 'csv'\n  help: there are openmetrics, prometheus\n"),
        (
            "openmetrics a.parquet --policy google-30d",
            "error: --policy is for rules, not for counters\n  help: leave it out, or export prometheus\n",
        ),
        (
            "openmetrics a.parquet b.parquet",
            "error: DATA is for rules, not for counters\n  help: leave it out, or export prometheus\n",
        ),
        (
            "openmetrics a.parquet --label service",
            "error: --label: 'service' is not NAME=VALUE\n  help: as in --label service=shop\n",
        ),
        (
            "openmetrics a.parquet --label a-b=c",
            (
                "error: 'a-b' cannot be the name of a label\n"
                "  help: use letters, digits and underscores, a letter first, as in service=shop\n"
            ),
        ),
        (
            "openmetrics a.parquet --label reason=c",
            "error: the label 'reason' has a meaning of its own\n  help: give yours another name\n",
        ),
    ],
)
def test_a_wrong_call_is_told_with_its_remedy(words: str, message: str, tmp_path: Path) -> None:
    left = run(f"backburn export {words}", tmp_path)
    assert (left.exit, left.stdout, left.stderr) == (2, "", message)


def test_a_format_of_later_is_a_not_yet_error() -> None:
    with pytest.raises(backburn.NotYetError, match="the export 'grafana' does not exist yet"):
        backburn.export("grafana", "a.parquet")


def test_a_log_is_no_rollup(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("timestamp,status\n2025-10-01T00:00:00Z,200\n")
    left = run("backburn export openmetrics a.csv", tmp_path)
    assert (left.exit, left.stdout) == (3, "")
    assert "a.csv: not a saved rollup" in left.stderr


def test_the_text_goes_to_standard_output_or_a_file_and_a_reader_may_leave(tmp_path: Path) -> None:
    backburn.rollup(spec(), rows()).save(str(tmp_path / "a.parquet"))
    shown = run("backburn export openmetrics a.parquet", tmp_path)
    assert (shown.exit, shown.stderr) == (0, "")
    left = run("backburn export openmetrics a.parquet -o a.txt", tmp_path)
    assert (left.exit, left.stdout, left.stderr) == (0, "", "")
    assert (tmp_path / "a.txt").read_text(encoding="utf-8") == shown.stdout
    assert shown.stdout.endswith("\n# EOF\n")
    early = run("backburn export openmetrics a.parquet | head -1", tmp_path)
    assert (early.exit, early.stderr) == (0, "")
    assert early.stdout == "# TYPE backburn_rollup info\n"
    nowhere = run("backburn export openmetrics a.parquet -o nowhere/a.txt", tmp_path)
    assert (nowhere.exit, nowhere.stdout) == (3, "")
    assert "no such directory 'nowhere'" in nowhere.stderr


def test_a_terminal_gets_no_commands_from_labels(tmp_path: Path) -> None:
    table = pa.table({"timestamp": ["2025-10-01T00:00:00Z"], "status": [200], "zone": ["\x1b[2J"]})
    backburn.rollup(document(source={"by": ["zone"]}), table).save(str(tmp_path / "a.parquet"))
    with on_terminal(["export", "openmetrics", "a.parquet"], tmp_path) as terminal:
        assert terminal.wait(60) == 0
    assert r'zone="\x1b[2J"} 1 1759276860' in terminal.screen
    assert "\x1b" not in terminal.screen
    assert "\x1b[2J" in run("backburn export openmetrics a.parquet", tmp_path).stdout

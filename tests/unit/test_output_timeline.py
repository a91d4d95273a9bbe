from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner
from made_logs import document, objective, write_log

import backburn
from backburn.cli.program import program
from backburn.evaluation.outline import outline, worst
from backburn.output import render
from backburn.output.timeline import answer

if TYPE_CHECKING:
    from pathlib import Path

TABLE = """\
shop: 6 rows, 2025-10-01 00:00:00 to 2025-10-01 00:08:00 UTC

9 ticks, 1m apart, 2025-10-01 00:01:00 to 2025-10-01 00:09:00 UTC

objective     zone  window  budget left    lowest             at (UTC)
availability  b     all        -9,900 %  -9,900 %  2025-10-01 00:02:00
availability  a     all        -4,900 %  -4,900 %  2025-10-01 00:04:00
availability  null  all           100 %     100 %  2025-10-01 00:09:00

objective     zone  window        SLI  bad  valid  burn  highest burn             at (UTC)  ticks above 1
availability  b     1m      no events    0      0     –           100  2025-10-01 00:02:00         1 of 1
availability  b     1h            0 %    1      1   100           100  2025-10-01 00:02:00         8 of 8
availability  a     1m      no events    0      0     –          66.7  2025-10-01 00:04:00         1 of 2
availability  a     1h        50.00 %    2      4  50.0          50.0  2025-10-01 00:04:00         6 of 9
availability  null  1m          100 %    0      1     0             0  2025-10-01 00:09:00         0 of 1
availability  null  1h          100 %    0      1     0             0  2025-10-01 00:09:00         0 of 1

All 27 rows of ticks: -o FILE.parquet, .csv or .ndjson.
"""


@pytest.fixture
def log(tmp_path: Path) -> Path:
    zones = [(0, "a", 200), (1, "b", 500), (3, "a", 503), (3, "a", 200), (3, "a", 503), (8, None, 200)]
    return write_log(tmp_path / "log.parquet", [{"at": at, "zone": zone, "status": code} for at, zone, code in zones])


def spec(**changes: Any) -> dict[str, Any]:
    return document(source={"by": ["zone"]}, report={"burn": ["1m", "1h"]}, **changes)


def test_a_table_sums_each_series_up_the_worst_first(log: Path) -> None:
    assert render(answer(backburn.timeline(spec(), log)), "table") == TABLE


def test_a_table_shows_what_was_asked_for(log: Path) -> None:
    text = render(answer(backburn.timeline(spec(), log, columns="burn", burn="1h")), "table")
    assert "budget left" not in text
    assert "SLI" not in text
    assert "highest burn" in text
    text = render(answer(backburn.timeline(spec(), log, columns="budget_remaining")), "md")
    assert "| availability | b | all | -9,900 % |" in text
    assert "highest burn" not in text


def test_of_many_series_the_worst_are_shown(tmp_path: Path) -> None:
    rows = [
        {"at": at, "zone": f"z{zone:02}", "status": 500 if at < zone else 200} for at in range(30) for zone in range(25)
    ]
    found = backburn.timeline(spec(), write_log(tmp_path / "log.parquet", rows))
    text = render(answer(found), "table")
    budgets = [line.split()[1] for line in text.split("\n\n")[2].splitlines()[1:]]
    assert budgets == [f"z{24 - at:02}" for at in range(20)]
    windows = [line.split()[1] for line in text.split("\n\n")[3].splitlines()[1:]]
    assert windows == [f"z{24 - at:02}" for at in range(5) for _ in range(2)]
    assert "The 20 worst of 25 series.\nWindows of the 5 worst.\nAll 750 rows of ticks" in text
    assert worst(found, 0, 3) == [24, 23, 22]
    # Without budgets those that burnt fastest are the worst, and then the first.
    assert worst(backburn.timeline(spec(), tmp_path / "log.parquet", columns="burn"), 0, 2) == [1, 2]
    assert worst(backburn.timeline(spec(), tmp_path / "log.parquet", columns="bad"), 0, 2) == [0, 1]


def test_an_outline_holds_the_extremes_of_every_stretch(tmp_path: Path) -> None:
    rows = [{"at": at, "zone": zone, "status": 500 if at % 97 == 0 else 200} for at in range(1000) for zone in "ab"]
    found = backburn.timeline(spec(), write_log(tmp_path / "log.parquet", rows), columns=["burn", "budget_remaining"])
    table = found.to_pyarrow().slice(1000, 1000)
    ticks = table["tick"].cast(pa.int64()).to_pylist()
    (seen,) = outline(found, 0, (1, 2), 7)
    for name in ("burn_1m", "burn_1h", "budget_remaining"):
        values = table[name].to_pylist()
        for stretch, one in enumerate(seen[name]):
            inside = [
                (value, tick)
                for at, (value, tick) in enumerate(zip(values, ticks, strict=True))
                if at * 7 // 1000 == stretch and value is not None
            ]
            assert one is not None
            assert (one.least[1], one.greatest[1]) == (min(inside)[0], max(inside)[0])
            assert one.least[0] == next(tick for value, tick in inside if value == one.least[1])
            assert one.greatest[0] == next(tick for value, tick in inside if value == one.greatest[1])
            assert one.last == (inside[-1][1], inside[-1][0])
            assert (one.known, one.over) == (len(inside), sum(value > 1 for value, _ in inside))
    assert outline(found, 0, (0, 9), 1) == [outline(found, 0, (at, at + 1), 1)[0] for at in range(2)]


def invoke(*words: str) -> Any:
    return CliRunner().invoke(program, ["timeline", *words])


@pytest.fixture
def slo(tmp_path: Path) -> str:
    path = tmp_path / "slo.json"
    path.write_text(json.dumps(spec()), encoding="utf-8")
    return str(path)


def test_the_verb_writes_every_format(slo: str, log: Path, tmp_path: Path) -> None:
    found = backburn.timeline(spec(), log)
    told = found.to_dict()
    assert json.loads(invoke(slo, str(log), "--format", "json").stdout)["results"] == told["results"]
    lines = invoke(slo, str(log), "--format", "ndjson").stdout.splitlines()
    assert [json.loads(line) for line in lines] == told["results"]
    assert len(invoke(slo, str(log), "--format", "csv").stdout.splitlines()) == found.rows + 1
    for ending in ("json", "ndjson", "csv", "parquet", "txt", "md"):
        assert invoke(slo, str(log), "--quiet", "-o", str(tmp_path / f"a.{ending}")).exit_code == 0
    assert pq.read_table(tmp_path / "a.parquet").to_pylist() == found.to_pyarrow().to_pylist()
    assert (tmp_path / "a.txt").read_text(encoding="utf-8") == TABLE
    whole = json.loads((tmp_path / "a.json").read_text(encoding="utf-8"))
    assert list(whole) == ["schema_version", "command", "version", "specs", "data", "results", "notes"]
    assert whole | {"data": None, "specs": None} == told | {"data": None, "specs": None}


def test_parquet_takes_the_place_of_a_file_as_the_others_do(slo: str, log: Path, tmp_path: Path) -> None:
    (tmp_path / "real.parquet").write_text("old", encoding="utf-8")
    (tmp_path / "real.parquet").chmod(0o640)
    (tmp_path / "link.parquet").symlink_to("real.parquet")
    assert invoke(slo, str(log), "-o", str(tmp_path / "link.parquet")).exit_code == 0
    assert (tmp_path / "link.parquet").is_symlink()
    assert pq.read_table(tmp_path / "real.parquet").num_rows == 27
    assert (tmp_path / "real.parquet").stat().st_mode & 0o777 == 0o640
    (tmp_path / "folder.parquet").mkdir()
    for words, message in (
        (["--format", "parquet"], "error: parquet is for files\n  help: name one with -o, as in -o result.parquet\n"),
        (["-o", str(tmp_path / "folder.parquet")], "is no file\n  help: name one that may be replaced\n"),
        (["--plot", "a.pdf"], "names no picture\n  help: name a file that ends with .html, .svg, .png\n"),
    ):
        left = invoke(slo, str(log), *words)
        assert left.exit_code == 2
        assert left.stderr.endswith(message)
    assert sorted(path.name for path in tmp_path.iterdir() if path.suffix != ".json") == [
        "folder.parquet",
        "link.parquet",
        "log.parquet",
        "real.parquet",
    ]


def test_the_sli_of_slices_is_not_that_of_events(tmp_path: Path) -> None:
    rows = [{"at": at, "status": 503 if at == 5 and number < 5 else 200} for at in range(10) for number in range(10)]
    log = write_log(tmp_path / "log.parquet", rows)
    sliced = {"method": "time-slices", "slice": "5m"}
    made = document(report={"burn": ["5m", "10m"]}, objectives=[objective(window="10m", budgeting=sliced)])
    text = render(answer(backburn.timeline(made, log)), "table")
    (line,) = [line for line in text.splitlines() if line.startswith("availability  10m") and "100" in line.split()]
    # One slice of two is bad; of the events 95 of 100 are good.
    assert "50.00 %    5    100" in line
    (line,) = [line for line in text.splitlines() if line.startswith("availability  5m")]
    assert " 0 %    5     50" in line

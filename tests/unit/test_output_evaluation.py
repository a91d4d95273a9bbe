from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from made_logs import document, write_log

import backburn
from backburn.engine.skipped import Skipped
from backburn.evaluation.budget import Budget
from backburn.evaluation.confidence import Blocks, Confidence
from backburn.evaluation.provenance import Data, Note, Reject, SpecIdentity
from backburn.evaluation.result import Evaluation, Result, WindowSpan
from backburn.evaluation.specs import as_specs
from backburn.output import Look, render
from backburn.output.evaluation import answer, closing, worst_first

if TYPE_CHECKING:
    from pathlib import Path

END = datetime(2025, 10, 2, tzinfo=UTC)


def result(objective: str, good: int, bad: int, *, met: bool | None = True, **changes: Any) -> Result:
    target, valid = Decimal("0.99"), good + bad
    consumed = None if valid == 0 else bad / (valid * 0.01)
    budget = Budget(
        allowed=valid * 0.01,
        spent=bad,
        consumed=consumed,
        remaining=None if consumed is None else 1 - consumed,
        minutes=14.4,
    )
    made = Result(
        service="shop",
        objective=objective,
        series={},
        window=WindowSpan(text="1d", kind="rolling", start=END - timedelta(days=1), end=END),
        good=good,
        bad=bad,
        excluded=0,
        excluded_by={},
        valid=valid,
        sli=good / valid if valid else None,
        target=target,
        met=met,
        reason="there are no valid events" if met is None else None,
        observed=1.0,
        budget=budget,
        burn={"1h": consumed},
    )
    return replace(made, **changes)


def evaluation(*results: Result, **changes: Any) -> Evaluation:
    made = Evaluation(
        version="1.2.3",
        specs=(SpecIdentity(name="shop", version="2.0", fingerprint="00ff"),),
        data=Data(
            files=("a.log",),
            rows=12_345,
            ignored=0,
            rejected=2,
            rejects=(Reject(reason="no time", count=2),),
            skipped=Skipped(files=0, row_groups=0),
            start=END - timedelta(days=1),
            end=END - timedelta(seconds=1),
        ),
        results=results,
        notes=(Note(code="BB402", message="2 of 12,347 rows rejected"),),
    )
    return replace(made, **changes)


THREE = evaluation(
    result("fast", 999, 1),
    result("idle", 0, 0, met=None),
    result("availability", 9_862, 138, met=False),
)

TABLE = """\
shop 2.0: 12,345 rows, 2 rejected, 2025-10-01 00:00:00 to 2025-10-01 23:59:59 UTC

objective     window        SLI  target  verdict   bad   valid  budget left  burn 1h
availability  1d        98.62 %    99 %  BREACHED  138  10,000        -38 %     1.38
idle          1d      no events    99 %  unknown     0       0            –        –
fast          1d        99.90 %    99 %  met         1   1,000         90 %     0.10

unknown: idle (1d): there are no valid events

1 of 3 breached, 1 without events.
"""


def test_the_table_has_the_worst_first_and_a_closing_sentence() -> None:
    assert render(answer(THREE), "table") == TABLE


@pytest.mark.parametrize(
    ("files", "row_groups", "text"),
    [(1, 0, "1 file"), (0, 1, "1 row group"), (28, 1_200, "28 files and 1,200 row groups")],
)
def test_the_head_says_what_was_not_read(files: int, row_groups: int, text: str) -> None:
    data = replace(THREE.data, skipped=Skipped(files=files, row_groups=row_groups))
    head, rest = TABLE.split("\n", 1)
    assert render(answer(replace(THREE, data=data)), "table") == (
        f"{head}\nnot read, outside the asked time: {text}\n{rest}"
    )
    assert replace(THREE, data=data).to_dict()["data"]["skipped"] == {"files": files, "row_groups": row_groups}


def test_markdown_says_the_same() -> None:
    assert render(answer(THREE), "md") == (
        "shop 2.0: 12,345 rows, 2 rejected, 2025-10-01 00:00:00 to 2025-10-01 23:59:59 UTC\n"
        "\n"
        "| objective | window | SLI | target | verdict | bad | valid | budget left | burn 1h |\n"
        "| --- | --- | ---: | ---: | --- | ---: | ---: | ---: | ---: |\n"
        "| availability | 1d | 98.62 % | 99 % | BREACHED | 138 | 10,000 | -38 % | 1.38 |\n"
        "| idle | 1d | no events | 99 % | unknown | 0 | 0 | – | – |\n"
        "| fast | 1d | 99.90 % | 99 % | met | 1 | 1,000 | 90 % | 0.10 |\n"
        "\n"
        "- unknown: idle (1d): there are no valid events\n"
        "\n"
        "1 of 3 breached, 1 without events.\n"
    )


def test_json_is_the_envelope() -> None:
    assert json.loads(render(answer(THREE), "json")) == THREE.to_dict()


def test_ndjson_is_a_result_a_line() -> None:
    lines = render(answer(THREE), "ndjson").splitlines()
    assert [json.loads(line) for line in lines] == THREE.to_dict()["results"]


def test_csv_is_a_result_a_row_and_undefined_is_empty() -> None:
    rows = list(csv.DictReader(io.StringIO(render(answer(THREE), "csv"))))
    assert [row["objective"] for row in rows] == ["fast", "idle", "availability"]
    assert [row["met"] for row in rows] == ["true", "", "false"]
    assert [row["sli"] for row in rows] == ["0.999", "", "0.9862"]
    assert rows[0]["window_start"] == "2025-10-01T00:00:00Z"


def test_breached_comes_before_unknown_before_met_and_each_by_what_is_consumed() -> None:
    results = [
        result("a", 995, 5),
        result("b", 900, 100, met=None),
        result("c", 980, 20, met=False),
        result("d", 999, 1),
        result("e", 900, 100, met=False, budget=None),
        result("f", 999, 1),
    ]
    assert [one.objective for one in worst_first(results)] == ["e", "c", "b", "a", "d", "f"]


@pytest.mark.parametrize(
    ("results", "sentence"),
    [
        ([result("a", 9, 1)], "1 of 1 met."),
        ([result("a", 9, 1, met=False), result("b", 1, 0), result("c", 0, 0, met=None)], TABLE.splitlines()[-1]),
        ([result("a", 9, 1), result("b", 1, 0, met=None)], "1 of 2 met, 1 cannot be judged."),
        (
            [result("a", 0, 1, met=False), result("b", 1, 0, met=None), result("c", 0, 0, met=None)],
            "1 of 3 breached, 1 without events, 1 cannot be judged.",
        ),
        ([], "0 of 0 met."),
    ],
)
def test_one_sentence_sums_up(results: list[Result], sentence: str) -> None:
    assert closing(evaluation(*results)) == sentence


def test_labels_are_columns_and_a_service_among_them_is_not_said_twice() -> None:
    one = result("a", 9, 1, service="pay", series={"service": "pay", "route": "/x"})
    two = result("a", 9, 1, service="auth", series={"service": "auth", "route": None})
    lines = render(answer(evaluation(one, two)), "table").splitlines()
    assert lines[2].split()[:4] == ["service", "objective", "route", "window"]
    assert lines[3].split()[:4] == ["auth", "a", "null", "1d"]
    assert lines[4].split()[:4] == ["pay", "a", "/x", "1d"]


def test_a_service_that_the_caption_does_not_name_has_a_column() -> None:
    lines = render(answer(evaluation(result("a", 9, 1, service="orders"))), "table").splitlines()
    assert lines[2].split()[:2] == ["service", "objective"]


def test_excluded_events_are_shown_where_there_are_any() -> None:
    assert "excluded" not in render(answer(THREE), "table")
    assert "excluded" in render(answer(evaluation(result("a", 9, 1, excluded=3))), "table")


def test_a_window_without_a_budget_of_its_own_shows_none() -> None:
    row = render(answer(evaluation(result("a", 90, 10, met=False, budget=None))), "table").splitlines()[3]
    assert row.split()[-2:] == ["–", "10.0"]


def test_a_reason_is_said_once_for_all_that_it_concerns() -> None:
    results = [result("a", 0, 0, met=None, series={"route": f"/{number}"}) for number in range(5)]
    lines = render(answer(evaluation(*results)), "table").splitlines()
    assert lines[-3] == "unknown: a (/0, 1d), a (/1, 1d), a (/2, 1d) and 2 more: there are no valid events"


def test_no_format_gives_a_terminal_commands() -> None:
    bad = evaluation(result("a\x1b[2Jb", 9, 1, series={"route": "x\ny\x9b|z"}))
    for form in ("table", "md"):
        text = render(answer(bad), form)
        assert "\x1b" not in text
        assert "\x9b" not in text
    assert r"a\x1b[2Jb" in render(answer(bad), "table")
    assert r"x\ny\x9b|z" in render(answer(bad), "table")
    assert r"x\\ny\\x9b\|z" in render(answer(bad), "md")
    assert "\x1b" not in render(answer(bad), "json")


@pytest.mark.parametrize("width", range(24, 130, 3))
def test_no_width_breaks_a_number_or_loses_a_word(width: int) -> None:
    many = evaluation(*(result(f"objective-{number}", 98_620_000, 1_380_000, met=False) for number in range(3)))
    text = render(answer(many), "table", Look(width=width))
    assert all(len(line) <= width for line in text.splitlines())
    for piece in ("98.62 %", "1,380,000", "100,000,000", "-38 %", "1.38"):
        assert text.count(piece) >= 3 if len(piece) < width - 14 else True
    assert "…" not in text
    joined = "".join(text.split())
    assert all(f"objective-{number}" in joined for number in range(3)) or width < 30


def test_colours_are_for_terminals_and_say_nothing_that_words_do_not() -> None:
    plain = render(answer(THREE), "table", Look(width=100))
    coloured = render(answer(THREE), "table", Look(width=100, colour=True))
    assert "\x1b" not in plain
    assert "\x1b[1;31mBREACHED" in coloured


def test_many_series_are_a_line_each() -> None:
    many = evaluation(*(result("a", 99, 1, series={"user": f"u{number}"}) for number in range(2_000)))
    assert len(render(answer(many), "table").splitlines()) == 2_000 + 5


def doubtful(events: float, needed: int | None, verdict: Any = "too few to tell") -> Confidence:
    return Confidence(
        events=events,
        wilson=(0.9, 1.0),
        clopper_pearson=(0.9, 1.0),
        jeffreys=(0.9, 1.0),
        blocks=Blocks(length="6h", count=1, low=None, high=None, reason="only one block of 6h has events"),
        verdict=verdict,
        needed=needed,
    )


def remarks(*results: Result) -> list[str]:
    shown = render(answer(evaluation(*results)), "table", Look(width=120))
    return [line for line in shown.splitlines() if "too few" in line]


def test_a_verdict_on_too_few_events_says_how_many_would_do() -> None:
    sampled = doubtful(119.6, 3688)
    assert remarks(result("up", 120, 0, confidence=sampled)) == [
        "too few events to tell: up (1d): 120 seen, 3,688 would decide at this ratio"
    ]
    assert remarks(result("up", 99, 1, confidence=doubtful(100, None))) == [
        "too few events to tell: up (1d): 100 seen, at this ratio no number would decide"
    ]


def test_nothing_is_said_of_verdicts_that_are_sure_or_not_given() -> None:
    sure = result("up", 9999, 1, confidence=doubtful(10_000, 368, "met"))
    unknown = result("up", 9, 1, met=None, confidence=doubtful(10, 368, None))
    assert remarks(sure, unknown, result("up", 0, 0, met=None)) == []


def test_of_many_verdicts_on_too_few_events_three_are_named() -> None:
    few = [result(f"up{number}", 120, 0, confidence=doubtful(120, 3688)) for number in range(1003)]
    assert [line.removeprefix("too few events to tell: ")[:4] for line in remarks(*few)] == [
        "up0 ",
        "up1 ",
        "up10",
        "1,00",
    ]
    assert remarks(*few)[-1] == "too few events to tell: 1,000 more"


def test_remarks_of_several_services_say_whose_they_are(tmp_path: Path) -> None:
    log = write_log(tmp_path / "log.parquet", [{"at": at} for at in range(3)])
    specs = [one for name in ("shop", "bank") for one in as_specs(document(metadata={"service": name}))]
    text = render(answer(backburn.evaluate(specs, log)), "table")
    assert "too few events to tell: shop availability (all): 3 seen" in text
    assert "too few events to tell: bank availability (all): 3 seen" in text
    text = render(answer(backburn.evaluate(specs[0], log)), "table")
    assert "too few events to tell: availability (all): 3 seen" in text

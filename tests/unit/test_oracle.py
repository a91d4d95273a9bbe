"""The oracle itself: published numbers, the edges of each definition, and that it shares nothing with the product."""

from __future__ import annotations

import ast
import tomllib
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from oracle import coverage, rows, window
from oracle.classify import classify
from oracle.condition import Among, Between, Compare, IsNull, Like
from oracle.judge import judge
from oracle.predicate import Expression, Not
from oracle.spec import Availability, Exclude, Latency, Objective, Ratio, Spec
from oracle.step import end_of_step, start_of_step, widen
from oracle.value import (
    Arithmetic,
    Case,
    Cased,
    Coalesce,
    Column,
    Constant,
    Length,
    Match,
    Minus,
    Operand,
    Substr,
)

import backburn

TESTS = Path(__file__).parents[1]
CASES: list[dict[str, Any]] = tomllib.loads((TESTS / "cases" / "budget.toml").read_text(encoding="utf-8"))["case"]
MINUTE, HOUR = 60_000_000, 3_600_000_000
NAMES = {"timestamp": "ts", "status": "code", "duration": "took"}
UP = Objective(name="up", sli=Availability(), unparsable="bad", target=Fraction(9, 10), window="all")
SPEC = Spec(objectives=(UP,), step=MINUTE, names=NAMES, min_coverage=Fraction(4, 5))


def row(**values: Any) -> dict[str, Any]:
    return {"ts": 0, "code": 200, "took": 1.0, "path": "/", **values}


def exact(text: str) -> Fraction:
    above, _, below = text.partition("/")
    return Fraction(above) / Fraction(below or 1)


def share(text: str) -> Fraction:
    return Fraction(text.removesuffix("%")) / (100 if text.endswith("%") else 1)


def test_the_oracle_imports_nothing_that_it_judges() -> None:
    allowed = {
        "__future__",
        "collections",
        "dataclasses",
        "datetime",
        "decimal",
        "fractions",
        "itertools",
        "math",
        "oracle",
    }
    allowed |= {"bisect", "functools", "re", "statistics", "typing", "zoneinfo"}
    modules = sorted((TESTS / "oracle").glob("*.py"))
    assert len(modules) > 5
    for module in modules:
        for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            assert {name.partition(".")[0] for name in names} <= allowed, module


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_published_budgets_come_out(case: dict[str, Any]) -> None:
    judged = judge(case["good"], case["bad"], share(case["target"]))
    assert judged.met is case.get("met")
    for name in ("sli", "allowed", "consumed", "remaining", "burn"):
        assert getattr(judged, name) == (exact(case[name]) if name in case else None)


# A row's weight has 32 bits, so larger counts are for the core's own tests.
@pytest.mark.parametrize("case", [c for c in CASES if max(c["good"], c["bad"]) < 2**32], ids=lambda case: case["name"])
def test_the_engine_judges_the_same_from_weighted_rows(case: dict[str, Any], tmp_path: Path) -> None:
    log = tmp_path / "log.csv"
    counts = [(200, case["good"]), (500, case["bad"]), (429, 1)]
    lines = [f"2025-10-01T00:00:00Z,{status},{count}" for status, count in counts if count]
    log.write_text("\n".join(["timestamp,status,n", *lines, ""]), encoding="utf-8")
    spec: dict[str, Any] = {
        "apiVersion": "backburn/v1",
        "kind": "ServiceLevelObjectives",
        "metadata": {"service": "shop"},
        "source": {"count": "n", "exclude": [{"when": "status = 429", "reason": "Asked to slow down"}]},
        "objectives": [{"name": "up", "sli": {"kind": "availability"}, "target": case["target"], "window": "all"}],
        "report": {"burn": ["1m"]},
    }
    (result,) = backburn.evaluate(spec, log).to_dict()["results"]
    assert result["met"] is case.get("met")
    assert (result["good"], result["bad"], result["excluded"]) == (case["good"], case["bad"], 1)
    seen = {**result["budget"], "sli": result["sli"], "burn": result["burn"]["1m"]}
    for name in ("sli", "allowed", "consumed", "remaining", "burn"):
        assert seen[name] == (float(exact(case[name])) if name in case else None)


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (100, "good"),
        (499, "good"),
        (500, "bad"),
        (599, "bad"),
        (99, "unknown"),
        (600, "unknown"),
        (0, "unknown"),
        (-1, "unknown"),
        (None, "unknown"),
        ("200", "good"),
        ("abc", "unknown"),
        ("", "unknown"),
    ],
)
def test_availability_is_judged_by_the_status(status: Any, kind: str) -> None:
    assert classify(row(code=status), SPEC, UP).kind == kind


@pytest.mark.parametrize(
    ("took", "at_most", "below"),
    [
        (299.999, "good", "good"),
        (300.0, "good", "bad"),
        (300.001, "bad", "bad"),
        (0.0, "good", "good"),
        (-1.0, "unknown", "unknown"),
        (float("nan"), "unknown", "unknown"),
        (float("inf"), "unknown", "unknown"),
        (None, "unknown", "unknown"),
        (300, "good", "bad"),
    ],
)
def test_latency_is_judged_at_the_threshold(took: Any, at_most: str, below: str) -> None:
    for strict, kind in ((False, at_most), (True, below)):
        sli = Latency(threshold=Decimal("0.3"), strict=strict, column="duration", unit="ms")
        assert classify(row(took=took), SPEC, replace(UP, sli=sli)).kind == kind


def test_a_float_that_wrote_the_threshold_is_at_it() -> None:
    sli = Latency(threshold=Decimal("0.3"), strict=False, column="duration", unit="s")
    assert classify(row(took=0.3), SPEC, replace(UP, sli=sli)).kind == "good"
    assert classify(row(took=0.1 + 0.2), SPEC, replace(UP, sli=sli)).kind == "bad"


def test_what_comes_first_decides() -> None:
    health, failed = Compare(Column("path"), "=", Constant("/health")), Compare(Column("status"), ">=", Constant(500))
    document = Exclude(when=failed, reason="document")
    own = Exclude(when=failed, reason="own")
    objective = replace(UP, valid=Not(health), exclude=(own,))
    spec = replace(SPEC, where=IsNull(Column("path"), negated=True), exclude=(document,), start=0, end=MINUTE)
    assert classify(row(ts=None, path=None), spec, objective).kind == "reject"
    assert classify(row(ts=MINUTE, path=None), spec, objective).kind == "outside"
    assert classify(row(path=None, code=500), spec, objective).kind == "ignored"
    assert classify(row(path="/health", code=500), spec, objective).kind == "ignored"
    assert classify(row(code=500), spec, objective).reason == "document"
    assert classify(row(code=500), replace(spec, exclude=()), objective).reason == "own"
    assert classify(row(code=None), spec, objective).kind == "unknown"


def test_a_null_is_out_of_scope_not_forgiven_and_tells_nothing() -> None:
    slow = Compare(Column("duration"), ">", Constant(100))
    assert classify(row(took=None), replace(SPEC, where=slow), UP).kind == "ignored"
    assert classify(row(took=None), SPEC, replace(UP, exclude=(Exclude(when=slow, reason="slow"),))).kind == "good"
    assert classify(row(took=None), SPEC, replace(UP, sli=Ratio(predicate=slow, good=True))).kind == "unknown"


@pytest.mark.parametrize(
    ("expression", "truth"),
    [
        (Among(Column("code"), (1, 2)), False),
        (Among(Column("none"), (1,), negated=True), None),
        (Between(Column("code"), Constant(200), Constant(200)), True),
        (Between(Column("code"), Constant(300), Constant(100), negated=True), True),
        (Compare(Column("nan"), "=", Constant(1)), False),
        (Compare(Column("nan"), "<>", Constant(1)), True),
        (Compare(Column("nan"), "<", Constant(1)), False),
        (Compare(Column("truth"), "=", Constant("true")), True),
        (Compare(Column("code"), "<", Constant(Decimal("200.5"))), True),
        (IsNull(Column("none")), True),
        (Like(Column("text"), "_äß%"), True),
        (Like(Column("text"), "%Z"), False),
        (Not(Compare(Column("none"), "=", Constant(1))), None),
    ],
)
def test_predicates_follow_three_valued_logic(expression: Expression, truth: bool | None) -> None:
    seen: dict[str, Any] = {"code": 200, "none": None, "nan": float("nan"), "truth": True, "text": "xäß\nz"}
    assert expression.evaluate(seen) is truth


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (Arithmetic(Column("code"), "/", Constant(8)), 25.0),
        (Arithmetic(Column("code"), "/", Constant(0)), None),
        (Arithmetic(Minus(Column("code")), "%", Constant(7)), -4),
        (Arithmetic(Column("code"), "*", Constant(Decimal("0.1"))), 20),
        (Arithmetic(Column("none"), "+", Constant(1)), None),
        (Coalesce((Column("none"), Arithmetic(Column("code"), "/", Constant(2)))), 100.0),
        (Case(IsNull(Column("none")), Column("code")), 200),
        (Case(IsNull(Column("code")), Column("code")), None),
        (Match(Column("code"), 200, Constant("ok"), Constant("no")), "ok"),
        (Cased(Column("text"), "upper"), "XÄẞ\nZ"),
        (Length(Column("text")), 5),
        (Substr(Column("text"), -3, 2), "ß\n"),
        (Substr(Column("text"), 0, 2), "x"),
        (Substr(Column("text"), 4, -2), "äß"),
    ],
)
def test_values_are_worked_out(value: Operand, expected: object) -> None:
    seen: dict[str, Any] = {"code": 200, "none": None, "text": "xäß\nz"}
    assert value.evaluate(seen) == expected


def test_steps_and_windows_are_half_open() -> None:
    assert (start_of_step(59_999_999, MINUTE), end_of_step(59_999_999, MINUTE)) == (0, MINUTE)
    assert (start_of_step(-1, MINUTE), end_of_step(MINUTE, MINUTE)) == (-MINUTE, 2 * MINUTE)
    assert widen((1, MINUTE), MINUTE) == (0, MINUTE)
    assert window.span(MINUTE, 5 * MINUTE, 0, [], MINUTE) == (4 * MINUTE, 5 * MINUTE)
    assert [window.holds((4, 5), time) for time in (3, 4, 5)] == [False, True, False]


@pytest.mark.parametrize(("silence", "bridged"), [(HOUR, True), (HOUR + MINUTE, False)])
def test_a_silence_of_more_than_an_hour_is_unknown(silence: int, bridged: bool) -> None:
    log = [row(ts=0), row(ts=MINUTE + silence)]
    whole, broken = [(0, 2 * MINUTE + silence)], [(0, MINUTE), (MINUTE + silence, 2 * MINUTE + silence)]
    assert coverage.covered([log], SPEC) == (whole if bridged else broken)
    assert coverage.covered([log], replace(SPEC, gaps="quiet")) == whole
    # Between two sources a long silence is never quiet: a file may be missing.
    assert coverage.covered([log[:1], log[1:]], replace(SPEC, gaps="quiet")) == (whole if bridged else broken)


def test_unknown_spans_are_widened_to_steps_and_taken_out() -> None:
    log = [row(ts=0), row(ts=10 * MINUTE)]
    spec = replace(SPEC, unknown=((3 * MINUTE + 1, 4 * MINUTE - 1),))
    spans = coverage.covered([log], spec)
    assert spans == [(0, 3 * MINUTE), (4 * MINUTE, 11 * MINUTE)]
    assert coverage.observed(spans, [(0, 20 * MINUTE)]) == Fraction(1, 2)
    assert coverage.observed(spans, []) == 0


def test_an_event_counts_when_it_becomes_known() -> None:
    assert rows.known_at(row(took=1.5), SPEC) == 0
    assert rows.known_at(row(took=1.5), replace(SPEC, marks="start")) == 1500
    assert rows.known_at(row(took=None), replace(SPEC, marks="start")) is None
    assert rows.known_at(row(took=0.0019), replace(SPEC, marks="start")) == 1


@pytest.mark.parametrize(
    ("weight", "counted"), [(1, 1), (2**32 - 1, 2**32 - 1), (2**32, None), (0, None), (None, None)]
)
def test_weights_are_whole_and_positive(weight: int | None, counted: int | None) -> None:
    assert rows.weight(row(n=weight), replace(SPEC, count="n")) == counted

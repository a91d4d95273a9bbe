"""The engine says what the oracle says, over random logs and promises."""

from __future__ import annotations

import tempfile
from copy import deepcopy
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st
from oracle.evaluate import Evaluation, LeftOut, Result, evaluate
from properties.documents import document, length, moment
from properties.files import as_read, ending_of, write
from properties.strategies import cases

import backburn

if TYPE_CHECKING:
    from collections.abc import Sequence

    from oracle.rows import Row
    from oracle.spec import Spec
    from oracle.window import Span


def engine(sources: Sequence[Sequence[Row]], spec: Spec, schema: str, row_group: int, threads: int) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        paths: list[str | Path] = [
            write(rows, Path(folder) / f"{number}.{ending_of(schema)}", schema=schema, row_group=row_group)
            for number, rows in enumerate(sources)
        ]
        found = backburn.evaluate(
            document(spec),
            paths,
            at=None if spec.at is None else moment(spec.at),
            start=None if spec.start is None else moment(spec.start),
            end=None if spec.end is None else moment(spec.end),
            threads=threads,
        )
    return found.to_dict()


def number(value: Fraction | None) -> float | None:
    return None if value is None else float(value)


def expected_of(result: Result, spec: Spec) -> dict[str, Any]:
    counts, judgement = result.counts, result.judgement
    start, end = result.window
    left_out = result.left_out
    return {
        "service": "shop",
        "objective": result.objective,
        "series": dict(result.series),
        "start": moment(start),
        "end": moment(end),
        "good": counts.good,
        "bad": counts.bad,
        "excluded": counts.excluded,
        "excluded_by": {reason: count for reason, count in counts.excluded_by.items() if count},
        "valid": counts.good + counts.bad,
        "sli": number(judgement.sli),
        "target": float(result.target),
        "met": result.met,
        "observed": float(result.observed),
        "budget": budget_of(result, result.pieces) if result.has_budget else None,
        "left_out": None
        if left_out is None
        else {
            "spans": [{"start": moment(a), "end": moment(b), "reason": reason} for a, b, reason in left_out.spans],
            "with_it": {
                "good": left_out.counts.good,
                "bad": left_out.counts.bad,
                "valid": left_out.counts.good + left_out.counts.bad,
                "sli": number(left_out.judgement.sli),
                "met": left_out.met,
                "budget": budget_of(left_out, [result.window], result) if result.has_budget else None,
            },
        },
        "slices": slices_of(result),
        "burn": {length(burn): number(rate) for burn, rate in zip(spec.burn, result.burn, strict=True)},
    }


def budget_of(judged: Result | LeftOut, pieces: Sequence[Span], whole: Result | None = None) -> dict[str, Any]:
    result = judged if whole is None else whole
    assert isinstance(result, Result)
    length, spent = sum(end - start for start, end in pieces), Fraction(judged.counts.bad)
    if judged.slices is not None and result.slice_length is not None:
        length, spent = judged.slices.counted * result.slice_length, judged.slices.counted - judged.slices.good
    return {
        "basis": "observed",
        "unit": "events" if judged.slices is None else "slices",
        "allowed": number(judged.judgement.allowed),
        "spent": number(spent),
        "consumed": number(judged.judgement.consumed),
        "remaining": number(judged.judgement.remaining),
        "minutes": pytest.approx(float((1 - result.target) * length) / 60_000_000, rel=1e-12),
    }


def slices_of(result: Result) -> dict[str, Any] | None:
    slices = result.slices
    if slices is None:
        return None
    bad = slices.counted - slices.good
    counts = {"counted": slices.counted, "undefined": slices.undefined, "cut": slices.cut}
    return {"good": number(slices.good), "bad": number(bad), **counts}


def left_out_budgets(*pair: dict[str, Any]) -> list[tuple[Any, Any]]:
    seen, wanted = (one["left_out"] for one in pair)
    return [] if seen is None or wanted is None else [(seen["with_it"]["budget"], wanted["with_it"]["budget"])]


def so_far(seen: dict[str, Any] | None, wanted: dict[str, Any] | None) -> None:
    """Where a period is running, the oracle knows what is spent of the time so far."""
    if seen is None or wanted is None:
        return
    if seen["basis"] == "period":
        to_come = ("basis", "allowed", "consumed", "remaining", "minutes")
        assert seen["burn_to_date"] == wanted["consumed"]
        for name in to_come:
            del seen[name], wanted[name]
    del seen["burn_to_date"]


def seen_of(result: dict[str, Any]) -> dict[str, Any]:
    assert (result["reason"] is None) == (result["met"] is not None)
    # How sure it is has definitions and properties of its own.
    sure, slices = result["confidence"], result["slices"]
    counted = result["valid"] if slices is None else slices["counted"]
    partly = slices is not None and slices["bad"] != int(slices["bad"])
    assert (sure is None) == (counted == 0 or partly)
    assert sure is None or ((sure["verdict"] is None) == (result["met"] is None) and sure["events"] == counted)
    told_elsewhere = {"window", "reason", "latency", "confidence"}
    flat = deepcopy({name: value for name, value in result.items() if name not in told_elsewhere})
    if slices is not None:
        flat["slices"] = {name: slices[name] for name in ("good", "bad", "counted", "undefined", "cut")}
    for budget in (flat["budget"], (flat["left_out"] or {"with_it": {"budget": None}})["with_it"]["budget"]):
        for outlook in ("forecast", "exhaustion") if budget else ():
            del budget[outlook]
    flat["excluded_by"] = {reason: count for reason, count in result["excluded_by"].items() if count}
    return flat | {edge: result["window"][edge] for edge in ("start", "end")}


def order(result: dict[str, Any]) -> tuple[Any, ...]:
    labels = [(value is not None, value or "") for value in result["series"].values()]
    return result["objective"], labels, result["start"], result["end"], result["budget"] is None


def assert_same(seen: dict[str, Any], wanted: Evaluation, spec: Spec) -> None:
    results = sorted(map(seen_of, seen["results"]), key=order)
    expected = sorted((expected_of(result, spec) for result in wanted.results), key=order)
    assert [one["series"] for one in results] == [other["series"] for other in expected]
    for one, other in zip(results, expected, strict=True):
        for budgets in ((one["budget"], other["budget"]), *left_out_budgets(one, other)):
            so_far(*budgets)
        assert {name: (one[name], other[name]) for name in other if one[name] != other[name]} == {}
        assert one.keys() == other.keys()
    for name, count in (("rows", wanted.rows), ("ignored", wanted.ignored), ("rejected", wanted.rejected)):
        assert (name, seen["data"][name]) == (name, count)
    assert sum(reject["count"] for reject in seen["data"]["rejects"]) == wanted.rejected


# The six ways of writing rows share an engine and their strategy, so each is given half of the examples.
@settings(max_examples=settings().max_examples // 2)
@pytest.mark.parametrize("schema", ["plain", "dictionary", "large", "arrow", "csv", "ndjson"])
@given(case=cases(sliced=True), row_group=st.integers(1, 12), threads=st.integers(1, 3))
def test_an_evaluation_equals_the_oracles(
    schema: str, case: tuple[list[list[Row]], Spec], row_group: int, threads: int
) -> None:
    sources, spec = case
    sources = [[as_read(row, schema) for row in rows] for rows in sources]
    wanted = evaluate(sources, spec)
    if wanted.rows == 0:
        event("nothing in the asked span")
        with pytest.raises(backburn.DataError):
            engine(sources, spec, schema, row_group, threads)
        return
    event(f"{min(len(wanted.results), 5)} results")
    assert_same(engine(sources, spec, schema, row_group, threads), wanted, spec)

"""The engine says what the oracle says, over random logs and promises."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st
from oracle.evaluate import Evaluation, Result, evaluate
from properties.documents import document, length, moment
from properties.files import as_read, ending_of, write
from properties.strategies import cases

import backburn

if TYPE_CHECKING:
    from collections.abc import Sequence
    from fractions import Fraction

    from oracle.judge import Judgement
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
        "budget": budget_of(judgement, counts.bad, result.target, result.pieces) if result.has_budget else None,
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
                "budget": budget_of(left_out.judgement, left_out.counts.bad, result.target, [result.window])
                if result.has_budget
                else None,
            },
        },
        "burn": {length(burn): number(rate) for burn, rate in zip(spec.burn, result.burn, strict=True)},
    }


def budget_of(judgement: Judgement, bad: int, target: Fraction, pieces: Sequence[Span]) -> dict[str, Any]:
    length = sum(end - start for start, end in pieces)
    return {
        "basis": "observed",
        "allowed": number(judgement.allowed),
        "spent": bad,
        "consumed": number(judgement.consumed),
        "remaining": number(judgement.remaining),
        "minutes": pytest.approx(float((1 - target) * length) / 60_000_000, rel=1e-12),
    }


def seen_of(result: dict[str, Any]) -> dict[str, Any]:
    assert (result["reason"] is None) == (result["met"] is not None)
    # How sure it is has definitions and properties of its own.
    sure = result["confidence"]
    assert (sure is None) == (result["valid"] == 0)
    assert sure is None or ((sure["verdict"] is None) == (result["met"] is None) and sure["events"] == result["valid"])
    told_elsewhere = {"window", "reason", "latency", "confidence"}
    flat = {name: value for name, value in result.items() if name not in told_elsewhere}
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
        assert {name: (one[name], other[name]) for name in other if one[name] != other[name]} == {}
        assert one.keys() == other.keys()
    for name, count in (("rows", wanted.rows), ("ignored", wanted.ignored), ("rejected", wanted.rejected)):
        assert (name, seen["data"][name]) == (name, count)
    assert sum(reject["count"] for reject in seen["data"]["rejects"]) == wanted.rejected


# The six ways of writing rows share an engine and their strategy, so each is given half of the examples.
@settings(max_examples=settings().max_examples // 2)
@pytest.mark.parametrize("schema", ["plain", "dictionary", "large", "arrow", "csv", "ndjson"])
@given(case=cases(), row_group=st.integers(1, 12), threads=st.integers(1, 3))
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

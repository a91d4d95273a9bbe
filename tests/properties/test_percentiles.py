"""Quantiles of durations are those of the oracle: within the stated error from histograms, and equal from the rows."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st
from oracle.percentiles import durations, spans, usable_rows
from oracle.quantile import quantile
from oracle.spec import Latency
from properties.documents import document, length, moment
from properties.files import as_read, ending_of, table, write
from properties.strategies import cases

import backburn

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hypothesis.strategies import DrawFn
    from oracle.rows import Row
    from oracle.spec import Spec

Way = Literal["parquet", "csv", "ndjson", "memory", "rollup"]
Case = tuple[list[list[dict[str, Any]]], "Spec", dict[str, Any]]

FIVE_MINUTES = 300_000_000
# A weight of four milliards is a sample that the oracle would have to write out.
MOST = 9
MOST_SPANS = 500
ERROR = pytest.approx(0.005415, abs=1e-6)


@st.composite
def questions(draw: DrawFn) -> Case:
    """Logs, promises of which one is about latency, and what is asked of them."""
    sources, spec = draw(cases())
    light = [[{**row, "n": row["n"] and min(row["n"], MOST)} for row in rows] for rows in sources]
    sli = Latency(threshold=Decimal("0.3"), strict=draw(st.booleans()), column="duration", unit="ms")
    first, *others = spec.objectives
    every = draw(st.one_of(st.none(), st.sampled_from((1, 2, 5, 60, 288)).map(lambda steps: steps * spec.step)))
    thousandths = draw(st.lists(st.integers(0, 1000), min_size=1, max_size=3, unique=True))
    question = {
        "every": every,
        "type": draw(st.integers(1, 9)),
        "quantiles": [f"{Decimal(one) / 1000}" for one in thousandths],
    }
    return light, replace(spec, objectives=(replace(first, sli=sli), *others)), question


def ask(sources: Sequence[Sequence[Row]], spec: Spec, question: dict[str, Any], way: Way, threads: int) -> Any:
    """Ask the engine, which reads files, tables, or counts that were saved."""
    start, end = (None if edge is None else moment(edge) for edge in (spec.start, spec.end))
    asked = question | {"every": None if question["every"] is None else length(question["every"])}
    with tempfile.TemporaryDirectory() as folder:
        data: Any = [write(rows, Path(folder) / f"{number}.{ending_of(way)}") for number, rows in enumerate(sources)]
        if way == "memory":
            data = [table(rows) for rows in sources]
        if way == "rollup":
            data = backburn.rollup(document(spec), data, start=start, end=end, threads=threads)
            start = end = None
        return backburn.percentiles(document(spec), data, start=start, end=end, threads=threads, **asked)


def identity(result: dict[str, Any]) -> tuple[Any, ...]:
    return result["objective"], tuple(result["series"].values()), result["start"], result["end"]


def within(found: float | None, wanted: Fraction | None, error: float) -> bool:
    """Whether a value is as near as is stated, and as floats are."""
    if found is None or wanted is None:
        return found is None and wanted is None
    return abs(Fraction(found) - wanted) <= wanted * Fraction(error + 1e-14)


def assert_same(found: dict[str, Any], usable: list[Row], spec: Spec, question: dict[str, Any]) -> None:
    results = {identity(result): result for result in found["results"]}
    assert len(results) == len(found["results"])
    seen = set()
    for objective in spec.objectives:
        if not isinstance(objective.sli, Latency):
            continue
        for key, of_spans in durations(usable, spec, objective, question["every"]).items():
            for (start, end), values in of_spans.items():
                name = (objective.name, key or (), moment(start), moment(end))
                seen.add(name)
                result = results[name]
                assert result["count"] == len(values)
                assert (result["reason"] is None) == bool(values)
                for share, value in result["quantiles"].items():
                    wanted = quantile(values, share, question["type"])
                    assert within(value, wanted, result["error"]), (name, share, value, wanted)
    assert seen == results.keys()


WAYS = [(way, exact) for way in ("parquet", "csv", "ndjson", "memory", "rollup") for exact in (False, True)]


# Each example asks nine ways.
@settings(max_examples=max(10, settings().max_examples // 4))
@pytest.mark.parametrize(("way", "exact"), [way for way in WAYS if way != ("rollup", True)])
@given(case=questions(), threads=st.integers(1, 3))
def test_quantiles_are_as_near_as_is_stated(way: Way, exact: bool, case: Case, threads: int) -> None:
    sources, spec, question = case
    question["exact"] = exact
    read = [[as_read(row, way) for row in rows] for rows in sources]
    usable = usable_rows(read, spec)
    if not usable:
        event("nothing in the asked span")
        with pytest.raises(backburn.DataError):
            ask(read, spec, question, way, threads)
        return
    # The oracle looks at every span for every row, and a log may span years.
    if len(spans(usable, spec, question["every"])) > MOST_SPANS:
        event("too many spans for the oracle")
        return
    found = ask(read, spec, question, way, threads).to_dict()
    assert all(
        result["error"] in {None, 0.0} or (not exact and result["error"] == ERROR) for result in found["results"]
    )
    kept = spec.step * -(-FIVE_MINUTES // spec.step)
    every = question["every"]
    if way == "rollup" and every is not None and every % kept:
        event("a step that does not fit")
        for result in found["results"]:
            assert set(result["quantiles"].values()) == {None}
            assert "a multiple of" in result["reason"] or "no row is in scope" in result["reason"]
        return
    event(f"{min(len(found['results']), 5)} results")
    assert_same(found, usable, spec, question)

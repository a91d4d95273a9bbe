"""A timeline says at every tick what the oracle says there, and what an evaluation at that tick would."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pytest
from hypothesis import event, given
from hypothesis import strategies as st
from oracle import timeline as oracle
from oracle.quantile import quantile
from oracle.rows import known_at
from oracle.spec import Latency
from properties.documents import document, length, moment
from properties.files import write
from properties.strategies import cases

import backburn

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hypothesis.strategies import DataObject, DrawFn
    from oracle.rows import Row
    from oracle.spec import Spec

EVERY = (1, 1, 2, 3, 7, 60, 3_600)
LENGTHS = (1, 2, 3, 5, 7, 60, 61, 4_000, 30_000)
COLUMNS = ("valid", "bad", "sli", "burn")
PERCENTILES = ("p0", "p50", "p95", "p99.9", "p100")


def counted(sources: Sequence[Sequence[Row]], spec: Spec, made: dict[str, Any] | None = None) -> backburn.Rollup:
    edges = {"start": spec.start, "end": spec.end}
    asked: Any = {name: None if edge is None else moment(edge) for name, edge in edges.items()}
    with tempfile.TemporaryDirectory() as folder:
        paths = [write(rows, Path(folder) / f"{number}.parquet") for number, rows in enumerate(sources)]
        return backburn.rollup(made or document(spec), list(paths), **asked)


def micros(text: str) -> int:
    return int(text.removesuffix("us"))


def number(value: Fraction | None) -> float | None:
    return None if value is None else float(value)


def unit(spec: Spec) -> int:
    """What windows are whole numbers of: steps, or ten of them, which are whole slices."""
    return 10 * spec.step if any(one.slices is not None for one in spec.objectives) else spec.step


@st.composite
def questions(draw: DrawFn, spec: Spec) -> dict[str, Any]:
    """Arguments of `timeline`."""
    lengths = draw(st.lists(st.sampled_from(LENGTHS), unique=True, min_size=1, max_size=4))
    return {
        "every": length(draw(st.sampled_from(EVERY)) * spec.step),
        "burn": [length(one * unit(spec)) for one in lengths],
        "columns": draw(st.lists(st.sampled_from(COLUMNS), min_size=1, max_size=4)),
        "threads": draw(st.integers(1, 3)),
    }


@given(case=cases(sliced=True), data=st.data())
def test_every_tick_is_what_the_oracle_counts(case: tuple[list[list[Row]], Spec], data: DataObject) -> None:
    sources, spec = case
    asked = data.draw(questions(spec))
    ticks, tracks = oracle.ticks(sources, spec, micros(asked["every"])), list(oracle.tracks(sources, spec))
    rollup = counted(sources, spec)
    if not ticks:
        event("nothing in the asked span")
        with pytest.raises(backburn.DataError):
            backburn.timeline(document(spec), rollup, **asked)
        return
    found = backburn.timeline(document(spec), rollup, **asked)
    table = found.to_pyarrow()
    assert table["tick"].cast(pa.int64()).to_pylist() == list(ticks) * len(tracks)
    assert table.num_rows == found.rows
    event("several series" if len(tracks) > len(spec.objectives) else "one series each")
    # The oracle counts every row again for each window and tick, so some ticks have to do.
    chosen = {0, len(ticks) - 1, *data.draw(st.lists(st.integers(0, len(ticks) - 1), max_size=12))}
    for (place, track), at in product(enumerate(tracks), sorted(chosen)):
        (row,) = table.slice(place * len(ticks) + at, 1).to_pylist()
        series = dict(zip(track.by, track.key, strict=True))
        assert (row["objective"], {label: row[label] for label in series}) == (track.objective.name, series)
        for burn in asked["burn"]:
            seen = {name: row[f"{name}_{burn}"] for name in asked["columns"]}
            window = spec, micros(burn), ticks[at]
            counts, judgement = track.counts(*window), track.judgement(*window)
            wanted = {
                "valid": counts.good + counts.bad,
                "bad": counts.bad,
                "sli": number(judgement.sli),
                "burn": number(track.burn(*window)),
            }
            assert seen == {name: wanted[name] for name in seen}, (series, ticks[at], burn)


@given(
    case=cases(sliced=True),
    lengths=st.lists(st.sampled_from(LENGTHS), unique=True, min_size=1, max_size=3),
    data=st.data(),
)
def test_a_burn_rate_is_that_of_an_evaluation_at_the_tick(
    case: tuple[list[list[Row]], Spec], lengths: list[int], data: DataObject
) -> None:
    sources, spec = case
    ticks = oracle.ticks(sources, spec, spec.step)
    if not ticks:
        return
    burn = [length(one * unit(spec)) for one in lengths]
    made = document(spec) | {"report": {"burn": burn}}
    rollup = counted(sources, spec)
    table = backburn.timeline(made, rollup).to_pyarrow()
    at = data.draw(st.integers(0, len(ticks) - 1))
    results = backburn.evaluate(made, rollup, at=moment(ticks[at])).results
    judged = [dict(result.burn) for result in results if result.budget is not None]
    rows = table.take(list(range(at, table.num_rows, len(ticks)))).to_pylist()
    assert [{text: row[f"burn_{text}"] for text in burn} for row in rows] == judged


def remaining(budget: backburn.Budget) -> Any:
    """What is left at a tick, which of a running period is of the time so far."""
    if budget.basis == "observed":
        return budget.remaining
    return None if budget.burn_to_date is None else pytest.approx(1 - budget.burn_to_date, abs=1e-12)


@given(case=cases(sliced=True), every=st.sampled_from(EVERY), data=st.data())
def test_what_is_left_of_the_budget_is_that_of_the_window_at_the_tick(
    case: tuple[list[list[Row]], Spec], every: int, data: DataObject
) -> None:
    sources, spec = case
    ticks, tracks = oracle.ticks(sources, spec, every * spec.step), list(oracle.tracks(sources, spec))
    if not ticks:
        return
    rollup = counted(sources, spec)
    asked: dict[str, Any] = {"every": length(every * spec.step), "columns": "budget_remaining"}
    table = backburn.timeline(document(spec), rollup, burn=length(unit(spec)), **asked).to_pyarrow()
    left = table["budget_remaining"].to_pylist()
    times = [time for row in oracle.usable(sources, spec) if (time := known_at(row, spec)) is not None]
    first = min(times) - min(times) % spec.step
    for at in {0, len(ticks) - 1, *data.draw(st.lists(st.integers(0, len(ticks) - 1), max_size=5))}:
        found = left[at :: len(ticks)]
        assert found == [number(track.remaining(spec, ticks[at], first)) for track in tracks], ticks[at]
        event("something is left" if any(found) else "nothing is known")
        results = backburn.evaluate(document(spec), rollup, at=moment(ticks[at])).results
        assert found == [remaining(result.budget) for result in results if result.budget is not None]


@given(case=cases(), data=st.data())
def test_percentiles_are_those_of_an_evaluation_at_the_tick(
    case: tuple[list[list[Row]], Spec], data: DataObject
) -> None:
    sources, spec = case
    # The oracle writes a sample out.
    sources = [[{**row, "n": row["n"] and min(row["n"], 9)} for row in rows] for rows in sources]
    sli = Latency(threshold=Decimal("0.3"), strict=False, column="duration", unit="ms")
    spec = replace(spec, objectives=(replace(spec.objectives[0], sli=sli), *spec.objectives[1:]))
    every = data.draw(st.sampled_from(EVERY)) * spec.step
    ticks, tracks = oracle.ticks(sources, spec, every), list(oracle.tracks(sources, spec))
    if not ticks:
        return
    percentiles = data.draw(st.lists(st.sampled_from(PERCENTILES), min_size=1, max_size=3, unique=True))
    windows = data.draw(st.lists(st.sampled_from(LENGTHS), min_size=1, max_size=2, unique=True))
    width = data.draw(st.sampled_from((1, 1, 2, 5, 60))) * spec.step
    shares = [str(Decimal(name[1:]) / 100) for name in percentiles]
    made = document(spec) | {"rollup": {"histogram_step": length(width)}, "report": {"quantiles": shares}}
    rollup = counted(sources, spec, made)
    burn = [length(one * spec.step) for one in windows]
    found = backburn.timeline(made, rollup, every=length(every), burn=burn, columns=percentiles)
    rows = found.to_pyarrow().to_pylist()
    at = data.draw(st.integers(0, len(ticks) - 1))
    for text, steps in zip(burn, windows, strict=True):
        results = backburn.evaluate(made, rollup, at=moment(ticks[at]), window=text).results
        for track, row, result in zip(tracks, rows[at :: len(ticks)], results, strict=True):
            told = {name: row[f"{name}_{text}"] for name in percentiles}
            if not isinstance(track.objective.sli, Latency) or result.latency is None:
                assert set(told.values()) == {None}
                continue
            judged = result.latency.quantiles
            assert told == dict(zip(percentiles, judged.values(), strict=True)), (ticks[at], text)
            values = track.durations(spec, steps * spec.step, ticks[at])
            if result.latency.reason is None:
                event("quantiles" if values else "no durations")
                for name, share in zip(percentiles, shares, strict=True):
                    wanted = quantile([one for one in values if 0 <= one < float("inf")], share, 7)
                    assert (told[name] is None) == (wanted is None)
                    if wanted is not None:
                        assert abs(Fraction(told[name]) - wanted) <= wanted * Fraction(result.latency.error + 1e-14)

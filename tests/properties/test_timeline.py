"""A timeline says at every tick what the oracle says there, and what an evaluation at that tick would."""

from __future__ import annotations

import tempfile
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pytest
from hypothesis import event, given
from hypothesis import strategies as st
from oracle import timeline as oracle
from properties.documents import document, length, moment
from properties.files import write
from properties.strategies import cases

import backburn

if TYPE_CHECKING:
    from collections.abc import Sequence
    from fractions import Fraction

    from hypothesis.strategies import DataObject, DrawFn
    from oracle.rows import Row
    from oracle.spec import Spec

EVERY = (1, 1, 2, 3, 7, 60, 3_600)
LENGTHS = (1, 2, 3, 5, 7, 60, 61, 4_000, 30_000)
COLUMNS = ("valid", "bad", "sli", "burn")


def counted(sources: Sequence[Sequence[Row]], spec: Spec) -> backburn.Rollup:
    edges = {"start": spec.start, "end": spec.end}
    asked: Any = {name: None if edge is None else moment(edge) for name, edge in edges.items()}
    with tempfile.TemporaryDirectory() as folder:
        paths = [write(rows, Path(folder) / f"{number}.parquet") for number, rows in enumerate(sources)]
        return backburn.rollup(document(spec), list(paths), **asked)


def micros(text: str) -> int:
    return int(text.removesuffix("us"))


def number(value: Fraction | None) -> float | None:
    return None if value is None else float(value)


@st.composite
def questions(draw: DrawFn, step: int) -> dict[str, Any]:
    """Arguments of `timeline`."""
    lengths = draw(st.lists(st.sampled_from(LENGTHS), unique=True, min_size=1, max_size=4))
    return {
        "every": length(draw(st.sampled_from(EVERY)) * step),
        "burn": [length(one * step) for one in lengths],
        "columns": draw(st.lists(st.sampled_from(COLUMNS), min_size=1, max_size=4)),
        "threads": draw(st.integers(1, 3)),
    }


@given(case=cases(), data=st.data())
def test_every_tick_is_what_the_oracle_counts(case: tuple[list[list[Row]], Spec], data: DataObject) -> None:
    sources, spec = case
    asked = data.draw(questions(spec.step))
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


@given(case=cases(), lengths=st.lists(st.sampled_from(LENGTHS), unique=True, min_size=1, max_size=3), data=st.data())
def test_a_burn_rate_is_that_of_an_evaluation_at_the_tick(
    case: tuple[list[list[Row]], Spec], lengths: list[int], data: DataObject
) -> None:
    sources, spec = case
    ticks = oracle.ticks(sources, spec, spec.step)
    if not ticks:
        return
    burn = [length(one * spec.step) for one in lengths]
    made = document(spec) | {"report": {"burn": burn}}
    rollup = counted(sources, spec)
    table = backburn.timeline(made, rollup).to_pyarrow()
    at = data.draw(st.integers(0, len(ticks) - 1))
    results = backburn.evaluate(made, rollup, at=moment(ticks[at])).results
    judged = [dict(result.burn) for result in results if result.budget is not None]
    rows = table.take(list(range(at, table.num_rows, len(ticks)))).to_pylist()
    assert [{text: row[f"burn_{text}"] for text in burn} for row in rows] == judged

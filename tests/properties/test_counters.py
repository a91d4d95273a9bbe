"""Counters say what the oracle says they do: resets, gaps, late series, any order of rows, any split of them."""

from __future__ import annotations

import json
import tempfile
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import event, given
from hypothesis import strategies as st
from oracle import counters
from oracle.counters import Row
from properties.documents import moment

import backburn

if TYPE_CHECKING:
    from collections.abc import Sequence

SECOND = 1_000_000
MAX_GAP = 300 * SECOND
BEGIN = 1_760_000_000 * SECOND
STEPS = {"30s": 30 * SECOND, "1m": 60 * SECOND, "5m": 300 * SECOND}

broken = st.sampled_from([None, -1, 1.5, "n/a", "", "-3"])
whole = st.integers(0, 40)


@st.composite
def series(draw: st.DrawFn, key: counters.Key, odd: bool) -> list[Row]:
    """The polls of one series: growing counters that begin anew now and then, each by itself, with silences."""
    rows: list[Row] = []
    time = BEGIN + draw(st.integers(0, 1200)) * SECOND
    part = valid = draw(st.sampled_from([0, 0, 17, 2**40]))
    for _ in range(draw(st.integers(0, 14))):
        # Often on the minute, sometimes at once, sometimes just within or beyond the gap.
        wait = draw(st.sampled_from([60, 60, 60, 5, 0, 299, 300, 301, 700]))
        time += wait * SECOND if draw(st.booleans()) else wait * SECOND - time % (60 * SECOND) * (wait >= 60)
        if rows and time <= rows[-1].time:
            rows.append(rows[-1])
            time = rows[-1].time
            continue
        more = draw(whole)
        fault = draw(st.integers(0, 12))
        part, valid = part + draw(st.integers(0, more)), valid + more
        if fault in {0, 1}:
            part = draw(whole)
        if fault in {0, 2}:
            valid = draw(whole)
        told: list[counters.Value] = [part, valid]
        if odd and fault > 9:
            told[draw(st.integers(0, 1))] = draw(broken)
        if odd and fault == 12:
            told = [None, None]
        if odd and fault == 8:
            told = [float(part), str(valid)]
        rows.append(Row(time=time, key=key, part=told[0], valid=told[1]))
    return rows


@st.composite
def polls(draw: st.DrawFn, *, odd: bool) -> list[list[Row]]:
    """The polls of some series in any order, in some files."""
    keys: list[counters.Key] = [("a", "1"), ("a", "2"), ("b", "1"), (None, "1")]
    rows = [row for key in keys[: draw(st.integers(1, 4))] for row in draw(series(key, odd))]
    rows = draw(st.permutations(rows))
    if rows and draw(st.integers(0, 9)) == 0:
        # Two processes in one series, or the same reading again.
        rows.append(draw(st.sampled_from([rows[0], Row(time=rows[0].time, key=rows[0].key, part=99, valid=100)])))
    cuts = sorted(draw(st.lists(st.integers(0, len(rows)), max_size=2)))
    return [rows[start:end] for start, end in zip([0, *cuts], [*cuts, len(rows)], strict=True)]


ROWS = {"name": "rows", "sli": {"kind": "ratio", "good": "zone IS NOT NULL"}, "target": "50%", "window": "all"}


def document(counts: str, step: str, unparsable: str, *, alone: bool) -> dict[str, Any]:
    operands = {counts: {"counter": 'requests."of.kind".part'}, "valid": {"counter": "requests.all"}}
    sli = {"kind": "ratio", "unparsable": unparsable, **operands}
    one = {"sli": sli, "target": "90%", "window": "all", "also": [{"window": "20m"}]}
    return {
        "apiVersion": "backburn/v1",
        "kind": "ServiceLevelObjectives",
        "metadata": {"service": "shop"},
        "source": {
            "columns": {"timestamp": {"column": "at", "unit": "us"}},
            "by": ["zone", "host"],
            "step": step,
            "max_rejected": "100%",
            "max_gap": "5m",
        },
        "objectives": [
            {"name": "each", **one},
            {"name": "zones", "by": ["zone"], **one},
            {"name": "all", "by": [], **one},
            *([] if alone else [ROWS]),
        ],
    }


def write(rows: Sequence[Row], path: Path) -> Path:
    if path.suffix == ".ndjson":
        records = [
            {
                "file": path.stem,
                "at": row.time,
                "zone": row.key[0],
                "host": row.key[1],
                "requests": {"of.kind": {"part": row.part}, "all": row.valid},
            }
            for row in rows
        ]
        path.write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")
        return path
    number = pa.float64() if path.stem.endswith("1") else pa.uint64()
    table = pa.table(
        {
            "file": pa.array([path.stem for _ in rows]),
            "at": pa.array([row.time for row in rows], pa.int64()),
            "zone": pa.array([row.key[0] for row in rows], pa.string()),
            "host": pa.array([row.key[1] for row in rows], pa.string()),
            "requests.of.kind.part": pa.array([row.part for row in rows], number),
            "requests.all": pa.array([row.valid for row in rows], number),
        }
    )
    pq.write_table(table, path, row_group_size=5)
    return path


BY = {"each": ("zone", "host"), "zones": ("zone",), "all": ()}


def expected(rows: Sequence[Row], case: Case) -> dict[Any, Any]:
    """What each promise must say: good, bad, excluded, and the share of the window that is observed.

    A reading tells what was before it, so that one on a tick is known there; an event is known a tick later.
    """
    everyone, step, unparsable = counters.samples(rows), STEPS[case.step], case.unparsable
    counts: Any = case.counts
    first = min(row.time for row in rows) // step * step
    tick = max(((max(row.time for row in rows) - case.alone) // step + 1) * step, first + step)
    wanted = {}
    for name, by in BY.items():
        groups: dict[counters.Key, list[counters.Key]] = {}
        for key in everyone:
            groups.setdefault(key[: len(by)], []).append(key)
        for group, keys in groups.items():
            for window in ((first, tick), (tick - 1200 * SECOND, tick)):
                own = [everyone[key] for key in keys]
                lanes = counters.total(own, window, counts=counts, max_gap=MAX_GAP)
                unknown = lanes["unknown"]
                share = counters.observed(everyone, keys, window, step=step, max_gap=MAX_GAP)
                wanted[name, group, moment(window[0])] = (
                    lanes["good"],
                    lanes["bad"] + (unknown if unparsable == "bad" else 0),
                    unknown if unparsable == "exclude" else 0,
                    share,
                )
    return wanted


@dataclass(frozen=True, kw_only=True)
class Case:
    """What is asked of some polls, and how they are written and read."""

    counts: str
    step: str = "1m"
    unparsable: str = "reject"
    threads: int
    ending: str
    alone: bool = True


def check(files: Sequence[Sequence[Row]], case: Case) -> None:
    rows = [row for one in files for row in one]
    spec = document(case.counts, case.step, case.unparsable, alone=case.alone)
    threads = case.threads
    with tempfile.TemporaryDirectory() as folder:
        paths = [write(one, Path(folder) / f"part-{at}.{case.ending}") for at, one in enumerate(files) if one]
        if not paths or counters.contradict(rows):
            event("two readings at one moment" if paths else "nothing")
            if paths:
                with pytest.raises(backburn.DataError, match="two readings"):
                    backburn.evaluate(spec, paths, threads=threads)
            return
        found = backburn.evaluate(spec, paths, threads=threads)
        whole = backburn.rollup(spec, paths, threads=threads)
        parts = [backburn.rollup(spec, path) for path in paths]
        whole.save(f"{folder}/saved.parquet")
        saved = backburn.Rollup.load(f"{folder}/saved.parquet")
    wanted = expected(rows, case)
    event(f"{min(len(wanted), 9)} results")
    event(f"{[one for one in wanted.values() if 0 < one[3] < 1] != []} partly observed")
    results = [one for one in found.results if one.objective != "rows" and (one.series or one.objective == "all")]
    seen = {
        (one.objective, tuple(one.series.values()), one.window.start.strftime("%Y-%m-%dT%H:%M:%SZ")): (
            one.good,
            one.bad,
            one.excluded,
            Fraction(one.observed).limit_denominator(10**6),
        )
        for one in results
        if counters.samples(rows)
    }
    assert {key: (seen.get(key), wanted.get(key)) for key in {*seen, *wanted} if seen.get(key) != wanted.get(key)} == {}
    facts = {one["name"]: one for one in json.loads(whole.facts())["indicators"]}
    kinds = [counters.kind(row) for row in rows]
    for name in BY:
        assert facts[name]["ignored"] == kinds.count("absent")
        assert sum(one["count"] for one in facts[name]["unknown"]) == kinds.count("unreadable")
    # Whatever is merged with what, in whatever order, is the same; and it is so once saved and read.
    assert backburn.merge(parts) == backburn.merge(parts[::-1]) == whole == saved
    assert backburn.evaluate(spec, saved).results == found.results


json_cases = st.builds(
    Case,
    counts=st.sampled_from(["good", "bad"]),
    step=st.sampled_from(list(STEPS)),
    unparsable=st.sampled_from(["reject", "exclude", "bad"]),
    threads=st.integers(1, 3),
    ending=st.just("ndjson"),
    alone=st.booleans(),
)


@given(files=polls(odd=True), case=json_cases)
def test_counters_in_json_say_what_the_oracle_says(files: list[list[Row]], case: Case) -> None:
    check(files, case)


@given(files=polls(odd=False), counts=st.sampled_from(["good", "bad"]), threads=st.integers(1, 3))
def test_counters_in_columns_say_what_the_oracle_says(files: list[list[Row]], counts: str, threads: int) -> None:
    check(files, Case(counts=counts, threads=threads, ending="parquet"))

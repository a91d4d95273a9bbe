"""Rollups are a commutative monoid: no split, order, format or number of threads changes what was counted."""

from __future__ import annotations

import json
import tempfile
from itertools import permutations
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb
import polars as pl
import pytest
from hypothesis import event, given
from hypothesis import strategies as st
from oracle.classify import classify
from oracle.evaluate import evaluate
from properties.documents import document, moment
from properties.files import write
from properties.strategies import cases

import backburn

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from oracle.rows import Row
    from oracle.spec import Spec


def rollup(spec: Spec, paths: Sequence[Path], threads: int = 1) -> backburn.Rollup:
    return backburn.rollup(
        document(spec),
        list(paths),
        start=None if spec.start is None else moment(spec.start),
        end=None if spec.end is None else moment(spec.end),
        threads=threads,
    )


def written(sources: Sequence[Sequence[Row]], folder: str, row_group: int = 1000) -> list[Path]:
    return [write(rows, Path(folder) / f"{number}.parquet", row_group=row_group) for number, rows in enumerate(sources)]


@given(case=cases())
def test_merging_is_commutative_and_associative_and_gives_what_one_scan_gives(
    case: tuple[list[list[Row]], Spec],
) -> None:
    sources, spec = case
    with tempfile.TemporaryDirectory() as folder:
        paths = written(sources, folder)
        whole = rollup(spec, paths)
        parts = [rollup(spec, [path]) for path in paths]
        for order in permutations(parts):
            from_the_left = order[0]
            for part in order[1:]:
                from_the_left = from_the_left.merge(part)
            assert from_the_left == whole
            from_the_right = order[-1]
            for part in reversed(order[:-1]):
                from_the_right = part.merge(from_the_right)
            assert from_the_right == whole
            assert json.loads(from_the_left.facts()) == json.loads(whole.facts())


@given(case=cases(), row_group=st.integers(1, 7), threads=st.integers(2, 4))
def test_threads_and_row_groups_and_the_order_of_files_change_nothing(
    case: tuple[list[list[Row]], Spec], row_group: int, threads: int
) -> None:
    sources, spec = case
    with tempfile.TemporaryDirectory() as folder:
        paths = written(sources, folder, row_group)
        alone = rollup(spec, paths)
        assert rollup(spec, paths, threads) == alone
        assert rollup(spec, paths[::-1], threads) == alone
        assert json.loads(rollup(spec, paths[::-1], threads).facts()) == json.loads(alone.facts())


@given(case=cases(), cut=st.integers(0, 20))
def test_where_a_log_is_cut_into_files_changes_no_count(case: tuple[list[list[Row]], Spec], cut: int) -> None:
    sources, spec = case
    log = [row for source in sources for row in source]
    if len(log) < 2:
        event("nothing to cut")
        return
    cut = 1 + cut % (len(log) - 1)
    everything = [(0, 4_000_000_000_000_000 // spec.step * spec.step)]
    with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as two:
        whole, parts = rollup(spec, written([log], one)), rollup(spec, written([log[:cut], log[cut:]], two))
        for objective in spec.objectives:
            counted = [
                [(key, described(tally)) for key, (tally,) in one.tallies(objective.name, spec.by, everything)]
                for one in (whole, parts)
            ]
            assert counted[0] == counted[1]
            # A silence is one of all sources, so only a quiet log can tell where its files ended.
            if spec.gaps == "unknown":
                spans = [one.covered(objective.name, 3_600_000_000, []) for one in (whole, parts)]
                assert spans[0] == spans[1]


@given(case=cases())
def test_saving_and_loading_is_the_identity(case: tuple[list[list[Row]], Spec]) -> None:
    sources, spec = case
    with tempfile.TemporaryDirectory() as folder:
        counted = rollup(spec, written(sources, folder))
        saved, again = Path(folder) / "counted.rollup", Path(folder) / "again.rollup"
        counted.save(str(saved))
        loaded = backburn.Rollup.load(str(saved))
        assert loaded == counted
        assert json.loads(loaded.facts()) == json.loads(counted.facts())
        loaded.save(str(again))
        assert again.read_bytes() == saved.read_bytes()


@given(case=cases())
def test_a_saved_rollup_is_judged_as_its_log(case: tuple[list[list[Row]], Spec]) -> None:
    sources, spec = case
    if not evaluate(sources, spec).rows:
        event("nothing in the asked span")
        return
    at = None if spec.at is None else moment(spec.at)
    with tempfile.TemporaryDirectory() as folder:
        counted = rollup(spec, written(sources, folder))
        saved = Path(folder) / "counted.rollup"
        counted.save(str(saved))
        from_rollup = backburn.evaluate(document(spec), counted, at=at).to_dict()
        from_file = backburn.evaluate(document(spec), saved, at=at).to_dict()
    assert from_file == from_rollup


@given(case=cases())
def test_other_tools_read_the_same_sums_from_the_file(case: tuple[list[list[Row]], Spec]) -> None:
    sources, spec = case
    with tempfile.TemporaryDirectory() as folder:
        saved = Path(folder) / "counted.parquet"
        rollup(spec, written(sources, folder)).save(str(saved))
        lanes = ("good", "bad", "unknown", "excluded")
        sums = ", ".join(f"coalesce(sum({name}), 0)" for name in (*lanes, "rows"))
        query = f"SELECT {sums} FROM read_parquet(?) WHERE kind = 'tally' AND measure = ?"  # noqa: S608
        reasons = "SELECT reason, sum(excluded) FROM read_parquet(?) WHERE kind = 'excluded' AND measure = ? GROUP BY 1"
        frame = pl.read_parquet(saved)
        for objective in spec.objectives:
            wanted, forgiven = totals(sources, spec, objective.name)
            with duckdb.connect() as connection:
                found = connection.execute(query, [str(saved), objective.name]).fetchone()
                split = connection.execute(reasons, [str(saved), objective.name]).fetchall()
            assert found is not None
            assert [int(total) for total in found] == [wanted[name] for name in (*lanes, "rows")]
            assert {reason: int(total) for reason, total in split} == forgiven
            own = frame.filter((pl.col("kind") == "tally") & (pl.col("measure") == objective.name))
            assert [own[name].sum() for name in (*lanes, "rows")] == [wanted[name] for name in (*lanes, "rows")]


def test_rollups_that_share_a_source_or_differ_in_meaning_do_not_merge(write_log: Any) -> None:
    log = {"timestamp": ["2025-10-01T00:00:00Z"], "status": [200]}
    one, other = write_log(log, "one.csv"), write_log({**log, "status": [500]}, "other.csv")

    def counted(path: Path, where: str) -> backburn.Rollup:
        spec: dict[str, Any] = {
            "apiVersion": "backburn/v1",
            "kind": "ServiceLevelObjectives",
            "metadata": {"service": "shop"},
            "source": {"where": where},
            "objectives": [{"name": "up", "sli": {"kind": "availability"}, "target": "99%", "window": "1h"}],
        }
        return backburn.rollup(spec, path)

    with pytest.raises(backburn.RollupMismatchError, match="twice"):
        counted(one, "status > 0").merge(counted(one, "status > 0"))
    with pytest.raises(backburn.RollupMismatchError, match="up"):
        counted(one, "status > 0").merge(counted(other, "status > 1"))


def totals(sources: Sequence[Sequence[Row]], spec: Spec, name: str) -> tuple[Mapping[str, int], Mapping[str, int]]:
    """What the oracle counts of an objective over all time, and what it forgives by reason."""
    objective = next(one for one in spec.objectives if one.name == name)
    sums = dict.fromkeys(("good", "bad", "unknown", "excluded", "rows"), 0)
    forgiven: dict[str, int] = {}
    for row in (row for source in sources for row in source):
        outcome = classify(row, spec, objective)
        if outcome.kind not in sums:
            continue
        weight = row["n"] if spec.count is not None else 1
        assert isinstance(weight, int)
        sums[outcome.kind] += weight
        sums["rows"] += 1
        if outcome.reason is not None:
            forgiven[outcome.reason] = forgiven.get(outcome.reason, 0) + weight
    return sums, forgiven


def described(tally: Any) -> tuple[Any, ...]:
    return tally.good, tally.bad, tally.unknown, tally.excluded, tally.rows, tally.squares

"""The whole public API as a user's type checker sees it; checked, never run."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any, assert_type

import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.dataset as ds

import backburn
from backburn import (
    BackburnError,
    Backtest,
    Blocks,
    Budget,
    Confidence,
    Data,
    Doctor,
    Downtime,
    Evaluation,
    Explanation,
    Export,
    Finding,
    Inspection,
    Note,
    Percentile,
    Percentiles,
    Plan,
    Result,
    Rollup,
    Rules,
    Spec,
    Task,
    Timeline,
)

if TYPE_CHECKING:
    from concurrent.futures import Executor

    import duckdb


def documents(path: Path) -> Spec:
    """Read documents and ask what is wrong with them."""
    assert_type(backburn.load_specs("slos/"), list[Spec])
    assert_type(backburn.validate(path), list[Finding])
    assert_type(backburn.validate(path, ["logs/*.parquet"]), list[Finding])
    assert_type(backburn.validate({"kind": "ServiceLevelObjectives"}), list[Finding])
    assert_type(backburn.schema(), dict[str, Any])
    assert_type(backburn.init("access.log", output=path, format="combined", threads=2), str)
    return assert_type(backburn.load_spec(path), Spec)


def counting(spec: Spec) -> Rollup:
    """Count, merge, save and load."""

    def progress(done: int, parts: int, rows: int) -> None:
        assert_type((done, parts, rows), tuple[int, int, int])

    day = backburn.rollup(
        spec,
        ["a.parquet", Path("logs")],
        start="2025-10-01T00:00:00Z",
        end=datetime(2025, 10, 2, tzinfo=UTC),
        by=["service"],
        step="5m",
        format="parquet",
        threads=2,
        progress=progress,
    )
    assert_type(backburn.rollup("slo.yaml"), Rollup)
    assert_type(day.merge(day), Rollup)
    assert_type(day.facts(), str)
    day.save("day.rollup")
    return assert_type(Rollup.load("day.rollup"), Rollup)


def elsewhere(spec: Spec, pool: Executor) -> Rollup:
    """Plan, scan in other processes, and merge."""
    plan = backburn.plan(spec, ["a.parquet", Path("logs")], start="2025-10-01T00:00:00Z", by="service", step="5m")
    assert_type(backburn.plan("slo.yaml", format="parquet", threads=2), Plan)
    assert_type(plan.tasks, tuple[Task, ...])
    assert_type(plan.tasks[0].rows, int | None)
    assert_type(plan.tasks[0].row_groups_skipped, int)
    assert_type(plan.skipped.files + plan.skipped.row_groups, int)
    assert_type(plan.to_dict(), dict[str, Any])
    assert_type(backburn.scan(plan.tasks[0]), Rollup)
    assert_type(backburn.merge([]), Rollup)
    assert_type(backburn.merge([Path("monday.rollup"), backburn.rollup(spec)]), Rollup)
    return assert_type(backburn.merge(pool.map(backburn.scan, plan.tasks)), Rollup)


def judging(spec: Spec, counted: Rollup) -> int:
    """Evaluate, and look at every part of the answer."""
    evaluation = backburn.evaluate(spec, counted, at=datetime(2025, 10, 2, tzinfo=UTC), window="7d")
    assert_type(backburn.evaluate("slo.yaml", "logs/*.parquet", by="service,route", step="1m"), Evaluation)
    assert_type(backburn.evaluate({"kind": "ServiceLevelObjectives"}, [counted, "more.parquet"]), Evaluation)
    assert_type(backburn.evaluate([spec, spec]), Evaluation)
    assert_type(evaluation.data, Data)
    assert_type(evaluation.notes, tuple[Note, ...])
    assert_type(evaluation.to_dict(), dict[str, Any])
    for result in evaluation.results:
        assert_type(result, Result)
        assert_type(result.met, bool | None)
        assert_type(result.sli, float | None)
        assert_type(result.target, Decimal)
        assert_type(result.window.start, datetime)
        assert_type(result.budget, Budget | None)
        assert_type(result.confidence, Confidence | None)
        if result.confidence is not None:
            assert_type(result.confidence.clopper_pearson, tuple[float, float])
            assert_type(result.confidence.blocks, Blocks)
            assert_type(result.confidence.needed, int | None)
        assert_type(result.burn.get("1h"), float | None)
    evaluation.to_pyarrow()
    evaluation.to_polars()
    evaluation.to_pandas()
    return assert_type(evaluation.exit_code, int)


def rolling(spec: Spec, counted: Rollup) -> int:
    """Look at every tick."""
    timeline = backburn.timeline(spec, counted, every="1m", burn=["5m", "1h"], columns=["burn"], threads=2)
    assert_type(backburn.timeline("slo.yaml", "logs/*.parquet", burn="5m,1h", by="service", step="1m"), Timeline)
    assert_type(backburn.timeline([spec, spec]), Timeline)
    assert_type(timeline.data, Data)
    assert_type(timeline.windows, tuple[str, ...])
    assert_type(timeline.notes, tuple[Note, ...])
    assert_type(timeline.to_dict(), dict[str, Any])
    assert_type(timeline.to_pyarrow(), pa.Table)
    assert_type(timeline.to_polars(), pl.DataFrame)
    timeline.to_pandas()
    timeline.save("timeline.parquet")
    backburn.draw(timeline, Path("timeline.html"))
    backburn.timeline(spec, counted, columns="burn,p95,budget_remaining")
    return assert_type(timeline.rows, int)


def seen(backtest: Backtest, incident: tuple[datetime, datetime, str]) -> None:
    """Draw a backtest."""
    backburn.draw(backtest, "backtest.svg")
    backburn.draw(backtest, Path("backtest.html"), incidents=[incident])


def spreading(spec: Spec, counted: Rollup) -> Percentiles:
    """Ask how long requests took, and look at every part of the answer."""
    found = backburn.percentiles(spec, counted, every="1h", type=6, quantiles=["0.5", 0.95, Decimal("0.999")])
    assert_type(backburn.percentiles("slo.yaml", "logs", exact=True, by=["service"], step="5m", threads=2), Percentiles)
    assert_type(backburn.percentiles([spec, spec], start="2025-10-01T00:00:00Z", format="csv"), Percentiles)
    for result in found:
        assert_type(result, Percentile)
        assert_type(result.start, datetime)
        assert_type(result.count, int | None)
        assert_type(result.error, float | None)
        assert_type(result.quantiles["0.5"], float | None)
        assert_type(result.to_dict(), dict[str, Any])
    assert_type(found.results, tuple[Percentile, ...])
    assert_type(found.passes, int)
    pa.table(found)
    return found


def in_memory(spec: Spec, counted: Rollup, relation: duckdb.DuckDBPyRelation, dataset: ds.Dataset) -> None:
    """Rows that are in memory already, alone or in a list with others."""
    table = pa.table({"timestamp": [datetime.now(tz=UTC)], "status": [200]})
    frame = pl.DataFrame(table)
    assert_type(backburn.evaluate(spec, table), Evaluation)
    assert_type(backburn.evaluate(spec, table.to_batches()[0]), Evaluation)
    assert_type(backburn.evaluate(spec, table.to_reader()), Evaluation)
    assert_type(backburn.evaluate(spec, frame), Evaluation)
    assert_type(backburn.evaluate(spec, frame.lazy()), Evaluation)
    assert_type(backburn.rollup(spec, relation), Rollup)
    assert_type(backburn.rollup(spec, dataset), Rollup)
    assert_type(backburn.rollup(spec, {"timestamp": np.zeros(1), "status": [200], "zone": frame["zone"]}), Rollup)
    assert_type(backburn.rollup(spec, ["a.parquet", Path("b"), counted, table, frame.lazy(), relation]), Rollup)


def looking_around() -> None:
    """Everything that needs no specification."""
    inspection = backburn.inspect(["a.parquet"], format=None, rows=3, start="2025-10-01T00:00:00Z", time="ts")
    assert_type(inspection, Inspection)
    assert_type(inspection.files[0].format, str)
    assert_type(backburn.downtime("99.9%"), Downtime)
    explained = backburn.explain("google-30d", target=0.999, window="30d", error_ratios=["1%", 0.5], baseline="0.1%")
    assert_type(explained, Explanation)
    assert_type(explained.alerts[0].reactions[0].fires_after, Fraction | None)
    assert_type(backburn.downtime(0.999, "30d").rows[0].seconds, Decimal)
    assert_type(backburn.export("openmetrics", "a.parquet", labels={"service": "shop"}), Export)
    assert_type(backburn.export("prometheus", "slo.yaml", names="sloth", silence="10m"), Rules)
    assert_type(b"".join(backburn.export("openmetrics", Path("a.parquet"))), bytes)
    assert_type(backburn.doctor(), Doctor)
    assert_type(backburn.__version__, str)


def errors() -> None:
    """Every error is a `BackburnError` and the builtin that one would catch."""
    try:
        backburn.evaluate("slo.yaml")
    except backburn.SpecError as error:
        assert_type(error.findings, tuple[Finding, ...])
    except backburn.DataNotFoundError as error:
        assert_type(error.filename, Any)
    except (backburn.NotYetError, backburn.UsageError, backburn.DataError, BackburnError) as error:
        assert_type(error.exit_code, int)
        assert_type(error.remedy, str | None)


# What a checker has to refuse; an unused ignore is an error in strict mode.
backburn.evaluate()  # type: ignore[call-arg]
backburn.evaluate("slo.yaml", window=7)  # type: ignore[arg-type]
backburn.evaluate("slo.yaml", 7)  # type: ignore[arg-type]
backburn.evaluate("slo.yaml", {1: [200]})  # type: ignore[dict-item]
backburn.scan("a.parquet")  # type: ignore[arg-type]
backburn.percentiles("slo.yaml", every=3600)  # type: ignore[arg-type]
backburn.downtime()  # type: ignore[call-arg]
backburn.explain("google-30d")  # type: ignore[call-arg]
backburn.timeline("slo.yaml", every=60)  # type: ignore[arg-type]
backburn.evalute("slo.yaml")  # type: ignore[attr-defined]

"""Backburn, through its public API."""

from __future__ import annotations

import json
from datetime import datetime
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from sweeping import FACTORS, work
from work import COLUMNS, HOUR_US, MINUTE_US, QUANTILES, ROLLING, SLOW_MS, TIERS, WINDOWS, NotThereError, Work

import backburn

if TYPE_CHECKING:
    from collections.abc import Callable

    from work import Setup, Tasks

RECIPE = (
    "`rollup`, `percentiles(every='1h')` and `timeline(every='1m')` in steps of a minute, histograms in steps of an "
    "hour, each result handed over as an Arrow table"
)
TASK_RECIPES = {
    "all": "the counts of each minute as `timeline(burn='1m', columns=['valid', 'bad'])`, for a table of the rollup "
    "holds its histograms as well; so too `t1-t2-memory`",
    "burns": "the document was read before",
    "logs": "`rollup` with the preset `combined`",
    "sweep": "what `tune` does with a grid before it chooses, with quantiles of the time to detection",
}

_P95 = f"p{ROLLING * 100:g}"
_ERROR = 0.005416
"""What is stated of histograms of scale 6, rounded up."""

_FLEET: dict[str, Any] = {
    "apiVersion": "backburn/v1",
    "kind": "ServiceLevelObjectives",
    "metadata": {"name": "bench"},
    "source": {"columns": {"duration": {"column": "duration_ms", "unit": "ms"}}, "by": ["service"], "step": "1m"},
    "objectives": [
        {"name": "availability", "sli": {"kind": "availability"}, "target": "99.9%", "window": "all"},
        {"name": "fast", "sli": {"kind": "latency", "threshold": f"{SLOW_MS}ms"}, "target": "95%", "window": "all"},
    ],
    "report": {"quantiles": []},
}
_HISTOGRAMS: dict[str, Any] = {
    **_FLEET,
    "rollup": {"histogram_step": "1h", "scale": "6"},
    "report": {"quantiles": [str(q) for q in QUANTILES]},
}
_BURNS: dict[str, Any] = {**_FLEET, "objectives": _FLEET["objectives"][:1]}
"""Of what is counted, the objective whose burn rates the others work out too."""
_ROLLING: dict[str, Any] = {
    **_FLEET,
    "objectives": _FLEET["objectives"][1:],
    "rollup": {"histogram_step": "1m", "scale": "6"},
    "report": {"quantiles": [str(ROLLING)]},
}
ALERTING: dict[str, Any] = {**_FLEET, "objectives": [{**_FLEET["objectives"][0], "window": "30d"}]}
_LOG: dict[str, Any] = {
    **_FLEET,
    "metadata": {"service": "web"},
    "source": {"format": "combined", "step": "1m"},
    "objectives": _FLEET["objectives"][:1],
}
_ALB: dict[str, Any] = {
    **_FLEET,
    "source": {"columns": {"service": "elb"}, "by": ["service"], "step": "1m"},
    "objectives": [
        _FLEET["objectives"][0],
        {**_FLEET["objectives"][1], "sli": {**_FLEET["objectives"][1]["sli"], "column": "upstream_duration"}},
    ],
}


def _verb(name: str, spec: dict[str, Any]) -> Callable[..., Any]:
    """A function of the package, with everything imported that reading a document needs."""
    if name not in backburn.__all__:
        raise NotThereError(f"`backburn.{name}` does not exist yet")
    refused = [one.message for one in backburn.validate(spec) if one.severity == "error"]
    if refused:
        raise NotThereError("; ".join(refused))
    function: Callable[..., Any] = getattr(backburn, name)
    return function


def _table(result: Any) -> pa.Table:
    """A result as a table; `pa.table` would import pandas first, to ask whether it is a data frame."""
    return pa.RecordBatchReader.from_stream(result).read_all()


pa.array([0])  # Imports pandas, once, where it is installed.


def _counted(setup: Setup, data: object = None, spec: dict[str, Any] = _FLEET) -> Work:
    rollup = _verb("rollup", spec)
    data = setup.files if data is None else data

    def run(lap: Callable[[str], None]) -> pa.Table:
        counted = rollup(spec, data, threads=setup.threads)
        lap("counted")
        return _table(counted)

    return Work(run=run, answer=_counts)


def _kept(setup: Setup) -> Work:
    """Counts that stay a rollup: what it costs to count, without a table of every cell."""
    rollup = _verb("rollup", _FLEET)
    return Work(run=lambda _: rollup(_FLEET, setup.files, threads=setup.threads), answer=lambda it: _counts(_table(it)))


def _in_memory(setup: Setup) -> Work:
    return _counted(setup, pq.read_table(setup.files, columns=COLUMNS))


def _by_minute(timeline: Callable[..., Any], counted: object) -> pa.Table:
    return _table(timeline(_FLEET, counted, every="1m", burn="1m", columns=["valid", "bad"]))


def _counts_and_quantiles_in_memory(setup: Setup) -> Work:
    rollup, percentiles, timeline = (_verb(name, _HISTOGRAMS) for name in ("rollup", "percentiles", "timeline"))
    table = pq.read_table(setup.files, columns=COLUMNS)

    def run(lap: Callable[[str], None]) -> tuple[pa.Table, Any]:
        counted = rollup(_HISTOGRAMS, table, threads=setup.threads)
        lap("counted")
        found = percentiles(_HISTOGRAMS, counted, every="1h", type=1)
        return _by_minute(timeline, counted), (found, _table(found))

    return Work(run=run, answer=lambda product: _quantiles(product[1]))


def _counts_of_both_in_memory(setup: Setup) -> Work:
    """The same, which answers with the counts."""
    work = _counts_and_quantiles_in_memory(setup)
    return Work(run=work.run, answer=lambda product: _counts_by_minute(product[0]))


def _percentiles(setup: Setup, *, exact: bool) -> Work:
    percentiles = _verb("percentiles", _HISTOGRAMS)
    # A histogram's bound is about values that occurred, as definition 1 gives them.
    more: dict[str, Any] = {"exact": True} if exact else {"type": 1}

    def run(_: Callable[[str], None]) -> tuple[Any, pa.Table]:
        found = percentiles(_HISTOGRAMS, setup.files, every="1h", threads=setup.threads, **more)
        return found, _table(found)

    return Work(run=run, answer=_quantiles)


def _burning(timeline: Callable[..., Any], counted: object, spec: Any = _BURNS) -> pa.Table:
    return _table(timeline(spec, counted, every="1m", burn=list(WINDOWS), columns=["burn"]))


def _timeline(setup: Setup) -> Work:
    rollup, timeline = _verb("rollup", _FLEET), _verb("timeline", _FLEET)

    def run(lap: Callable[[str], None]) -> tuple[pa.Table, pa.Table]:
        counted = rollup(_FLEET, setup.files, threads=setup.threads)
        lap("counted")
        return _table(counted), _burning(timeline, counted)

    return Work(run=run, answer=lambda product: _burns(product[1]))


def _on_counts(setup: Setup) -> Work:
    rollup, timeline = _verb("rollup", _FLEET), _verb("timeline", _FLEET)
    counted = rollup(_FLEET, setup.files, threads=setup.threads)
    with TemporaryDirectory() as folder:
        path = Path(folder) / "burns.yaml"
        path.write_text(json.dumps(_BURNS), encoding="utf-8")
        spec = backburn.load_spec(path)
    return Work(run=lambda _: _burning(timeline, counted, spec), answer=_burns)


def _rolling(setup: Setup) -> Work:
    rollup, timeline = _verb("rollup", _ROLLING), _verb("timeline", _ROLLING)
    counted = rollup(_ROLLING, setup.files, threads=setup.threads)

    def run(_: Callable[[str], None]) -> pa.Table:
        return _table(timeline(_ROLLING, counted, every="1m", burn="1h", columns=[_P95], threads=setup.threads))

    return Work(run=run, answer=_percentiles_at_ticks)


def _to_parquet(setup: Setup) -> Work:
    rollup, timeline = _verb("rollup", _FLEET), _verb("timeline", _FLEET)
    counted = rollup(_FLEET, setup.files, threads=setup.threads)
    folder = TemporaryDirectory()
    path = Path(folder.name) / "timeline.parquet"

    def run(_: Callable[[str], None]) -> TemporaryDirectory[str]:
        timeline(_BURNS, counted, every="1m", burn=list(WINDOWS), threads=setup.threads).save(path)
        return folder  # Which is gone with the last who holds it.

    return Work(run=run, answer=lambda _: _burns(pq.read_table(path)))


def policy() -> Any:
    """The alert policy that is replayed."""
    from fractions import Fraction

    from backburn.model.policy import Alert, AlertPolicy, Pair
    from backburn.units import Duration

    alerts = tuple(
        Alert(
            name=name,
            severity=name,
            any=tuple(
                Pair(long=Duration.parse(long), short=Duration.parse(short), factor=Fraction(factor))
                for alert, long, short, factor in TIERS
                if alert == name
            ),
        )
        for name in dict.fromkeys(alert for alert, *_ in TIERS)
    )
    return AlertPolicy(name="bench", alerts=alerts)


def _replay(setup: Setup) -> Work:
    """Replay a policy of two alerts on counts."""
    rollup, backtest = _verb("rollup", ALERTING), _verb("backtest", ALERTING)
    counted, alerting = rollup(ALERTING, setup.files, threads=setup.threads), policy()

    def run(_: Callable[[str], None]) -> Any:
        return backtest(ALERTING, counted, policy=alerting, threads=setup.threads)

    return Work(run=run, answer=_fired)


def _fired(found: Any) -> pa.Table:
    """When each alert began and ended, in minutes; one that fires at the last tick ends at no time."""
    table = found.to_pyarrow()
    minutes = {name: pc.divide(pc.cast(table[name], pa.int64()), MINUTE_US) for name in ("start", "end")}
    return pa.table({"service": table["service"], "alert": table["alert"], **minutes})


def _sweep(setup: Setup, *, factors: int = FACTORS) -> Work:
    """Try a grid of policies on counts."""
    _verb("tune", ALERTING)
    return work(setup, ALERTING, factors)


def _everything(setup: Setup) -> Work:
    """Counts, quantiles and burn rates of one pass over the rows."""
    rollup, percentiles, timeline = (_verb(name, _HISTOGRAMS) for name in ("rollup", "percentiles", "timeline"))

    def run(lap: Callable[[str], None]) -> tuple[pa.Table, pa.Table, pa.Table]:
        counted = rollup(_HISTOGRAMS, setup.files, threads=setup.threads)
        lap("counted")
        quantiles = _table(percentiles(_HISTOGRAMS, counted, every="1h"))
        lap("quantiles")
        return _by_minute(timeline, counted), quantiles, _burning(timeline, counted)

    return Work(run=run, answer=lambda product: _counts_by_minute(product[0]))


def _counts(table: pa.Table) -> pa.Table:
    """Per service and minute: all rows, failures, slow requests."""
    table = table.filter(pc.equal(table["kind"], "tally"))
    minute = pc.divide(pc.cast(table["step_start"], pa.int64()), MINUTE_US)
    table = table.append_column("minute", minute)
    keys = [name for name in ("service", "minute") if name in table.column_names]
    measures = {name: table.filter(pc.equal(table["measure"], name)) for name in ("availability", "fast")}
    answer = measures["availability"].select([*keys, "rows", "bad"]).rename_columns([*keys, "total", "bad"])
    if measures["fast"].num_rows == 0:
        return answer
    slow = measures["fast"].select([*keys, "bad"]).rename_columns([*keys, "slow"])
    # The join knows texts, not dictionaries.
    texts = [one.set_column(0, "service", pc.cast(one["service"], pa.string())) for one in (answer, slow)]
    return texts[0].join(texts[1], keys)


def _counts_by_minute(table: pa.Table) -> pa.Table:
    """The same of a timeline, which has a tick for each minute, also where a service had no request."""
    table = table.filter(pc.greater(table["valid_1m"], 0))
    minute = pc.subtract(pc.divide(pc.cast(table["tick"], pa.int64()), MINUTE_US), 1)
    table = table.append_column("minute", minute)
    table = table.set_column(table.column_names.index("service"), "service", pc.cast(table["service"], pa.string()))
    keys = ["service", "minute"]
    measures = {name: table.filter(pc.equal(table["objective"], name)) for name in ("availability", "fast")}
    answer = measures["availability"].select([*keys, "valid_1m", "bad_1m"]).rename_columns([*keys, "total", "bad"])
    return answer.join(measures["fast"].select([*keys, "bad_1m"]).rename_columns([*keys, "slow"]), keys)


def _quantiles(product: tuple[Any, pa.Table]) -> pa.Table:
    results = [one for one in product[0].to_dict()["results"] if one["objective"] == "fast"]
    start = [datetime.fromisoformat(one["start"]).timestamp() for one in results]
    columns: dict[str, list[Any]] = {
        "service": [one["series"]["service"] for one in results],
        "hour": [round(seconds * 1_000_000) // HOUR_US for seconds in start],
    }
    for at, q in enumerate(QUANTILES):
        columns[f"q{q}"] = [list(one["quantiles"].values())[at] for one in results]
    columns["error"] = [one["error"] or 0.0 for one in results]
    return pa.table(columns)


def _percentiles_at_ticks(table: pa.Table) -> pa.Table:
    tick = pc.divide(pc.cast(table["tick"], pa.int64()), MINUTE_US)
    columns = {"service": pc.cast(table["service"], pa.string()), "tick": tick, "q": table[f"{_P95}_1h"]}
    return pa.table(columns).append_column("error", pa.array([_ERROR] * table.num_rows))


def _burns(table: pa.Table) -> pa.Table:
    table = table.filter(pc.equal(table["objective"], "availability"))
    tick = pc.divide(pc.cast(table["tick"], pa.int64()), MINUTE_US)
    burns = {f"burn_{window}": table[f"burn_{window}"] for window in WINDOWS}
    return pa.table({"service": pc.cast(table["service"], pa.string()), "tick": tick, **burns})


TASKS: Tasks = {
    "t1": _counted,
    "t1-kept": _kept,
    "t2": partial(_percentiles, exact=False),
    "t2-exact": partial(_percentiles, exact=True),
    "t3": _timeline,
    "all": _everything,
    "t1-memory": _in_memory,
    "t1-t2-memory": _counts_and_quantiles_in_memory,
    "t1-of-both-memory": _counts_of_both_in_memory,
    "burns": _on_counts,
    "replay": _replay,
    "sweep": _sweep,
    "sweep-5000": partial(_sweep, factors=5_000),
    "rolling-p95": _rolling,
    "timeline-parquet": _to_parquet,
    "logs": lambda setup: _counted(setup, setup.log, _LOG),
    "ndjson": lambda setup: _counted(setup, setup.text("ndjson")),
    "csv": lambda setup: _counted(setup, setup.text("csv")),
    "alb": lambda setup: _counted(setup, setup.text("alb"), _ALB),
}

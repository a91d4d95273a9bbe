"""promtool: the same policy as exported rules over the first hours, evaluated at every minute."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from by_backburn import ALERTING, policy
from work import MINUTE_US, NotThereError, Work

import backburn

if TYPE_CHECKING:
    from collections.abc import Callable

    from work import Setup, Tasks

HOURS = 6
RECIPE = (
    f"`promtool test rules` with the rules that Backburn exports and the counters of all services over {HOURS} "
    "hours, for it evaluates rule by rule and minute by minute; its start and the reading of its file included"
)


def replay(setup: Setup) -> Work:
    """Evaluate the rules at every minute; no alert is asked about."""
    from backburn.evaluation.specs import as_specs
    from backburn.interop.prometheus import rules
    from backburn.interop.prometheus.proof import Series, document, given
    from backburn.interop.prometheus.yaml import dump

    if shutil.which("promtool") is None:
        raise NotThereError("promtool is not installed")
    (spec,) = as_specs({**ALERTING, "metadata": {"name": "bench", "owner": "bench"}})
    made = rules([spec], lambda *_: policy())
    (group,) = made.groups
    counts: dict[str, dict[int, tuple[int, int]]] = {}
    table = backburn.rollup(ALERTING, setup.files, threads=setup.threads)
    rows = cells(table)
    first = min(minute for _, minute, _, _ in rows)
    for service, minute, bad, valid in rows:
        if minute < first + HOURS * 60:
            counts.setdefault(service, {})[minute] = (bad, valid)
    series = [Series(objective="availability", labels={"service": one}, counts=seen) for one, seen in counts.items()]
    begin, end = first * MINUTE_US, (first + HOURS * 60) * MINUTE_US
    asked: dict[str, Any] = {
        "name": "bench",
        "interval": "30s",
        "input_series": given(group, series, (begin, end), MINUTE_US),
        "promql_expr_test": [
            {"eval_time": f"{HOURS}h", "expr": "vector(1)", "exp_samples": [{"labels": "{}", "value": 1}]}
        ],
    }
    folder = TemporaryDirectory()
    (Path(folder.name) / "rules.yaml").write_text(made.text(), encoding="utf-8")
    text = dump(document(made, "rules.yaml", {group.name: [asked]}))
    (Path(folder.name) / "tests.yaml").write_text(text, encoding="utf-8")

    def run(_: Callable[[str], None]) -> TemporaryDirectory[str]:
        subprocess.run(["promtool", "test", "rules", "tests.yaml"], cwd=folder.name, check=True, capture_output=True)
        return folder  # Which is gone with the last who holds it.

    return Work(run=run)


def cells(rollup: Any) -> list[tuple[str, int, int, int]]:
    """Service, minute, bad and valid events of every minute of the objective that has any."""
    import pyarrow as pa
    import pyarrow.compute as pc

    table = pa.RecordBatchReader.from_stream(rollup).read_all()
    table = table.filter(pc.and_(pc.equal(table["kind"], "tally"), pc.equal(table["measure"], "availability")))
    minutes = pc.divide(pc.cast(table["step_start"], pa.int64()), MINUTE_US)
    good, bad = table["good"].to_pylist(), table["bad"].to_pylist()
    services = pc.cast(table["service"], pa.string()).to_pylist()
    cells = zip(services, minutes.to_pylist(), good, bad, strict=True)
    return [(service, minute, failed, kept + failed) for service, minute, kept, failed in cells]


TASKS: Tasks = {f"replay-{HOURS}-hours": replay}

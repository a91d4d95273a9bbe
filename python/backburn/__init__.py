"""Error budgets and burn rates, counted exactly from the logs you already have.

Four nouns: a `Spec` says what is promised, a `Rollup` what happened, an `Evaluation` holds one against the other.

>>> import backburn
>>> backburn.downtime("99.9%").rows[2].text
'40m19.2s'
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from backburn._rust import Rollup, Task, __version__
    from backburn.alerts.backtest import backtest
    from backburn.alerts.explain import Explanation, explain
    from backburn.alerts.grids import load_grid
    from backburn.alerts.policies import load_policy
    from backburn.alerts.result import Backtest, FiredAlert, Replay
    from backburn.alerts.score.result import Score
    from backburn.alerts.tuning.result import Tuning
    from backburn.alerts.tuning.tune import tune
    from backburn.draft.init import init
    from backburn.engine.inspection import Inspection, inspect
    from backburn.engine.tasks import Plan, merge, scan
    from backburn.errors import (
        BackburnError,
        DataAccessError,
        DataError,
        DataNotFoundError,
        DataPermissionError,
        InterruptedScanError,
        NotYetError,
        RollupMismatchError,
        SpecError,
        UsageError,
    )
    from backburn.evaluation.budget import Budget
    from backburn.evaluation.confidence import Blocks, Confidence
    from backburn.evaluation.conversion import Conversion, convert
    from backburn.evaluation.doctor import Doctor, doctor
    from backburn.evaluation.downtime import Downtime, downtime
    from backburn.evaluation.evaluate import evaluate, rollup
    from backburn.evaluation.export import Export
    from backburn.evaluation.percentile import Percentile, Percentiles
    from backburn.evaluation.percentiles import percentiles
    from backburn.evaluation.planning import plan
    from backburn.evaluation.provenance import Data, Note
    from backburn.evaluation.result import Evaluation, Result
    from backburn.evaluation.specs import load_spec, load_specs, schema
    from backburn.evaluation.timeline import timeline
    from backburn.evaluation.timetable import Timeline
    from backburn.evaluation.validate import validate
    from backburn.interop.export import export
    from backburn.interop.prometheus.shapes import Rules
    from backburn.model.finding import Finding
    from backburn.model.spec import Spec
    from backburn.plot.drawing import draw

__all__ = [
    "BackburnError",
    "Backtest",
    "Blocks",
    "Budget",
    "Confidence",
    "Conversion",
    "Data",
    "DataAccessError",
    "DataError",
    "DataNotFoundError",
    "DataPermissionError",
    "Doctor",
    "Downtime",
    "Evaluation",
    "Explanation",
    "Export",
    "Finding",
    "FiredAlert",
    "Inspection",
    "InterruptedScanError",
    "NotYetError",
    "Note",
    "Percentile",
    "Percentiles",
    "Plan",
    "Replay",
    "Result",
    "Rollup",
    "RollupMismatchError",
    "Rules",
    "Score",
    "Spec",
    "SpecError",
    "Task",
    "Timeline",
    "Tuning",
    "UsageError",
    "__version__",
    "backtest",
    "convert",
    "doctor",
    "downtime",
    "draw",
    "evaluate",
    "explain",
    "export",
    "init",
    "inspect",
    "load_grid",
    "load_policy",
    "load_spec",
    "load_specs",
    "merge",
    "percentiles",
    "plan",
    "rollup",
    "scan",
    "schema",
    "timeline",
    "tune",
    "validate",
]

_HOMES = {
    "backburn._rust": ("Rollup", "Task", "__version__"),
    "backburn.alerts.backtest": ("backtest",),
    "backburn.alerts.explain": ("Explanation", "explain"),
    "backburn.alerts.grids": ("load_grid",),
    "backburn.alerts.policies": ("load_policy",),
    "backburn.alerts.result": ("Backtest", "FiredAlert", "Replay"),
    "backburn.alerts.score.result": ("Score",),
    "backburn.alerts.tuning.result": ("Tuning",),
    "backburn.alerts.tuning.tune": ("tune",),
    "backburn.draft.init": ("init",),
    "backburn.engine.inspection": ("Inspection", "inspect"),
    "backburn.engine.tasks": ("Plan", "merge", "scan"),
    "backburn.errors": tuple(name for name in __all__ if name.endswith("Error")),
    "backburn.evaluation.budget": ("Budget",),
    "backburn.evaluation.confidence": ("Blocks", "Confidence"),
    "backburn.evaluation.conversion": ("Conversion", "convert"),
    "backburn.evaluation.doctor": ("Doctor", "doctor"),
    "backburn.evaluation.downtime": ("Downtime", "downtime"),
    "backburn.evaluation.evaluate": ("evaluate", "rollup"),
    "backburn.evaluation.export": ("Export",),
    "backburn.evaluation.planning": ("plan",),
    "backburn.evaluation.percentile": ("Percentile", "Percentiles"),
    "backburn.evaluation.percentiles": ("percentiles",),
    "backburn.evaluation.provenance": ("Data", "Note"),
    "backburn.evaluation.result": ("Evaluation", "Result"),
    "backburn.evaluation.specs": ("load_spec", "load_specs", "schema"),
    "backburn.evaluation.timeline": ("timeline",),
    "backburn.evaluation.timetable": ("Timeline",),
    "backburn.evaluation.validate": ("validate",),
    "backburn.interop.export": ("export",),
    "backburn.interop.prometheus.shapes": ("Rules",),
    "backburn.model.finding": ("Finding",),
    "backburn.plot.drawing": ("draw",),
    "backburn.model.spec": ("Spec",),
}
_HOME = {name: home for home, names in _HOMES.items() for name in names}


# A type checker reads the imports above; with this function it would take any misspelt name for an attribute.
if not TYPE_CHECKING:

    def __getattr__(name: str) -> object:
        # What is named above is imported when it is first used, so that `import backburn` costs next to nothing.
        if name not in _HOME:
            raise AttributeError(f"module 'backburn' has no attribute {name!r}")
        value = getattr(import_module(_HOME[name]), name)
        globals()[name] = value
        return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})

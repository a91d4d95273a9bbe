"""The table of verbs: where each lives and what it does, readable without importing any of them."""

from __future__ import annotations

__all__ = ["NOT_YET", "VERBS"]

VERBS = {
    "init": "Write a first spec for a log, with the reason for each guess.",
    "inspect": "Say what files are: format and why, columns, first rows.",
    "validate": "Check specs: every error, and what is worth a second look.",
    "schema": "Print the JSON Schema of the documents.",
    "evaluate": "Hold promises against logs: SLI, verdict, budget, burn rates.",
    "backtest": "Replay alert policies: what would have fired, and when.",
    "tune": "Choose an alert policy, and test it on data it has not seen.",
    "policy": "List alert policies, and say what each does about errors.",
    "timeline": "Say at every tick how fast the budget burnt, and what is left.",
    "percentiles": "Say how long requests took: quantiles, span by span.",
    "rollup": "Count logs once and save the counts.",
    "merge": "Put saved counts together.",
    "convert": "Write any log as Parquet.",
    "export": "Write saved counts as another tool reads them.",
    "downtime": "Say how long everything may be down under a target.",
    "doctor": "Look at this installation.",
}
"""Each verb is the function of its name in the module of its name; here is what its help begins with."""

NOT_YET = frozenset(
    {
        "attribute",
        "history",
        "import",
        "report",
        "suggest",
        "trend",
    }
)
"""Verbs of the grammar whose feature does not exist yet."""

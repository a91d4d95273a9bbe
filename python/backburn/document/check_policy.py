"""Whether the parts of an alert policy agree with each other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backburn.document.node import child_path
from backburn.document.words import suggestion

if TYPE_CHECKING:
    from backburn.document.node import Table
    from backburn.document.notes import Notes
    from backburn.document.policy import AlertEntry, ConditionEntry, PolicyShape

__all__ = ["check_policy"]

_KINDS = ("long", "window", "consumed", "exhausts_within", "drop", "no_traffic")
_LEVELS = ("factor", "budget", "error_ratio")
_EXAMPLE = "write {long: 1h, short: 5m, factor: 14.4}, or another condition"


def check_policy(shape: PolicyShape, notes: Notes) -> None:
    """Note what contradicts, what refers to nothing and what is there twice."""
    names: dict[str, AlertEntry] = {}
    for alert in shape.alerts:
        if alert.name is not None:
            if alert.name.text in names:
                message = f"another alert is called {alert.name.text!r} too"
                notes.about("BB113", alert.name.node, message, "give each a name of its own")
            names.setdefault(alert.name.text, alert)
        for condition in alert.any:
            _check_condition(condition, shape, notes)
    for alert in shape.alerts:
        for other in alert.inhibited_by:
            if other is not None and other.text not in names:
                message = f"there is no alert {other.text!r}"
                notes.about("BB112", other.node, message, suggestion(other.text, names) if names else None)
    _check_cycles(names, notes)


def _check_condition(condition: ConditionEntry, shape: PolicyShape, notes: Notes) -> None:
    node = condition.node
    kinds = [kind for kind in _KINDS if kind in node]
    if len(kinds) != 1:
        message = f"a condition has {' and '.join(kinds)} at once" if kinds else "nothing is compared"
        notes.about("BB111" if kinds else "BB105", node, message, _EXAMPLE)
    elif kinds[0] in {"long", "window"}:
        _check_windows(node, kinds[0], notes)
        _check_level(condition, kinds[0], shape, notes)
    else:
        for word in (*_LEVELS, "short"):
            key = node.key(word)
            if key is not None:
                notes.about("BB111", key, f"{word!r} belongs to windows of a burn rate", "leave it out")


def _check_windows(node: Table, kind: str, notes: Notes) -> None:
    key = node.key("short")
    if kind == "long" and key is None:
        path = child_path(node.path, "short")
        notes.say("BB108", node.place, path, "'short' is missing", "write short: 5m, or window in place of long")
    elif kind == "window" and key is not None:
        notes.about("BB111", key, "a short window stands beside a long one", "write long in place of window")


def _check_level(condition: ConditionEntry, kind: str, shape: PolicyShape, notes: Notes) -> None:
    node = condition.node
    levels = [level for level in _LEVELS if level in node]
    if len(levels) != 1:
        both = f"a condition has {' and '.join(levels)} at once"
        remedy = "write one of factor, budget and error_ratio"
        notes.about("BB111" if levels else "BB105", node, both if levels else "no level is compared with", remedy)
        return
    level, key = levels[0], node.key(levels[0]) or node
    if level == "error_ratio" and kind == "long":
        notes.about("BB111", key, "an error ratio is that of one window", "write window, or a factor")
    if level == "budget" and "period" not in shape.node:
        notes.about("BB111", key, "a share of the budget needs the period that it is of", "write period: 30d")
    value = {"budget": condition.budget, "error_ratio": condition.error_ratio}.get(level)
    if value is not None and not 0 < value < 1:
        at = node.get(level) or node
        notes.about("BB106", at, f"{level} lies between 0% and 100%", f"write {level}: 2%")


def _check_cycles(alerts: dict[str, AlertEntry], notes: Notes) -> None:
    """Note alerts that inhibit each other: which of them is told would be nobody's guess."""

    def below(name: str, seen: tuple[str, ...]) -> tuple[str, ...] | None:
        if name in seen:
            return (*seen[seen.index(name) :], name)
        entry = alerts.get(name)
        others = [] if entry is None else [one.text for one in entry.inhibited_by if one is not None]
        return next((found for other in others if (found := below(other, (*seen, name)))), None)

    said: set[frozenset[str]] = set()
    for name, alert in alerts.items():
        cycle = below(name, ())
        if cycle is not None and frozenset(cycle) not in said:
            said.add(frozenset(cycle))
            at = alert.node.get("inhibited_by") or alert.node
            notes.about("BB111", at, f"alerts inhibit each other: {' by '.join(cycle)}", "leave one of them out")

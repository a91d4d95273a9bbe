"""How alert policies look: side by side, and explained under a target."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backburn.model.policy import Pair, Single
from backburn.output.answer import Answer, Cell, Flat, Heading, Lines, Table, View
from backburn.output.lengths import factor_text, ratio_text, time_text
from backburn.output.numbers import UNDEFINED
from backburn.output.unseen import sentences

if TYPE_CHECKING:
    from collections.abc import Sequence
    from fractions import Fraction

    from backburn.alerts.explain import Explanation
    from backburn.alerts.explained import ExplainedAlert, ExplainedCondition
    from backburn.alerts.listing import Listing
    from backburn.model.policy import Alert, AlertPolicy
    from backburn.output.answer import Block
    from backburn.units import Duration

__all__ = ["explained", "listed"]

_EXACT = 15
_SHORT = 3
_SIGNS = {"gt": ">", "gte": ">="}


def listed(listing: Listing) -> Answer:
    """Give a list of policies its shapes."""
    return Answer(
        envelope=listing.to_dict,
        view=lambda: View([_policies(listing), Lines(_sources(listing), greppable=True)]),
        flat=lambda: Flat([column.name for column in listing.columns()], listing.records()),
    )


def explained(explanation: Explanation) -> Answer:
    """Give an explanation its shapes."""
    return Answer(
        envelope=explanation.to_dict,
        view=lambda: _view(explanation),
        flat=lambda: Flat([column.name for column in explanation.columns()], explanation.records()),
    )


def _policies(listing: Listing) -> Table:
    headings = [
        Heading("policy", "name"),
        Heading("period", "number"),
        Heading("alert", "name"),
        Heading("severity", "name"),
        Heading("op", "name"),
        Heading("for", "number"),
        Heading("any of: factor @ long/short"),
    ]
    rows = [
        [
            Cell(policy.name),
            _duration(policy.period),
            Cell(alert.name),
            Cell(alert.severity),
            Cell(_SIGNS[alert.op]),
            _duration(alert.wait),
            Cell(", ".join(_tiers(policy, alert))),
        ]
        for policy in listing.policies
        for alert in policy.alerts
    ]
    return Table(headings, rows, keys=3)


def _tiers(policy: AlertPolicy, alert: Alert) -> list[str]:
    from backburn.alerts.wording import level, words

    found = []
    for condition in alert.any:
        factor = level(policy, condition)
        if factor is not None and isinstance(condition, Pair):
            found.append(f"{factor_text(factor)} @ {condition.long.text}/{condition.short.text}")
        elif factor is not None and isinstance(condition, Single):
            found.append(f"{factor_text(factor)} @ {condition.window.text}")
        else:
            found.append(words(policy, alert, condition))
    return found


def _sources(listing: Listing) -> list[Cell]:
    sources = [Cell(f"{one.name}: {one.source}", "quiet") for one in listing.policies if one.source]
    count = len(listing.policies)
    return [*sources, Cell("1 policy." if count == 1 else f"{count:,} policies.")]


def _view(explanation: Explanation) -> View:
    blocks: list[Block] = [Lines(_head(explanation)), _conditions(explanation.alerts)]
    if any(alert.reactions for alert in explanation.alerts):
        blocks.append(_reactions(explanation))
    return View([*blocks, Lines([Cell(sentence) for sentence in sentences(explanation)], listed=True)])


def _head(explanation: Explanation) -> list[Cell]:
    policy, window = explanation.policy, explanation.window.text
    target, left = ratio_text(explanation.target, _EXACT), ratio_text(1 - explanation.target)
    lines = [Cell(f"{policy.name} at {target} over {window}: {left} of the events may fail.")]
    if explanation.period.microseconds != explanation.window.microseconds:
        period = explanation.period.text
        lines.append(Cell(f"Its factors are made for {period}: shares of the budget are of {period}, not of {window}."))
    if explanation.baseline:
        lines.append(Cell(f"Before the errors below, {ratio_text(explanation.baseline)} fail already."))
    if explanation.traffic_change != 1:
        times = factor_text(explanation.traffic_change)
        lines.append(Cell(f"During the errors there is {times} times as much traffic as before."))
    return lines


def _conditions(alerts: Sequence[ExplainedAlert]) -> Table:
    waits = any(alert.alert.wait for alert in alerts)
    keeps = any(alert.alert.keep_firing for alert in alerts)
    headings = [
        Heading("alert", "name"),
        Heading("severity", "name"),
        Heading("condition", "name"),
        *([Heading("for", "number")] if waits else []),
        *([Heading("keeps firing", "number")] if keeps else []),
        Heading("errors", "number"),
        Heading("budget spent", "number"),
        Heading("exhausts in", "number"),
    ]
    rows = [
        [
            Cell(alert.alert.name),
            Cell(alert.alert.severity),
            Cell(condition.words),
            *([_duration(alert.alert.wait)] if waits else []),
            *([_duration(alert.alert.keep_firing)] if keeps else []),
            _level(alert, condition),
            _share(condition.spent),
            _time(condition.exhausts_in),
        ]
        for alert in alerts
        for condition in alert.conditions
    ]
    return Table(headings, rows, keys=3)


def _level(alert: ExplainedAlert, condition: ExplainedCondition) -> Cell:
    if condition.level is None:
        return _time(None)
    text = f"{_SIGNS[alert.alert.op]} {ratio_text(condition.level)}"
    return Cell(text, "plain" if condition.reachable else "bad")


def _reactions(explanation: Explanation) -> Table:
    """Say what each alert does about each error ratio; what is spent by then where the conditions do not say it."""
    alerts = [alert for alert in explanation.alerts if alert.reactions]
    spends = explanation.traffic_change != 1 or explanation.baseline or any(alert.alert.wait for alert in alerts)
    headings = [Heading("errors", "number"), Heading("burn rate", "number")]
    for alert in alerts:
        told = ["fires after", *(["has spent"] if spends else []), "resets after"]
        headings += [Heading(f"{alert.alert.name} {one}", "number") for one in told]
    rows = []
    for reactions in zip(*(alert.reactions for alert in alerts), strict=True):
        cells = [Cell(ratio_text(reactions[0].error_ratio)), Cell(factor_text(reactions[0].burn_rate))]
        for one in reactions:
            cells.append(Cell("never", "quiet") if one.fires_after is None else _time(one.fires_after))
            cells += [*([_share(one.spent)] if spends else []), _time(one.resets_after)]
        rows.append(cells)
    return Table(headings, rows, keys=2)


def _duration(length: Duration | None) -> Cell:
    return Cell(UNDEFINED, "quiet") if length is None else Cell(length.text)


def _share(share: Fraction | None) -> Cell:
    return Cell(ratio_text(share, _SHORT), "quiet" if share is None else "plain")


def _time(seconds: Fraction | None) -> Cell:
    return Cell(time_text(seconds), "quiet" if seconds is None else "plain")

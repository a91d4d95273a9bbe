"""Tests of exported rules, for `promtool test rules`: the alerts of incidents that did happen.

Counters are given as Prometheus 2 and 3 both read them to the same whole counts: at each step with what happened in it,
and half a step later begun anew at zero. A range of Prometheus 2 holds the sample at its beginning. One of Prometheus 3
does not, and so begins half a step later; but an increase from zero is not extrapolated to the time before it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Any

from backburn.errors import UsageError
from backburn.interop.prometheus.made_up import made_up
from backburn.interop.prometheus.written import selector, written
from backburn.units import Duration

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from backburn.interop.prometheus.shapes import Alerting, Group, Rules

__all__ = ["Fired", "Incident", "Series", "beginning", "checks", "document", "given", "proof", "since"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """The bad and the valid events of a series by step: what happened in `[k·s, (k+1)·s)` by k, where anything did.

    `labels` are those of the objective, as its counters have them; a null one is left out. Its counters are there from
    the step `first` on, or where that is None from the first event on.
    """

    objective: str
    labels: Mapping[str, str]
    counts: Mapping[int, tuple[int, int]]
    first: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Fired:
    """An alert of a policy that fired for a series at the ticks in `[first, end)`; `end` is None where it fires on."""

    objective: str
    alert: str
    labels: Mapping[str, str]
    first: int
    end: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Incident:
    """Time to look at: what began to fire at ticks in `[start, end]`, or ended there, is checked."""

    name: str
    start: int
    end: int


def proof(
    group: Group, step: Duration, series: Sequence[Series], fired: Sequence[Fired], incidents: Iterable[Incident]
) -> list[dict[str, Any]]:
    """Give a test for each incident: of every alert the tick before it fires, the first, the last, and the one after.

    A test begins so long before the incident that every window at its beginning is whole, and that what waits or is
    kept has waited since.

    Raises:
        UsageError: no counters can be made up that the selectors of an objective tell apart.
    """
    return [_test(group, step, series, fired, incident) for incident in incidents]


def document(rules: Rules, file: str, tests: Mapping[str, Sequence[Mapping[str, Any]]]) -> dict[str, Any]:
    """Give the file of tests of a file of rules, by the names of their groups.

    Raises:
        UsageError: groups have different intervals, of which a file of tests has one.
    """
    if len({group.interval.seconds for group in rules.groups}) > 1:
        raise UsageError("the tests of groups with different intervals need a file each", "export the documents apart")
    return {
        "rule_files": [file],
        "evaluation_interval": written(rules.groups[0].interval),
        "group_eval_order": [group.name for group in rules.groups],
        "tests": [test for group in rules.groups for test in tests.get(group.name, ())],
    }


def _test(
    group: Group, step: Duration, series: Sequence[Series], fired: Sequence[Fired], incident: Incident
) -> dict[str, Any]:
    begin = beginning(group, incident)
    return {
        "name": incident.name,
        "interval": written(_half(step)),
        "input_series": given(group, series, (begin, incident.end), step.microseconds),
        "alert_rule_test": list(checks(group, fired, incident, begin)),
    }


def beginning(group: Group, incident: Incident) -> int:
    """The tick at which the test of an incident begins."""
    every = group.interval.microseconds
    waits = [length.microseconds for rule in group.alerts for length in (rule.wait, rule.keep_firing) if length]
    return (incident.start - group.longest.microseconds - 2 * max(waits, default=0)) // every * every


def _half(step: Duration) -> Duration:
    seconds = step.seconds / 2
    return Duration(f"{seconds}s", seconds)


def given(group: Group, series: Iterable[Series], span: tuple[int, int], step: int) -> list[dict[str, str]]:
    """The counters of series at the ticks of a span."""
    return [written_out for one in series for written_out in _counters(group, one, span, step)]


def _counters(group: Group, series: Series, span: tuple[int, int], step: int) -> Iterator[dict[str, str]]:
    counters = group.counters[series.objective]
    made = made_up(series.objective, counters.bad[0], counters.valid[0], series.labels)
    first = min(series.counts) if series.first is None else series.first
    bad = {at: failed for at, (failed, _) in series.counts.items()}
    other = {at: valid - failed if made.shared else valid for at, (failed, valid) in series.counts.items()}
    for (name, labels), counts in ((made.bad, bad), (made.other, other)):
        yield {"series": selector(name, labels), "values": _samples(counts, first, span, step)}


def _samples(counts: Mapping[int, int], first: int, span: tuple[int, int], step: int) -> str:
    """What a counter shows at each step of a span and half a step later, in the notation of promtool."""
    start, end = span[0] // step, span[1] // step
    shown: list[int | None] = []
    for at in range(start, end + 1):
        # Nothing has grown yet at the first sample, of a span or of a counter.
        grown = counts.get(at - 1, 0) if at > max(start, first) else 0
        shown += [grown, 0] if at >= first else [None, None]
    return " ".join(_repeated(value, len(list(same))) for value, same in groupby(shown))


def _repeated(value: int | None, times: int) -> str:
    if value is None:
        return f"_x{times}"
    return str(value) if times == 1 else f"{value}+0x{times - 1}"


def checks(group: Group, fired: Sequence[Fired], incident: Incident, begin: int) -> Iterator[dict[str, Any]]:
    """What fires at both sides of each edge in an incident, in a test that begins at a tick."""
    every = group.interval.microseconds
    for name in dict.fromkeys(rule.alert for rule in group.alerts):
        rules = [rule for rule in group.alerts if rule.alert == name]
        own = [(rule, one) for one in fired for rule in rules if _of(rule, one)]
        edges = {edge for _, one in own for edge in (one.first, one.end) if edge is not None}
        ticks = {tick for edge in edges for tick in (edge - every, edge) if incident.start <= tick <= incident.end}
        for tick in sorted(ticks):
            firing = [pair for pair in own if pair[1].first <= tick and (pair[1].end is None or tick < pair[1].end)]
            yield {
                "eval_time": since(tick - begin),
                "alertname": name,
                "exp_alerts": [_expected(*pair) for pair in firing],
            }


def _of(rule: Alerting, fired: Fired) -> bool:
    return (rule.objective, rule.origin) == (fired.objective, fired.alert) and rule.region.holds(fired.labels)


def since(micros: int) -> str:
    """Write a time since the beginning of a test."""
    return written(Duration.parse(f"{micros}us")) if micros else "0s"


def _expected(rule: Alerting, fired: Fired) -> dict[str, Any]:
    labels = {**rule.recorded, **fired.labels, **rule.labels}
    notes = {name: _rendered(text, labels) for name, text in rule.annotations.items()}
    return {"exp_labels": labels, "exp_annotations": notes}


def _rendered(template: str, labels: Mapping[str, str]) -> str:
    """Fill in an annotation."""
    filled = re.sub(r"\{\{ \$labels\.(\w+) \}\}", lambda found: labels.get(found[1], ""), template)
    return filled.replace('{{ "{{" }}', "{{")

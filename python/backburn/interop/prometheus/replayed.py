"""From a backtest to tests of exported rules: what a replay says of recorded incidents, a Prometheus has to say too."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backburn.engine.times import from_micros, rfc3339, to_micros
from backburn.errors import DataError, UsageError
from backburn.evaluation import exclusions
from backburn.evaluation.series import labels_of
from backburn.interop.prometheus.proof import Fired, Incident, Series, beginning, document, proof
from backburn.interop.prometheus.yaml import dump

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from typing import Any

    from backburn._rust import Rollup
    from backburn.alerts.policies import PolicyArgument
    from backburn.alerts.result import Backtest, FiredAlert, Replay
    from backburn.engine.data import DataArgument
    from backburn.interop.prometheus.counters import Counters
    from backburn.interop.prometheus.shapes import Group, Rules
    from backburn.model.spec import Objective

__all__ = ["file_of_tests", "replayed"]

_MOST = 5


def replayed(group: Group, rollup: Rollup, backtest: Backtest, *, most: int = _MOST) -> list[dict[str, Any]]:
    """Give a test for each of the worst incidents: those in which something was the most times above its level.

    An incident is time in which alerts overlap. Those that begin before the longest window is full are not asked about,
    for a Prometheus that looks further back would know more.

    Args:
        group: the rules of a document.
        rollup: what happened.
        backtest: what the policies of the rules did, in the same document alone.
        most: how many incidents.

    Raises:
        UsageError: the backtest has several policies for a series, or its series are not those of the rules.
    """
    own = [one for one in backtest.replays if one.objective in group.counters]
    seen = {(one.objective, *sorted((name, value or "") for name, value in one.series.items())) for one in own}
    if len(seen) != len(own):
        raise UsageError("the tests of rules are those of one policy", "replay the policy of the rules alone")
    fired = [one for replay in own for one in _fired(group.counters[replay.objective], replay)]
    tests = []
    for incident in _incidents(own, group.interval.microseconds, most):
        span = (beginning(group, incident), incident.end)
        series = [one for objective in group.spec.objectives for one in _series(group, objective, own, rollup, span)]
        tests += proof(group, group.spec.source.step, series, fired, [incident])
    return tests


def file_of_tests(
    rules: Rules, data: DataArgument | Sequence[DataArgument] | None, policy: PolicyArgument | None, *, file: str
) -> str:
    """Give the file of tests of rules, which stand in `file`: the worst incidents that recorded traffic has.

    Raises:
        UsageError: as of `replayed` and `document`.
        DataError: the data cannot be read, or have no incident.
    """
    from backburn.alerts.backtest import backtest
    from backburn.evaluation.evaluate import rollup

    found = {}
    for group in rules.groups:
        counted = rollup(group.spec, data)
        found[group.name] = replayed(group, counted, backtest(group.spec, counted, policy=policy))
    if not any(found.values()):
        longest = max((group.longest for group in rules.groups), key=lambda length: length.seconds)
        raise DataError(
            f"there is nothing to test: no alert begins after the longest window, {longest.text}, is full",
            "give more data, or a policy with shorter windows",
        )
    return dump(document(rules, file, found), ["What happened, and which alerts it has to raise: promtool test rules"])


def _incidents(replays: Sequence[Replay], every: int, most: int) -> list[Incident]:
    """Where alerts overlap, with the tick before; the worst ones in the order of time."""
    seen = [(alert, _end(alert, replay)) for replay in replays for alert in replay.alerts if not alert.warm_up]
    spans: list[tuple[int, int, float]] = []
    for alert, end in sorted(seen, key=lambda pair: pair[0].start):
        start, worst = to_micros(alert.start, "start") - every, alert.highest.times
        if spans and start <= spans[-1][1]:
            before = spans.pop()
            spans.append((before[0], max(before[1], end), max(before[2], worst)))
        else:
            spans.append((start, end, worst))
    chosen = sorted(sorted(spans, key=lambda span: -span[2])[:most])
    return [
        Incident(name=f"what began at {rfc3339(from_micros(start + every))}", start=start, end=end)
        for start, end, _ in chosen
    ]


def _end(alert: FiredAlert, replay: Replay) -> int:
    return to_micros(replay.window.end if alert.end is None else alert.end, "end")


def _fired(counters: Counters, replay: Replay) -> Iterator[Fired]:
    labels = _labels(counters, replay.series)
    for alert in replay.alerts:
        yield Fired(
            objective=replay.objective,
            alert=alert.alert,
            labels=labels,
            first=to_micros(alert.start, "start"),
            end=None if alert.end is None else to_micros(alert.end, "end"),
        )


def _labels(counters: Counters, series: Mapping[str, str | None]) -> dict[str, str]:
    """The labels of a series as its counters have them: null ones are named by the label `null`."""
    if set(counters.labels) != set(series):
        told, known = ", ".join(series), ", ".join(counters.labels)
        raise UsageError(
            f"the backtest tells series apart by '{told}', and the rules by '{known}'",
            "name the same labels in the objective's by and in prometheus.by",
        )
    found = {counters.labels[name]: value for name, value in series.items() if value is not None}
    null = [counters.labels[name] for name, value in series.items() if value is None]
    return {**found, "null": ",".join(null)} if null else found


def _series(
    group: Group, objective: Objective, replays: Sequence[Replay], rollup: Rollup, span: tuple[int, int]
) -> Iterator[Series]:
    """What happened in a span, step by step, without the time that the document leaves out.

    Every series that was replayed has counters from the beginning: also one that has no event yet, or never.
    """
    own = [replay for replay in replays if replay.objective == objective.name]
    if not own:
        return
    step = group.spec.source.step.microseconds
    steps = range(span[0] // step, span[1] // step)
    by = labels_of(objective, group.spec.source)
    told = dict(rollup.tallies(objective.name, by, [(at * step, (at + 1) * step) for at in steps]))
    for replay in own:
        cut = exclusions.widened(exclusions.applying(group.spec, dict(replay.series)), step)
        tallies = told.get(tuple(replay.series[label] for label in by), [])
        counts = {
            at: (bad, bad + tally.good)
            for at, tally in zip(steps, tallies, strict=False)
            if (bad := tally.bad + (tally.unknown if objective.sli.unparsable == "bad" else 0)) + tally.good
            and not any(start <= at * step < end for start, end in cut)
        }
        labels = _labels(group.counters[objective.name], replay.series)
        yield Series(objective=objective.name, labels=labels, counts=counts, first=steps.start)

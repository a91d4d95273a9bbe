"""From promises and alert policies to the rules of a Prometheus."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from backburn.errors import SpecError
from backburn.interop.prometheus.conditions import Subject, windows
from backburn.interop.prometheus.counters import Counters, counters
from backburn.interop.prometheus.names import Names, Naming, names
from backburn.interop.prometheus.refused import check
from backburn.interop.prometheus.regions import Region, regions
from backburn.interop.prometheus.shapes import Alerting, Group, Recording, Rules
from backburn.interop.prometheus.told import annotated, camel, reason
from backburn.interop.prometheus.written import selector, written
from backburn.model.policy import Alert, AlertPolicy
from backburn.model.spec import Objective, Override, Spec

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from backburn.units import Duration

__all__ = ["PolicyOf", "rules"]

PolicyOf = Callable[[Spec, Objective, Override | None], AlertPolicy | None]
"""The policy of an objective, or of the series of one of its overrides; None where nobody is told."""


def rules(
    specs: Spec | Sequence[Spec],
    policy_of: PolicyOf,
    *,
    naming: Naming = "backburn",
    labels: Mapping[str, str] | None = None,
    silence: Duration | None = None,
) -> Rules:
    """Give the rules that alert as the policies say: a group for each document, what is recorded before what alerts.

    Counts are recorded, by how much the counters of bad and of valid events grew in each window, and quotients of them
    are compared with the double nearest to the exact level, so that a tie is a tie. Such an alert also fires when
    everything fails, and says nothing without traffic.

    Counts are whole where counters are read at both ends of a window. A live Prometheus extrapolates to where they are
    not, and from version 3 on also to the beginning where they are. Both counts are stretched alike, which leaves their
    quotient as it is; but a tie may be lost to floating point, and guards see what was guessed. Counts are not rounded,
    for that would change the quotient: 5 of 50 events, seen as 5.6 of 55.6, would be 6 of 56. A window has to hold two
    readings.

    A group is evaluated at the policies' `every`, else at the document's step. Inhibition is no matter of rules: what
    Alertmanager has to be told stands in the notes.

    Args:
        specs: the promises.
        policy_of: says which policy an objective, or those of its series for which an override holds, has.
        naming: `sloth` records the shares of bad events under Sloth's names too, and compares those.
        labels: the labels that were given to `export openmetrics`.
        silence: alert on counters that have not grown for so long, and on those that have been gone for so long.

    Raises:
        SpecError: a policy asks for what rules cannot do, or two objectives would be recorded as one.
    """
    each = [specs] if isinstance(specs, Spec) else list(specs)
    parts = [_parts(spec, policy_of, naming, labels or {}) for spec in each]
    groups = tuple(_group(_name(own[0].spec, each), own, silence) for own in parts if own)
    if not groups:
        raise SpecError("no objective has an alert policy", "name one with --policy, as in --policy google-30d")
    _check_unique(groups)
    return Rules(groups=groups, notes=tuple(_notes(part for own in parts for part in own)))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Part:
    """Series of an objective with one policy."""

    spec: Spec
    objective: Objective
    policy: AlertPolicy
    region: Region
    counters: Counters
    names: Names

    @property
    def every(self) -> Duration:
        return self.policy.every or self.spec.source.step

    def called(self, alert: Alert) -> str:
        return camel(self.spec.service or self.spec.name, self.objective.name, alert.name)

    def alerts(self) -> Iterator[Alerting]:
        override = self.region.override
        target = self.objective.target if override is None or override.target is None else override.target
        subject = Subject(
            names=self.names,
            objective=self.objective,
            policy=self.policy,
            target=Fraction(target),
            matchers=tuple(str(matcher) for matcher in self.region.matchers),
        )
        for alert in self.policy.alerts:
            why = reason(alert, self.policy, self.objective, target)
            yield Alerting(
                alert=self.called(alert),
                expr=subject.expression(alert),
                labels={"severity": alert.severity},
                annotations=annotated(self.spec, self.objective, self.counters.by, alert.name, why),
                wait=alert.wait,
                keep_firing=alert.keep_firing,
                objective=self.objective.name,
                origin=alert.name,
                region=self.region,
                recorded=self.names.labels,
            )


def _parts(spec: Spec, policy_of: PolicyOf, naming: Naming, labels: Mapping[str, str]) -> list[_Part]:
    found = []
    for objective in spec.objectives:
        own = counters(spec, objective, labels)
        for region in regions(objective, own.labels):
            policy = policy_of(spec, objective, region.override)
            if policy is not None:
                check(spec, objective, policy)
                called = names(spec, objective, own, naming)
                part = _Part(spec=spec, objective=objective, policy=policy, region=region, counters=own, names=called)
                found.append(part)
    return found


def _group(name: str, parts: list[_Part], silence: Duration | None) -> Group:
    first = parts[0]
    spec = first.spec
    for part in parts:
        if part.every.seconds != first.every.seconds:
            message = f"{spec.name}: '{first.policy.name}' is evaluated every {first.every.text}"
            raise SpecError(
                f"{message} and '{part.policy.name}' every {part.every.text}, and a group of rules has one interval",
                "write the same `every`, or export the objectives apart",
                value=part.policy.name,
            )
    recordings: list[Recording] = []
    alerts: list[Alerting] = []
    for objective in spec.objectives:
        own = [part for part in parts if part.objective is objective]
        if own:
            recordings += _recordings(own, silence)
            alerts += [alert for part in own for alert in part.alerts()]
            alerts += [] if silence is None else _silent(own[0], silence)
    return Group(
        spec=spec,
        name=name,
        interval=first.every,
        recordings=tuple(recordings),
        alerts=tuple(alerts),
        counters={part.objective.name: part.counters for part in parts},
        longest=_asked(parts, silence)[-1],
    )


def _recordings(parts: list[_Part], silence: Duration | None) -> Iterator[Recording]:
    for window in _asked(parts, silence):
        yield from parts[0].names.recordings(parts[0].counters, written(window))


def _asked(parts: list[_Part], silence: Duration | None) -> list[Duration]:
    """All windows, each once, the shortest first."""
    asked = [one for part in parts for one in windows(part.policy.alerts, part.objective)]
    every = {one.seconds: one for one in (*asked, *([] if silence is None else [silence]))}
    return [window for _, window in sorted(every.items())]


def _silent(part: _Part, length: Duration) -> Iterator[Alerting]:
    """Alerts about counters that stand still, and about those that are gone: neither is a ratio."""
    valid = selector(part.names.record("valid", written(length)), part.names.labels)
    service = part.spec.service or part.spec.name
    for name, what, expression, labels in (
        ("NoTraffic", "no traffic", f"{valid} == 0", {}),
        ("Absent", "its counters are gone", part.counters.silent(written(length)), part.names.labels),
    ):
        why = f"There were no events for {length.text}, so that no share of them can be too high."
        yield Alerting(
            alert=camel(service, part.objective.name, name),
            expr=expression,
            labels={"severity": "ticket", **labels},
            annotations=annotated(part.spec, part.objective, part.counters.by, what, why),
            objective=part.objective.name,
            region=Region(override=None, matchers=()),
            recorded=part.names.labels,
        )


def _name(spec: Spec, specs: list[Spec]) -> str:
    """The service, or where several documents are about it the document."""
    alone = sum(other.service == spec.service for other in specs) == 1
    return spec.service if spec.service is not None and alone else spec.name


def _check_unique(groups: tuple[Group, ...]) -> None:
    seen = set()
    for recording in (recording for group in groups for recording in group.recordings):
        key = (recording.record, *sorted(recording.labels.items()))
        if key in seen:
            which = selector("", recording.labels)
            raise SpecError(f"two objectives would be recorded as one: {which}", "rename one of them", value=which)
        seen.add(key)


def _notes(parts: Iterator[_Part]) -> Iterator[str]:
    """Where the policies come from, and what Alertmanager has to know."""
    policies: dict[str, AlertPolicy] = {}
    inhibited: list[tuple[_Part, Alert]] = []
    for part in parts:
        policies.setdefault(part.policy.name, part.policy)
        inhibited += [(part, alert) for alert in part.policy.alerts if alert.inhibited_by]
    for policy in policies.values():
        yield f"Alert policy {policy.name}" + ("" if policy.source is None else f": {policy.source}")
    lines = dict.fromkeys(line for part, alert in inhibited for line in _inhibition(part, alert))
    if lines:
        yield "An alert is hidden behind another by Alertmanager:"
        yield "inhibit_rules:"
        yield from (line for block in lines for line in block)


def _inhibition(part: _Part, alert: Alert) -> Iterator[tuple[str, str, str]]:
    named = {other.name: other for other in part.policy.alerts}
    equal = ", ".join([*part.names.labels, *part.counters.by])
    for name in alert.inhibited_by:
        yield (
            f"  - source_matchers: ['alertname=\"{part.called(named[name])}\"']",
            f"    target_matchers: ['alertname=\"{part.called(alert)}\"']",
            f"    equal: [{equal}]",
        )

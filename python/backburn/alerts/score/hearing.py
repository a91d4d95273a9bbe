"""Events of objectives, and what their services heard of them: the questions that the core is asked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from backburn.alerts.score.heard import hear, told
from backburn.alerts.score.rule import RULE
from backburn.alerts.score.scene import computed, labelled

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from backburn.alerts.replaying import Group
    from backburn.alerts.score.heard import Firing, Heard
    from backburn.alerts.score.scene import Staged
    from backburn.events import Label

__all__ = ["happened", "heard_of", "pages_of"]


def happened(one: Staged, labels: Sequence[Label] | None, threads: int) -> Staged:
    """Give an objective its events: those of labels, or else what follows from its counts."""
    from backburn import _rust

    if labels is not None:
        return labelled(one, labels)
    times, share = RULE.times, RULE.share
    found = _rust.computed(
        one.scene(),
        (times.numerator, times.denominator),
        (share.numerator, share.denominator),
        RULE.quiet,
        threads,
    )
    return computed(one, found)


def heard_of(staged: Sequence[Staged], outcomes: Sequence[Any], threads: int) -> Iterator[list[Heard]]:
    """Hold what fired against the events of each objective, service by service."""
    from backburn import _rust

    grounds = _rust.grounds([one.scene() for one in staged], threads)
    for one, outcome, made in zip(staged, outcomes, grounds, strict=True):
        yield [
            hear(
                ground,
                list(pages_of(one.group, outcome, service.places)),
                [event.span for event in service.events],
                one.scored,
                len(service.left_out),
            )
            for service, ground in zip(one.services, made, strict=True)
        ]


def pages_of(group: Group, outcome: Any, places: Sequence[int]) -> Iterator[Firing]:  # noqa: ANN401 - told by the stub.
    """Give the alerts of a service that page somebody, from when somebody hears of them."""
    fired: dict[str, list[Firing]] = {}
    for place, alerts in zip(group.places, outcome, strict=True):
        if place in places:
            for alert, (_, firings) in zip(group.policy.alerts, alerts, strict=True):
                fired.setdefault(alert.name, []).extend((one[0][1], one[0][2]) for one in firings)
    pages = {alert.name: alert.inhibited_by for alert in group.policy.alerts if alert.severity == RULE.severity}
    yield from told(fired, pages)

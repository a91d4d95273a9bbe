"""What a file of rules holds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from backburn.interop.prometheus.written import written

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from backburn.interop.prometheus.counters import Counters
    from backburn.interop.prometheus.regions import Region
    from backburn.model.spec import Spec
    from backburn.units import Duration

__all__ = ["Alerting", "Group", "Recording", "Rules"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Recording:
    """A rule that records the value of an expression under a name and labels."""

    record: str
    expr: str
    labels: Mapping[str, str]

    def to_dict(self) -> dict[str, Any]:
        """Give the rule in the words of Prometheus."""
        return {"record": self.record, "expr": self.expr, "labels": dict(self.labels)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Alerting:
    """A rule that alerts where an expression has values.

    `objective` and `origin` are the names of the objective and of the alert of its policy; none for an alert about
    silence. It is for the series of a `region`, which have the labels that are `recorded` beside their own.
    """

    alert: str
    expr: str
    labels: Mapping[str, str]
    annotations: Mapping[str, str]
    wait: Duration | None = None
    keep_firing: Duration | None = None
    objective: str
    origin: str | None = None
    region: Region
    recorded: Mapping[str, str]

    def to_dict(self) -> dict[str, Any]:
        """Give the rule in the words of Prometheus."""
        told: dict[str, Any] = {"alert": self.alert, "expr": self.expr}
        if self.wait is not None:
            told["for"] = written(self.wait)
        if self.keep_firing is not None:
            told["keep_firing_for"] = written(self.keep_firing)
        return {**told, "labels": dict(self.labels), "annotations": dict(self.annotations)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Rules that are evaluated one after the other: recordings first, then the alerts that read them.

    They are those of one document, `spec`. `counters` are those of each objective, by its name; `longest` is the
    longest window that is recorded.
    """

    spec: Spec
    name: str
    interval: Duration
    recordings: tuple[Recording, ...]
    alerts: tuple[Alerting, ...]
    counters: Mapping[str, Counters]
    longest: Duration

    def to_dict(self) -> dict[str, Any]:
        """Give the group in the words of Prometheus."""
        each = [rule.to_dict() for rule in self.recordings] + [rule.to_dict() for rule in self.alerts]
        return {"name": self.name, "interval": written(self.interval), "rules": each}


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """A file of rules; `notes` stand above them."""

    groups: tuple[Group, ...]
    notes: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Give the file in the words of Prometheus."""
        return {"groups": [group.to_dict() for group in self.groups]}

    def text(self) -> str:
        """Give the file as YAML."""
        from backburn.interop.prometheus.yaml import dump

        return dump(self.to_dict(), self.notes)

    def __iter__(self) -> Iterator[bytes]:
        """Give the file in UTF-8, as every export does."""
        yield self.text().encode()

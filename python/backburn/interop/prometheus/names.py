"""What recordings are called, and the labels that tell the objectives apart."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from backburn.errors import SpecError
from backburn.interop.prometheus.shapes import Recording
from backburn.interop.prometheus.written import selector

if TYPE_CHECKING:
    from collections.abc import Mapping

    from backburn.interop.prometheus.counters import Counters
    from backburn.model.spec import Objective, Spec

__all__ = ["Names", "Naming", "names"]

Naming = Literal["backburn", "sloth"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """How one objective is recorded.

    Counts always are: their quotient is compared. Sloth's names hold that quotient as well, for its dashboards.
    """

    naming: Naming
    labels: Mapping[str, str]

    def record(self, kind: str, window: str) -> str:
        """Name the count of bad or valid events of a window."""
        return f"backburn:{kind}:increase{window}"

    def recordings(self, counters: Counters, window: str) -> list[Recording]:
        """Record a window."""
        counts = [
            Recording(record=self.record(kind, window), expr=counters.grown(kind, window), labels=self.labels)
            for kind in ("bad", "valid")
        ]
        if self.naming == "backburn":
            return counts
        labels = {**self.labels, "sloth_window": window}
        return [*counts, Recording(record=_sloth(window), expr=self._ratio(window, ()), labels=labels)]

    def compared(self, window: str, matchers: tuple[str, ...], level: str) -> str:
        """Compare the share of bad events of a window."""
        if self.naming == "backburn":
            return f"{self._ratio(window, matchers)} {level}"
        # The label of the window would keep apart what `and` and `or` bring together.
        return f"max without (sloth_window) ({selector(_sloth(window), self.labels, matchers)} {level})"

    def _ratio(self, window: str, matchers: tuple[str, ...]) -> str:
        bad, valid = (selector(self.record(kind, window), self.labels, matchers) for kind in ("bad", "valid"))
        return f"{bad} / {valid}"


def names(spec: Spec, objective: Objective, counters: Counters, naming: Naming) -> Names:
    """Choose the labels of an objective; one that its series have already stays theirs.

    Raises:
        SpecError: its series have a label that has to tell objectives apart.
    """
    service = spec.service or spec.name
    if naming == "sloth":
        labels = {"sloth_id": f"{service}-{objective.name}", "sloth_service": service, "sloth_slo": objective.name}
    else:
        labels = {"objective": objective.name, "service": service}
        if spec.service is None or "service" in counters.by:
            labels = {"objective": objective.name, "document": spec.name}
    taken = next((label for label in (*labels, "sloth_window") if label in counters.by), None)
    if taken is not None:
        raise SpecError(
            f"{objective.name}: the rules need the label '{taken}', which its series have",
            "give it another name in prometheus.by, or leave it out",
            value=taken,
        )
    return Names(naming=naming, labels=labels)


def _sloth(window: str) -> str:
    return f"slo:sli_error:ratio_rate{window}"

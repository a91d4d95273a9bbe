"""The counters that hold the events of an objective: those that its document names, or those of `export openmetrics`.

The names of the latter are made in `scan/openmetrics/names.rs`; here they are made once more, for a rule has to name
them before there is a rollup.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from backburn.evaluation.series import labels_of
from backburn.interop.prometheus.written import selector

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from backburn.model.spec import Objective, Spec

__all__ = ["Counters", "counters"]

_OWN = ("objective", "reason", "null")


@dataclass(frozen=True, slots=True, kw_only=True)
class Counters:
    """Selectors of the counters of bad and of valid events, each the sum of several.

    `by` are the labels that tell series apart; `labels` says for each label of the objective what it is called here.
    """

    bad: tuple[str, ...]
    valid: tuple[str, ...]
    by: tuple[str, ...]
    labels: Mapping[str, str]

    def grown(self, kind: str, window: str) -> str:
        """By how much they grew within a window, for each series."""
        return self._sum(kind, lambda name: f"increase({name}[{window}])")

    def silent(self, length: str) -> str:
        """Series whose counters were there so long ago, and are no more."""
        first = self.valid[0]
        count = f"count{self._by}"
        return f"{count} ({first} offset {length}) unless {count} ({first})"

    @property
    def _by(self) -> str:
        return f" by ({', '.join(self.by)})" if self.by else ""

    def _sum(self, kind: str, each: Callable[[str], str]) -> str:
        first, *rest = self.bad if kind == "bad" else self.valid
        if not rest:
            return f"sum{self._by} ({each(first)})"
        # With a label of its own no series of the second counter hides behind one of the first.
        more = [f'label_replace({each(name)}, "_also", "yes", "", "")' for name in rest]
        return f"sum{self._by} (\n  {(chr(10) + '  or' + chr(10) + '  ').join([each(first), *more])}\n)"


def counters(spec: Spec, objective: Objective, constant: Mapping[str, str]) -> Counters:
    """Name the counters of an objective; those of an export have these constant labels as well."""
    told = objective.prometheus
    by = labels_of(objective, spec.source)
    if told is not None:
        kept = by if told.by is None else told.by
        return Counters(
            bad=(told.bad,), valid=(told.valid,), by=kept, labels={name: name for name in by if name in kept}
        )
    stem = _stems(other.name for other in spec.objectives)[objective.name]
    names = _names(by, constant)
    # What does not tell is in a counter of its own, whatever becomes of it.
    also = ("unknown",) if objective.sli.unparsable == "bad" else ()
    own = {**constant, "objective": objective.name}
    bad, valid = (tuple(selector(f"{stem}_{kind}_total", own) for kind in (first, *also)) for first in ("bad", "valid"))
    # A label that is null is missing; `null` tells it from one that is empty.
    series = (*names, "null") if names else ()
    return Counters(bad=bad, valid=valid, by=series, labels=dict(zip(by, names, strict=True)))


def _stems(objectives: Iterable[str]) -> dict[str, str]:
    """The beginnings of the names; where two would be the same, the later ones get a number."""
    stems: dict[str, str] = {}
    for name in sorted(objectives):
        plain = stem = f"backburn_{_sanitised(name)}"
        number = 2
        while stem in stems.values():
            stem, number = f"{plain}_{number}", number + 1
        stems[name] = stem
    return stems


def _names(by: Iterable[str], constant: Mapping[str, str]) -> tuple[str, ...]:
    """What labels are called; one that would be called like an earlier one gets the suffix `_label`."""
    taken = {*_OWN, *constant}
    names: list[str] = []
    for label in by:
        name = _sanitised(label)
        if name.startswith("__") or name[:1].isdigit() or not name:
            name = f"label_{name}"
        while name in taken:
            name += "_label"
        taken.add(name)
        names.append(name)
    return tuple(names)


def _sanitised(name: str) -> str:
    return re.sub(r"[^a-zA-Z0-9]", "_", name)

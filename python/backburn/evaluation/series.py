"""Which series an objective has, also those that ought to be there, and which target holds for each."""

from __future__ import annotations

from fnmatch import fnmatchcase
from itertools import product
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from decimal import Decimal

    from backburn.model.policy import AlertPolicy
    from backburn.model.spec import NoData, Objective, Override, Source, Spec

__all__ = [
    "Key",
    "Labels",
    "expected",
    "labels_of",
    "match_all",
    "no_data_of",
    "ordered",
    "policy_of",
    "policy_under",
    "target_of",
]

Key = tuple[str | None, ...]
Labels = dict[str, str | None]


def labels_of(objective: Objective, source: Source) -> tuple[str, ...]:
    """Name the labels through which an objective sees its series."""
    return source.by if objective.by is None else objective.by


def expected(source: Source, by: tuple[str, ...], seen: Iterable[Key]) -> list[Key]:
    """List the series that are expected and were never seen; labels that nothing is expected of are null.

    Where values are listed for several labels, every combination of them is expected.
    """
    listed = [label for label in by if label in source.expect]
    if not listed:
        return []
    places = [by.index(label) for label in listed]
    known = {tuple(key[place] for place in places) for key in seen}
    absent: list[Key] = []
    for values in product(*(source.expect[label] for label in listed)):
        if values not in known:
            wanted = dict(zip(listed, values, strict=True))
            absent.append(tuple(wanted.get(label) for label in by))
    return absent


def ordered(keys: Iterable[Key]) -> list[Key]:
    """Sort series as the core does: label by label, null first."""
    return sorted(keys, key=lambda key: [(value is not None, value or "") for value in key])


def target_of(objective: Objective, labels: Labels) -> Decimal:
    """Give the target that the first matching override sets for a series, else the objective's own."""
    override = _override(objective, labels)
    return objective.target if override is None or override.target is None else override.target


def no_data_of(objective: Objective, labels: Labels) -> NoData:
    """Say what a window without valid events is for a series, in the words of the first matching override or else."""
    override = _override(objective, labels)
    return objective.no_data if override is None or override.no_data is None else override.no_data


def policy_of(spec: Spec, objective: Objective, labels: Mapping[str, str | None]) -> AlertPolicy | None:
    """Give the alert policy of a series: the first matching override's, the objective's, or the document's."""
    return policy_under(spec, objective, _override(objective, labels))


def policy_under(spec: Spec, objective: Objective, override: Override | None) -> AlertPolicy | None:
    """Give the alert policy of the series for which an override holds, or none."""
    own = None if override is None else override.alert_policy
    return own or objective.alert_policy or spec.alert_policy


def _override(objective: Objective, labels: Mapping[str, str | None]) -> Override | None:
    return next((one for one in objective.overrides if match_all(one.match, labels)), None)


def match_all(patterns: Mapping[str, str], labels: Mapping[str, str | None]) -> bool:
    """Whether every pattern matches its label; null matches none."""
    values = ((labels.get(label), pattern) for label, pattern in patterns.items())
    return all(value is not None and fnmatchcase(value, pattern) for value, pattern in values)

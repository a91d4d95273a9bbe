"""Which policies are replayed on which series."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from backburn.errors import UsageError
from backburn.model.policy import AlertPolicy

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from backburn.model.spec import Objective, Spec

    PolicyArgument = AlertPolicy

__all__ = ["Chosen", "choose"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """The policies that are compared, each of which holds for every series."""

    policies: tuple[AlertPolicy, ...]

    def of(self, spec: Spec, objective: Objective, labels: Mapping[str, str | None]) -> tuple[AlertPolicy, ...]:
        """Give the policies of a series."""
        del spec, objective, labels
        return self.policies


def choose(asked: PolicyArgument | Sequence[PolicyArgument] | None, specs: Sequence[Spec]) -> Chosen:
    """Find the policies that are asked for.

    Raises:
        UsageError: there is none, or two have one name.
    """
    del specs
    listed = [] if asked is None else [asked] if isinstance(asked, AlertPolicy) else list(asked)
    if not listed:
        raise UsageError("no alert policy is named", "name one, as in --policy google-30d")
    names = [one.name for one in listed]
    for name in names:
        if names.count(name) > 1:
            raise UsageError(f"two policies are called '{name}'", "give one of them another name", value=name)
    return Chosen(policies=tuple(listed))

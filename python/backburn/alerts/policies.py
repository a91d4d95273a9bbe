"""Which policies are replayed on which series: those that are asked for, or those that the documents name."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from backburn.alerts.asking import endless
from backburn.document import catalogue
from backburn.errors import SpecError, UsageError
from backburn.evaluation.series import policy_of
from backburn.model.policy import AlertPolicy
from backburn.model.window import Rolling

if TYPE_CHECKING:
    from backburn.model.spec import Objective, Spec

    PolicyArgument = AlertPolicy | str | os.PathLike[str] | Mapping[str, object]

__all__ = ["ALL", "Chosen", "choose", "load_policies", "load_policy", "text_of"]

ALL = "all"
"""Every policy of the catalogue."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """The policies that are compared; `ahead` are those of all of the catalogue that ask what is to come."""

    policies: tuple[AlertPolicy, ...]
    asked: bool
    ahead: frozenset[str] = frozenset()
    _fitted: dict[tuple[int, str], AlertPolicy] = field(default_factory=dict)

    def of(self, spec: Spec, objective: Objective, labels: Mapping[str, str | None]) -> tuple[AlertPolicy, ...]:
        """Give the policies of a series: all that are asked for, or the one that its document names."""
        if self.asked:
            return tuple(policy for policy in self.policies if not self.leaves_out(policy, objective))
        named = policy_of(spec, objective, labels)
        return () if named is None else (named,)

    def leaves_out(self, policy: AlertPolicy, objective: Objective) -> bool:
        """Whether nobody asked for a policy by its name, and nothing that it asks about is to come of an objective."""
        return policy.name in self.ahead and endless(objective)

    def fitted(self, policy: AlertPolicy, objective: Objective) -> AlertPolicy:
        """Give a policy with the lengths that it has for an objective."""
        window = objective.window
        if not isinstance(window, Rolling):
            return policy
        key = (id(policy), window.length.text)
        return self._fitted.setdefault(key, policy.fitted(window.length))


def load_policy(asked: PolicyArgument) -> AlertPolicy:
    """Give one alert policy: the name of one in the catalogue, the path of a document, or a mapping.

    >>> load_policy("google-30d").alerts[0].name
    'page'

    Raises:
        UsageError: there is no such policy, or the file holds several.
        SpecError: the document is wrong, with every error in `findings`.
    """
    if asked == ALL and not Path(ALL).exists():
        raise UsageError(f"'{ALL}' is every policy, and one is meant", "name one of them, as in google-30d", value=ALL)
    found = load_policies(asked)
    if len(found) != 1:
        remedy = "name a file with one document of kind: AlertPolicy"
        raise UsageError(f"'{asked}' holds {len(found) or 'no'} alert policies", remedy, value=str(asked))
    return found[0]


def load_policies(asked: PolicyArgument) -> list[AlertPolicy]:
    """Give the alert policies of a file or a directory, or the one that has a name.

    Raises:
        UsageError: there is none.
        SpecError: a document is wrong, with every error in `findings`.
    """
    from backburn.document.alerting import is_path
    from backburn.document.notes import Notes
    from backburn.document.policies import POLICIES
    from backburn.document.words import suggestion

    if isinstance(asked, AlertPolicy):
        return [asked]
    if isinstance(asked, Mapping):
        return [POLICIES.from_dict(asked)]
    text = os.fspath(asked)
    if not is_path(text) and not isinstance(asked, os.PathLike):
        if text in catalogue.names():
            return [catalogue.read(text)]
        if not Path(text).exists():
            known = (*catalogue.names(), ALL)
            raise UsageError(f"there is no alert policy '{text}'", suggestion(text, known), value=text)
    notes = Notes()
    found = POLICIES.read_file(Path(text), notes)
    notes.settle()
    if not found:
        raise UsageError(f"'{text}' holds no alert policy", "name a file with kind: AlertPolicy", value=text)
    return found


def text_of(name: str) -> str:
    """Give the document of a policy as it stands: of one in the catalogue, or the text of a file that holds some.

    Raises:
        UsageError: there is no such policy, or the name is that of a directory.
        SpecError: the document is wrong, with every error in `findings`.
    """
    from backburn.document.files import texts
    from backburn.document.notes import Notes

    if name in catalogue.names():
        return catalogue.text(name)
    if name == ALL and not Path(ALL).exists():
        load_policy(name)
    load_policies(name)
    if Path(name).is_dir():
        raise UsageError(f"'{name}' is a directory", "name one of its files", value=name)
    notes = Notes()
    text = "".join(text for _, text in texts(Path(name), notes))
    notes.settle()
    return text


def choose(asked: PolicyArgument | Sequence[PolicyArgument] | None, specs: Sequence[Spec]) -> Chosen:
    """Find the policies that are asked for, or those that the documents name.

    Raises:
        UsageError: there is none, or two have one name.
    """
    if asked is None:
        return _named(specs)
    listed = [asked] if isinstance(asked, (AlertPolicy, str, os.PathLike, Mapping)) else list(asked)
    policies: list[AlertPolicy] = []
    ahead: set[str] = set()
    beside = {policy.name: policy for spec in specs for policy in spec.policies}
    for one in listed:
        if one == ALL:
            known = [catalogue.read(name) for name in catalogue.names()]
            ahead |= {policy.name for policy in known if policy.looks_ahead}
            policies += known
        elif isinstance(one, str) and one in beside:
            policies.append(beside[one])
        else:
            policies += load_policies(one)
    names = [one.name for one in policies]
    for name in names:
        if names.count(name) > 1:
            raise UsageError(f"two policies are called '{name}'", "give one of them another name", value=name)
    return Chosen(policies=tuple(policies), asked=True, ahead=frozenset(ahead))


def _named(specs: Sequence[Spec]) -> Chosen:
    """Collect what the documents name, each once; two of one name are told apart by where they hold."""
    found: dict[str, AlertPolicy] = {}
    for spec in specs:
        for objective in spec.objectives:
            overrides = [override.alert_policy for override in objective.overrides]
            for policy in (spec.alert_policy, objective.alert_policy, *overrides):
                if policy is None:
                    continue
                if found.setdefault(policy.name, policy) != policy:
                    message = f"'{spec.name}' has two alert policies called '{policy.name}'"
                    remedy = "give each a metadata.name of its own"
                    raise SpecError(message, remedy, file=None if spec.path is None else str(spec.path))
    if not found:
        raise UsageError("no alert policy is named", "name one, as in --policy google-30d, or write alert_policy")
    return Chosen(policies=tuple(found.values()), asked=False)

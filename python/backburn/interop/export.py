"""`export`: what happened, or when somebody is told, in the words of another tool."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, cast, overload

from backburn.errors import NotYetError, UsageError
from backburn.evaluation.export import Export, check_labels, openmetrics
from backburn.evaluation.specs import as_specs
from backburn.units import Duration

if TYPE_CHECKING:
    import os
    from collections.abc import Mapping, Sequence

    from backburn._rust import Rollup
    from backburn.alerts.policies import PolicyArgument
    from backburn.evaluation.specs import SpecArgument
    from backburn.interop.prometheus import PolicyOf, Rules
    from backburn.interop.prometheus.names import Naming
    from backburn.model.policy import AlertPolicy
    from backburn.model.spec import Objective, Override, Spec

    Source = Rollup | SpecArgument | Sequence[Spec]

__all__ = ["export"]

_LATER = ("grafana", "openslo", "pyrra", "sloth")
_NAMINGS = ("backburn", "sloth")


@overload
def export(
    format: Literal["openmetrics"],
    source: Rollup | str | os.PathLike[str],
    *,
    labels: Mapping[str, str] | None = None,
) -> Export: ...
@overload
def export(
    format: Literal["prometheus"],
    source: SpecArgument | Sequence[Spec],
    *,
    labels: Mapping[str, str] | None = None,
    policy: PolicyArgument | Sequence[PolicyArgument] | None = None,
    names: Naming = "backburn",
    silence: str | None = None,
) -> Rules: ...
@overload
def export(
    format: str,
    source: Source,
    *,
    labels: Mapping[str, str] | None = None,
    policy: PolicyArgument | Sequence[PolicyArgument] | None = None,
    names: str = "backburn",
    silence: str | None = None,
) -> Export | Rules: ...
def export(
    format: str,
    source: Source,
    *,
    labels: Mapping[str, str] | None = None,
    policy: PolicyArgument | Sequence[PolicyArgument] | None = None,
    names: str = "backburn",
    silence: str | None = None,
) -> Export | Rules:
    """Give a rollup as counters, or promises and their alert policy as rules of Prometheus.

    `openmetrics` makes a rollup cumulative counters, from which Prometheus computes what `timeline` does; the names and
    labels stand in the help of the verb, and what is not told by counters is in the text as well, so that it is data
    again. `prometheus` makes promises rules that fire when a backtest says so.

    >>> from backburn.model.policy import Alert, AlertPolicy, Single
    >>> page = Alert(name="page", severity="page", any=(Single(window=Duration.parse("1h"), factor=10),))
    >>> spec = {
    ...     "apiVersion": "backburn/v1",
    ...     "kind": "ServiceLevelObjectives",
    ...     "metadata": {"service": "shop"},
    ...     "objectives": [
    ...         {"name": "availability", "sli": {"kind": "availability"}, "target": "99%", "window": "1d"}
    ...     ],
    ... }
    >>> (group,) = export("prometheus", spec, policy=AlertPolicy(name="mine", alerts=(page,))).groups
    >>> group.alerts[0].alert, group.alerts[0].expr[-5:]
    ('ShopAvailabilityPage', '> 0.1')

    Args:
        format: `openmetrics` or `prometheus`.
        source: for counters a Rollup, or the path of a saved or exported one; for rules what `evaluate` takes as spec.
        labels: labels that every series has besides its own; rules look at counters that were exported with them.
        policy: for rules one policy: an AlertPolicy, a name of the catalogue, a path or a dict; those that the
            documents name unless given.
        names: for rules `sloth`, where recordings have Sloth's names too.
        silence: for rules a length (10m), after which they alert on counters that stand still, and on those that went.

    Raises:
        NotYetError: the format is one that does not exist yet.
        UsageError: the format is none, an option is not its own, or a label cannot be one.
        SpecError: a policy asks for what rules cannot do.
        DataError: there is no such rollup.
    """
    if format == "openmetrics":
        if policy is not None or names != "backburn" or silence is not None:
            raise UsageError("counters have no alert policy", "export rules: prometheus", value=format)
        return openmetrics(cast("Rollup | str", source), labels=labels)
    if format == "prometheus":
        return _rules(cast("SpecArgument", source), policy, names, labels, silence)
    if format in _LATER:
        raise NotYetError(
            f"the export '{format}' does not exist yet", "there are openmetrics, prometheus", value=format
        )
    raise UsageError(f"there is no export '{format}'", "there are openmetrics, prometheus", value=format)


def _rules(
    source: SpecArgument | Sequence[Spec],
    policy: PolicyArgument | Sequence[PolicyArgument] | None,
    names: str,
    labels: Mapping[str, str] | None,
    silence: str | None,
) -> Rules:
    from backburn.alerts.policies import choose
    from backburn.evaluation.series import policy_under
    from backburn.interop.prometheus import rules

    if names not in _NAMINGS:
        raise UsageError(f"there are no names '{names}'", f"there are {', '.join(_NAMINGS)}", value=names)
    check_labels(labels or {})
    try:
        length = None if silence is None else Duration.parse(silence)
    except ValueError as error:
        message, _, remedy = str(error).partition("; ")
        raise UsageError(f"silence: {message}", remedy, value=silence) from None
    specs = as_specs(source)
    chosen = choose(policy, specs)

    if chosen.asked and len(chosen.policies) != 1:
        raise UsageError("rules are those of one policy", "name one, as in --policy google-30d")

    def policy_of(spec: Spec, objective: Objective, override: Override | None) -> AlertPolicy | None:
        named = chosen.policies[0] if chosen.asked else policy_under(spec, objective, override)
        return None if named is None else chosen.fitted(named, objective)

    asked: PolicyOf = policy_of
    return rules(specs, asked, naming=cast("Naming", names), labels=labels, silence=length)

"""What one row is to one objective."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from oracle import rows
from oracle.spec import Availability, Latency

if TYPE_CHECKING:
    from oracle.rows import Row
    from oracle.spec import Objective, Spec

Kind = Literal["reject", "outside", "ignored", "excluded", "good", "bad", "unknown"]


@dataclass(frozen=True)
class Outcome:
    """The lane of a row; `reason` says why it is excluded."""

    kind: Kind
    reason: str | None = None


def is_ignored(row: Row, spec: Spec) -> bool:
    """Whether the row is out of everyone's scope: `where` is not TRUE."""
    return spec.where is not None and spec.where.evaluate(rows.view(row, spec)) is not True


def classify(row: Row, spec: Spec, objective: Objective) -> Outcome:
    """The first of these that holds decides.

    A row that cannot be used is a reject; one that became known outside the asked span is outside; one for which
    `where` or the objective's `valid` is not TRUE is ignored; one that an exclude is TRUE for, the document's before
    the objective's, is excluded for that reason. What is left is judged.
    """
    if rows.is_reject(row, spec):
        return Outcome("reject")
    if not rows.in_asked_span(row, spec):
        return Outcome("outside")
    seen = rows.view(row, spec)
    if is_ignored(row, spec):
        return Outcome("ignored")
    if objective.valid is not None and objective.valid.evaluate(seen) is not True:
        return Outcome("ignored")
    for exclude in (*spec.exclude, *objective.exclude):
        if exclude.when.evaluate(seen) is True:
            return Outcome("excluded", exclude.reason)
    good = is_good(row, spec, objective)
    return Outcome("unknown" if good is None else "good" if good else "bad")


def is_good(row: Row, spec: Spec, objective: Objective) -> bool | None:
    """Whether the row kept the promise; None where it does not tell.

    Availability: a status of 100 to 499 is good, one of 500 to 599 is bad, anything else does not tell. Latency: a
    duration at most (or, where strict, below) the threshold is good; both are compared in the column's unit, beside a
    float as floats. A ratio's predicate tells, unless it is null.
    """
    sli = objective.sli
    if isinstance(sli, Availability):
        status = rows.status(row[spec.names["status"]])
        if status is None or not 100 <= status <= 599:
            return None
        return status <= 499
    if isinstance(sli, Latency):
        value = row[spec.names.get(sli.column, sli.column)]
        took = rows.duration(value)
        if took is None:
            return None
        threshold = sli.threshold * {"s": 1, "ms": 1_000, "us": 1_000_000}[sli.unit]
        if isinstance(value, float):
            return float(took) < float(threshold) if sli.strict else float(took) <= float(threshold)
        return took < threshold if sli.strict else took <= threshold
    truth = sli.predicate.evaluate(rows.view(row, spec))
    return None if truth is None else truth == sli.good

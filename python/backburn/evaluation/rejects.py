"""Rows that could not be used: what they were, and when they are too many."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

from backburn.engine.skipped import Skipped
from backburn.engine.times import from_micros
from backburn.errors import DataError
from backburn.evaluation.percent import percent, percent_above, percent_below
from backburn.evaluation.provenance import Data, Example, Reject

if TYPE_CHECKING:
    from collections.abc import Sequence

    from backburn.model.spec import Spec

__all__ = ["check_rejects", "check_rows", "data_of", "describe", "rejects_of"]

_LONGEST = 60


def rejects_of(problems: list[dict[str, Any]]) -> tuple[Reject, ...]:
    """Read problems from the facts of a rollup, the most frequent first."""
    rejects = (
        Reject(
            reason=problem["reason"],
            count=problem["count"],
            examples=tuple(Example(**example) for example in problem["examples"]),
        )
        for problem in problems
    )
    return tuple(sorted(rejects, key=lambda reject: (-reject.count, reject.reason)))


def data_of(facts: dict[str, Any]) -> Data:
    """Read what was read from the facts of a rollup."""
    start, end = facts["start"], facts["end"]
    return Data(
        files=tuple(sorted(source["name"] for source in facts["sources"])),
        rows=facts["rows"],
        ignored=facts["ignored"],
        rejected=facts["rejected"],
        rejects=rejects_of(facts["rejects"]),
        skipped=Skipped(files=facts["files_skipped"], row_groups=facts["row_groups_skipped"]),
        start=None if start is None else from_micros(start),
        end=None if end is None else from_micros(end),
    )


def check_rows(data: Data) -> None:
    """Refuse data without a single usable row: nothing is never "SLO met"."""
    if data.rows:
        return
    where = ", ".join(data.files) or "the data"
    if data.rejected:
        raise DataError(
            f"{where}: none of the {data.rejected:,} rows can be used: {describe(data.rejects)}",
            "name the format, or the columns and how to read them (`source.format`, `source.columns`)",
        )
    raise DataError(f"{where}: no rows", "check the paths, and the span that start and end choose")


def check_rejects(spec: Spec, data: Data, unknown: dict[str, tuple[Reject, ...]]) -> None:
    """Refuse data of which more than `max_rejected` could not be used, by any objective.

    `unknown` has the rows that do not tell for the objectives that reject them.
    """
    _check(spec, data, (), "rows")
    for objective in spec.objectives:
        if objective.sli.unparsable == "reject":
            _check(spec, data, unknown.get(objective.name, ()), f"rows for objective '{objective.name}'")


def _check(spec: Spec, data: Data, unknown: tuple[Reject, ...], what: str) -> None:
    rejected = data.rejected + sum(one.count for one in unknown)
    records = data.rows + data.rejected
    share = Fraction(rejected, records)
    if share <= Fraction(spec.source.max_rejected):
        return
    limit = percent(spec.source.max_rejected)
    reasons = describe((*data.rejects, *unknown))
    accept = f"look at them all (`--rejects FILE`), or accept them with `max_rejected: {percent_above(share)}`"
    raise DataError(
        f"{rejected:,} of {records:,} {what} ({percent_below(share)}) cannot be used, "
        f"and max_rejected is {limit}: {reasons}",
        accept if share < 1 else "name another column, or say how this one is read (`source.columns`)",
        field="source.max_rejected",
        value=limit,
    )


def describe(rejects: Sequence[Reject]) -> str:
    """Write counts by reason, each with the place of its first example."""
    return "; ".join(map(_describe, rejects))


def _describe(reject: Reject) -> str:
    text = f"{reject.reason} ({reject.count:,}"
    if reject.examples:
        first = reject.examples[0]
        value = first.value if len(first.value) <= _LONGEST else first.value[:_LONGEST] + "…"
        text += f", first at {first.place}"
        text += f": '{value}'" if value else ""
    return text + ")"

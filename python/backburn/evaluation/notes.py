"""What is worth knowing beside the numbers (`BB4xx`; the registry is `backburn.lint.codes`)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backburn.engine.times import from_micros, length_text, rfc3339
from backburn.evaluation.provenance import Note
from backburn.evaluation.rejects import describe
from backburn.lint import remedy
from backburn.model.sli import Counters

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from backburn.evaluation.provenance import Data, Reject
    from backburn.evaluation.series import Labels
    from backburn.evaluation.windows import Span
    from backburn.model.spec import Exclusion, Objective, Override

__all__ = [
    "across",
    "contradictions",
    "counted_in",
    "gaps",
    "ignored",
    "lead",
    "left_out",
    "never_seen",
    "no_data",
    "no_durations",
    "out_of_scope",
    "passes",
    "rejected",
    "unknown",
    "unmatched",
    "unused",
]

_SHOWN = 3
_FATES = {
    "reject": ("does not tell and is left out", "do not tell and are left out"),
    "exclude": ("does not tell and is excluded", "do not tell and are excluded"),
    "bad": ("does not tell and counts as bad", "do not tell and count as bad"),
}


def gaps(holes: Sequence[Span], window: Span, objectives: Sequence[str], *, readings: bool) -> Note:
    """Say when logs are missing inside the data, or `readings` of counters."""
    shown = ", ".join(_between(hole) for hole in holes[:_SHOWN])
    more = f" and {len(holes) - _SHOWN} more" if len(holes) > _SHOWN else ""
    lost = sum(end - start for start, end in holes)
    whole = length_text(window[1] - window[0])
    who = f" ({', '.join(objectives)})" if objectives else ""
    what, advice = ("readings", "read more often, or raise max_gap") if readings else ("logs", remedy("BB401"))
    message = f"{what} missing {shown}{more}: {length_text(lost)} of {whole} unknown{who}; {advice}"
    return Note(code="BB401", message=message)


def _between(hole: Span) -> str:
    return " to ".join(rfc3339(from_micros(moment)) for moment in hole)


def rejected(data: Data) -> Note:
    """Say which rows could not be used."""
    records = data.rows + data.rejected
    return Note(code="BB402", message=f"{data.rejected:,} of {records:,} rows rejected: {describe(data.rejects)}")


def unknown(objective: Objective, problems: Sequence[Reject]) -> Note:
    """Say which rows do not tell, and what became of them."""
    count = sum(problem.count for problem in problems)
    if isinstance(objective.sli, Counters):
        readings = "1 reading cannot" if count == 1 else f"{count:,} readings cannot"
        message = f"objective '{objective.name}': {readings} be used: {describe(problems)}"
        return Note(code="BB403", message=message)
    fate = _FATES[objective.sli.unparsable][count > 1]
    rows = "row" if count == 1 else "rows"
    message = f"objective '{objective.name}': {count:,} {rows} {fate}: {describe(problems)}"
    return Note(code="BB403", message=message)


def contradictions(objective: Objective, counts: str, pairs: int) -> Note:
    """Say that counters do not fit each other, and what became of the events between such readings."""
    one, many = "1 reading and the next one", f"{pairs:,} readings and the next ones"
    fate = _FATES[objective.sli.unparsable][True]
    between = f"between {one if pairs == 1 else many} there are more {counts} events than events"
    message = f"objective '{objective.name}': {between}: these {fate}"
    return Note(code="BB420", message=message)


def ignored(count: int, rows: int, words: str) -> Note:
    """Say how many rows are out of scope, and by which words of the document."""
    return Note(code="BB404", message=f"{count:,} of {rows:,} rows are out of scope ({words})")


def lead(window: str, share: str, start: int) -> Note:
    """Say that a window begins before the data."""
    message = (
        f"the window of {window} begins before the data ({rfc3339(from_micros(start))}): {share} of it is observed"
    )
    return Note(code="BB405", message=message)


def never_seen(objective: str, labels: Labels) -> Note:
    """Say that an expected series is not there."""
    return Note(
        code="BB406", message=f"objective '{objective}': expected series {_named(labels)} never seen; {remedy('BB406')}"
    )


def unmatched(objective: str, override: Override) -> Note:
    """Say that an override applies to nothing."""
    pattern = _named(override.match)
    return Note(code="BB407", message=f"objective '{objective}': override {pattern} matches no series")


def out_of_scope(objective: str) -> Note:
    """Say that no row at all is in the scope of an objective."""
    return Note(code="BB408", message=f"objective '{objective}': no row is in its scope, so it has no series")


def no_data(objective: str, windows: int, word: str) -> Note:
    """Say that windows without events were not left open."""
    many = "1 window without events counts" if windows == 1 else f"{windows:,} windows without events count"
    return Note(code="BB411", message=f"objective '{objective}': {many} as {word} (no_data)")


def left_out(exclusion: Exclusion, span: Span) -> Note:
    """Say which time does not count, and why."""
    length = length_text(span[1] - span[0])
    return Note(code="BB412", message=f"left out: {_between(span)} ({length}): {exclusion.reason}")


def unused(exclusion: Exclusion, span: Span) -> Note:
    """Say that an exclusion applies to nothing that was judged."""
    series = f" of series {_named(exclusion.series)}" if exclusion.series else ""
    message = f"the exclusion '{exclusion.reason}'{series}, {_between(span)}, touches no window that was judged"
    return Note(code="BB413", message=message)


def counted_in(objective: str, names: str, unit: str, error: str) -> Note:
    """Say what percentiles of durations are counted in, and how far off they may be."""
    message = f"objective '{objective}': {names} in {unit}, no value further off than {error}"
    return Note(code="BB416", message=message)


def no_durations(objective: str, names: str) -> Note:
    """Say that there is nothing to make percentiles of."""
    return Note(code="BB417", message=f"objective '{objective}': no {names}: the rollup holds no durations")


def across(objective: str, names: str, windows: Sequence[str], step: str) -> Note:
    """Say that some windows have no percentiles, because histograms cannot be taken apart."""
    shown = ", ".join(windows)
    message = (
        f"objective '{objective}': no {names} of {shown} where an edge falls inside a histogram, which holds {step}"
    )
    return Note(code="BB417", message=message)


def passes(count: int) -> Note:
    """Say how often the rows were read."""
    return Note(code="BB410", message=f"exact quantiles took {count} passes over the rows")


def _named(labels: Mapping[str, str | None]) -> str:
    return ", ".join(f"{label}={'null' if value is None else value}" for label, value in labels.items())

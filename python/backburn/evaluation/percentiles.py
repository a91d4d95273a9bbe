"""`percentiles`: how long requests took, span by span."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING

from backburn.engine import counting, request
from backburn.engine import exact as rows_again
from backburn.engine.rejecting import check_one
from backburn.errors import SpecError, UsageError
from backburn.evaluation import notes, windows
from backburn.evaluation.identity import identity, together
from backburn.evaluation.latency import DEFINITION
from backburn.evaluation.noticing import about_rows
from backburn.evaluation.percentile import Percentiles
from backburn.evaluation.rejects import check_rejects, check_rows, data_of, rejects_of
from backburn.evaluation.specs import as_specs
from backburn.evaluation.spreading import Question, Spreading
from backburn.model.sli import Latency
from backburn.units import Duration, parse_share, share_text

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from backburn.engine.counting import Reading
    from backburn.engine.data import DataArgument
    from backburn.evaluation.provenance import Data, Note, SpecIdentity
    from backburn.evaluation.specs import SpecArgument
    from backburn.evaluation.spread import Spread
    from backburn.model.spec import Spec

    Progress = Callable[[int, int, int], None]

__all__ = ["percentiles"]

_HOUR = 3_600_000_000
_LAST = 9


def percentiles(
    spec: SpecArgument | Sequence[Spec],
    data: DataArgument | Sequence[DataArgument] | None = None,
    *,
    every: str | None = None,
    exact: bool = False,
    type: int = DEFINITION,
    quantiles: Sequence[str | float | Decimal] | None = None,
    start: str | datetime | None = None,
    end: str | datetime | None = None,
    by: Sequence[str] | str | None = None,
    step: str | None = None,
    format: str | None = None,
    threads: int | None = None,
    rejects: str | os.PathLike[str] | None = None,
    progress: Progress | None = None,
) -> Percentiles:
    r"""Say how long the valid requests of every latency objective took.

    Quantiles come from histograms, with the error that each result states, or with `exact` from the rows, which are
    then read more than once.

    >>> import pathlib, tempfile
    >>> log = pathlib.Path(tempfile.mkdtemp()) / "requests.csv"
    >>> _ = log.write_text("timestamp,duration\n2025-10-01T00:00:00Z,0.2\n2025-10-01T00:00:30Z,0.4\n")
    >>> spec = {
    ...     "apiVersion": "backburn/v1",
    ...     "kind": "ServiceLevelObjectives",
    ...     "metadata": {"service": "shop"},
    ...     "source": {"columns": {"duration": {"column": "duration", "unit": "s"}}},
    ...     "objectives": [
    ...         {"name": "fast", "sli": {"kind": "latency", "threshold": "300ms"}, "target": "95%", "window": "all"}
    ...     ],
    ... }
    >>> result = percentiles(spec, log, quantiles=["0.5"]).results[0]
    >>> (result.count, result.unit, round(result.quantiles["0.5"], 2), round(result.error, 4))
    (2, 's', 0.3, 0.0054)

    Args:
        spec: a path (a file or a directory), a dict, a Spec, or a list of Specs.
        data: a path, glob, directory, `-` (standard input), Rollup, saved rollup, rows in memory (anything that speaks
            Arrow, a LazyFrame, a pyarrow dataset, a dict of arrays), or a list of these; replaces `source.data`.
        every: the length of a span (`1h`), a multiple of the step; all of the data is one span unless given. Spans
            begin at multiples of it since the epoch.
        exact: read the rows again until every quantile is exact; needs rows that can be read again.
        type: the definition of a quantile, 1 to 9 (Hyndman and Fan).
        quantiles: decimals from 0 to 1, in place of `report.quantiles`.
        start: the first moment to read (RFC 3339 text or a zoned datetime, on a step).
        end: the moment after the last one to read.
        by: the labels of a series, in place of `source.by`.
        step: the width of a cell, in place of `source.step`.
        format: the format of the logs, in place of `source.format`.
        threads: how many threads read; as many as there are processors unless given.
        rejects: a file (.csv or .ndjson) that takes every record which cannot be used, with its place and the reason.
        progress: called with (parts done, parts in all, rows read) now and then.

    Raises:
        UsageError: an argument is wrong.
        SpecError: a document is, or none has an objective of latency.
        DataError: the data cannot be read, or too much of it cannot be used.
    """
    from backburn import _rust

    specs = [request.with_overrides(one, by=by, step=step, format=format) for one in as_specs(spec)]
    asked = [(one, _question(one, every, type, quantiles, exact=exact)) for one in specs if _timed(one).objectives]
    if not asked:
        names = ", ".join(f"'{one.name}'" for one in specs)
        path = specs[0].path if len(specs) == 1 else None
        remedy = "write one, as in {name: fast, sli: {kind: latency, threshold: 300ms}, target: 95%, window: 30d}"
        raise SpecError(f"{names}: no objective is about latency", remedy, file=None if path is None else str(path))
    check_one([one for one, _ in asked], rejects)
    parts: list[_Part] = []
    for one, question in asked:
        timed = _timed(one, question.quantiles)
        length = _HOUR if question.step is None else question.step
        reading = counting.prepare(
            timed,
            data,
            start=start,
            end=end,
            threads=threads,
            progress=progress,
            rejects=rejects,
            histogram_step=length + -length % timed.source.step.microseconds,
        )
        parts.append(_answer(identity(one), timed, question, reading))
    return Percentiles(
        version=_rust.__version__,
        specs=tuple(part.identity for part in parts),
        data=together([part.data for part in parts]),
        method="exact" if exact else "histogram",
        type=type,
        passes=max(part.passes for part in parts),
        spreads=tuple(spread for part in parts for spread in part.spreads),
        notes=tuple(dict.fromkeys(note for part in parts for note in part.notes)),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Part:
    identity: SpecIdentity
    data: Data
    passes: int
    spreads: tuple[Spread, ...]
    notes: tuple[Note, ...]


def _answer(identity: SpecIdentity, spec: Spec, question: Question, reading: Reading) -> _Part:
    if question.exact:
        rows_again.check_rereadable(reading.found)
    counted = counting.read(reading)
    facts = counting.facts(counted)
    data = data_of(facts)
    check_rows(data)
    unknown = {one["name"]: rejects_of(one["unknown"]) for one in facts["indicators"]}
    check_rejects(spec, data, unknown)
    spreading = Spreading(spec=spec, question=question, rollup=counted, facts=facts)
    spreads, passes = spreading.spreads(reading)
    absent = (note for objective in spec.objectives for note in spreading.notes(objective))
    again = [notes.passes(passes)] if question.exact else []
    return _Part(
        identity=identity,
        data=data,
        passes=passes,
        spreads=tuple(spreads),
        notes=(*about_rows(facts, data, unknown, spec.objectives), *absent, *again),
    )


def _timed(spec: Spec, quantiles: Sequence[str] = ()) -> Spec:
    """Leave the objectives that are about durations, of which some quantiles are asked."""
    objectives = tuple(one for one in spec.objectives if isinstance(one.sli, Latency))
    report = replace(spec.report, quantiles=tuple(map(Decimal, quantiles)))
    return replace(spec, objectives=objectives, report=report)


def _question(
    spec: Spec, every: object, type: object, quantiles: Sequence[str | float | Decimal] | None, *, exact: bool
) -> Question:
    """Find what is wrong with the question before the first row is read."""
    if not isinstance(type, int) or isinstance(type, bool) or not 1 <= type <= _LAST:
        remedy = f"give a number from 1 to {_LAST}, as Hyndman and Fan number them; {DEFINITION} is the usual one"
        raise UsageError(f"type: there is no quantile of type {type!r}", remedy, value=repr(type))
    length = None if every is None else _length(every)
    if length is not None:
        windows.check_step(length, spec.source.step.microseconds, UsageError(f"every: {length.text}"))
    shares = spec.report.quantiles if quantiles is None else [_share(one) for one in quantiles]
    if not shares:
        place = "report.quantiles" if quantiles is None else "quantiles"
        raise UsageError(f"{place} is empty", "name some, as in [0.5, 0.99]", field=place)
    texts = tuple(dict.fromkeys(share_text(share) for share in shares))
    return Question(quantiles=texts, definition=type, every=length, exact=exact)


def _length(text: object) -> Duration:
    if not isinstance(text, str):
        raise UsageError(f"every: {text!r} is not a text", "write a duration such as 1h", value=repr(text))
    try:
        length = Duration.parse(text)
        _ = length.microseconds
    except ValueError as error:
        raise UsageError(f"every: {error}", value=text) from error
    return length


def _share(quantile: str | float | Decimal) -> Decimal:
    # The shortest text that gives a float back is what the person typed.
    text = quantile if isinstance(quantile, str) else f"{Decimal(str(quantile)):f}"
    try:
        return parse_share(text)
    except ValueError as error:
        raise UsageError(f"quantiles: {error}", value=text) from error

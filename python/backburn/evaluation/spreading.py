"""One Spec against the durations of one Rollup: every latency objective and series, span by span."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from backburn.engine import exact
from backburn.engine.times import length_text
from backburn.errors import DataError
from backburn.evaluation import notes, series
from backburn.evaluation.spread import Found, Spans, Spread, from_columns, from_rows

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from backburn._rust import Rollup
    from backburn.engine.counting import Reading
    from backburn.evaluation.provenance import Note
    from backburn.evaluation.series import Key
    from backburn.model.spec import Objective, Spec
    from backburn.units import Duration

__all__ = ["Question", "Spreading"]

_MOST = 100_000_000
_ALL = "all"
_EMPTY = "no events in the window"
_NEVER = "no events: expected series never seen"
_NOWHERE = "no events: no row is in scope"
_UNKEPT = "the rollup holds no durations"


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """Which quantiles, by which definition, and over which spans; without `every` all of the data is one span."""

    quantiles: tuple[str, ...]
    definition: int
    every: Duration | None
    exact: bool

    @property
    def step(self) -> int | None:
        """The length of a span in microseconds."""
        return None if self.every is None else self.every.microseconds


@dataclass(frozen=True, slots=True, kw_only=True)
class Spreading:
    """The counts of one document, and what is asked of them."""

    spec: Spec
    question: Question
    rollup: Rollup
    facts: Mapping[str, Any]

    def spreads(self, reading: Reading) -> tuple[list[Spread], int]:
        """Give the quantiles of every objective and series, and how often rows were read for them."""
        objectives, question = self.spec.objectives, self.question
        spans = self._spans()
        by = {one.name: series.labels_of(one, self.spec.source) for one in objectives}
        if not question.exact:
            return [spread for one in objectives for spread in self._of(one, spans, self._histograms(one, spans))], 1
        search = exact.search(
            reading,
            self.rollup,
            list(by.items()),
            every=question.step,
            quantiles=question.quantiles,
            definition=question.definition,
        )
        found: dict[str, dict[Key, Found]] = {name: {} for name in by}
        for name, key, rows in search.answers():
            found[name][key] = from_rows(spans, rows, len(question.quantiles))
        return [spread for one in objectives for spread in self._of(one, spans, found[one.name])], search.passes

    def notes(self, objective: Objective) -> Iterator[Note]:
        """Say which series are not there."""
        by = series.labels_of(objective, self.spec.source)
        seen = self.rollup.series(objective.name, by)
        absent = series.expected(self.spec.source, by, seen)
        if not seen and not absent:
            yield notes.out_of_scope(objective.name)
        for key in absent:
            yield notes.never_seen(objective.name, dict(zip(by, key, strict=True)))

    def _spans(self) -> Spans:
        """Reach from the span with the first event to that with the last."""
        first, last, every = self.facts["start"], self.facts["end"], self.question.every
        if every is None:
            step = self.spec.source.step.microseconds
            start, end = first - first % step, (last // step + 1) * step
            return Spans(text=_ALL, kind="all", start=start, length=end - start, number=1)
        length = every.microseconds
        start = first - first % length
        return Spans(text=every.text, kind="every", start=start, length=length, number=(last - start) // length + 1)

    def _histograms(self, objective: Objective, spans: Spans) -> dict[Key, Found]:
        if self._misfit(objective) is not None:
            return {}
        question, by = self.question, series.labels_of(objective, self.spec.source)
        found = self.rollup.spread(objective.name, by, question.step, question.quantiles, question.definition) or []
        return {key: from_columns(spans, starts, counts, values) for key, starts, counts, values in found}

    def _of(self, objective: Objective, spans: Spans, found: Mapping[Key, Found]) -> Iterator[Spread]:
        """Give the spread of each series: those that were seen, and those that ought to have been."""
        spec, kept = self.spec, self._kept(objective)
        by = series.labels_of(objective, spec.source)
        seen = self.rollup.series(objective.name, by)
        absent = series.expected(spec.source, by, seen)
        keys: list[Key | None] = [*series.ordered([*seen, *absent])] or [None]
        _check_size(spans, len(keys))
        misfit = None if self.question.exact else self._misfit(objective)
        never = frozenset(absent)
        for key in keys:
            labels = {} if key is None else dict(zip(by, key, strict=True))
            unseen = _NOWHERE if key is None else _NEVER if key in never else None
            yield Spread(
                service=spec.service if spec.service is not None else labels.get("service"),
                objective=objective.name,
                series=labels,
                spans=spans,
                unit=None if kept is None else kept["unit"],
                error=None if kept is None else 0.0 if self.question.exact else kept["error"],
                quantiles=self.question.quantiles,
                found=None if key is None else found.get(key),
                empty=0 if misfit is None or unseen is not None else None,
                reason=unseen or misfit or _EMPTY,
            )

    def _kept(self, objective: Objective) -> dict[str, Any] | None:
        kept: dict[str, Any] | None
        kept = next(one["durations"] for one in self.facts["indicators"] if one["name"] == objective.name)
        return kept

    def _misfit(self, objective: Objective) -> str | None:
        """Say why the histograms cannot answer; None where they can."""
        kept, every = self._kept(objective), self.question.every
        if kept is None:
            return _UNKEPT
        if every is None or every.microseconds % kept["step"] == 0:
            return None
        held = length_text(kept["step"])
        return f"histograms of {held} do not tell every {every.text}: ask for a multiple of {held}, or count the logs"


def _check_size(spans: Spans, of: int) -> None:
    if spans.number * of > _MOST:
        remedy = "choose longer spans, or check the unit of the timestamp column"
        message = f"every {spans.text} would be {spans.number:,} spans of {of:,} series"
        raise DataError(message, remedy, value=spans.text)

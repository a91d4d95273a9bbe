"""One Spec against one Rollup: every objective, series and window."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from backburn.engine.times import from_micros
from backburn.evaluation import exclusions, placing, series, windows
from backburn.evaluation.budgeting import budget, slice_counts
from backburn.evaluation.confidence import Blocks
from backburn.evaluation.counted import Asked, Counting
from backburn.evaluation.doubting import confidence, drawn
from backburn.evaluation.latency import durations
from backburn.evaluation.outlook import Outlooks
from backburn.evaluation.result import LeftOut, Result
from backburn.evaluation.verdict import Facts, unjudged
from backburn.model.window import LastEvents

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from decimal import Decimal

    from backburn._rust import Judgement
    from backburn.evaluation.bench import Bench
    from backburn.evaluation.budget import Budget
    from backburn.evaluation.counted import Counted
    from backburn.evaluation.outlook import Coming, Series
    from backburn.evaluation.result import Durations
    from backburn.evaluation.series import Key, Labels
    from backburn.evaluation.windows import Placed, Span
    from backburn.model.spec import Exclusion, Objective

__all__ = ["Judged", "judge"]

_NO_BLOCKS = "no blocks are drawn from slices of time"


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """The results of one objective, with what the notes are made of."""

    objective: Objective
    results: tuple[Result, ...]
    seen: tuple[Key, ...]
    absent: tuple[Key, ...]
    by: tuple[str, ...]
    covered: tuple[Span, ...]
    placed: tuple[Placed, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    """A window of one series: what of it counts, and whether it holds as many events as it is about."""

    placed: Placed
    span: Span
    pieces: Sequence[Span]
    enough: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class _Row:
    """A series: its windows, the time left out of it, and what was counted without that time and with it."""

    labels: Labels
    seen: bool
    places: Sequence[_Place]
    left_out: Sequence[Exclusion]
    counted: Sequence[Counted] = ()
    recent: Sequence[Counted] = ()
    with_it: Sequence[Counted] = ()
    lasted: Sequence[Durations] = ()
    drawn: Sequence[Blocks] = ()
    coming: Coming | None = None
    coming_with_it: Coming | None = None


def judge(bench: Bench, objective: Objective) -> Judged:
    """Hold an objective against the counts of each of its series."""
    spec = bench.spec
    by = series.labels_of(objective, spec.source)
    seen = bench.rollup.series(objective.name, by)
    absent = series.expected(spec.source, by, seen)
    promises = windows.promises(spec, objective, bench.window)
    judging = _Judging(
        bench=bench,
        objective=objective,
        by=by,
        placed=tuple(placing.placed(spec, objective, promise, bench.tick, bench.begin) for promise in promises),
        burns=placing.burns(spec, objective, bench.tick),
        covered=tuple(bench.covered(objective)),
        covered_of=bench.covered_of(objective, by, seen),
    )
    rows = judging.rows(series.ordered([*seen, *absent]), frozenset(seen))
    return Judged(
        objective=objective,
        results=tuple(result for row in rows for result in judging.results(row)),
        seen=tuple(seen),
        absent=tuple(absent),
        by=by,
        covered=judging.covered,
        placed=judging.placed,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Judging:
    bench: Bench
    objective: Objective
    by: tuple[str, ...]
    placed: tuple[Placed, ...]
    burns: Mapping[str, Span]
    covered: tuple[Span, ...]
    covered_of: Mapping[Key, Sequence[Span]]

    def rows(self, keys: Sequence[Key], seen: frozenset[Key]) -> list[_Row]:
        """Place the windows of each series, and count what is in them; without any there is one without labels."""
        rows = [self._row(dict(zip(self.by, key, strict=True)), seen=key in seen) for key in keys]
        keys, rows = (keys, rows) if keys else ([()], [self._row({}, seen=False)])
        rows = self._last_events(keys, rows)
        counting = self._counting
        own, whole = [], []
        for key, row in zip(keys, rows, strict=True):
            spans, cut = [place.span for place in row.places], self._cut(row.left_out)
            own.append(Asked(key=key, labels=row.labels, spans=[*spans, *self.burns.values()], cut=cut))
            whole.append(Asked(key=key, labels=row.labels, spans=spans if cut else (), cut=()))
        promised = [(key, [place.pieces for place in row.places]) for key, row in zip(keys, rows, strict=True)]
        coming = self._coming([(one.key, one.labels, one.cut) for one in own])
        coming_with_it = coming
        if any(one.cut for one in own):
            coming_with_it = self._coming([(one.key, one.labels, ()) for one in own])
        data = (self.bench.begin, self.bench.after)
        lasted = durations(self.bench.spec, self.bench.rollup, self.objective, by=self.by, asked=promised, data=data)
        drawn = [self._drawn(keys, [row.places[at] for row in rows], data) for at in range(len(self.placed))]
        count = len(self.placed)
        return [
            replace(
                row,
                counted=counted[:count],
                recent=counted[count:],
                with_it=with_it,
                lasted=lasted[at] if lasted and row.seen else (),
                drawn=[of_all[at] for of_all in drawn],
                coming=coming[at],
                coming_with_it=coming_with_it[at],
            )
            for at, (row, counted, with_it) in enumerate(
                zip(rows, counting.count(own), counting.count(whole), strict=True)
            )
        ]

    @property
    def _counting(self) -> Counting:
        return Counting(
            rollup=self.bench.rollup,
            objective=self.objective,
            by=self.by,
            covered=self.covered,
            covered_of=self.covered_of,
        )

    def _coming(self, rows: Sequence[Series]) -> list[Coming | None]:
        """Look ahead from the main window."""
        (main, *_) = self.placed
        return Outlooks(spec=self.bench.spec, counting=self._counting, placed=main, begin=self.bench.begin).of(rows)

    def results(self, row: _Row) -> Iterator[Result]:
        """Judge every window of one series."""
        for at, place in enumerate(row.places):
            promise = place.placed.promise
            target = series.target_of(self.objective, row.labels) if promise.budget else promise.target
            result = self._result(row, at, target)
            if windows.length(place.pieces) < windows.length([place.span]):
                result = replace(result, left_out=self._left_out(row, at, target))
            sure = confidence(self.bench.spec, self.objective, result, row.counted[at], row.drawn[at])
            yield replace(result, confidence=sure, latency=row.lasted[at] if row.lasted else None)

    def _drawn(self, keys: Sequence[Key], places: Sequence[_Place], data: Span) -> list[Blocks]:
        if self.objective.slices is not None:
            return [Blocks(length="1d", count=0, low=None, high=None, reason=_NO_BLOCKS)] * len(keys)
        asked = [(key, (place.span, place.pieces)) for key, place in zip(keys, places, strict=True)]
        return drawn(self.bench.spec, self.bench.rollup, self.objective, by=self.by, asked=asked, data=data)

    def _row(self, labels: Labels, *, seen: bool) -> _Row:
        left_out = exclusions.applying(self.bench.spec, labels)
        cut = self._cut(left_out)
        places = [
            _Place(
                placed=one,
                span=one.span,
                pieces=exclusions.pieces(one.span, cut),
                enough=not isinstance(one.promise.window, LastEvents),
            )
            for one in self.placed
        ]
        return _Row(labels=labels, seen=seen, places=places, left_out=left_out)

    def _cut(self, left_out: Sequence[Exclusion]) -> list[Span]:
        return exclusions.widened(left_out, self.bench.spec.source.step.microseconds)

    def _last_events(self, keys: Sequence[Key], rows: Sequence[_Row]) -> list[_Row]:
        """Move the windows of the last so many events to where these begin."""
        moved = list(rows)
        for at, placed in enumerate(self.placed):
            window = placed.promise.window
            if not isinstance(window, LastEvents):
                continue
            asked = [(key, self._cut(row.left_out)) for key, row in zip(keys, rows, strict=True)]
            last, unparsable = (self.bench.tick, window.events), self.objective.sli.unparsable
            starts = self.bench.rollup.last_events(self.objective.name, self.by, asked, last, unparsable)
            for number, (start, (_, cut)) in enumerate(zip(starts, asked, strict=True)):
                if start is not None:
                    span = (start, self.bench.tick)
                    place = _Place(placed=placed, span=span, pieces=exclusions.pieces(span, cut))
                    places = moved[number].places
                    moved[number] = replace(moved[number], places=[*places[:at], place, *places[at + 1 :]])
        return moved

    def _covered(self, row: _Row) -> Sequence[Span]:
        return self.covered_of.get(tuple(row.labels.values()), self.covered)

    def _judge(self, row: _Row, counted: Counted, target: Decimal) -> Judgement:
        no_data = series.no_data_of(self.objective, row.labels)
        return counted.judge(target, self.objective.sli.unparsable, no_data)

    def _result(self, row: _Row, at: int, target: Decimal) -> Result:
        place, counted = row.places[at], row.counted[at]
        judged = self._judge(row, counted, target)
        bench = self.bench
        share = windows.observed(self._covered(row), place.pieces)
        facts = Facts(
            placed=place.placed,
            series=row.labels,
            seen=row.seen,
            left=windows.length(place.pieces) > 0 or windows.length([place.span]) == 0,
            enough=place.enough,
            observed=share,
            judged=judged,
            sliced=self.objective.slices is not None,
        )
        reason = unjudged(facts, bench.spec.min_coverage, (bench.first, bench.last))
        rates = [self._judge(row, recent, target).burn for recent in row.recent]
        return Result(
            service=bench.spec.service if bench.spec.service is not None else row.labels.get("service"),
            objective=self.objective.name,
            series=row.labels,
            window=windows.window_span(place.placed, place.span),
            good=judged.good,
            bad=judged.bad,
            excluded=judged.excluded,
            excluded_by=dict(judged.excluded_by),
            valid=judged.valid,
            sli=judged.sli,
            target=target,
            met=judged.met if reason is None else None,
            reason=reason,
            observed=float(share),
            budget=self._budget(row, at, target, judged, known=reason is None),
            burn=dict(zip(self.burns, rates, strict=True)),
            slices=slice_counts(self.objective, row.labels, place.placed, counted),
        )

    def _left_out(self, row: _Row, at: int, target: Decimal) -> LeftOut:
        """Tell what the window would be with the time that is left out of it."""
        place, counted = row.places[at], row.with_it[at]
        judged = counted.judge(target, self.objective.sli.unparsable)
        step = self.bench.spec.source.step.microseconds
        spans = []
        for exclusion in row.left_out:
            for start, end in windows.intersect(exclusions.widened([exclusion], step), place.span):
                spans.append((from_micros(start), from_micros(end), exclusion.reason))
        share = windows.observed(self._covered(row), [place.span])
        known = share > 0 and share >= self.bench.spec.min_coverage
        return LeftOut(
            spans=tuple(sorted(spans)),
            good=judged.good,
            bad=judged.bad,
            valid=judged.valid,
            sli=judged.sli,
            met=judged.met if known else None,
            budget=self._budget(row, at, target, judged, known=known, with_it=True),
        )

    def _budget(
        self, row: _Row, at: int, target: Decimal, judged: Judgement, *, known: bool, with_it: bool = False
    ) -> Budget | None:
        place = row.places[at]
        if not place.placed.promise.budget:
            return None
        found = budget(
            self.objective,
            replace(place.placed, span=place.span),
            () if with_it else self._cut(row.left_out),
            target=target,
            judged=judged,
            counted=row.with_it[at] if with_it else row.counted[at],
            coming=row.coming_with_it if with_it else row.coming,
            known=known,
        )
        return replace(found, exhaustion=None) if with_it else found

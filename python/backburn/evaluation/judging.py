"""One Spec against one Rollup: every objective, series and window."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from backburn.engine.times import from_micros
from backburn.evaluation import exclusions, series, windows
from backburn.evaluation.doubting import confidence, drawn
from backburn.evaluation.latency import durations
from backburn.evaluation.result import Budget, LeftOut, Result
from backburn.evaluation.verdict import Facts, unjudged
from backburn.model.spec import Counters
from backburn.model.window import LastEvents
from backburn.units import share_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from decimal import Decimal

    from backburn._rust import Judgement, Rollup, Tally
    from backburn.evaluation.confidence import Blocks
    from backburn.evaluation.result import Durations
    from backburn.evaluation.series import Key, Labels
    from backburn.evaluation.windows import Placed, Span
    from backburn.model.spec import Exclusion, Objective, Spec

__all__ = ["Bench", "Judged", "judge", "tick_after"]

GAP = 3_600_000_000
"""A silence of all series for longer than this is not taken for quiet, unless the document says so."""

_MINUTE = 60_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Bench:
    """Where and when is judged: at `tick`, with data from `first` to `last` (microseconds, both seen)."""

    spec: Spec
    rollup: Rollup
    tick: int
    first: int
    last: int
    window: str | Mapping[str, object] | None

    @property
    def begin(self) -> int:
        """Where the first step with data begins."""
        return self.first - self.first % self.spec.source.step.microseconds

    @property
    def after(self) -> int:
        """The first tick after all data."""
        return tick_after(self.spec, (self.first, self.last))

    def covered(self, objective: Objective) -> list[Span]:
        """Give the time for which the logs of an objective are there."""
        source = self.spec.source
        step = source.step.microseconds
        unknown = [windows.whole_steps(span, step) for span in source.unknown]
        return self.rollup.covered(objective.name, None if source.gaps == "quiet" else GAP, unknown)

    def covered_of(self, objective: Objective, by: Sequence[str], keys: Sequence[Key]) -> dict[Key, list[Span]]:
        """Give the same for each series where counters were read, which may be silent while others are not."""
        if not isinstance(objective.sli, Counters):
            return {}
        step = self.spec.source.step.microseconds
        unknown = [windows.whole_steps(span, step) for span in self.spec.source.unknown]
        return dict(zip(keys, self.rollup.covered_of(objective.name, by, keys, unknown), strict=True))


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
    counted: Sequence[Tally] = ()
    recent: Sequence[Tally] = ()
    with_it: Sequence[Tally] = ()
    lasted: Sequence[Durations] = ()
    drawn: Sequence[Blocks] = ()


def tick_after(spec: Spec, times: tuple[int, int]) -> int:
    """Give the first tick after the first row that knows everything; `times` are those of the first and the last row.

    Counters tell what happened before the moment of their reading: one on a tick is known there.
    """
    (first, last), step = times, spec.source.step.microseconds
    told = last - 1 if all(isinstance(one.sli, Counters) for one in spec.objectives) else last
    return (max(first, told) // step + 1) * step


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
        placed=tuple(windows.place(promise, spec, bench.tick, bench.begin) for promise in promises),
        burns={one.text: (bench.tick - one.microseconds, bench.tick) for one in windows.rolling(spec)},
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
        name, rollup = self.objective.name, self.bench.rollup
        asked, promised = [], []
        for key, row in zip(keys, rows, strict=True):
            cut = self._cut(row.left_out)
            recent = [exclusions.pieces(span, cut) for span in self.burns.values()]
            with_it = [[place.span] for place in row.places] if cut else []
            asked.append((key, [*(place.pieces for place in row.places), *recent, *with_it]))
            promised.append((key, [place.pieces for place in row.places]))
        counted = rollup.tallies_of(name, self.by, asked)
        data = (self.bench.begin, self.bench.after)
        lasted = durations(self.bench.spec, rollup, self.objective, by=self.by, asked=promised, data=data)
        drawn = [self._drawn(keys, [row.places[at] for row in rows], data) for at in range(len(self.placed))]
        count, burns = len(self.placed), len(self.burns)
        return [
            replace(
                row,
                counted=tallies[:count],
                recent=tallies[count : count + burns],
                with_it=tallies[count + burns :],
                lasted=lasted[at] if lasted and row.seen else (),
                drawn=[of_all[at] for of_all in drawn],
            )
            for at, (row, tallies) in enumerate(zip(rows, counted, strict=True))
        ]

    def results(self, row: _Row) -> Iterator[Result]:
        """Judge every window of one series."""
        for at, place in enumerate(row.places):
            promise = place.placed.promise
            target = series.target_of(self.objective, row.labels) if promise.budget else promise.target
            result = self._result(row, place, target, self._judge(row, row.counted[at], target))
            if windows.length(place.pieces) < windows.length([place.span]):
                with_it = row.with_it[at].judge(share_text(target), self.objective.sli.unparsable)
                result = replace(result, left_out=self._left_out(row, place, target, with_it))
            sure = confidence(self.bench.spec, self.objective, result, row.counted[at], row.drawn[at])
            yield replace(result, confidence=sure, latency=row.lasted[at] if row.lasted else None)

    def _drawn(self, keys: Sequence[Key], places: Sequence[_Place], data: Span) -> list[Blocks]:
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

    def _judge(self, row: _Row, tally: Tally, target: Decimal) -> Judgement:
        no_data = series.no_data_of(self.objective, row.labels)
        return tally.judge(share_text(target), self.objective.sli.unparsable, no_data)

    def _result(self, row: _Row, place: _Place, target: Decimal, judged: Judgement) -> Result:
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
        )
        reason = unjudged(facts, bench.spec.min_coverage, (bench.first, bench.last))
        rates = [self._judge(row, tally, target).burn for tally in row.recent]
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
            budget=_budget(target, place.pieces, judged) if place.placed.promise.budget else None,
            burn=dict(zip(self.burns, rates, strict=True)),
        )

    def _left_out(self, row: _Row, place: _Place, target: Decimal, judged: Judgement) -> LeftOut:
        """Tell what the window would be with the time that is left out of it."""
        step = self.bench.spec.source.step.microseconds
        spans = []
        for exclusion in row.left_out:
            for start, end in windows.intersect(exclusions.widened([exclusion], step), place.span):
                spans.append((from_micros(start), from_micros(end), exclusion.reason))
        share = windows.observed(self._covered(row), [place.span])
        return LeftOut(
            spans=tuple(sorted(spans)),
            good=judged.good,
            bad=judged.bad,
            valid=judged.valid,
            sli=judged.sli,
            met=judged.met if share > 0 and share >= self.bench.spec.min_coverage else None,
            budget=_budget(target, [place.span], judged) if place.placed.promise.budget else None,
        )


def _budget(target: Decimal, pieces: Sequence[Span], judged: Judgement) -> Budget:
    return Budget(
        allowed=judged.allowed,
        spent=judged.spent,
        consumed=judged.consumed,
        remaining=judged.remaining,
        minutes=float((1 - target) * windows.length(pieces) / _MINUTE),
    )

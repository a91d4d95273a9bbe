"""Rolling windows at every tick, each counted row by row as if there were no other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from oracle import coverage, rows, slices, window
from oracle.classify import classify
from oracle.evaluate import Own, applies, count, outside
from oracle.percentiles import column
from oracle.quantile import repeated
from oracle.step import start_of_step, widen

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from fractions import Fraction

    from oracle.evaluate import Counts, Key
    from oracle.judge import Judgement
    from oracle.rows import Row
    from oracle.spec import Objective, Spec


@dataclass(frozen=True, kw_only=True)
class Track:
    """One series of an objective; `own` are the rows in its scope, `covered` is the time for which there are logs."""

    objective: Objective
    by: tuple[str, ...]
    key: Key
    own: Sequence[Row]
    covered: Sequence[window.Span]

    def counts(self, spec: Spec, length: int, tick: int) -> Counts:
        """The events of the window of `length` that ends at `tick`, or with the last complete slice."""
        return count(self.own, spec, self.objective, outside(self.span(length, tick), self.holes(spec)))

    def span(self, length: int, tick: int) -> window.Span:
        """Where that window lies."""
        if self.objective.slices is not None:
            tick -= tick % self.objective.slices.length
        return tick - length, tick

    def whole(self, spec: Spec) -> Own:
        """The series as an evaluation sees it."""
        return Own(self.own, spec, self.objective, self.holes(spec), self.covered)

    def remaining(self, spec: Spec, tick: int, first: int) -> Fraction | None:
        """What is left of the budget in the objective's own window; the first step with data begins at `first`."""
        holes = self.holes(spec)
        valid = [
            (time, counts.good + counts.bad)
            for row in self.own
            if (time := rows.known_at(row, spec)) is not None
            for counts in [count([row], spec, self.objective, outside((time, time + 1), holes))]
        ]
        span = window.span(self.objective.window, tick, first, valid, spec.step)
        if self.objective.slices is not None:
            rolling = isinstance(self.objective.window, int)
            span, _ = slices.snapped(span, self.objective.slices.length, tick, rolling=rolling)
        counts, whole = count(self.own, spec, self.objective, outside(span, holes)), self.whole(spec)
        return whole.judge(counts, whole.sliced(span), self.objective.target).remaining

    def durations(self, spec: Spec, length: int, tick: int) -> list[float]:
        """How long the good and bad rows of the window took, each as often as its weight says."""
        pieces = outside((tick - length, tick), self.holes(spec))
        found = []
        for row in self.own:
            time, weight, took = rows.known_at(row, spec), rows.weight(row, spec), rows.duration(row[column(spec)])
            if time is None or weight is None or took is None:
                continue
            inside = any(window.holds(span, time) for span in pieces)
            if inside and classify(row, spec, self.objective).kind in {"good", "bad"}:
                found += repeated([(float(took), weight)])
        return found

    def holes(self, spec: Spec) -> list[window.Span]:
        """The time that does not count."""
        excluded = [one for one in spec.exclusions if applies(one, dict(zip(self.by, self.key, strict=True)))]
        return [widen((one.start, one.end), spec.step) for one in excluded]

    def judgement(self, spec: Spec, length: int, tick: int) -> Judgement:
        """What they say about the target."""
        counts, whole = self.counts(spec, length, tick), self.whole(spec)
        return whole.judge(counts, whole.sliced(self.span(length, tick)), self.objective.target)

    def burn(self, spec: Spec, length: int, tick: int) -> Fraction | None:
        """How fast the budget was spent."""
        return self.whole(spec).burn(length, tick, self.objective.target)


def ticks(sources: Sequence[Sequence[Row]], spec: Spec, every: int) -> range:
    """The multiples of `every`, from the first that knows a usable row to the first that knows all of them."""
    times = [time for row in usable(sources, spec) if (time := rows.known_at(row, spec)) is not None]
    if not times:
        return range(0)
    first, last = (start_of_step(time, every) + every for time in (min(times), max(times)))
    return range(first, last + 1, every)


def tracks(sources: Sequence[Sequence[Row]], spec: Spec) -> Iterator[Track]:
    """Every series with a row in scope, null first; an objective without any has one of unknown labels."""
    covered = coverage.covered(sources, spec)
    for objective in spec.objectives:
        by = spec.by if objective.by is None else objective.by
        series: dict[Key, list[Row]] = {}
        for row in usable(sources, spec):
            if classify(row, spec, objective).kind != "ignored":
                series.setdefault(rows.key(row, spec, by), []).append(row)
        known = sorted(series, key=lambda key: [(value is not None, value or "") for value in key])
        for key in known or [(None,) * len(by)]:
            yield Track(objective=objective, by=by, key=key, own=series.get(key, []), covered=covered)


def usable(sources: Sequence[Sequence[Row]], spec: Spec) -> list[Row]:
    """The rows that can be used and became known in the asked span."""
    everything = [row for source in sources for row in source]
    return [row for row in everything if rows.in_asked_span(row, spec) and not rows.is_reject(row, spec)]

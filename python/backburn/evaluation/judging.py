"""One Spec against one Rollup: every objective, series and window."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING

from backburn.engine.times import from_micros, rfc3339
from backburn.evaluation import series, windows
from backburn.evaluation.doubting import doubts
from backburn.evaluation.latency import durations
from backburn.evaluation.percent import percent, percent_below
from backburn.evaluation.result import Budget, Result
from backburn.units import share_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from decimal import Decimal

    from backburn._rust import Judgement, Rollup, Tally
    from backburn.evaluation.result import Durations
    from backburn.evaluation.series import Key, Labels
    from backburn.evaluation.windows import Promise, Span
    from backburn.model.spec import Objective, Spec

__all__ = ["Bench", "Judged", "judge"]

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
    window: str | None

    @property
    def begin(self) -> int:
        """Where the first step with data begins."""
        return self.first - self.first % self.spec.source.step.microseconds

    @property
    def after(self) -> int:
        """The first tick after all data."""
        step = self.spec.source.step.microseconds
        return (self.last // step + 1) * step

    def covered(self, objective: Objective) -> list[Span]:
        """Give the time for which the logs of an objective are there."""
        source = self.spec.source
        step = source.step.microseconds
        # Counts are per step: one of which a part is unknown cannot be told from one of which all is.
        unknown = [(span.start - span.start % step, span.end + -span.end % step) for span in source.unknown]
        return self.rollup.covered(objective.name, None if source.gaps == "quiet" else GAP, unknown)


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """The results of one objective, with what the notes are made of."""

    objective: Objective
    results: tuple[Result, ...]
    seen: tuple[Key, ...]
    absent: tuple[Key, ...]
    by: tuple[str, ...]
    covered: tuple[Span, ...]
    spans: tuple[tuple[Promise, Span], ...]


def judge(bench: Bench, objective: Objective) -> Judged:
    """Hold an objective against the counts of each of its series."""
    spec, rollup = bench.spec, bench.rollup
    promised = [
        (promise, windows.span(promise.window, bench.tick, bench.begin))
        for promise in windows.promises(spec, objective, bench.window)
    ]
    burns = {duration.text: (bench.tick - duration.microseconds, bench.tick) for duration in windows.rolling(spec)}
    covered = bench.covered(objective)
    by = series.labels_of(objective, spec.source)
    tallies = dict(rollup.tallies(objective.name, by, [*(span for _, span in promised), *burns.values()]))
    absent = series.expected(spec.source, by, tallies)
    spans = [span for _, span in promised]
    lasted = durations(spec, rollup, objective, by=by, spans=spans, data=(bench.begin, bench.after))
    sure = doubts(spec, rollup, objective, by=by, spans=spans, data=(bench.begin, bench.after))
    judging = _Judging(bench=bench, objective=objective, promised=promised, burns=tuple(burns), covered=covered)
    results: list[Result] = []
    for key in series.ordered([*tallies, *absent]):
        labels = dict(zip(by, key, strict=True))
        results.extend(sure.beside(judging.results(labels, tallies.get(key), lasted.get(key)), key, tallies.get(key)))
    if not results:
        results.extend(judging.results({}, None))
    return Judged(
        objective=objective,
        results=tuple(results),
        seen=tuple(tallies),
        absent=tuple(absent),
        by=by,
        covered=tuple(covered),
        spans=tuple(promised),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Judging:
    bench: Bench
    objective: Objective
    promised: Sequence[tuple[Promise, Span]]
    burns: tuple[str, ...]
    covered: Sequence[Span]

    def results(
        self, labels: Labels, tallies: list[Tally] | None, lasted: Sequence[Durations] | None = None
    ) -> Iterator[Result]:
        """Judge every window of one series; one without tallies was never seen."""
        for place, promised in enumerate(self.promised):
            promise = promised[0]
            target = series.target_of(self.objective, labels) if promise.budget else promise.target
            judged = None if tallies is None else self._judge(tallies[place], target)
            later = [None] * len(self.burns) if tallies is None else tallies[len(self.promised) :]
            rates = [None if tally is None else self._judge(tally, target).burn for tally in later]
            burn = dict(zip(self.burns, rates, strict=True))
            result = self._result(labels, promised, target, judged, burn)
            yield result if lasted is None else replace(result, latency=lasted[place])

    def _judge(self, tally: Tally, target: Decimal) -> Judgement:
        return tally.judge(share_text(target), self.objective.sli.unparsable)

    def _result(
        self,
        labels: Labels,
        promised: tuple[Promise, Span],
        target: Decimal,
        judged: Judgement | None,
        burn: dict[str, float | None],
    ) -> Result:
        promise, span = promised
        share = windows.observed(self.covered, span)
        reason = self._reason(labels, span, share, judged)
        spec = self.bench.spec
        return Result(
            service=spec.service if spec.service is not None else labels.get("service"),
            objective=self.objective.name,
            series=labels,
            window=windows.window_span(promise.window, span),
            good=judged.good if judged else 0,
            bad=judged.bad if judged else 0,
            excluded=judged.excluded if judged else 0,
            excluded_by=dict(judged.excluded_by) if judged else {},
            valid=judged.valid if judged else 0,
            sli=judged.sli if judged else None,
            target=target,
            met=judged.met if judged and reason is None else None,
            reason=reason,
            observed=float(share),
            budget=_budget(target, span, judged) if promise.budget else None,
            burn=burn,
        )

    def _reason(self, labels: Labels, span: Span, share: Fraction, judged: Judgement | None) -> str | None:
        """Say why a promise cannot be judged; None where it can."""
        if judged is None:
            return "no events: expected series never seen" if labels else "no events: no row is in scope"
        if share == 0:
            first, last = (rfc3339(from_micros(moment)) for moment in (self.bench.first, self.bench.last))
            outside = span[1] <= self.bench.first or span[0] > self.bench.last
            where = f"the window lies outside the data, which goes from {first} to {last}"
            return where if outside else "no logs in the window"
        minimum = self.bench.spec.min_coverage
        if share < Fraction(minimum):
            return f"only {percent_below(share)} of the window is observed, less than min_coverage ({percent(minimum)})"
        if judged.valid:
            return None
        if judged.excluded:
            return f"no valid events in the window: all {judged.excluded:,} are excluded"
        return "no valid events in the window: none can be read" if judged.rejected else "no events in the window"


def _budget(target: Decimal, span: Span, judged: Judgement | None) -> Budget:
    return Budget(
        allowed=judged.allowed if judged else None,
        spent=judged.spent if judged else 0,
        consumed=judged.consumed if judged else None,
        remaining=judged.remaining if judged else None,
        minutes=float((1 - target) * (span[1] - span[0]) / _MINUTE),
    )

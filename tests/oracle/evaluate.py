"""A whole evaluation: rows and promises in, results out."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

from oracle import coverage, rows, slices, window
from oracle.classify import classify, is_ignored
from oracle.judge import Judgement, judge
from oracle.spec import LastEvents
from oracle.step import end_of_step, start_of_step, widen

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from oracle.rows import Row
    from oracle.spec import Exclusion, Objective, Spec
    from oracle.window import Span

Key = tuple[str | None, ...]


@dataclass(frozen=True, kw_only=True)
class Counts:
    """Events of one series in one window, after `unparsable` has said what unknown ones are."""

    good: int
    bad: int
    excluded_by: Mapping[str, int]

    @property
    def excluded(self) -> int:
        """All that is forgiven."""
        return sum(self.excluded_by.values())


@dataclass(frozen=True, kw_only=True)
class Result:
    """One promise to one series in one window."""

    objective: str
    series: Mapping[str, str | None]
    window: Span
    target: Fraction
    counts: Counts
    judgement: Judgement
    met: bool | None
    observed: Fraction
    has_budget: bool
    burn: tuple[Fraction | None, ...]
    pieces: Sequence[Span]
    left_out: LeftOut | None
    slices: slices.Sum | None
    slice_length: int | None


@dataclass(frozen=True, kw_only=True)
class LeftOut:
    """What exclusions leave out of a window, and what would be judged with it."""

    spans: Sequence[tuple[int, int, str]]
    counts: Counts
    judgement: Judgement
    met: bool | None
    slices: slices.Sum | None


@dataclass(frozen=True, kw_only=True)
class Evaluation:
    """All results, and what became of the rows."""

    results: Sequence[Result]
    rows: int
    ignored: int
    rejected: int
    unknown: Mapping[str, int] = field(default_factory=dict)
    first: int | None
    last: int | None


@dataclass(frozen=True, kw_only=True)
class Moments:
    """When is judged: at `tick`, with data from the step that begins at `first`, over the covered time."""

    covered: Sequence[Span]
    tick: int
    first: int


def evaluate(sources: Sequence[Sequence[Row]], spec: Spec) -> Evaluation:
    """Judge every promise, for every series with a row in its scope, in each of its windows.

    Rows are counted that can be used and became known in the asked span, rejects wherever they are. Windows end at
    `at`, by default the first tick after the last row. An objective without any series has one result without labels.
    """
    everything = [row for source in sources for row in source]
    usable = [row for row in everything if rows.in_asked_span(row, spec) and not rows.is_reject(row, spec)]
    times = [time for row in usable if (time := rows.known_at(row, spec)) is not None]
    ignored = sum(is_ignored(row, spec) for row in usable)
    rejected = sum(rows.is_reject(row, spec) for row in everything)
    if not times:
        return Evaluation(results=[], rows=0, ignored=0, rejected=rejected, first=None, last=None)
    covered = coverage.covered(sources, spec)
    first = start_of_step(min(times), spec.step)
    tick = end_of_step(max(times), spec.step) if spec.at is None else spec.at
    moments = Moments(covered=covered, tick=tick, first=first)
    results = [result for objective in spec.objectives for result in judged(usable, spec, objective, moments)]
    unknown = {
        objective.name: sum(classify(row, spec, objective).kind == "unknown" for row in usable)
        for objective in spec.objectives
    }
    return Evaluation(
        results=results,
        rows=len(usable),
        ignored=ignored,
        rejected=rejected,
        unknown=unknown,
        first=min(times),
        last=max(times),
    )


def judged(usable: Sequence[Row], spec: Spec, objective: Objective, moments: Moments) -> Iterator[Result]:
    """The results of one objective, a series after the other."""
    by = spec.by if objective.by is None else objective.by
    series: dict[Key, list[Row]] = {}
    for row in usable:
        if classify(row, spec, objective).kind != "ignored":
            series.setdefault(rows.key(row, spec, by), []).append(row)
    promises = [(objective.window, objective.target, True), *((w, target, False) for w, target in objective.also)]
    for key, own in series.items() or [(None, [])]:
        labels = {} if key is None else dict(zip(by, key, strict=True))
        excluded = [one for one in spec.exclusions if applies(one, labels)]
        holes = [widen((one.start, one.end), spec.step) for one in excluded]
        for promised, target, has_budget in promises:
            valid = [
                (time, counts.good + counts.bad)
                for row in own
                if (time := rows.known_at(row, spec)) is not None
                for counts in [count([row], spec, objective, outside((time, time + 1), holes))]
            ]
            span = window.span(promised, moments.tick, moments.first, valid, spec.step)
            cut, whole = 0, Own(own, spec, objective, holes, moments.covered)
            if objective.slices is not None:
                rolling = isinstance(promised, int)
                span, cut = slices.snapped(span, objective.slices.length, moments.tick, rolling=rolling)
            pieces = outside(span, holes)
            counts = count(own, spec, objective, pieces)
            total = whole.sliced(span, cut)
            judgement = whole.judge(counts, total, target)
            observed = coverage.observed(moments.covered, pieces)
            burns = [whole.burn(burn, moments.tick, target) for burn in spec.burn]
            enough = not isinstance(promised, LastEvents) or counts.good + counts.bad >= promised.events
            empty = {"undefined": None, "good": True, "bad": False}[objective.no_data]
            met = judgement.met if counts.good + counts.bad or total is not None else empty
            yield Result(
                objective=objective.name,
                series=labels,
                window=span,
                target=target,
                counts=counts,
                judgement=judgement,
                met=met if enough and observed > 0 and observed >= spec.min_coverage else None,
                observed=observed,
                has_budget=has_budget,
                burn=tuple(burns),
                slices=total,
                slice_length=None if objective.slices is None else objective.slices.length,
                pieces=pieces,
                left_out=None
                if pieces == ([span] if span[0] < span[1] else [])
                else left_out(whole, span, cut, target, excluded),
            )


class Own(NamedTuple):
    """The rows of one series of an objective, the time left out of it, and that for which there are logs."""

    rows: Sequence[Row]
    spec: Spec
    objective: Objective
    holes: Sequence[Span]
    covered: Sequence[Span]

    def sliced(self, span: Span, cut: int = 0) -> slices.Sum | None:
        """The slices of a span; None where the budget counts events."""
        rule = self.objective.slices
        if rule is None:
            return None
        events = []
        for row in self.rows:
            time = rows.known_at(row, self.spec)
            if time is not None:
                counts = count([row], self.spec, self.objective, [(time, time + 1)])
                events.append((time, counts.good, counts.bad))
        own = slices.Own(events=events, holes=self.holes, covered=self.covered, no_data=self.objective.no_data)
        return slices.total(rule, self.objective.target if rule.target is None else rule.target, own, span, cut)

    def judge(self, counts: Counts, total: slices.Sum | None, target: Fraction) -> Judgement:
        """Hold a target against the slices, or else the events."""
        return judge(counts.good, counts.bad, target) if total is None else slices.judge(total, target)

    def burn(self, length: int, tick: int, target: Fraction) -> Fraction | None:
        """The burn rate of the last events, or of the last complete slices."""
        if self.objective.slices is not None:
            tick -= tick % self.objective.slices.length
        span = (tick - length, tick)
        counts = count(self.rows, self.spec, self.objective, outside(span, self.holes))
        total = self.sliced(span)
        rate = self.judge(counts, total, target).burn
        return without_events(self.objective, target) if rate is None and total is None else rate


def left_out(own: Own, span: Span, cut: int, target: Fraction, excluded: Sequence[Exclusion]) -> LeftOut:
    """What the window would be with the time that exclusions leave out."""
    own = own._replace(holes=())
    counts = count(own.rows, own.spec, own.objective, [span])
    total = own.sliced(span, cut)
    judgement = own.judge(counts, total, target)
    observed = coverage.observed(own.covered, [span])
    holes = ((widen((one.start, one.end), own.spec.step), one.reason) for one in excluded)
    inside = ((max(start, span[0]), min(end, span[1]), reason) for (start, end), reason in holes)
    return LeftOut(
        spans=sorted(one for one in inside if one[0] < one[1]),
        counts=counts,
        judgement=judgement,
        met=judgement.met if observed > 0 and observed >= own.spec.min_coverage else None,
        slices=total,
    )


def applies(exclusion: Exclusion, labels: Mapping[str, str | None]) -> bool:
    """Whether each of its values is the series' own, or how that begins where the value ends in a star."""
    for label, value in exclusion.series.items():
        own = labels.get(label)
        if own is None or not (own == value or (value.endswith("*") and own.startswith(value[:-1]))):
            return False
    return True


def outside(span: Span, holes: Sequence[Span]) -> list[Span]:
    """What is left of a span."""
    pieces = [span] if span[0] < span[1] else []
    for hole in holes:
        pieces = coverage.without(pieces, hole)
    return pieces


def without_events(objective: Objective, target: Fraction) -> Fraction | None:
    """The burn rate of a window without events."""
    return {"undefined": None, "good": Fraction(0), "bad": 1 / (1 - target)}[objective.no_data]


def count(own: Sequence[Row], spec: Spec, objective: Objective, pieces: Sequence[Span]) -> Counts:
    """Count the events of rows that became known in one of the spans `pieces`, each row as often as its weight says.

    Unknown events leave the count (`reject`), are forgiven as "unparsable" (`exclude`) or broke the promise (`bad`).
    """
    lanes: Counter[str] = Counter()
    excluded: Counter[str] = Counter()
    for row in own:
        time, weight = rows.known_at(row, spec), rows.weight(row, spec)
        if time is None or weight is None or not any(window.holds(span, time) for span in pieces):
            continue
        outcome = classify(row, spec, objective)
        lanes[outcome.kind] += weight
        if outcome.reason is not None:
            excluded[outcome.reason] += weight
    if objective.unparsable == "exclude" and lanes["unknown"]:
        excluded["unparsable"] += lanes["unknown"]
    bad = lanes["bad"] + (lanes["unknown"] if objective.unparsable == "bad" else 0)
    return Counts(good=lanes["good"], bad=bad, excluded_by=dict(excluded))

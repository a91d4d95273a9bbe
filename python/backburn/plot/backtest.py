"""A backtest as panels over time: alerts, the burn rates that they saw, and what is left of the budget."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from backburn.engine.times import from_micros, length_text
from backburn.evaluation.outline import extremes, named
from backburn.evaluation.rolling import BUDGET
from backburn.events import applies
from backburn.plot import bands, lanes, levels, lines, panels, words
from backburn.plot.cases import subjects
from backburn.plot.sheet import Sheet, choosable, styled

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from backburn.alerts.result import Backtest
    from backburn.evaluation.outline import Extremes
    from backburn.plot.bands import Incident
    from backburn.plot.cases import Case, Subject
    from backburn.units import Duration

    Span = tuple[int, int, int]
    Seen = Mapping[str, list[Extremes | None]]

__all__ = ["chart"]

_HIGH, _LOW = 190, 130
_FEW = 3
"""More policies than these have lower panels."""

_MICROSECOND = timedelta(microseconds=1)


def chart(backtest: Backtest, incidents: Sequence[Incident] = ()) -> dict[str, Any]:
    """Give the chart of a backtest as Vega-Lite, with the numbers in it.

    For the series of each objective that spent the most budget while alerts fired, and for each policy: a lane for each
    of its alerts, and the burn rates that it looks at beside its factors; then what is left of the budget. `incidents`
    are from when to when, and what to call them; they have a lane of their own. The labels that hold for a series are
    its incidents, unless others are given.
    """
    import altair as alt

    chosen = subjects(backtest)
    threads = backtest.ticks.threads
    drawn = [_Block(subject=one, threads=threads, incidents=incidents or _labels(backtest, one)) for one in chosen]
    made = [[bands.bands(case, block.incidents, block.ends) for case in block.subject.cases] for block in drawn]
    kinds = bands.kinds(records for block in made for records in block)
    points: dict[str, lines.Lines] = {}
    windows = tuple(one.text for one in _windows(case for one in chosen for case in one.cases))
    blocks = []
    for block, records in zip(drawn, made, strict=True):
        sheet = Sheet(windows=windows, ends=block.ends, datasets=points, crowded=True)
        case = block.subject.cases[0]
        track = case.course.track
        title = alt.TitleParams(
            words.series(track, track.keys[case.course.place]),
            subtitle=words.promised(track, case.course.target),
            anchor="start",
        )
        blocks.append(
            alt.vconcat(*block.panels(sheet, records, kinds), title=title, spacing=8).resolve_scale(x="shared")
        )
    caption = list(_caption(backtest, chosen))
    title = alt.TitleParams(words.documents(backtest.specs), subtitle=caption, anchor="start", offset=16)
    whole = alt.vconcat(*blocks, title=title, spacing=28).resolve_scale(color="shared", fill="shared")
    return choosable(styled(whole).to_dict(), points)


def _labels(backtest: Backtest, subject: Subject) -> list[Incident]:
    """Give the labels that hold for a series."""
    course = subject.cases[0].course
    track = course.track
    series = {**({} if track.service is None else {"service": track.service}), **course.labels}
    return [
        (from_micros(label.start), from_micros(label.end), label.id or label.category or label.kind)
        for label in backtest.scoring.labels
        if applies(label, series, track.objective)
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Block:
    """One series under its policies, and what is drawn of it."""

    subject: Subject
    threads: int
    incidents: Sequence[Incident]

    @property
    def ends(self) -> tuple[int, int]:
        """The first and the last tick of all policies."""
        spans = [case.course.track.span for case in self.subject.cases]
        return min(first for first, _, _ in spans), max(last for _, last, _ in spans)

    def panels(self, sheet: Sheet, records: Sequence[lines.Lines], kinds: Mapping[str, str]) -> Iterator[Any]:
        """Draw what each policy did, and the budget below."""
        cases = self.subject.cases
        rules = {case.replay.policy: levels.factors(case) for case in cases}
        most = [rule.value for of in rules.values() for rule in of]
        drawn: dict[Span, panels.Burns] = {}
        seen = {span: self._seen(span) for span in self._spans()}
        for span, of in seen.items():
            known = [(one.text, of[f"burn_{one.text}"]) for one in self._windows(span)]
            drawn[span] = panels.burns(sheet, lines.lines(known, span), most)
        height = _HIGH if len(cases) <= _FEW else _LOW
        for case, spans in zip(cases, records, strict=True):
            data = sheet.named(spans)
            own = [alert.name for alert in case.course.policy.alerts]
            shown = [*([bands.INCIDENTS] if self.incidents else []), *own]
            yield lanes.strip(sheet, data, shown, kinds, _summary(case))
            if case.course.windows:
                burns = drawn[case.course.track.span]
                yield panels.burn(
                    sheet,
                    burns,
                    windows=[one.text for one in case.course.windows],
                    rules=rules[case.replay.policy],
                    beneath=[lanes.shade(sheet, data, kinds)],
                    height=height,
                )
        # Policies may look at different ticks; the budget is the same at all of them.
        span = min(seen, key=lambda one: one[2])
        left = lines.lines([("", seen[span][BUDGET])], span)
        yield panels.budget(sheet, left, levels.shares(cases))

    def _spans(self) -> list[Span]:
        return list(dict.fromkeys(case.course.track.span for case in self.subject.cases))

    def _windows(self, span: Span) -> list[Duration]:
        return _windows(case for case in self.subject.cases if case.course.track.span == span)

    def _seen(self, span: Span) -> Seen:
        """Look at all windows at the same ticks once, whichever policies look at them."""
        course = next(case.course for case in self.subject.cases if case.course.track.span == span)
        windows, columns = self._windows(span), ["burn", BUDGET]
        names = named([one.text for one in windows], columns)
        told = course.told(columns, self.threads, windows)
        (seen,) = extremes(told, names, (0, (0, 1)), words.STRETCHES)
        return seen


def _windows(cases: Iterator[Case]) -> list[Duration]:
    """List the windows of some policies, the shortest first."""
    found = {one.text: one for case in cases for one in case.course.windows}
    return sorted(found.values(), key=lambda one: one.microseconds)


def _summary(case: Case) -> str:
    """Sum up what a policy did."""
    parts = []
    for alert in case.replay.severities:
        of = [one for one in case.replay.alerts if one.alert == alert]
        length = sum(((one.end or case.replay.window.end) - one.start for one in of), timedelta())
        if of:
            parts.append(f"{alert} {len(of)}×, {length_text(length // _MICROSECOND)} in all")
    return f"{case.replay.policy}: {'; '.join(parts) or 'no alert'}"


def _caption(backtest: Backtest, chosen: Sequence[Subject]) -> Iterator[str]:
    """Say what the picture cannot show by itself: its zone, what was left out, and what lines and bands are made of."""
    tracks = [case.course.track for one in chosen for case in one.cases]
    named = ", ".join(backtest.policies) if len(backtest.policies) <= _FEW else f"{len(backtest.policies)} in all"
    yield f"Alert policies on recorded traffic: {named}"
    yield from words.ticks(track.span for track in tracks)
    courses = backtest.ticks.courses
    series = len({(one.track.service, one.track.objective, one.track.keys[one.place]) for one in courses})
    if len(chosen) < series:
        what = "those of each objective that spent the most budget while alerts fired"
        yield f"{len(chosen)} of {series:,} series: {what}"
    yield from words.stretched(tracks)
    if any(alert.warm_up for one in chosen for case in one.cases for alert in case.replay.alerts):
        yield "In warm-up: begun before the longest window of all policies was full, with less known than later"

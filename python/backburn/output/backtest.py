"""How a backtest looks: policies side by side, alerts on a line of time, and the worst of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from backburn.engine.times import from_micros, length_text
from backburn.output.answer import Answer, Cell, Flat, Heading, Lines, Table, View
from backburn.output.identity import head, keys, moment
from backburn.output.numbers import UNDEFINED, budget_text, burn_text, count_text
from backburn.output.scores import rule, scored

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from datetime import datetime

    from backburn.alerts.result import Backtest, FiredAlert, Replay
    from backburn.output.answer import Block, Tone

    Column = tuple[Heading, Callable[["_Shown"], Cell]]

__all__ = ["MOST", "answer"]

MOST = 20
"""So many alerts, and lines of time, are shown."""

_WIDTH = 60
_LOUD, _QUIET, _NONE = "█", "▒", "·"
_MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Shown:
    """An alert, and whose it is."""

    replay: Replay
    alert: FiredAlert
    last: datetime

    @property
    def service(self) -> str | None:
        return self.replay.service

    @property
    def objective(self) -> str:
        return self.replay.objective

    @property
    def series(self) -> Mapping[str, str | None]:
        return self.replay.series

    @property
    def lasted(self) -> timedelta:
        return (self.alert.end or self.last) - self.alert.start


def answer(backtest: Backtest) -> Answer:
    """Give a backtest its shapes."""
    return Answer(
        envelope=backtest.to_dict,
        view=lambda: _view(backtest),
        flat=lambda: Flat([column.name for column in backtest.columns()], backtest.records()),
        notes=[(note.code, note.message) for note in backtest.notes],
    )


def _view(backtest: Backtest) -> View:
    blocks: list[Block] = [head(backtest.specs, backtest.data), Lines(list(_ticks(backtest))), _summary(backtest)]
    blocks += scored(backtest)
    lines = _lines(backtest)
    if lines is not None:
        blocks.append(lines)
    shown = sorted(_all(backtest), key=_worst)
    if shown:
        blocks.append(_alerts(backtest, shown[:MOST]))
    return View([*blocks, *rule(backtest), Lines([Cell(line) for line in _closing(backtest, len(shown))])])


def _all(backtest: Backtest) -> list[_Shown]:
    return [
        _Shown(replay=replay, alert=alert, last=replay.window.end)
        for replay in backtest.replays
        for alert in replay.alerts
    ]


def _worst(one: _Shown) -> tuple[float, float]:
    during = one.alert.budget.during
    return -(during or 0.0), -one.lasted.total_seconds()


def _ticks(backtest: Backtest) -> Iterator[Cell]:
    spans = dict.fromkeys((course.track.span, course.track.ticks) for course in backtest.ticks.courses)
    for (first, last, every), count in spans:
        ends = " to ".join(moment(from_micros(edge)) for edge in (first, last))
        ticks = "1 tick" if count == 1 else f"{count_text(count)} ticks"
        yield Cell(f"{ticks}, {length_text(every)} apart, {ends} UTC", "quiet")


def _summary(backtest: Backtest) -> Table:
    """Put the policies side by side, a row for each of their severities."""
    rows = []
    for policy in backtest.policies:
        replays = backtest.of(policy)
        severities = dict.fromkeys(severity for replay in replays for severity in replay.severities.values())
        for severity in severities:
            found = [one for one in _all(backtest) if one.replay.policy == policy and one.alert.severity == severity]
            noisy = {id(one.replay) for one in found}
            longest = max((one.lasted for one in found), default=timedelta())
            total = sum((one.lasted for one in found), timedelta())
            rows.append(
                [
                    Cell(policy),
                    Cell(severity),
                    Cell(count_text(len(found)), "plain" if found else "quiet"),
                    Cell(f"{count_text(len(noisy))} of {count_text(len(replays))}"),
                    Cell(_length(total) if found else UNDEFINED, "plain" if found else "quiet"),
                    Cell(_length(longest) if found else UNDEFINED, "plain" if found else "quiet"),
                    Cell(count_text(sum(one.alert.told is None for one in found))),
                    Cell(count_text(sum(one.alert.warm_up for one in found))),
                ]
            )
    headings = [
        Heading("policy", "name"),
        Heading("severity", "name"),
        Heading("alerts", "number"),
        Heading("series", "number"),
        Heading("firing", "number"),
        Heading("longest", "number"),
        Heading("inhibited", "number"),
        Heading("in warm-up", "number"),
    ]
    return Table(headings, rows, keys=2)


def _lines(backtest: Backtest) -> Table | None:
    """Show when each series had alerts, the loudest series first."""
    loud = [replay for replay in backtest.replays if replay.told]
    if not loud:
        return None
    loud.sort(key=lambda replay: -_firing(replay).total_seconds())
    loud = loud[:MOST]
    several = len(backtest.policies) > 1
    named = keys(loud, backtest.specs)
    headings = [*([Heading("policy", "name")] if several else []), *(heading for heading, _ in named)]
    start, end = loud[0].window.start, loud[0].window.end
    headings.append(Heading(f"{start:%m-%d %H:%M} to {end:%m-%d %H:%M} UTC", "name"))
    rows = []
    for replay in loud:
        cells = [cell(replay) for _, cell in named]
        rows.append([*([Cell(replay.policy)] if several else []), *cells, Cell(_line(replay))])
    return Table(headings, rows, keys=len(headings) - 1)


def _firing(replay: Replay) -> timedelta:
    return sum(((one.end or replay.window.end) - one.start for one in replay.told), timedelta())


def _line(replay: Replay) -> str:
    """Draw a line of time: full where a page fires at some moment of a piece, shaded where only something else does."""
    start, end = replay.window.start, replay.window.end
    length = max((end - start) // _MICROSECOND, 1)
    marks = [_NONE] * _WIDTH
    for one in replay.told:
        first = (one.start - start) // _MICROSECOND * _WIDTH // length
        last = ((one.end or end) - start) // _MICROSECOND * _WIDTH // length
        for place in range(first, min(last, _WIDTH - 1) + 1):
            if one.severity == "page":
                marks[place] = _LOUD
            elif marks[place] == _NONE:
                marks[place] = _QUIET
    return "".join(marks)


def _alerts(backtest: Backtest, shown: Sequence[_Shown]) -> Table:
    several = len(backtest.policies) > 1
    named = keys(shown, backtest.specs)
    columns: list[Column] = [
        *([(Heading("policy", "name"), _policy)] if several else []),
        *named,
        (Heading("alert", "name"), lambda one: Cell(one.alert.alert)),
        (Heading("from (UTC)", "number"), lambda one: Cell(moment(one.alert.start))),
        (Heading("lasted", "number"), _lasted),
        (Heading("peak", "number"), lambda one: Cell(burn_text(one.alert.highest.peak))),
        (Heading("condition", "name"), lambda one: Cell(one.alert.highest.condition)),
        (Heading("bad", "number"), lambda one: Cell(count_text(one.alert.bad))),
        (Heading("left before", "number"), lambda one: _share(one.alert.budget.before)),
        (Heading("spent", "number"), lambda one: _share(one.alert.budget.during, spent=True)),
        (Heading("left after", "number"), lambda one: _share(one.alert.budget.after)),
    ]
    headings = [heading for heading, _ in columns]
    return Table(headings, [[cell(one) for _, cell in columns] for one in shown], keys=len(named) + several)


def _policy(one: _Shown) -> Cell:
    return Cell(one.replay.policy)


def _lasted(one: _Shown) -> Cell:
    text = _length(one.lasted)
    return Cell(text) if one.alert.end is not None else Cell(f"{text} so far", "doubt")


def _share(share: float | None, *, spent: bool = False) -> Cell:
    if share is None:
        return Cell(UNDEFINED, "quiet")
    tone: Tone = "bad" if not spent and share < 0 else "plain"
    return Cell(budget_text(share), tone)


def _length(length: timedelta) -> str:
    return length_text(length // _MICROSECOND)


def _closing(backtest: Backtest, shown: int) -> Iterator[str]:
    series = {(one.service, one.objective, *one.series.items()) for one in backtest.replays}
    loud = {(one.service, one.objective, *one.series.items()) for one in backtest.replays if one.alerts}
    if shown > MOST:
        yield f"The {MOST} of {count_text(shown)} alerts that saw the most budget spent; --alerts FILE has all."
    if not shown:
        where = "the one series" if len(series) == 1 else f"any of {count_text(len(series))} series"
        yield f"No alert on {where}."
        return
    what = "1 alert" if shown == 1 else f"{count_text(shown)} alerts"
    yield f"{what} on {count_text(len(loud))} of {count_text(len(series))} series."

"""How a timeline looks: for people where each series stands and its worst ticks, for programs every tick, in pieces."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING

from backburn.engine.times import from_micros, length_text
from backburn.evaluation.outline import outline, worst
from backburn.evaluation.rolling import BUDGET, percentiles
from backburn.output.answer import Answer, Cell, Flat, Heading, Lines, Table, View
from backburn.output.identity import head, keys, moment
from backburn.output.numbers import UNDEFINED, budget_text, burn_text, count_text, duration_text, sli_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from decimal import Decimal

    from backburn.evaluation.outline import Extremes
    from backburn.evaluation.timetable import Timeline, Track
    from backburn.output.answer import Block

    Column = tuple[Heading, Callable[["_Series"], Cell]]

__all__ = ["MOST", "answer"]

MOST, DETAILED = 20, 5
"""So many series are shown, and of so many of them every window."""

_COUNTS = ("valid", "bad")


def answer(timeline: Timeline) -> Answer:
    """Give a timeline its shapes."""
    services = [track.service for track in timeline.tracks]
    return Answer(
        envelope=timeline.to_dict,
        view=lambda: _view(timeline),
        flat=lambda: Flat((), ()),
        notes=[(note.code, note.message) for note in timeline.notes],
        pieces={
            "csv": timeline.stream.text,
            "ndjson": lambda: timeline.stream.text(services),
            "json": lambda: _json(timeline, services),
        },
        files={"parquet": timeline.stream.save},
    )


def _json(timeline: Timeline, services: Sequence[str | None]) -> Iterator[bytes]:
    """Write the envelope around the results, each of which is a line: there may be more of them than memory holds."""
    around = json.dumps(timeline.around(), indent=2, ensure_ascii=False, allow_nan=False)
    before, after = around.split('"results": []', 1)
    yield f'{before}"results": ['.encode()
    first = True
    for piece in timeline.stream.text(services):
        lines = piece.decode().rstrip("\n").replace("\n", ",\n    ")
        yield (("\n    " if first else ",\n    ") + lines).encode()
        first = False
    yield ("" if first else "\n  ").encode() + f"]{after}\n".encode()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Series:
    """One series, as its rows are told apart; `window` is the one that a row is about."""

    service: str | None
    objective: str
    series: Mapping[str, str | None]
    track: Track
    target: Decimal
    seen: Mapping[str, Extremes | None]
    window: str


def _view(timeline: Timeline) -> View:
    shown = [one for number in range(len(timeline.tracks)) for one in _worst(timeline, number)]
    if BUDGET in timeline.columns:
        # Less is worse, and what nobody knows is last.
        shown.sort(key=lambda one: (one.seen[BUDGET] is None, _last(one.seen[BUDGET])))
    shown = shown[:MOST]
    blocks: list[Block] = [head(timeline.specs, timeline.data), Lines(_ticks(timeline))]
    if BUDGET in timeline.columns:
        blocks.append(_table(timeline, shown, _budgets()))
    detailed = shown[:DETAILED] if len(shown) * len(timeline.windows) > MOST else shown
    rows = [replace(one, window=window) for one in detailed for window in timeline.windows]
    if columns := _windows(timeline, rows):
        blocks.append(_table(timeline, rows, columns))
    return View(
        [
            *blocks,
            Lines([Cell(line) for line in _closing(timeline, len(shown), len(detailed) if columns else len(shown))]),
        ]
    )


def _worst(timeline: Timeline, number: int) -> Iterator[_Series]:
    track = timeline.tracks[number]
    columns = tuple(dict.fromkeys((*_COUNTS, *timeline.columns))) if "sli" in timeline.columns else timeline.columns
    ordered = [name for name in ("valid", "bad", "sli", "burn", BUDGET) if name in columns] + list(percentiles(columns))
    for at in worst(timeline, number, MOST):
        (seen,) = outline(timeline, number, (at, at + 1), 1, ordered)
        labels = dict(zip(track.by, track.keys[at], strict=True))
        yield _Series(
            service=track.service if track.service is not None else labels.get("service"),
            objective=track.objective,
            series=labels,
            track=track,
            target=track.targets[at],
            seen={name: column[0] for name, column in seen.items()},
            window=track.window,
        )


def _table(timeline: Timeline, rows: Sequence[_Series], columns: Sequence[Column]) -> Table:
    window: Column = (Heading("window"), lambda one: Cell(one.window))
    keyed = [*keys(rows, timeline.specs), window]
    every = [*keyed, *columns]
    return Table(
        headings=[heading for heading, _ in every],
        rows=[[cell(row) for _, cell in every] for row in rows],
        keys=len(keyed),
    )


def _budgets() -> list[Column]:
    return [
        (Heading("budget left", "number"), lambda one: _left(one.seen[BUDGET], "last")),
        (Heading("lowest", "number"), lambda one: _left(one.seen[BUDGET], "least")),
        (Heading("at (UTC)", "number"), lambda one: _when(one.seen[BUDGET], "least")),
    ]


def _windows(timeline: Timeline, rows: Sequence[_Series]) -> list[Column]:
    told = timeline.columns
    columns: list[Column] = []
    if "sli" in told:
        columns.append((Heading("SLI", "number"), _sli))
    if "bad" in told:
        columns.append((Heading("bad", "number"), lambda one: _count(one, "bad")))
    if "valid" in told:
        columns.append((Heading("valid", "number"), lambda one: _count(one, "valid")))
    if "burn" in told:
        columns += [
            (Heading("burn", "number"), lambda one: _burn(one, "last")),
            (Heading("highest burn", "number"), lambda one: _burn(one, "greatest")),
            (Heading("at (UTC)", "number"), lambda one: _when(_seen(one, "burn"), "greatest")),
            (Heading("ticks above 1", "number"), _above),
        ]
    if any(one.track.unit is not None for one in rows):
        for name in percentiles(told):
            columns += [
                (Heading(name, "number"), _lasted(name, "last")),
                (Heading(f"highest {name}", "number"), _lasted(name, "greatest")),
                (Heading(f"{name} at (UTC)", "number"), _highest(name)),
            ]
    return columns


def _seen(one: _Series, column: str) -> Extremes | None:
    return one.seen[f"{column}_{one.window}"]


def _last(seen: Extremes | None) -> float:
    return 0.0 if seen is None else seen.last[1]


def _of(seen: Extremes, which: str) -> tuple[int, float]:
    found: tuple[int, float] = getattr(seen, which)
    return found


def _at_the_end(one: _Series, seen: Extremes | None) -> float | None:
    """Give the value of the last tick; one that was last known earlier is not that of the end."""
    return seen.last[1] if seen is not None and seen.last[0] == one.track.span[1] - _rest(one.track) else None


def _rest(track: Track) -> int:
    first, last, every = track.span
    return (last - first) % every


def _left(seen: Extremes | None, which: str) -> Cell:
    if seen is None:
        return Cell(UNDEFINED, "quiet")
    value = _of(seen, which)[1]
    return Cell(budget_text(value), "bad" if value < 0 else "plain")


def _when(seen: Extremes | None, which: str) -> Cell:
    return Cell(UNDEFINED, "quiet") if seen is None else Cell(moment(from_micros(_of(seen, which)[0])))


def _count(one: _Series, column: str) -> Cell:
    return Cell(count_text(round(_last(_seen(one, column)))))


def _sli(one: _Series) -> Cell:
    valid, bad = (round(_last(_seen(one, column))) for column in _COUNTS)
    if one.track.sliced and valid:
        seen = _seen(one, "sli")
        share = None if seen is None else _at_the_end(one, seen)
        if share is None:
            return Cell(UNDEFINED, "quiet")
        # A float's shortest decimal is as near to the exact share as the column can tell.
        return Cell(sli_text(Fraction(repr(share)), 1, one.target))
    return Cell(sli_text(valid - bad, valid, one.target), "plain" if valid else "quiet")


def _burn(one: _Series, which: str) -> Cell:
    seen = _seen(one, "burn")
    if seen is None:
        return Cell(UNDEFINED, "quiet")
    rate = _at_the_end(one, seen) if which == "last" else _of(seen, which)[1]
    return Cell(burn_text(rate), "quiet" if rate is None else "doubt" if rate > 1 else "plain")


def _above(one: _Series) -> Cell:
    """Say at how many of its ticks the budget burnt faster than it lasts."""
    seen = _seen(one, "burn")
    if seen is None:
        return Cell(UNDEFINED, "quiet")
    return Cell(f"{count_text(seen.over)} of {count_text(seen.known)}")


def _lasted(name: str, which: str) -> Callable[[_Series], Cell]:
    def cell(one: _Series) -> Cell:
        seen = _seen(one, name)
        value = None if seen is None else _at_the_end(one, seen) if which == "last" else _of(seen, which)[1]
        return Cell(duration_text(value, one.track.unit), "quiet" if value is None else "plain")

    return cell


def _highest(name: str) -> Callable[[_Series], Cell]:
    return lambda one: _when(_seen(one, name), "greatest")


def _ticks(timeline: Timeline) -> list[Cell]:
    """Say when the ticks are; documents may have ticks of their own."""
    spans = dict.fromkeys((track.span, track.ticks) for track in timeline.tracks)
    lines = []
    for (first, last, every), count in spans:
        ends = " to ".join(moment(from_micros(edge)) for edge in (first, last))
        ticks = "1 tick" if count == 1 else f"{count_text(count)} ticks"
        lines.append(Cell(f"{ticks}, {length_text(every)} apart, {ends} UTC", "quiet"))
    return lines


def _closing(timeline: Timeline, shown: int, detailed: int) -> list[str]:
    series = sum(track.series for track in timeline.tracks)
    lines = []
    if shown < series:
        lines.append(f"The {count_text(shown)} worst of {count_text(series)} series.")
    if detailed < shown:
        lines.append(f"Windows of the {count_text(detailed)} worst.")
    rows = "The one row" if timeline.rows == 1 else f"All {count_text(timeline.rows)} rows"
    return [*lines, f"{rows} of ticks: -o FILE.parquet, .csv or .ndjson."]

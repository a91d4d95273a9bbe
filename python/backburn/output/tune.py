"""How tuning looks: the choice in sentences, policies side by side on both parts, the front, and what lies near."""

from __future__ import annotations

import json
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from backburn.engine.times import from_micros, rfc3339
from backburn.output.answer import Answer, Cell, Flat, Heading, Lines, Table, View
from backburn.output.choice import sentences, weeks_text
from backburn.output.identity import head
from backburn.output.lengths import time_text
from backburn.output.measures import RARE
from backburn.output.numbers import UNDEFINED, budget_text, count_text, rate_estimate, ratio_estimate

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from backburn.alerts.tuning.metrics import Metrics
    from backburn.alerts.tuning.result import Half, Point, Tuning
    from backburn.output.answer import Block, Tone

__all__ = ["MOST", "answer"]

MOST = 12
"""So many policies of the front are shown."""

_EVENTS = {"labels": ("label", "labels"), "computed": ("computed event", "computed events")}


def answer(tuning: Tuning) -> Answer:
    """Give a tuning its shapes."""
    return Answer(
        envelope=tuning.to_dict,
        view=lambda: _view(tuning),
        flat=lambda: Flat([column.name for column in tuning.columns()], tuning.records()),
        pieces={"ndjson": lambda: _lines_of(tuning)},
        files={"parquet": lambda path: _parquet(tuning, path)},
        notes=[(note.code, note.message) for note in tuning.notes],
    )


def _lines_of(tuning: Tuning) -> Iterator[bytes]:
    for record in tuning.records():
        yield (json.dumps(record, ensure_ascii=False, allow_nan=False) + "\n").encode()


def _parquet(tuning: Tuning, path: str) -> None:
    import pyarrow.parquet as pq

    pq.write_table(tuning.to_pyarrow(), path, compression="zstd")


def _view(tuning: Tuning) -> View:
    told = [Cell(line) for line in sentences(tuning)]
    blocks: list[Block] = [head(tuning.specs, tuning.data), Lines(list(_tried(tuning))), Lines(told)]
    if tuning.binding:
        blocks.append(Lines([Cell(line, "doubt") for line in tuning.binding], listed=True))
    rows, chosen = _beside(tuning), tuning.chosen is not None
    held = [(row, row.point.holdout) for row in rows if row.point.holdout is not None]
    if held:
        beside = "Held out, the choice beside known policies:" if chosen else "Known policies on the part held out:"
        blocks += [Lines([Cell(beside)]), _table(held)]
    if rows:
        where = "On the earlier part, where it was chosen:" if chosen else "And on the earlier part:"
        blocks += [Lines([Cell(where)]), _table([(row, row.point.train) for row in rows])]
    if same := list(_same(rows)):
        blocks.append(Lines([Cell(line, "quiet") for line in same], listed=True))
    blocks += [*_front(tuning), *_near(tuning), *_ticket(tuning), Lines(_rule(tuning), listed=True)]
    return View([*blocks, Lines([Cell(_closing(tuning))])])


def _tried(tuning: Tuning) -> Iterator[Cell]:
    yield Cell(
        f"{count_text(tuning.tried)} policies of the grid '{tuning.grid}', tried on {_half(tuning, tuning.train)}"
    )
    yield Cell(f"held out: {_half(tuning, tuning.holdout)}", "quiet")
    if tuning.wishes:
        yield Cell(f"asked for: {', '.join(tuning.wishes)}", "quiet")


def _half(tuning: Tuning, half: Half) -> str:
    ends = " to ".join(f"{from_micros(edge):%Y-%m-%d %H:%M}" for edge in (half.start, half.end))
    one, many = _EVENTS[tuning.truth]
    events = f"1 {one}" if half.events == 1 else f"{count_text(half.events)} {many}"
    return f"{ends} UTC ({weeks_text(half.weeks)}, {events})"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Row:
    """A policy, and others that did the same on both parts."""

    name: str
    point: Point
    same: tuple[str, ...] = ()


def _beside(tuning: Tuning) -> list[_Row]:
    """Put the choice first, then the baseline, then the others by what they did on the later part."""
    alike: dict[str, list[Point]] = {}
    order = sorted(tuning.catalogue, key=lambda point: (point.words != tuning.baseline, point.words))
    for point in order:
        alike.setdefault(f"{point.train} {point.holdout}", []).append(point)
    known = [
        _Row(name=one.words, point=one, same=tuple(other.words for other in rest)) for one, *rest in alike.values()
    ]
    known.sort(key=lambda row: (row.name != tuning.baseline, _worst(row.point.holdout or row.point.train)))
    if tuning.chosen is None:
        return known
    return [_Row(name="the choice", point=tuning.chosen.point), *known]


def _worst(metrics: Metrics) -> tuple[bool, float, float]:
    return metrics.noisy, -(metrics.recall or 0.0), -(metrics.event_precision or 0.0)


def _same(rows: Sequence[_Row]) -> Iterator[str]:
    for row in rows:
        if row.same:
            yield f"the same as {row.name}, on both parts: {', '.join(row.same)}"


def _detection(metrics: Metrics) -> Cell:
    if metrics.detection_p50 is None:
        return Cell("not reached", "doubt") if metrics.events else Cell(UNDEFINED, "quiet")
    return Cell(time_text(Fraction(metrics.detection_p50)))


def _detected(metrics: Metrics) -> Cell:
    return _cell(f"{count_text(metrics.detected)} of {count_text(metrics.events)}" if metrics.events else UNDEFINED)


def _cell(text: str) -> Cell:
    return Cell(text, "quiet" if text == UNDEFINED else "plain")


_COLUMNS: tuple[tuple[Heading, Callable[[Metrics], Cell]], ...] = (
    (Heading("detected", "number"), _detected),
    (Heading("recall", "number"), lambda one: _cell(ratio_estimate(one.recall))),
    (Heading("precision", "number"), lambda one: _cell(ratio_estimate(one.precision))),
    (Heading("pages a week", "number"), lambda one: _cell(rate_estimate(one.pages_per_week))),
    (Heading("detection p50", "number"), _detection),
    (Heading("spent unseen", "number"), lambda one: _cell(budget_text(one.budget_unseen))),
)


def _measured(first: Heading, rows: Sequence[tuple[str, Metrics, str]]) -> Table:
    """Give each policy a line: its name or words, its numbers, and a remark if any has one."""
    remarks = any(remark for _, _, remark in rows)
    headings = [first, *(heading for heading, _ in _COLUMNS), *([Heading("remark")] if remarks else [])]
    cells = []
    for name, metrics, remark in rows:
        tone: Tone = "bad" if "noisy" in remark else "good"
        told = [cell(metrics) for _, cell in _COLUMNS]
        cells.append([Cell(name), *told, *([Cell(remark, tone)] if remarks else [])])
    return Table(headings, cells, keys=1)


def _table(rows: Sequence[tuple[_Row, Metrics]]) -> Table:
    told = [(row.name, metrics, "noisy" if metrics.noisy else "") for row, metrics in rows]
    return _measured(Heading("policy", "name"), told)


def _front(tuning: Tuning) -> list[Block]:
    """Show the front, evenly thinned where it is long; its ends are always there."""
    front = tuning.front
    if not front:
        return []
    count = len(front)
    choice = None if tuning.chosen is None else tuning.chosen.point.words
    places = _thinned(count, next((at for at, one in enumerate(front) if one.words == choice), None))
    rows = [(one.words, one.train, "the choice" if one.words == choice else "") for one in (front[at] for at in places)]
    title = "The front on the earlier part: each beats each other by recall, pages a week or detection p50"
    if count > MOST:
        title += f"; {MOST} of its {count_text(count)}, evenly thinned (all: --format csv)"
    return [Lines([Cell(f"{title}.")]), _measured(Heading("policy", "name"), rows)]


def _thinned(count: int, kept: int | None) -> list[int]:
    """Choose places evenly, the first and the last among them; the one nearest to what must be kept gives way to it."""
    if count <= MOST:
        return list(range(count))
    places = [at * (count - 1) // (MOST - 1) for at in range(MOST)]
    if kept is not None and kept not in places:
        near = min(range(1, MOST - 1), key=lambda place: abs(places[place] - kept))
        places[near] = kept
    return places


def _near(tuning: Tuning) -> list[Block]:
    """Show the choice among its neighbours in the grid."""
    if tuning.chosen is None or not tuning.sensitivity:
        return []
    choice = tuning.chosen.point
    points = [
        (choice, "the choice"),
        *((point, "noisy" if point.train.noisy else "") for _, point in tuning.sensitivity),
    ]
    rows = [(point.words, point.train, remark) for point, remark in points]
    title = "One step away in the grid, on the earlier part:"
    return [Lines([Cell(title)]), _measured(Heading("policy", "name"), rows)]


def _ticket(tuning: Tuning) -> list[Block]:
    lines = []
    chosen = tuning.chosen
    if chosen is not None and chosen.ticket is not None:
        did = chosen.ticket.train
        lines.append(
            f"the ticket alone, {chosen.ticket.words}, on the earlier part: {_detected(did).text} events, "
            f"{rate_estimate(did.pages_per_week)} tickets a week, precision {ratio_estimate(did.precision)}"
        )
    if chosen is not None and chosen.score.random is not None:
        chance = chosen.score.random
        recall = ratio_estimate(chance.recall.value, chance.recall.low, chance.recall.high)
        doubt = ", so that its recall may be chance" if chance.recall_p is not None and chance.recall_p > RARE else ""
        lines.append(
            f"by chance: the same pages at other times of the part held out have a recall of {recall}, "
            f"and one as high as the choice's with p = {ratio_estimate(chance.recall_p)}{doubt}"
        )
    return [Lines([Cell(line) for line in lines], listed=True)] if lines else []


def _rule(tuning: Tuning) -> list[Cell]:
    unseen = (
        "spent unseen: the share of the budget of a policy's period that an event spends before its page, or in all "
        "where none comes, on average"
    )
    return [Cell(line, "quiet") for line in (*tuning.words(), unseen)]


def _closing(tuning: Tuning) -> str:
    split = rfc3339(from_micros(tuning.holdout.start))
    if tuning.chosen is None:
        return f"Nothing was chosen; the split is at {split}."
    return f"Chosen before {split} and held against what came after; --save-policy FILE writes it."

"""How scores look: policies side by side for each truth, what is to be known of it, and the rule."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backburn.alerts.score.rule import RULE
from backburn.engine.times import length_text
from backburn.output.answer import Cell, Heading, Lines, Table
from backburn.output.measures import MEASURES, RARE, Measure
from backburn.output.numbers import count_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from backburn.alerts.result import Backtest
    from backburn.alerts.score.result import Score, Truth
    from backburn.output.answer import Block, Tone

__all__ = ["rule", "scored"]

_TRUTHS: Mapping[Truth, str] = {"labels": "labels", "computed": "computed events"}
_EVENTS: Mapping[Truth, tuple[str, str]] = {
    "labels": ("label", "labels"),
    "computed": ("computed event", "computed events"),
}
_NONE: Mapping[Truth, str] = {"labels": "no label is of a time that is scored", "computed": "no event is computed"}
_ALL = "(all)"
_WEEK = 7 * 86_400_000_000


def scored(backtest: Backtest) -> list[Block]:
    """Give the scores: a table for each truth, or a column where each has but one score; and what limits them."""
    truths = _truths(backtest)
    if not _is_scored(backtest):
        nothing = ["nothing is scored: every tick is in the warm-up", *_left_out(truths)]
        return _lines(nothing if backtest.scores else [])
    remark = _remark(backtest)
    told = _told(truths)
    blocks: list[Block] = []
    if told and all(len(same) == 1 for same in told.values()):
        blocks.append(_block([one for same in told.values() for one in same], [*MEASURES, remark]))
    else:
        for truth, same in told.items():
            blocks += [Lines([Cell(f"Scored by {_TRUTHS[truth]}:")]), _table(same, [remark, *MEASURES])]
    return [*blocks, *_lines(list(_limits(truths)))]


def rule(backtest: Backtest) -> list[Block]:
    """Give the rule by which all are scored, if anything is."""
    if not _is_scored(backtest):
        return []
    lines = backtest.scoring.words()
    if draws := [one.random.draws for one in backtest.scores if one.random is not None]:
        lines.append(
            f"by chance: recall of the same pages at other times, the mean of {count_text(max(draws))} draws; "
            f"p: how often it is as high, and above {RARE:g} it may be chance"
        )
    if any(one.budget_before is not None for one in backtest.scores):
        lines.append(
            "spent before: the share of a period's budget that an event had spent when its page came, on average"
        )
    return _lines(lines)


def _truths(backtest: Backtest) -> dict[Truth, list[Score]]:
    return {truth: [one for one in backtest.scores if one.truth == truth] for truth in backtest.scoring.truths}


def _told(truths: Mapping[Truth, list[Score]]) -> dict[Truth, list[Score]]:
    """Give what there is to show: truths with events, or else the pages, which are the same by each truth."""
    with_events = {truth: same for truth, same in truths.items() if any(one.events for one in same)}
    with_pages = [(truth, same) for truth, same in truths.items() if any(one.pages for one in same)]
    return with_events or dict(with_pages[:1])


def _is_scored(backtest: Backtest) -> bool:
    return any(one.weeks for one in backtest.scores)


def _lines(lines: Sequence[str]) -> list[Block]:
    return [Lines([Cell(line, "quiet") for line in lines], listed=True)] if lines else []


def _block(scores: Sequence[Score], measures: Sequence[Measure]) -> Table:
    """Give each number a line, and each score a column."""
    headings = [Heading("scored by", "name"), *(Heading(_TRUTHS[one.truth]) for one in scores)]
    said = [one for one in measures if any(map(one.said, scores))]
    return Table(headings, [[Cell(one.name), *(one.cell(score) for score in scores)] for one in said], keys=1)


def _table(scores: Sequence[Score], measures: Sequence[Measure]) -> Table:
    """Give each score a line, and each number a column."""
    columns: list[tuple[Heading, Callable[[Score], Cell]]] = []
    if len({one.policy for one in scores}) > 1:
        columns.append((Heading("policy", "name"), lambda one: Cell(one.policy)))
    if len({one.objective for one in scores}) > 1:
        columns.append((Heading("objective", "name"), lambda one: Cell(one.objective or _ALL)))
    keys = len(columns)
    said = [one for one in measures if not one.more and any(map(one.said, scores))]
    columns += [(Heading(one.name, "word" if one.name == "remark" else "number"), one.cell) for one in said]
    rows = [[cell(score) for _, cell in columns] for score in scores]
    return Table([heading for heading, _ in columns], rows, keys=keys)


def _remark(backtest: Backtest) -> Measure:
    """Mark what a score alone does not tell: alerts that everybody learns to overlook, and policies without a page."""
    paging = {
        (replay.policy, objective)
        for replay in backtest.replays
        if RULE.severity in replay.severities.values()
        for objective in (replay.objective, None)
    }

    def words(score: Score) -> list[str]:
        silent = (score.policy, score.objective) not in paging
        marks = {"never pages": silent, "noisy": score.noisy, "fires permanently": score.permanently_firing}
        return [word for word, holds in marks.items() if holds]

    def cell(score: Score) -> Cell:
        tone: Tone = "bad" if score.noisy or score.permanently_firing else "quiet"
        return Cell(", ".join(words(score)), tone)

    return Measure(name="remark", cell=cell, said=words)


def _limits(truths: Mapping[Truth, Sequence[Score]]) -> Iterator[str]:
    """Say what there was not, what was left out, and what intervals rest on."""
    for truth, same in truths.items():
        if not any(one.events for one in same):
            yield f"{_NONE[truth]}: nothing to detect"
    yield from _left_out(truths)
    if _differ(truths.get("computed", ())):
        yield "computed events are of shares of a policy's own budget: those of different periods have different ones"
    scores = [one for same in truths.values() for one in same]
    spans = ", ".join(dict.fromkeys(length_text(round(one.weeks * _WEEK)) for one in scores if one.weeks))
    if any(estimate.method == "events" for one in scores for estimate in (one.recall, one.precision)):
        yield f"intervals need {RULE.fewest_weeks} weeks, so these are by event: {spans} scored"
    if any(one.pages and one.weeks < 1 for one in scores):
        yield f"pages a week are those of less than a week, {spans}, drawn out"


def _differ(scores: Sequence[Score]) -> bool:
    """Whether policies are held against different events of an objective."""
    seen: dict[str | None, int] = {}
    return any(seen.setdefault(one.objective, one.events) != one.events for one in scores)


def _left_out(truths: Mapping[Truth, Sequence[Score]]) -> Iterator[str]:
    """Count what begins in the warm-up, or where there are no ticks."""
    first, parts = next(iter(truths.values())), []
    if alerts := sum(_by_policy(first, lambda score: score.left_out_alerts)):
        parts.append("1 alert that pages" if alerts == 1 else f"{count_text(alerts)} alerts that page")
    for truth, same in truths.items():
        # Policies are held against the same events, or against some of them.
        if events := max(_by_policy(same, lambda score: score.left_out_events), default=0):
            one, many = _EVENTS[truth]
            parts.append(f"1 {one}" if events == 1 else f"{count_text(events)} {many}")
    if parts:
        yield f"left out, for it begins in the warm-up or after the last tick: {', '.join(parts)}"


def _by_policy(scores: Sequence[Score], count: Callable[[Score], int]) -> list[int]:
    """Give a count for each policy: that of the union, which counts nothing twice, or the sum over objectives."""
    policies: dict[str, list[Score]] = {}
    for one in scores:
        policies.setdefault(one.policy, []).append(one)
    unions = {name: [one for one in same if one.objective is None] for name, same in policies.items()}
    return [sum(map(count, unions[name] or same)) for name, same in policies.items()]

"""How quantiles of durations look: one row for each series and span, in the order of time."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from backburn.evaluation.flatten import quantile_column
from backburn.evaluation.percent import percent_above
from backburn.output.answer import Answer, Cell, Flat, Heading, Lines, Table, View
from backburn.output.identity import head, keys, moment
from backburn.output.numbers import NO_EVENTS, UNDEFINED, count_text, duration_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from backburn.evaluation.percentile import Percentile, Percentiles
    from backburn.output.answer import Block

    Column = tuple[Heading, Callable[[Percentile], Cell]]

__all__ = ["answer", "closing"]


def answer(percentiles: Percentiles) -> Answer:
    """Give quantiles their shapes."""
    return Answer(
        envelope=percentiles.to_dict,
        view=lambda: _view(percentiles),
        flat=lambda: Flat([column.name for column in percentiles.columns()], percentiles.records()),
        notes=[(note.code, note.message) for note in percentiles.notes],
    )


def closing(percentiles: Percentiles, results: Sequence[Percentile]) -> str:
    """Sum up in a sentence: `Type 7, no value further off than 0.55%; 2 of 48 without events.`."""
    unknown = sum(result.count is None for result in results)
    errors = [result.error for result in results if result.error is not None]
    how = f"Type {percentiles.type}"
    if percentiles.method == "exact":
        how += ", exact"
    elif errors:
        how += f", no value further off than {percent_above(Fraction(max(errors)))}"
    empty = sum(result.count == 0 for result in results)
    parts = [f"{empty:,} of {len(results):,} without events"] if empty else []
    parts += [f"{unknown:,} of {len(results):,} cannot be told"] if unknown else []
    return "; ".join((how, ", ".join(parts))) + "." if parts else f"{how}."


def _view(percentiles: Percentiles) -> View:
    results = percentiles.results
    keyed: list[Column] = [*keys(results, percentiles.specs), *_window(results)]
    columns = [*keyed, *_facts(results)]
    table = Table(
        headings=[heading for heading, _ in columns],
        rows=[[cell(result) for _, cell in columns] for result in results],
        keys=len(keyed),
    )
    blocks: list[Block] = [head(percentiles.specs, percentiles.data), table]
    if reasons := _reasons(results):
        blocks.append(Lines(reasons, listed=True))
    return View([*blocks, Lines([Cell(closing(percentiles, results))])])


def _window(results: Iterable[Percentile]) -> list[Column]:
    columns: list[Column] = [(Heading("window"), lambda result: Cell(result.window.text))]
    if any(result.window.kind == "every" for result in results):
        columns.append((Heading("start (UTC)"), lambda result: Cell(moment(result.start))))
    return columns


def _facts(results: Iterable[Percentile]) -> list[Column]:
    names = dict.fromkeys(name for result in results for name in result.quantiles)
    columns: list[Column] = [(Heading("count", "number"), _count)]
    return columns + [(Heading(quantile_column(name), "number"), _quantile(name)) for name in names]


def _count(result: Percentile) -> Cell:
    if result.count is None:
        return Cell(UNDEFINED, "quiet")
    return Cell(count_text(result.count)) if result.count else Cell(NO_EVENTS, "quiet")


def _quantile(name: str) -> Callable[[Percentile], Cell]:
    def cell(result: Percentile) -> Cell:
        value = result.quantiles.get(name)
        return Cell(duration_text(value, result.unit), "quiet" if value is None else "plain")

    return cell


def _reasons(results: Iterable[Percentile]) -> list[Cell]:
    """Say once why an objective has no quantiles though there are rows."""
    reasons = dict.fromkeys((one.objective, one.reason) for one in results if one.count is None)
    return [Cell(f"unknown: {objective}: {reason}") for objective, reason in reasons]

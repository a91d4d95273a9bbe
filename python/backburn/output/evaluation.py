"""How an evaluation looks: worst first, every number on its true side, and one closing sentence."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from backburn.output.answer import Answer, Cell, Flat, Heading, Lines, Table, View
from backburn.output.exhaustion import lasting
from backburn.output.identity import head, keys
from backburn.output.numbers import UNDEFINED, budget_text, burn_text, count_text, sli_text, target_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from backburn.evaluation.budget import Budget
    from backburn.evaluation.confidence import Confidence
    from backburn.evaluation.result import Evaluation, Result
    from backburn.output.answer import Block, Tone

    Column = tuple[Heading, Callable[[Result], Cell]]

__all__ = ["answer", "closing", "worst_first"]

_VERDICTS: dict[str, tuple[str, Tone]] = {
    "met": ("met", "good"),
    "breached": ("BREACHED", "bad"),
    "unknown": ("unknown", "doubt"),
}
_RANKS = {"breached": 0, "unknown": 1, "met": 2}
_NAMED = 3


def answer(evaluation: Evaluation) -> Answer:
    """Give an evaluation its shapes."""
    return Answer(
        envelope=evaluation.to_dict,
        view=lambda: _view(evaluation),
        flat=lambda: Flat([column.name for column in evaluation.columns()], evaluation.records()),
        notes=[(note.code, note.message) for note in evaluation.notes],
    )


def worst_first(results: Iterable[Result]) -> list[Result]:
    """Put what is breached first, then what nobody can tell, then what is met; in each, the most consumed first."""
    return sorted(results, key=lambda result: (_RANKS[result.verdict], -_consumed(result), *_identity(result)))


def closing(evaluation: Evaluation) -> str:
    """Sum up in a sentence: `1 of 3 breached, 1 without events.`."""
    results = evaluation.results
    breached, met = evaluation.count("breached"), evaluation.count("met")
    unknown = [result for result in results if result.verdict == "unknown"]
    empty = sum(result.valid == 0 and not _no_slice(result) for result in unknown)
    parts = [f"{breached:,} of {len(results):,} breached" if breached else f"{met:,} of {len(results):,} met"]
    if empty:
        parts.append(f"{empty:,} without events")
    if len(unknown) > empty:
        parts.append(f"{len(unknown) - empty:,} cannot be judged")
    return ", ".join(parts) + "."


def _view(evaluation: Evaluation) -> View:
    results = worst_first(evaluation.results)
    window: Column = (Heading("window", "name"), lambda result: Cell(_window(result)))
    keyed = [*keys(results, evaluation.specs), window]
    columns = [*keyed, *_facts(results)]
    table = Table(
        headings=[heading for heading, _ in columns],
        rows=[[cell(result) for _, cell in columns] for result in results],
        keys=len(keyed),
    )
    tone: Tone = "bad" if evaluation.count("breached") else "doubt" if evaluation.exit_code else "good"
    blocks: list[Block] = [head(evaluation.specs, evaluation.data)]
    if results:
        blocks.append(table)
    name = _named if len({result.service for result in results}) > 1 else _name
    if remarks := [*_reasons(results, name), *_doubts(results, name), *lasting(results, name)]:
        blocks.append(Lines(remarks, listed=True))
    return View([*blocks, Lines([Cell(closing(evaluation), tone)])])


def _facts(results: Sequence[Result]) -> list[Column]:
    columns: list[Column] = [
        (Heading("SLI", "number"), _sli),
        (Heading("target", "number"), lambda result: Cell(target_text(result.target))),
        (Heading("verdict"), lambda result: Cell(*_VERDICTS[result.verdict])),
        (Heading("bad", "number"), lambda result: Cell(count_text(result.bad))),
        (Heading("valid", "number"), lambda result: Cell(count_text(result.valid))),
    ]
    if any(result.slices for result in results):
        columns.append((Heading("bad slices", "number"), _bad_slices))
    if any(result.excluded for result in results):
        columns.append((Heading("excluded", "number"), lambda result: Cell(count_text(result.excluded))))
    columns.append((Heading("budget left", "number"), _budget))
    if any(result.left_out for result in results):
        columns.append((Heading("without exclusions", "number"), _with_left_out))
    windows = dict.fromkeys(window for result in results for window in result.burn)
    return [*columns, *((Heading(f"burn {window}", "number"), _burn(window)) for window in windows)]


def _sli(result: Result) -> Cell:
    slices = result.slices
    if slices is not None and (result.valid or _no_slice(result)):
        text = sli_text(Fraction(slices.good), slices.counted, result.target) if slices.counted else UNDEFINED
        return Cell(text, "plain" if slices.counted else "quiet")
    return Cell(sli_text(result.good, result.valid, result.target), "plain" if result.valid else "quiet")


def _no_slice(result: Result) -> bool:
    """Whether no slice of time lies in the window, of whose events nothing is said then."""
    return result.slices is not None and result.window.start == result.window.end


def _bad_slices(result: Result) -> Cell:
    slices = result.slices
    if slices is None:
        return Cell("", "quiet")
    bad = count_text(round(slices.bad)) if slices.method == "time-slices" else f"{slices.bad:,.2f}"
    return Cell(f"{bad} of {count_text(slices.counted)}")


def _window(result: Result) -> str:
    """Name a calendar window's period too, and say of a running one that this is so far."""
    window = result.window
    if window.period is None:
        return window.text
    named = [window.period.name] if window.period.name != window.text else []
    more = [*named, *(["so far"] if window.period.status == "running" else [])]
    return f"{window.text} ({', '.join(more)})" if more else window.text


def _budget(result: Result) -> Cell:
    return _left(result.budget)


def _with_left_out(result: Result) -> Cell:
    return _left(result.left_out.budget if result.left_out else result.budget)


def _left(budget: Budget | None) -> Cell:
    remaining = None if budget is None else budget.remaining
    if remaining is None:
        return Cell(UNDEFINED, "quiet")
    return Cell(budget_text(remaining), "bad" if remaining < 0 else "plain")


def _burn(window: str) -> Callable[[Result], Cell]:
    def cell(result: Result) -> Cell:
        rate = result.burn.get(window)
        return Cell(burn_text(rate), "quiet" if rate is None else "doubt" if rate > 1 else "plain")

    return cell


def _reasons(results: Iterable[Result], name: Callable[[Result], str]) -> list[Cell]:
    """Say once why something cannot be judged, and of what."""
    concerned: dict[str, list[str]] = {}
    for result in results:
        if result.reason is not None:
            concerned.setdefault(result.reason, []).append(name(result))
    return [Cell(f"unknown: {_some(names)}: {reason}") for reason, names in concerned.items()]


def _doubts(results: Iterable[Result], name: Callable[[Result], str]) -> list[Cell]:
    """Say which verdicts rest on too few events."""
    concerned = [
        (result, sure) for result in results if (sure := result.confidence) and sure.verdict == "too few to tell"
    ]
    lines = [f"{_counted(result)} to tell: {name(result)}: {_seen(sure)}" for result, sure in concerned[:_NAMED]]
    if more := len(concerned) - len(lines):
        units = dict.fromkeys(_counted(result) for result, _ in concerned[_NAMED:])
        lines.append(f"{' or '.join(units)} to tell: {more:,} more")
    return [Cell(line) for line in lines]


def _counted(result: Result) -> str:
    return "too few events" if result.slices is None else "too few slices"


def _seen(sure: Confidence) -> str:
    seen = f"{count_text(round(sure.events))} seen"
    if sure.needed is None:
        return f"{seen}, at this ratio no number would decide"
    return f"{seen}, {count_text(sure.needed)} would decide at this ratio"


def _name(result: Result) -> str:
    values = ", ".join("null" if value is None else value for value in result.series.values())
    return f"{result.objective} ({', '.join(part for part in (values, result.window.text) if part)})"


def _named(result: Result) -> str:
    """Name the service too, unless it is a label and so named already."""
    return _name(result) if "service" in result.series else f"{result.service} {_name(result)}"


def _some(names: Sequence[str]) -> str:
    if len(names) <= _NAMED:
        return ", ".join(names)
    return f"{', '.join(names[:_NAMED])} and {len(names) - _NAMED:,} more"


def _consumed(result: Result) -> Fraction:
    """Order as the budget consumed does; windows of `also` have no budget, yet the same question makes sense."""
    slices = result.slices
    bad, counted = (result.bad, result.valid) if slices is None else (slices.bad, slices.counted)
    allowed = (1 - Fraction(result.target)) * counted
    return Fraction(bad) / allowed if allowed else Fraction(0)


def _identity(result: Result) -> tuple[str, ...]:
    values = ("" if value is None else value for value in result.series.values())
    return (result.service or "", result.objective, *values, result.window.text)

"""How a rollup looks: what was read, and which indicators can be asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from backburn.engine.envelope import envelope
from backburn.engine.times import from_micros, length_text, rfc3339
from backburn.evaluation.notes import rejected
from backburn.evaluation.rejects import data_of
from backburn.output.answer import Answer, Cell, Heading, Lines, Table, View
from backburn.output.delimited import flatten
from backburn.output.numbers import count_text
from backburn.output.skipped import skipped_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from backburn.evaluation.provenance import Data

__all__ = ["answer", "indicator_table"]


def answer(command: str, facts: Mapping[str, Any], file: str) -> Answer:
    """Give the facts of a rollup that was written to a file their shapes."""
    data = data_of(dict(facts))
    results = [_result(indicator, file) for indicator in facts["indicators"]]
    notes = [rejected(data)] if data.rejected else []
    return Answer(
        envelope=lambda: envelope(
            command,
            results=results,
            data=data.to_dict(),
            notes=[note.to_dict() for note in notes],
        ),
        view=lambda: _view(facts, data, file),
        flat=lambda: flatten(results),
        notes=[(note.code, note.message) for note in notes],
    )


def indicator_table(facts: Mapping[str, Any]) -> Table:
    """List the indicators of a rollup."""
    headings = [
        Heading("indicator"),
        Heading("fingerprint"),
        Heading("step"),
        Heading("by"),
        Heading("out of scope", "number"),
        Heading("do not tell", "number"),
        Heading("covered"),
    ]
    return Table(headings, [list(_cells(indicator)) for indicator in facts["indicators"]])


def _cells(indicator: Mapping[str, Any]) -> Iterator[Cell]:
    yield Cell(indicator["name"])
    yield Cell(indicator["fingerprint"])
    yield Cell(length_text(indicator["step"]))
    yield Cell(", ".join(indicator["by"]))
    yield Cell(count_text(indicator["ignored"]))
    yield Cell(count_text(_unknown(indicator)))
    yield Cell(_covered(indicator["covered"]))


def _covered(spans: Sequence[tuple[int, int]]) -> str:
    """Give the outermost moments, and how much of the time between them is covered where that is not all."""
    if not spans:
        return "nothing"
    start, end = spans[0][0], spans[-1][1]
    text = f"{from_micros(start):%Y-%m-%d %H:%M} to {from_micros(end):%Y-%m-%d %H:%M} UTC"
    known = sum(last - first for first, last in spans)
    return text if len(spans) == 1 else f"{length_text(known)} of {text}"


def _view(facts: Mapping[str, Any], data: Data, file: str) -> View:
    parts = [f"{count_text(facts['rows'])} rows"]
    if facts["rejected"]:
        parts.append(f"{count_text(facts['rejected'])} rejected")
    if facts["start"] is not None and facts["end"] is not None:
        first, last = from_micros(facts["start"]), from_micros(facts["end"])
        parts.append(f"{first:%Y-%m-%d %H:%M:%S} to {last:%Y-%m-%d %H:%M:%S} UTC")
    count = len(facts["sources"])
    parts.append(f"{count_text(count)} {'source' if count == 1 else 'sources'}")
    head = [Cell(f"{file}: {', '.join(parts)}")]
    if skipped := skipped_text(data.skipped):
        head.append(Cell(skipped, "quiet"))
    return View([Lines(head), indicator_table(facts)])


def _result(indicator: Mapping[str, Any], file: str) -> dict[str, Any]:
    return {
        "file": file,
        "indicator": indicator["name"],
        "fingerprint": indicator["fingerprint"],
        "step": length_text(indicator["step"]),
        "by": list(indicator["by"]),
        "reasons": list(indicator["reasons"]),
        "ignored": indicator["ignored"],
        "unknown": _unknown(indicator),
        "covered": [[rfc3339(from_micros(moment)) for moment in span] for span in indicator["covered"]],
    }


def _unknown(indicator: Mapping[str, Any]) -> int:
    return sum(problem["count"] for problem in indicator["unknown"])

"""The sweep: its grid of 2,000 alert policies, its events, and Backburn's part of it."""

from __future__ import annotations

import csv
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
from work import ALLOWED, MINUTE_US, Work

import backburn

if TYPE_CHECKING:
    from collections.abc import Sequence

    from work import Setup

SUMS = {
    "alerts": "alerts",
    "true": "true_pages",
    "false": "false_pages",
    "nights": "night_pages",
    "detected": "detected",
    "already_firing": "already_firing",
    "fired_outside": "fired_outside",
}
"""What is counted of each policy, and what Backburn calls it."""
FACTORS = 50
EVERY, LENGTH = 36 * 60, 40
"""Beside the generator's incidents each service has one of these minutes, every so many, whatever the data are like."""
GRACE, REGROUP = 30, 5
"""Minutes after an event in which pages belong to it, and between two alerts of one page."""
NIGHT = (22, 6)

Event = tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """Bad and valid events of every minute by service, and when events begin and end.

    The tick at place k is the end of the minute at k, the first one is `first`. Alerts count that begin at one in
    `part`, but for pages of events that are `left_out`. `covered` is for how many minutes of it there are logs.
    """

    first: int
    bad: dict[str, np.ndarray[Any, Any]]
    valid: dict[str, np.ndarray[Any, Any]]
    events: dict[str, list[Event]]
    left_out: dict[str, list[Event]]
    covered: dict[str, int]
    part: tuple[int, int]
    period: int


def grid(factors: int = FACTORS) -> Any:
    """The default grid; more factors lie between its own."""
    usual = backburn_grid()
    if factors == len(usual.factors):
        return usual
    extra = (Fraction(round(10 ** (6 + 2 * step / factors)), 10**6) for step in range(1, 2 * factors))
    more = [factor for factor in extra if factor not in set(usual.factors)][: factors - len(usual.factors)]
    return replace(usual, factors=tuple(sorted({*usual.factors, *more})))


def backburn_grid() -> Any:
    """The grid that comes with the program: 8 pairs, 50 factors and 5 waits."""
    from backburn.alerts.grids import load_grid

    return load_grid("default")


def pairs() -> list[tuple[int, int | None]]:
    """The windows of each pair in minutes."""

    def minutes(length: Any) -> int:
        return length.microseconds // MINUTE_US  # type: ignore[no-any-return]

    return [(minutes(long), None if short is None else minutes(short)) for long, short in backburn_grid().windows]


def waits() -> list[int]:
    """How many minutes an alert waits."""
    return [0 if wait is None else wait.microseconds // MINUTE_US for wait in backburn_grid().waits]


def levels() -> list[float]:
    """The nearest float to the share of bad events of each factor, so that a share that equals it is not above it."""
    return [float(factor * Fraction(str(ALLOWED))) for factor in backburn_grid().factors]


def _labels(setup: Setup, services: Sequence[str], first: int, last: int) -> list[dict[str, str]]:
    """The generator's incidents, and one of each service now and then."""

    def text(minute: int) -> str:
        return datetime.fromtimestamp(minute * 60, UTC).isoformat()

    with (setup.folder / "incidents.csv").open(encoding="utf-8", newline="") as file:
        known = [{name: row[name] for name in ("service", "start", "end")} for row in csv.DictReader(file)]
    made = [
        {"service": service, "start": text(at), "end": text(at + LENGTH)}
        for number, service in enumerate(services)
        for at in range(first + 97 * number, last - LENGTH, EVERY)
    ]
    return [{"kind": "incident", "objective": "", **one} for one in (*known, *made)]


def stage(setup: Setup, spec: dict[str, Any]) -> Any:
    """The month as `tune` looks at it, from counts that are there already."""
    from backburn.alerts.policies import Chosen
    from backburn.alerts.replaying import grouped
    from backburn.alerts.tuning.field import Field
    from backburn.document import from_dict
    from backburn.engine import counting
    from backburn.evaluation import lasting, rolling
    from backburn.evaluation.ticking import Asking, part_of
    from backburn.events import read_labels
    from backburn.model.policy import AlertPolicy

    usual, document = backburn_grid(), from_dict(spec)
    rollup = backburn.rollup(spec, setup.files, threads=setup.threads)
    told: dict[str, Any] = dict.fromkeys(("start", "end", "progress", "rejects", "histogram_step"))
    counted = counting.read(counting.prepare(lasting.keeping(document, ()), rollup, threads=setup.threads, **told))
    windows = [length for pair in usual.windows for length in pair if length is not None]
    every = rolling.every_of(document, "1m")
    asking = Asking(every=every, windows=windows, columns=(rolling.BUDGET,), several=False)
    part = part_of(document, counted, asking)
    empty = AlertPolicy(name="bench", alerts=(), period=usual.period)
    groups = tuple(grouped(document, part, Chosen(policies=(empty,), asked=True), [empty]))
    first, last, _ = (edge // MINUTE_US for edge in groups[0].track.span)
    labels = _labels(setup, [str(key[0]) for key in groups[0].track.keys], first, last)
    field = Field(
        groups=groups,
        longest=max(long.microseconds for long, _ in usual.windows),
        labels=read_labels(labels, ["service"], ["availability"]).labels,
        threads=setup.threads,
    )
    return field.stage(field.span, lambda _: False)


def counts(setup: Setup, spec: dict[str, Any], cells: Sequence[tuple[str, int, int, int]]) -> Counts:
    """The same for others: cells are service, minute, bad and valid events."""
    seen = stage(setup, spec)
    (staged,) = seen.staged
    first, last, _ = (edge // MINUTE_US for edge in staged.group.track.span)
    names = [str(key[0]) for key in staged.group.track.keys]
    bad, valid = ({name: np.zeros(last - first + 1, np.int64) for name in names} for _ in range(2))
    for service, minute, failed, of in cells:
        bad[service][minute + 1 - first], valid[service][minute + 1 - first] = failed, of
    place = dict(zip(staged.group.places, staged.scene()[2], strict=True))

    def placed(span: Event) -> Event:
        return span[0] // MINUTE_US - first, span[1] // MINUTE_US - first

    return Counts(
        first=first,
        bad=bad,
        valid=valid,
        events={one.name: [placed(event.span) for event in one.events] for one in staged.services},
        left_out={one.name: [placed(span) for span in one.left_out] for one in staged.services},
        covered={one.name: place[one.places[0]] // MINUTE_US for one in staged.services},
        part=placed(seen.part),
        period=seen.field.groups[0].period // MINUTE_US,
    )


def work(setup: Setup, spec: dict[str, Any], factors: int = FACTORS) -> Work:
    """Sweep with Backburn."""
    seen, asked = stage(setup, spec), grid(factors)
    return Work(run=lambda _: seen.sweep(asked), answer=_answer)


def keys() -> dict[str, np.ndarray[Any, Any]]:
    """The places of pairs, the minutes of waiting, and the places of factors, of policies in this order."""
    pair, wait, factor = np.indices((len(pairs()), len(waits()), FACTORS)).reshape(3, -1)
    return {"pair": pair, "wait": np.array(waits())[wait], "factor": factor}


def _answer(swept: Any) -> pa.Table:
    """What the policies did of which the factors are those of the default grid."""
    asked = [swept.grid.factors.index(factor) for factor in backburn_grid().factors]

    def column(name: str) -> np.ndarray[Any, Any]:
        return swept.column(name).reshape(swept.shape)[0, :, 0, :, asked].transpose(1, 2, 0).ravel()  # type: ignore[no-any-return]

    return pa.table(
        {
            **keys(),
            **{name: column(own) for name, own in SUMS.items()},
            "detection_sum": column("detection_sum") / MINUTE_US,
            "before_sum": column("budget_before_sum") / 2.0**32,
            "lost_sum": column("budget_lost_sum") / 2.0**32,
        }
    )

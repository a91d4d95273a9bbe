"""A trial count of a log: what its span, its labels and its numbers would make of a promise."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Literal

from backburn.engine import counting
from backburn.evaluation import windows
from backburn.evaluation.bench import GAP
from backburn.evaluation.rejects import check_rows, data_of
from backburn.model.columns import Columns, DurationColumn, Timestamp
from backburn.model.sli import Availability, Latency, Predicate, Ratio
from backburn.model.spec import Objective, Source, Spec
from backburn.model.window import Everything
from backburn.units import Duration, parse_share, share_text

if TYPE_CHECKING:
    from collections.abc import Iterable

    from backburn._rust import Rollup, Tally
    from backburn.draft.guess import Guess
    from backburn.draft.roles import Roles
    from backburn.engine.data import DataArgument
    from backburn.evaluation.provenance import Data
    from backburn.model.sli import Sli, Unparsable

__all__ = ["SUCCESS", "Promise", "Trial", "success_predicate", "try_out"]

STEP = Duration.parse("1m")
SUCCESS = "success"
THRESHOLDS = (
    "50ms",
    "100ms",
    "200ms",
    "300ms",
    "500ms",
    "1s",
    "2s",
    "3s",
    "5s",
    "10s",
    "15s",
    "20s",
    "30s",
    "60s",
    "5m",
)
_WINDOWS = ("30d", "7d", "1d", "6h", "1h")
_TARGETS = ("99.9%", "99.5%", "99%", "95%", "90%")
_ENOUGH = Fraction(4, 5)
_MOST_SERIES = 50
_TRIED = 3
_LATENCY_TARGET = Decimal("0.95")


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """A target with the reason for it."""

    target: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """What was counted from `begin` up to `tick`, the first one after the last event.

    `label` is that by which the log falls into a few series, `values` is how many.
    """

    spec: Spec
    rollup: Rollup
    data: Data
    begin: int
    tick: int
    label: str | None
    values: int

    def gaps(self) -> Literal["unknown", "quiet"]:
        """Tell whether silences have to be taken for quiet for any window to be judged."""
        return "unknown" if self._observed("all", "unknown") >= _ENOUGH else "quiet"

    def window(self) -> tuple[str, Fraction]:
        """Choose the longest window of which the log covers enough, else `all`; and the share that it covers."""
        gaps = self.gaps()
        chosen = next((text for text in _WINDOWS if self._observed(text, gaps) >= _ENOUGH), "all")
        return chosen, self._observed(chosen, gaps)

    def target(self, objective: str) -> Promise:
        """Choose the highest common target that every series keeps over the window, else that the whole log keeps."""
        unparsable: Unparsable = "bad" if objective == "availability" else "exclude"
        series, whole = self._series(objective, unparsable), self._whole(objective, unparsable)
        for target in _TARGETS:
            if _keeps([whole, *series.values()], parse_share(target)):
                every = f"{self._each()} keeps {self._when()}"
                return Promise(target=target, why=f"the highest common target that {every}: {_found(series, whole)}")
        kept = [target for target in _TARGETS if _keeps([whole], parse_share(target))]
        what = "the highest common target that this log as a whole keeps" if kept else "this log does not keep it"
        why = f"{what} {self._when()}: {_share(whole)}{self._but(series)}"
        return Promise(target=kept[0] if kept else _TARGETS[-1], why=why)

    def threshold(self) -> Promise:
        """Choose the least round duration within which 95 % of every series' requests stayed, else of the log's."""
        for threshold in THRESHOLDS:
            series, whole = self._within(threshold)
            if _keeps([whole, *series.values()], _LATENCY_TARGET):
                why = f"the least round duration that 95% of the requests of {self._each()} kept to {self._when()}"
                return Promise(target=threshold, why=f"{why}: {_found(series, whole)}")
        for threshold in THRESHOLDS:
            series, whole = self._within(threshold)
            if _keeps([whole], _LATENCY_TARGET):
                why = f"the least round duration that 95% of all requests kept to {self._when()}: {_share(whole)}"
                return Promise(target=threshold, why=why + self._but(series))
        return Promise(target=THRESHOLDS[-1], why=f"this log does not keep it {self._when()}")

    def _within(self, threshold: str) -> tuple[dict[str | None, Fraction], Fraction | None]:
        name = f"within-{threshold}"
        return self._series(name, "exclude"), self._whole(name, "exclude")

    def _series(self, objective: str, unparsable: Unparsable) -> dict[str | None, Fraction]:
        """Give the share of good events of each series over the window; one without events has none to keep."""
        if self.label is None:
            return {}
        found = self.rollup.tallies(objective, [self.label], [self._span])
        shares = {key[0]: _good(tallies[0], unparsable) for key, tallies in found}
        return {value: share for value, share in shares.items() if share is not None}

    def _whole(self, objective: str, unparsable: Unparsable) -> Fraction | None:
        return _good(self.rollup.tallies(objective, [], [self._span])[0][1][0], unparsable)

    @property
    def _span(self) -> windows.Span:
        window, _ = self.window()
        return (self.begin if window == "all" else self.tick - Duration.parse(window).microseconds, self.tick)

    def _each(self) -> str:
        return "this log" if self.label is None else f"every {self.label}"

    def _when(self) -> str:
        window, _ = self.window()
        return "throughout" if window == "all" else f"in its last {window}"

    def _but(self, series: dict[str | None, Fraction]) -> str:
        if not series:
            return ""
        value = min(series, key=lambda value: series[value])
        return f", though {self.label} {_named(value)} keeps {_share(series[value])}"

    def rejected(self) -> Fraction:
        """Give the share of rows that cannot be used."""
        return Fraction(self.data.rejected, self.data.rows + self.data.rejected)

    def unreadable(self, objective: str) -> Fraction:
        """Give the share of rows that do not tell."""
        everything = (self.begin, self.tick)
        return Fraction(self.rollup.tallies(objective, [], [everything])[0][1][0].unknown, self.data.rows)

    def _observed(self, window: str, gaps: Literal["unknown", "quiet"]) -> Fraction:
        length = self.tick - self.begin if window == "all" else Duration.parse(window).microseconds
        covered = self.rollup.covered(self.spec.objectives[0].name, None if gaps == "quiet" else GAP, [])
        return windows.observed(covered, [(self.tick - length, self.tick)])


def try_out(roles: Roles, data: DataArgument, format: str | None, threads: int | None) -> Trial:
    """Count a log with everything that its columns allow to be promised."""
    spec = _spec(roles, format)
    label, values = _label(spec, roles, data, threads)
    if label is not None:
        spec = replace(spec, source=replace(spec.source, by=(label,)))
    rollup = counting.count(spec, data, threads=threads)
    facts = counting.facts(rollup)
    known = data_of(facts)
    check_rows(known)
    step = STEP.microseconds
    begin, tick = facts["start"] // step * step, (facts["end"] // step + 1) * step
    return Trial(spec=spec, rollup=rollup, data=known, begin=begin, tick=tick, label=label, values=values)


def _label(spec: Spec, roles: Roles, data: DataArgument, threads: int | None) -> tuple[str | None, int]:
    """Find a label with a few values: one indicator in wide steps, for only the series matter."""
    first = spec.objectives[0]
    for label in roles.labels[:_TRIED]:
        source = replace(spec.source, by=(label,), step=Duration.parse("1d"))
        counted = counting.count(replace(spec, source=source, objectives=(first,)), data, threads=threads)
        values = counted.series(first.name, [label])
        if len(values) <= _MOST_SERIES and values not in ([], [(None,)]):
            return label, len(values)
    return None, 0


def _spec(roles: Roles, format: str | None) -> Spec:
    time, duration = roles.timestamp, roles.duration
    slis: dict[str, Sli] = {}
    if roles.status is not None:
        slis["availability"] = Availability()
    if roles.success is not None:
        slis[SUCCESS] = Ratio(good=Predicate(text=success_predicate(roles.success)))
    if duration is not None:
        slis |= {f"within-{text}": Latency(threshold=Duration.parse(text)) for text in THRESHOLDS}
    columns = Columns(
        timestamp=Timestamp(
            column=time.column, format=time.format, unit=time.unit, timezone=time.timezone, marks=time.marks
        ),
        status=None if roles.status is None else roles.status.column,
        duration=None if duration is None else DurationColumn(column=duration.column, unit=duration.unit),
        aliases={},
    )
    return Spec(
        name="trial",
        service=None,
        source=Source(format=format, columns=columns, step=STEP, max_rejected=Decimal(1)),
        objectives=tuple(
            Objective(name=name, sli=sli, target=Decimal("0.99"), window=Everything()) for name, sli in slis.items()
        ),
        min_coverage=Decimal("0.8"),
    )


def success_predicate(flag: Guess) -> str:
    """Write the predicate that a flag is true."""
    column = flag.column
    name = column if column.isidentifier() else '"' + column.replace('"', '""') + '"'
    return f"{name} = '{flag.good}'"


def _good(tally: Tally, unparsable: Unparsable) -> Fraction | None:
    judged = tally.judge(share_text(_LATENCY_TARGET), unparsable)
    return Fraction(judged.good, judged.valid) if judged.valid else None


def _keeps(shares: Iterable[Fraction | None], target: Decimal) -> bool:
    return all(share is not None and share >= Fraction(target) for share in shares)


def _found(series: dict[str | None, Fraction], whole: Fraction | None) -> str:
    """Say what was kept: of several series, by the worst."""
    if not series:
        return _share(whole)
    value = min(series, key=lambda value: series[value])
    alike = len(set(series.values())) == 1
    return _share(series[value]) if alike else f"the worst, {_named(value)}, {_share(series[value])}"


def _named(value: str | None) -> str:
    return "null" if value is None else f"'{value}'"


def _share(share: Fraction | None) -> str:
    return "no events" if share is None else f"{math.floor(share * 1_000_000) / 1e4:g}%"

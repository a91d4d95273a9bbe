"""What the budget of a window is likely to come to: of a running period as a whole, and when it will be gone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from backburn.engine.times import from_micros, to_micros
from backburn.evaluation.ahead import DAY, HOUR, WEEK, WEEKS, stretches
from backburn.evaluation.budget import Exhaustion, Forecast
from backburn.evaluation.counted import rule_of
from backburn.evaluation.series import target_of
from backburn.evaluation.windows import intersect, missing
from backburn.model.window import Rolling
from backburn.units import share_text

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from backburn import _rust
    from backburn.evaluation.counted import Counting
    from backburn.evaluation.series import Key, Labels
    from backburn.evaluation.windows import Placed, Span
    from backburn.model.spec import Spec
    from backburn.model.window import Window

__all__ = ["LOOKBACK", "Coming", "Outlooks", "exhaustion", "forecast", "zone_of"]

LOOKBACK = DAY
"""How far back the error ratio is taken that is expected to go on."""

_BLOCK = 6 * HOUR

Series = tuple["Key", "Labels", "Sequence[Span]"]
"""A series and the time that is left out of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Coming:
    """What the core expects, and whether weeks told it or only a mean rate; None where nothing is known."""

    told: _rust.Outlook | None
    seasonal: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlooks:
    """Looks ahead from where a placed window ends, with data from `begin` on."""

    spec: Spec
    counting: Counting
    placed: Placed
    begin: int

    @property
    def scope(self) -> tuple[int, int, int | None] | None:
        """The window so far, and the end of its running period, None where it rolls; None where nothing is to come."""
        start, end = self.placed.span
        if isinstance(self.placed.promise.window, Rolling):
            return start, end, None
        period = self.placed.period
        if period is None or period.status != "running" or start >= end:
            return None
        unit = self._unit
        last = to_micros(period.end, "period")
        return start, end, last - last % unit

    @property
    def _unit(self) -> int:
        slices = self.counting.objective.slices
        return (self.spec.source.step if slices is None else slices.length).microseconds

    def of(self, rows: Sequence[Series]) -> list[Coming | None]:
        """Look ahead for each series; None where there is nothing to look ahead to."""
        scope = self.scope
        if scope is None:
            return [None] * len(rows)
        groups: dict[tuple[tuple[Span, ...], tuple[Span, ...]], list[int]] = {}
        for at, (key, _, cut) in enumerate(rows):
            groups.setdefault((tuple(cut), self.counting.covered_by(key)), []).append(at)
        found: list[Coming | None] = [None] * len(rows)
        for (cut, covered), places in groups.items():
            told = self._group(scope, cut, covered, [rows[at] for at in places])
            for at, coming in zip(places, told, strict=True):
                found[at] = coming
        return found

    def _group(
        self,
        scope: tuple[int, int, int | None],
        cut: Sequence[Span],
        covered: Sequence[Span],
        rows: Sequence[Series],
    ) -> list[Coming]:
        counting, slices = self.counting, self.counting.objective.slices
        start, now, end = scope
        zone = zone_of(self.placed.promise.window, self.spec)
        span = (now, now + (now - start) if end is None else end)
        ahead = stretches(span, zone=zone, unit=self._unit, covered=covered, left_out=cut)
        if now - self.begin < WEEK:
            ahead = [(first, last, [None] * WEEKS) for first, last, _ in ahead]
        seen = (max(self.begin, now - WEEKS * WEEK), now)
        mean = [piece for span in intersect(covered, seen) for piece in missing(cut, span)]
        blocks = [(now - LOOKBACK + _BLOCK * at, now - LOOKBACK + _BLOCK * (at + 1)) for at in range(4)]
        asked = [
            (
                key,
                share_text(target_of(counting.objective, labels)),
                list(cut),
                None if slices is None else rule_of(counting.objective, labels),
            )
            for key, labels, _ in rows
        ]
        how = None if slices is None else (slices.length.microseconds, slices.min_events, covered)
        told = counting.rollup.outlook(
            counting.objective.name,
            counting.by,
            asked,
            (scope, ahead, mean, [(now - LOOKBACK, now), *blocks]),
            (counting.objective.sli.unparsable, how),
        )
        seasonal = any(week is not None for _, _, weeks in ahead for week in weeks)
        return [Coming(told=one, seasonal=seasonal) for one in told]


def zone_of(window: Window, spec: Spec) -> str:
    """Give the zone of a window: its own, or the document's."""
    return getattr(window, "timezone", None) or spec.timezone


def forecast(coming: Coming) -> Forecast | None:
    """Say what is still to come."""
    if coming.told is None:
        return None
    low, high = coming.told.range or (None, None)
    return Forecast(
        valid=coming.told.valid,
        low=low,
        high=high,
        method="median of weeks" if coming.seasonal else "mean rate",
        weeks=coming.told.weeks,
    )


def exhaustion(coming: Coming) -> Exhaustion:
    """Say when the budget will be gone."""
    told = coming.told
    if told is None or told.gone[0] is None:
        return Exhaustion(answer="unknown")
    ratio, (answer, at) = told.gone[0]
    if answer == "already":
        return Exhaustion(answer=answer, ratio=ratio, recovers_at=_moment(told.recovers))
    blocks = sorted((one for one in told.gone[1:] if one is not None), key=lambda one: one[0])
    return Exhaustion(
        answer=answer,
        at=_moment(at),
        earliest=_moment(blocks[-1][1][1]) if blocks else None,
        latest=_moment(blocks[0][1][1]) if blocks else None,
        ratio=ratio,
    )


def _moment(micros: int | None) -> datetime | None:
    return None if micros is None else from_micros(micros)

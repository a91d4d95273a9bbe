"""The panels of a chart, in Altair."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from backburn.evaluation.percent import percent
from backburn.plot.rules import Ladder, Rule
from backburn.plot.sheet import HEIGHT, panel

if TYPE_CHECKING:
    from collections.abc import Sequence
    from decimal import Decimal

    from backburn.plot.lines import Lines
    from backburn.plot.sheet import Sheet

__all__ = ["Axis", "Burns", "budget", "burn", "burns", "lasted", "sli"]

_FAR = -3.0
_FLOOR, _FAINT = 0.01, 0.1
"""Where scales of burn rates begin: of rates alone, and of rates beside levels."""

_SHARE = "format(datum.value * 100, '~g') + ' %'"
_LASTS = Rule(value=1.0, words="1× lasts the window")


@dataclass(frozen=True, slots=True, kw_only=True)
class Axis:
    """What durations are called and counted in, and what was promised of them."""

    name: str
    unit: str
    threshold: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Burns:
    """Burn rates as they are drawn, under a name that panels may share."""

    data: Any
    alone: bool
    ladder: Ladder


def sli(sheet: Sheet, points: Lines, target: Decimal) -> Any:  # noqa: ANN401
    """Draw the share of good events beside the target."""
    import altair as alt

    y = alt.Y("v:Q", title="SLI", scale=alt.Scale(zero=False, nice=True), axis=alt.Axis(labelExpr=_SHARE))
    rule = Rule(value=float(target), words=f"target {percent(target)}")
    return _panel(sheet, points, y, rules=[rule], form=".4%", windows=sheet.windows)


def budget(sheet: Sheet, points: Lines, rules: Sequence[Rule] = ()) -> Any:  # noqa: ANN401
    """Draw what is left of the budget; below zero it is overspent."""
    import altair as alt

    least = min((point["v"] for point in points if point["v"] is not None), default=0.0)
    ladder = Ladder(kind="linear", foot=min(least * 1.1, 0.0), top=1.0)
    scale, axis = alt.Scale(domain=[ladder.foot, ladder.top], nice=False), alt.Axis(labelExpr=_SHARE)
    if least < _FAR:
        # Early in a period a few events are many times its budget; beyond all of it the scale is logarithmic.
        ladder = Ladder(kind="symlog", foot=least * 1.2, top=1.0)
        scale = alt.Scale(type="symlog", constant=1, domain=[ladder.foot, ladder.top], nice=False)
        values = [value for value in (1.0, 0.0, *(-(10.0**power) for power in range(6))) if value >= least]
        axis = alt.Axis(labelExpr=_SHARE, values=values)
    y = alt.Y("v:Q", title="budget left", scale=scale, axis=axis)
    told = [Rule(value=0.0, words="all of it spent"), *rules]
    return _panel(sheet, points, y, rules=told, ladder=ladder, form=".1%")


def burns(sheet: Sheet, points: Lines, levels: Sequence[float] = ()) -> Burns:
    """Take burn rates, and the levels that have to have room beside them.

    A logarithmic scale has no zero: what is less than its foot is drawn there, and said so. Beside levels, a tenth of
    what the objective allows is as good as nothing.
    """
    foot = min(_FAINT, *levels) / 2 if levels and min(levels) <= _FAINT else _FAINT if levels else _FLOOR
    shown = [{**point, "b": point["v"], "v": point["v"] and max(point["v"], foot)} for point in points]
    # A rate of exactly zero is no number that is left out.
    shown = [{**point, "v": foot} if point["b"] == 0 else point for point in shown]
    most = max((value for value in (*levels, *(point["v"] for point in shown)) if value is not None), default=1.0)
    alone = any(point["alone"] for point in shown)
    ladder = Ladder(kind="log", foot=foot, top=max(10.0, most * 1.3))
    return Burns(data=sheet.named(shown), alone=alone, ladder=ladder)


def burn(
    sheet: Sheet,
    drawn: Burns,
    *,
    windows: Sequence[str] | None = None,
    rules: Sequence[Rule] = (_LASTS,),
    beneath: Sequence[Any] = (),
    height: int = HEIGHT,
) -> Any:  # noqa: ANN401
    """Draw burn rates on a logarithmic scale, those of all windows unless some are named."""
    import altair as alt

    foot = drawn.ladder.foot
    scale = alt.Scale(type="log", domain=[foot, drawn.ladder.top], nice=False)
    label = f"datum.value <= {foot} ? '≤ {foot:g}' : format(datum.value, '~r') + '×'"
    values = [foot, *(value for power in range(-2, 7) if (value := 10.0**power) > foot)]
    y = alt.Y("v:Q", title="burn rate", scale=scale, axis=alt.Axis(labelExpr=label, values=values))
    return panel(
        sheet,
        drawn.data,
        y,
        rules=rules,
        ladder=drawn.ladder,
        form=".3~r",
        value="b",
        windows=sheet.windows if windows is None else windows,
        alone=drawn.alone,
        beneath=beneath,
        height=height,
    )


def lasted(sheet: Sheet, points: Lines, axis: Axis) -> Any:  # noqa: ANN401
    """Draw a percentile of durations beside the promised one."""
    import altair as alt

    y = alt.Y("v:Q", title=f"{axis.name} ({axis.unit})", scale=alt.Scale(zero=True, nice=True))
    known = axis.threshold is not None
    rules = [Rule(value=axis.threshold or 0.0, words=f"threshold {axis.threshold:g} {axis.unit}")] if known else []
    return _panel(sheet, points, y, rules=rules, form=".4~r", windows=sheet.windows)


def _panel(sheet: Sheet, points: Lines, y: Any, **more: Any) -> Any:  # noqa: ANN401
    """Draw points that no other panel shares."""
    return panel(sheet, sheet.named(points), y, alone=any(point["alone"] for point in points), **more)

"""The panels of a timeline, in Altair."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from backburn.evaluation.percent import percent

if TYPE_CHECKING:
    from collections.abc import Sequence
    from decimal import Decimal

    from backburn.plot.lines import Lines

__all__ = ["Axis", "Sheet", "budget", "burn", "choosable", "lasted", "sli", "styled"]

_WIDTH, _HEIGHT = 900, 110
_FEW = 10
"""So many colours are told apart easily."""
_FAR = -3.0
_FLOOR = 0.01
"""A logarithmic scale has no zero: what is less is drawn here, and said so."""

_INK, _PROMISE, _QUIET = "#333333", "#c0392b", "#8a8a8a"
_MOMENTS = {
    "milliseconds": "%H:%M:%S.%L",
    "seconds": "%H:%M:%S",
    "minutes": "%H:%M",
    "hours": "%H:%M",
    "date": "%d %b",
    "week": "%d %b",
    "month": "%b %Y",
    "year": "%Y",
}
"""How times are written, by the finest unit that tells them apart; noon is 12:00 everywhere."""
_SHARE = "format(datum.value * 100, '~g') + ' %'"


@dataclass(frozen=True, slots=True, kw_only=True)
class Axis:
    """What durations are called and counted in, and what was promised of them."""

    name: str
    unit: str
    threshold: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """What the panels of a chart share: windows, ticks, and the points that are drawn.

    Points stand beside the panels, under names, for Altair copies and checks whatever stands in them.
    """

    windows: Sequence[str]
    span: tuple[int, int, int]
    datasets: dict[str, Lines]

    def named(self, points: Lines) -> Any:  # noqa: ANN401
        """Take points, and give what panels call them by."""
        import altair as alt

        name = f"points-{len(self.datasets)}"
        self.datasets[name] = points
        return alt.NamedData(name=name)


def sli(sheet: Sheet, points: Lines, target: Decimal) -> Any:  # noqa: ANN401
    """Draw the share of good events beside the target."""
    import altair as alt

    y = alt.Y("v:Q", title="SLI", scale=alt.Scale(zero=False, nice=True), axis=alt.Axis(labelExpr=_SHARE))
    return _panel(sheet, points, y, rule=(float(target), f"target {percent(target)}"), form=".4%")


def budget(sheet: Sheet, points: Lines) -> Any:  # noqa: ANN401
    """Draw what is left of the budget; below zero it is overspent."""
    import altair as alt

    least = min((point["v"] for point in points if point["v"] is not None), default=0.0)
    scale, axis = alt.Scale(zero=True, nice=True), alt.Axis(labelExpr=_SHARE)
    if least < _FAR:
        # Early in a period a few events are many times its budget; beyond all of it the scale is logarithmic.
        scale = alt.Scale(type="symlog", constant=1, domain=[least * 1.2, 1], nice=False)
        values = [value for value in (1.0, 0.0, *(-(10.0**power) for power in range(6))) if value >= least]
        axis = alt.Axis(labelExpr=_SHARE, values=values)
    y = alt.Y("v:Q", title="budget left", scale=scale, axis=axis)
    return _panel(sheet, points, y, rule=(0.0, "all of it spent"), form=".1%", windows=False)


def burn(sheet: Sheet, points: Lines) -> Any:  # noqa: ANN401
    """Draw burn rates on a logarithmic scale."""
    import altair as alt

    shown = [{**point, "b": point["v"], "v": point["v"] and max(point["v"], _FLOOR)} for point in points]
    # A rate of exactly zero is no number that is left out.
    shown = [{**point, "v": _FLOOR} if point["b"] == 0 else point for point in shown]
    most = max((point["v"] for point in shown if point["v"] is not None), default=1.0)
    scale = alt.Scale(type="log", domain=[_FLOOR, max(10.0, most * 1.3)], nice=False)
    label = f"datum.value <= {_FLOOR} ? '≤ {_FLOOR}' : format(datum.value, '~r') + '×'"
    axis = alt.Axis(labelExpr=label, values=[10.0**power for power in range(-2, 7)])
    y = alt.Y("v:Q", title="burn rate", scale=scale, axis=axis)
    return _panel(sheet, shown, y, rule=(1.0, "1× lasts the window"), form=".3~r", value="b")


def lasted(sheet: Sheet, points: Lines, axis: Axis) -> Any:  # noqa: ANN401
    """Draw a percentile of durations beside the promised one."""
    import altair as alt

    y = alt.Y("v:Q", title=f"{axis.name} ({axis.unit})", scale=alt.Scale(zero=True, nice=True))
    rule = None if axis.threshold is None else (axis.threshold, f"threshold {axis.threshold:g} {axis.unit}")
    return _panel(sheet, points, y, rule=rule, form=".4~r")


def choosable(chart: dict[str, Any], datasets: dict[str, Lines]) -> dict[str, Any]:
    """Give the chart its points, and let a click on a window in a page's legend fade the others, in all panels."""
    made = chart | {"datasets": {**chart.get("datasets", {}), **datasets}}
    for block in chart["vconcat"]:
        for panel in block["vconcat"]:
            # One of the panels has to ask for all of them.
            for layer in panel["layer"]:
                if "color" in layer.get("encoding", {}):
                    layer["name"] = "chooses"
                    return made | {"params": [_chosen().param.to_dict() | {"views": ["chooses"]}]}
    return made


def _chosen() -> Any:  # noqa: ANN401
    import altair as alt

    return alt.selection_point(name="chosen", fields=["window"], bind="legend")


def styled(chart: Any) -> Any:  # noqa: ANN401
    """Give a whole chart its look."""
    import altair as alt

    return chart.configure(
        background="white",
        padding=16,
        font="sans-serif",
        view=alt.ViewConfig(stroke="#dddddd"),
        axis=alt.AxisConfig(
            labelFontSize=11, titleFontSize=11, titleFontWeight="normal", gridColor="#eeeeee", labelFlush=False
        ),
        legend=alt.LegendConfig(
            orient="top", titleFontSize=11, labelFontSize=11, symbolType="stroke", symbolStrokeWidth=3, symbolOpacity=1
        ),
        title=alt.TitleConfig(fontSize=14, subtitleFontSize=11, subtitleColor=_QUIET),
    )


def _panel(
    sheet: Sheet,
    points: Lines,
    y: Any,  # noqa: ANN401
    *,
    rule: tuple[float, str] | None,
    form: str,
    value: str = "v",
    windows: bool = True,
) -> Any:  # noqa: ANN401
    """Draw lines over time, and beside them what was promised."""
    import altair as alt

    ends = [edge / 1000 for edge in sheet.span[:2]]
    axis = alt.Axis(format=_MOMENTS, labelOverlap=True, tickCount=10)
    x = alt.X("t:T", title=None, scale=alt.Scale(type="utc", domain=ends), axis=axis)
    tips = [alt.Tooltip("t:T", title="tick (UTC)", format="%Y-%m-%d %H:%M:%S", formatType="utc")]
    tips += [alt.Tooltip("window:N", title="window")] if windows else []
    tips.append(alt.Tooltip(f"{value}:Q", title=str(y.title), format=form))
    base = alt.Chart(sheet.named(points)).encode(x=x, y=y, tooltip=tips)
    if windows:
        colour = alt.Color("window:N", title="window", sort=list(sheet.windows), scale=_colours(sheet.windows))
        fading = alt.when(_chosen()).then(alt.value(1)).otherwise(alt.value(0.06))
        # Short windows are restless; those that are longer lie above them, and are broader.
        longest = len(sheet.windows) - 1
        broad = [0.6 + 1.2 * at / longest for at in range(longest + 1)] if longest else [1.3]
        width = alt.Scale(type="ordinal", domain=list(sheet.windows), range=broad)
        base = base.encode(color=colour, opacity=fading, strokeWidth=alt.StrokeWidth("window:N", scale=width))
    fixed: dict[str, Any] = {} if windows else {"color": _INK, "strokeWidth": 1.3}
    line = base.mark_line(strokeJoin="round", invalid="break-paths-show-path-domains", **fixed)
    layers = [line]
    if any(point["alone"] for point in points):
        layers.append(base.mark_point(filled=True, size=12, **fixed).transform_filter("datum.alone"))
    return alt.layer(*layers, *(_rule(rule, y) if rule else [])).properties(width=_WIDTH, height=_HEIGHT)


def _rule(rule: tuple[float, str], y: Any) -> list[Any]:  # noqa: ANN401
    import altair as alt

    value, words = rule
    base = alt.Chart(alt.InlineData(values=[{"v": value, "words": words}])).encode(y=y)
    beside: dict[str, Any] = {"align": "right", "baseline": "bottom", "dx": -4, "dy": -2, "fontSize": 10}
    # The words stand on lines, from which a white edge sets them apart.
    edge = base.mark_text(color="white", stroke="white", strokeWidth=3, opacity=0.8, **beside)
    words_there = (
        one.encode(x=alt.value(_WIDTH), text="words:N") for one in (edge, base.mark_text(color=_PROMISE, **beside))
    )
    return [base.mark_rule(color=_PROMISE, strokeDash=[5, 3], strokeWidth=1), *words_there]


def _colours(windows: Sequence[str]) -> Any:  # noqa: ANN401
    import altair as alt

    if len(windows) <= _FEW:
        return alt.Scale(domain=list(windows), scheme="tableau10")
    return alt.Scale(domain=list(windows), scheme="tableau20")

"""What the panels of a chart share: their points, axis of time and colours, and how lines are drawn on them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from backburn.plot.rules import ruled, spread

if TYPE_CHECKING:
    from collections.abc import Sequence

    from backburn.plot.lines import Lines
    from backburn.plot.rules import Ladder, Rule

__all__ = ["HEIGHT", "WIDTH", "Sheet", "choosable", "moments", "panel", "styled"]

WIDTH, HEIGHT = 900, 110
"""A panel's, in points of the chart."""

_FEW = 10
"""So many colours are told apart easily."""

_VEILED = 0.6
_INK, _QUIET = "#333333", "#8a8a8a"
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """What the panels of a chart share: windows, the first and the last tick, and the points that are drawn.

    Points stand beside the panels, under names, for Altair copies and checks whatever stands in them. Panels that are
    `crowded` leave warm colours to what they shade, where longer windows are darker, and have words on their right.
    """

    windows: Sequence[str]
    ends: tuple[int, int]
    datasets: dict[str, Lines]
    crowded: bool = False

    def named(self, points: Lines) -> Any:  # noqa: ANN401
        """Take points, and give what panels call them by."""
        import altair as alt

        name = f"points-{len(self.datasets)}"
        self.datasets[name] = points
        return alt.NamedData(name=name)

    def colours(self) -> Any:  # noqa: ANN401
        """Give each window its colour."""
        import altair as alt

        scheme: Any = "tableau10" if len(self.windows) <= _FEW else "tableau20"
        if self.crowded:
            scheme = alt.SchemeParams(name="yellowgreenblue", extent=[0.42, 1.0])
        return alt.Scale(domain=list(self.windows), scheme=scheme)


def moments(sheet: Sheet, field: str = "t", **axis: Any) -> Any:  # noqa: ANN401
    """Give the axis of time, in UTC."""
    import altair as alt

    made = alt.Axis(**{"format": _MOMENTS, "labelOverlap": True, "tickCount": 10, **axis})
    ends = [edge / 1000 for edge in sheet.ends]
    return alt.X(f"{field}:T", title=None, scale=alt.Scale(type="utc", domain=ends), axis=made)


def panel(
    sheet: Sheet,
    data: Any,  # noqa: ANN401
    y: Any,  # noqa: ANN401
    *,
    rules: Sequence[Rule] = (),
    ladder: Ladder | None = None,
    form: str,
    value: str = "v",
    windows: Sequence[str] | None = None,
    alone: bool = False,
    beneath: Sequence[Any] = (),
    height: int = HEIGHT,
) -> Any:  # noqa: ANN401
    """Draw lines over time, one for each of the `windows`, and beside them what they are held against.

    Lines lie above what is `beneath`; with `alone`, points that no line shows are drawn too. Where a `ladder` says how
    high values are drawn, the words of rules are kept apart.
    """
    import altair as alt

    tips = [alt.Tooltip("t:T", title="tick (UTC)", format="%Y-%m-%d %H:%M:%S", formatType="utc")]
    tips += [] if windows is None else [alt.Tooltip("window:N", title="window")]
    tips.append(alt.Tooltip(f"{value}:Q", title=str(y.title), format=form))
    base = alt.Chart(data).encode(x=moments(sheet), y=y, tooltip=tips)
    if windows is not None:
        base = _of_windows(sheet, base, windows)
    fixed: dict[str, Any] = {"color": _INK, "strokeWidth": 1.3} if windows is None else {}
    line = base.mark_line(strokeJoin="round", invalid="break-paths-show-path-domains", **fixed)
    layers = [*beneath, line]
    if alone:
        layers.append(base.mark_point(filled=True, size=12, **fixed).transform_filter("datum.alone"))
    told = [(rule, rule.value) for rule in rules] if ladder is None else spread(rules, ladder, height)
    return alt.layer(*layers, *ruled(told, y, WIDTH, beside=sheet.crowded)).properties(width=WIDTH, height=height)


def choosable(chart: dict[str, Any], datasets: dict[str, Lines]) -> dict[str, Any]:
    """Give the chart its points, and let a click on a window in a page's legend fade the others, in all panels."""
    made = chart | {"datasets": {**chart.get("datasets", {}), **datasets}}
    for block in chart["vconcat"]:
        for one in block["vconcat"]:
            # One of the panels has to ask for all of them.
            for layer in one.get("layer", ()):
                if "color" in layer.get("encoding", {}):
                    layer["name"] = "chooses"
                    return made | {"params": [_chosen().param.to_dict() | {"views": ["chooses"]}]}
    return made


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
            orient="top",
            titleFontSize=11,
            labelFontSize=11,
            symbolType="stroke",
            symbolStrokeWidth=3,
            symbolOpacity=1,
            padding=6,
        ),
        title=alt.TitleConfig(fontSize=14, subtitleFontSize=11, subtitleColor=_QUIET),
    )


def _chosen() -> Any:  # noqa: ANN401
    import altair as alt

    return alt.selection_point(name="chosen", fields=["window"], bind="legend")


def _of_windows(sheet: Sheet, base: Any, windows: Sequence[str]) -> Any:  # noqa: ANN401
    """Tell windows apart, and leave those out that are drawn elsewhere."""
    import altair as alt

    colour = alt.Color("window:N", title="window", sort=list(sheet.windows), scale=sheet.colours())
    fading = alt.when(_chosen()).then(alt.value(1)).otherwise(alt.value(0.06))
    # Short windows are restless; those that are longer lie above them, and are broader.
    longest = len(sheet.windows) - 1
    broad = [0.6 + 1.2 * at / longest for at in range(longest + 1)] if longest else [1.3]
    width = alt.Scale(type="ordinal", domain=list(sheet.windows), range=broad)
    made = base.encode(color=colour, opacity=fading, strokeWidth=alt.StrokeWidth("window:N", scale=width))
    if sheet.crowded and longest:
        # What is restless would hide the bands.
        clear = [_VEILED + (1 - _VEILED) * at / longest for at in range(longest + 1)]
        veil = alt.Scale(type="ordinal", domain=list(sheet.windows), range=clear)
        made = made.encode(strokeOpacity=alt.StrokeOpacity("window:N", scale=veil, legend=None))
    if set(windows) == set(sheet.windows):
        return made
    return made.transform_filter(alt.FieldOneOfPredicate(field="window", oneOf=list(windows)))

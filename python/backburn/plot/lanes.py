"""Bands in Altair: as lanes, one for each alert, and as the shade of a panel."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from backburn.plot.bands import INCIDENTS
from backburn.plot.sheet import WIDTH, moments

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from backburn.plot.sheet import Sheet

__all__ = ["shade", "strip"]

_LANE = 15
_PALE = 0.3
_TIPS = {
    "lane": "alert",
    "kind": "what",
    "start": "from (UTC)",
    "end": "to (UTC)",
    "lasted": "lasted",
    "what": "in detail",
    "spent": "budget spent",
}


def strip(sheet: Sheet, data: Any, lanes: Sequence[str], kinds: Mapping[str, str], title: str) -> Any:  # noqa: ANN401
    """Draw a lane for each alert and for incidents."""
    import altair as alt

    axis = alt.Axis(title=None, ticks=False, domain=False, labelLimit=160)
    y = alt.Y("lane:N", sort=list(lanes), scale=alt.Scale(domain=list(lanes), paddingInner=0.15), axis=axis)
    made = _bands(sheet, data, kinds, labels=False, ticks=False, domain=False).encode(y=y).mark_rect()
    words = alt.TitleParams(title, anchor="start", frame="group", fontSize=12, offset=4)
    return alt.layer(made).properties(width=WIDTH, height=_LANE * len(lanes), title=words)


def shade(sheet: Sheet, data: Any, kinds: Mapping[str, str]) -> Any:  # noqa: ANN401
    """Shade a panel while alerts wait and fire."""
    made = _bands(sheet, data, kinds).mark_rect(opacity=_PALE)
    return made.transform_filter(f"datum.lane != '{INCIDENTS}'")


def _bands(sheet: Sheet, data: Any, kinds: Mapping[str, str], **axis: Any) -> Any:  # noqa: ANN401
    import altair as alt

    scale = alt.Scale(domain=list(kinds), range=list(kinds.values()))
    legend = alt.Legend(symbolType="square", symbolStrokeWidth=0, columns=0)
    fill = alt.Fill("kind:N", title="alerts", scale=scale, legend=legend)
    tips = [alt.Tooltip(f"{field}:N", title=words) for field, words in _TIPS.items()]
    return alt.Chart(data).encode(x=moments(sheet, "f", **axis), x2="u:T", fill=fill, tooltip=tips)

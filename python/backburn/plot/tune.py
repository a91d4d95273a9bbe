"""Tuning as a picture: recall against pages a week, on the part that was chosen on and on the part held out."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from backburn.engine.times import from_micros
from backburn.output.choice import weeks_text
from backburn.output.lengths import time_text
from backburn.plot import policies, words
from backburn.plot.places import Spot, placed
from backburn.plot.policies import CHOICE, FRONT, KNOWN
from backburn.plot.rules import Ladder
from backburn.plot.sheet import WIDTH, styled

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from backburn.alerts.tuning.result import Half, Tuning

    Records = Sequence[dict[str, Any]]

__all__ = ["chart"]

_HEIGHT = 300
_WIDE = 12.0
"""Where the most pages are so many times the fewest, the axis is logarithmic."""

_SHAPES = {FRONT: "circle", CHOICE: "diamond", KNOWN: "square"}
_INK, _LINE, _RED, _CHANCE = "#333333", "#b9c0c8", "#d13b3b", "#6b3fa0"
_MINUTE, _HOUR, _DAY = 60, 3_600, 86_400
_LEGEND = (1, 10, _MINUTE, 5 * _MINUTE, 15 * _MINUTE, _HOUR, 4 * _HOUR, _DAY, 3 * _DAY, 10 * _DAY)
_PERCENT = "format(datum.value * 100, '~g') + ' %'"


def chart(tuning: Tuning) -> dict[str, Any]:
    """Give the chart of a tuning as Vega-Lite, with the numbers in it.

    On the earlier part: the front, the choice and the policies of the catalogue. On the later one, at the same scale:
    the choice and the catalogue, and what the pages of the choice would have found by chance. Colours say how soon
    half of all events were detected.
    """
    import altair as alt

    train, held = list(policies.train(tuning)), list(policies.held(tuning))
    sheet = _Sheet.of([*train, *held])
    earlier = "The earlier part, on which policies were chosen" if tuning.chosen else "The earlier part"
    panels = [
        _panel(sheet, train, _title(earlier, tuning.train), steps=policies.steps(tuning)),
        _panel(sheet, held, _title("The later part, held out", tuning.holdout), chance=list(policies.chance(tuning))),
    ]
    title = alt.TitleParams(words.documents(tuning.specs), subtitle=list(_caption(tuning)), anchor="start", offset=16)
    whole = alt.vconcat(*panels, title=title, spacing=28).resolve_scale(x="shared", color="shared", shape="shared")
    return dict(styled(whole).to_dict())


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sheet:
    """The axes of both panels, and the shortest and the longest time to detection."""

    pages: Ladder
    recall: Ladder
    times: tuple[float, float] | None

    @classmethod
    def of(cls, points: Sequence[dict[str, Any]]) -> _Sheet:
        pages = [point["pages"] for point in points]
        some, most = [one for one in pages if one > 0], max(pages, default=0.0) or 1.0
        least = min(some, default=most)
        if most / least < _WIDE:
            ladder = Ladder(kind="linear", foot=0.0, top=most * 1.15)
        elif len(some) == len(pages):
            ladder = Ladder(kind="log", foot=least / 1.3, top=most * 1.6)
        else:
            ladder = Ladder(kind="symlog", foot=0.0, top=most * 1.6)
        seconds = [point["seconds"] for point in points if point["seconds"] is not None]
        times = (min(seconds), max(seconds)) if seconds else None
        return cls(pages=ladder, recall=Ladder(kind="linear", foot=-0.04, top=1.11), times=times)

    def x(self) -> Any:  # noqa: ANN401
        import altair as alt

        shown = [self.pages.foot, self.pages.top]
        axis = alt.Axis(format="~g", tickCount=10)
        if self.pages.kind != "linear":
            values = [digit * 10.0**power for power in range(-4, 6) for digit in (1, 2, 5)]
            axis = alt.Axis(format="~g", values=[one for one in values if shown[0] <= one <= shown[1]])
        more: dict[str, Any] = {"constant": 1} if self.pages.kind == "symlog" else {}
        scale = alt.Scale(type=self.pages.kind, domain=shown, nice=False, zero=False, **more)
        return alt.X("pages:Q", title="pages a week", scale=scale, axis=axis)

    def y(self) -> Any:  # noqa: ANN401
        import altair as alt

        scale = alt.Scale(domain=[self.recall.foot, self.recall.top], nice=False, zero=False)
        axis = alt.Axis(labelExpr=_PERCENT, values=[0, 0.2, 0.4, 0.6, 0.8, 1.0])
        return alt.Y("recall:Q", title="recall", scale=scale, axis=axis)

    def colour(self) -> Any:  # noqa: ANN401
        """Give sooner policies the darker colours; those that tell of less than half of all events are white."""
        import altair as alt

        if self.times is None:
            return alt.value("white")
        values = [float(one) for one in _LEGEND if self.times[0] <= one <= self.times[1]]
        # A short range has room for its ends only.
        values = values if len(values) > 1 else sorted(set(self.times))
        label = "".join(f"datum.value == {one} ? '{time_text(Fraction(one))}' : " for one in values) + "''"
        legend = alt.Legend(title="detection p50", values=values, labelExpr=label, gradientLength=220, offset=8)
        ends = [self.times[0], max(self.times[1], self.times[0] * 1.01)]
        sooner = alt.SchemeParams(name="yellowgreenblue", extent=[1.0, 0.12])
        scale = alt.Scale(type="log", domain=ends, scheme=sooner)
        return alt.Color("seconds:Q", scale=scale, legend=legend)


def _panel(
    sheet: _Sheet,
    points: Records,
    title: Any,  # noqa: ANN401
    *,
    steps: Records = (),
    chance: Records = (),
) -> Any:  # noqa: ANN401
    import altair as alt

    kinds = list(_SHAPES)
    shape = alt.Shape(
        "kind:N",
        title=None,
        scale=alt.Scale(domain=kinds, range=list(_SHAPES.values())),
        legend=alt.Legend(symbolType=alt.Undefined, symbolFillColor="#dddddd", symbolStrokeWidth=1),
    )
    size = alt.Size("size:Q", scale=None, legend=None)
    edge = alt.condition(f"datum.kind == '{CHOICE}'", alt.value(_RED), alt.value(_INK))
    broad = alt.condition(f"datum.kind == '{CHOICE}'", alt.value(2.5), alt.value(0.8))
    names = ("policies", "detected", "precision", "weekly", "soon", "unseen")
    said = ("policy", "detected", "precision", "pages a week", "detection p50", "spent unseen")
    tips = [alt.Tooltip(f"{name}:N", title=text) for name, text in zip(names, said, strict=True)]
    base = alt.Chart(alt.InlineData(values=points)).encode(x=sheet.x(), y=sheet.y())
    marks = base.encode(shape=shape, size=size, stroke=edge, strokeWidth=broad, tooltip=tips)
    known, unknown = (marks.transform_filter(f"{sign}isValid(datum.seconds)") for sign in ("", "!"))
    known = known.encode(color=sheet.colour()).mark_point(filled=True, opacity=1)
    unknown = unknown.mark_point(filled=True, opacity=1, color="white")
    line = alt.Chart(alt.InlineData(values=list(steps))).encode(x=sheet.x(), y=sheet.y())
    layers = [line.mark_line(color=_LINE, strokeWidth=1.5, interpolate="step-after")] if steps else []
    layers += [*_by_chance(sheet, chance), unknown, known, *_words(sheet, points, chance)]
    return alt.layer(*layers).properties(width=WIDTH, height=_HEIGHT, title=title)


def _by_chance(sheet: _Sheet, chance: Records) -> list[Any]:
    """Draw what chance would do: a bar over its range, and a stroke at its mean."""
    import altair as alt

    if not chance:
        return []
    base = alt.Chart(alt.InlineData(values=chance)).encode(
        x=sheet.x(), tooltip=alt.Tooltip("words:N", title="by chance")
    )
    low = sheet.y()
    low.shorthand = "low:Q"
    bar = base.encode(y=low, y2="high:Q").mark_rule(color=_CHANCE, strokeWidth=7, opacity=0.3)
    return [bar, base.encode(y=sheet.y()).mark_tick(color=_CHANCE, thickness=2.5, size=14)]


def _words(sheet: _Sheet, points: Records, chance: Records) -> list[Any]:
    import altair as alt

    def spot(one: dict[str, Any], size: float) -> Spot:
        across, up = sheet.pages.place(one["pages"], WIDTH), sheet.recall.place(one["recall"], _HEIGHT)
        return Spot(across=across, up=up, words=one["words"], size=size)

    ordered = [*chance, *sorted(points, key=lambda one: one["kind"] != CHOICE)]
    spots = [spot(one, 10.0 if one.get("kind") == CHOICE else 6.0) for one in ordered]
    found = placed(spots, WIDTH, _HEIGHT)
    if not found:
        return []
    values = [
        {
            "pages": sheet.pages.value(one.across, WIDTH),
            "recall": sheet.recall.value(one.up, _HEIGHT),
            "words": one.words,
            "align": one.align,
            "ink": _CHANCE if one.spot < len(chance) else _RED if ordered[one.spot]["kind"] == CHOICE else _INK,
        }
        for one in found
    ]
    layers = _leads(
        sheet, [(ordered[one.spot], told) for one, told in zip(found, values, strict=True) if one.lines > 1]
    )
    for align in dict.fromkeys(one.align for one in found):
        data = alt.InlineData(values=[told for told in values if told["align"] == align])
        base = alt.Chart(data).encode(x=sheet.x(), y=sheet.y(), text="words:N")
        place: dict[str, Any] = {"align": align, "baseline": "middle", "fontSize": 10}
        edge = base.mark_text(color="white", stroke="white", strokeWidth=3, opacity=0.8, **place)
        layers += [edge, base.encode(fill=alt.Fill("ink:N", scale=None)).mark_text(**place)]
    return layers


def _leads(sheet: _Sheet, far: Sequence[tuple[dict[str, Any], dict[str, Any]]]) -> list[Any]:
    """Draw a line from each point to words that stand far from it."""
    import altair as alt

    if not far:
        return []
    names = ("pages", "recall")
    values = [{name: point[name] for name in names} | {f"{name}2": told[name] for name in names} for point, told in far]
    base = alt.Chart(alt.InlineData(values=values)).encode(x=sheet.x(), y=sheet.y(), x2="pages2:Q", y2="recall2:Q")
    return [base.mark_rule(color=_LINE, strokeWidth=0.8)]


def _title(text: str, half: Half) -> Any:  # noqa: ANN401
    import altair as alt

    ends = " to ".join(f"{from_micros(edge):%Y-%m-%d %H:%M}" for edge in (half.start, half.end))
    events = "1 event" if half.events == 1 else f"{half.events:,} events"
    return alt.TitleParams(
        text, subtitle=f"{ends} UTC, {weeks_text(half.weeks)}, {events}", anchor="start", fontSize=12
    )


def _caption(tuning: Tuning) -> Iterator[str]:
    """Say what the picture cannot show by itself."""
    yield f"{tuning.tried:,} alert policies of the grid '{tuning.grid}' on recorded traffic"
    if tuning.reason is not None:
        yield tuning.reason[:1].upper() + tuning.reason[1:]
    if tuning.front:
        yield (
            "On the front each policy beats each other by recall, pages or time; the line is of the first two alone; "
            "white: less than half of all events detected"
        )
    if tuning.chosen is not None and tuning.chosen.score.random is not None:
        yield "By chance: the recall of the choice's pages at other times, its mean and the range of 95 % of draws"

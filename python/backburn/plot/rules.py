"""Values that lines are held against: dashed rules, and words that do not cover each other."""

from __future__ import annotations

from dataclasses import dataclass
from math import copysign, exp, expm1, log, log1p
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["Ladder", "Rule", "ruled", "spread"]

_APART = 12.0
"""Words that stand closer cover each other."""

_LONGEST = 280
"""Words beside a panel that are longer are cut, and a page shows all of them on pointing there."""

_PROMISE = "#c0392b"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A value that lines are held against, and the words that say what it is."""

    value: float
    words: str
    colour: str = _PROMISE


@dataclass(frozen=True, slots=True, kw_only=True)
class Ladder:
    """How high values are drawn, from the `foot` of a panel to its `top`, both of which are values.

    >>> log = Ladder(kind="log", foot=0.01, top=100.0)
    >>> round(log.place(1.0, 200), 9), round(log.value(100, 200), 9)
    (100.0, 1.0)
    """

    kind: Literal["linear", "log", "symlog"]
    foot: float
    top: float

    def place(self, value: float, height: float) -> float:
        """Say how high a value is drawn; what is beyond an end stands there."""
        foot, top, up = (self._up(one) for one in (self.foot, self.top, max(self.foot, min(value, self.top))))
        return height * (up - foot) / (top - foot)

    def value(self, place: float, height: float) -> float:
        """Say which value is drawn so high."""
        foot, top = self._up(self.foot), self._up(self.top)
        return self._down(foot + (top - foot) * place / height)

    def _up(self, value: float) -> float:
        match self.kind:
            case "linear":
                return value
            case "log":
                return log(value)
            case "symlog":
                return copysign(log1p(abs(value)), value)

    def _down(self, place: float) -> float:
        match self.kind:
            case "linear":
                return place
            case "log":
                return exp(place)
            case "symlog":
                return copysign(expm1(abs(place)), place)


def spread(rules: Sequence[Rule], ladder: Ladder, height: float) -> list[tuple[Rule, float]]:
    """Say at which value the words of each rule stand, so that none cover each other; rules of one value are one.

    >>> ladder = Ladder(kind="linear", foot=0.0, top=100.0)
    >>> rules = [Rule(value=50.0, words="a"), Rule(value=51.0, words="b"), Rule(value=50.0, words="c")]
    >>> [(rule.words, at) for rule, at in spread(rules, ladder, 100)]
    [('a · c', 50.0), ('b', 62.0)]
    """
    merged: dict[float, Rule] = {}
    for rule in rules:
        known = merged.get(rule.value)
        words = rule.words if known is None else f"{known.words} · {rule.words}"
        merged[rule.value] = Rule(value=rule.value, words=words, colour=(known or rule).colour)
    ordered = sorted(merged.values(), key=lambda one: one.value)
    places: list[float] = []
    for rule in ordered:
        place = ladder.place(rule.value, height)
        places.append(max(place, places[-1] + _APART) if places else place)
    # What was pushed beyond the top comes back, and pushes in turn.
    most = height
    for at in reversed(range(len(places))):
        places[at] = min(places[at], most)
        most = places[at] - _APART
    return [(rule, ladder.value(max(place, 0.0), height)) for rule, place in zip(ordered, places, strict=True)]


def ruled(rules: Sequence[tuple[Rule, float]], y: Any, width: int, *, beside: bool) -> list[Any]:  # noqa: ANN401
    """Draw rules, each with its words at the value that is given with it: on it, or `beside` the panel."""
    import altair as alt

    if not rules:
        return []
    values = [{"v": one.value, "at": at, "words": one.words, "colour": one.colour} for one, at in rules]
    base = alt.Chart(alt.InlineData(values=values))
    words_at = y.copy()
    words_at.shorthand = "at:Q"
    words = base.encode(x=alt.value(width), y=words_at, text="words:N", tooltip=alt.Tooltip("words:N", title="level"))
    # A rule's colour is its own, and none of the legend's.
    stroke, fill = alt.Stroke("colour:N", scale=None), alt.Fill("colour:N", scale=None)
    rule = base.encode(y=y, stroke=stroke).mark_rule(strokeDash=[5, 3], strokeWidth=1)
    if beside:
        mark: dict[str, Any] = {"align": "left", "baseline": "middle", "dx": 6, "fontSize": 10, "limit": _LONGEST}
        return [rule, words.encode(fill=fill).mark_text(**mark)]
    place: dict[str, Any] = {"align": "right", "baseline": "bottom", "dx": -4, "dy": -2, "fontSize": 10}
    # The words stand on lines, from which a white edge sets them apart.
    edge = words.mark_text(color="white", stroke="white", strokeWidth=3, opacity=0.8, **place)
    return [rule, edge, words.encode(fill=fill).mark_text(**place)]

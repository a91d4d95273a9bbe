"""What tuning chose, in sentences: the policy, how it did on what it had not seen, and what may be claimed of it."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from backburn.alerts.score.rule import RULE
from backburn.alerts.tuning.metrics import BETTER, COMPARED, worth
from backburn.engine.times import length_text
from backburn.model.policy import Pair, Single
from backburn.output.lengths import factor_text, time_text
from backburn.output.numbers import UNDEFINED, budget_text, count_text, rate_estimate

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from backburn.alerts.tuning.claims import Claim, Comparison
    from backburn.alerts.tuning.metrics import Metrics
    from backburn.alerts.tuning.result import Chosen, Tuning
    from backburn.model.policy import Alert, Condition

__all__ = ["NAMES", "sentences", "weeks_text"]

NAMES = {
    "recall": "recall",
    "precision": "precision",
    "event_precision": "event precision",
    "false_per_week": "false pages a week",
    "pages_per_week": "pages a week",
    "detection_p50": "detection p50",
    "budget_unseen": "spent unseen",
}
"""What metrics are called."""

_SIGNS = {"gt": "above", "gte": "at least"}
_WEEK = 7 * 86_400_000_000


def sentences(tuning: Tuning) -> Iterator[str]:
    """Say what to run and how sure that is, or why there is nothing to say."""
    chosen = tuning.chosen
    if chosen is None:
        yield f"{_upper(tuning.reason or 'nothing was chosen')}."
        return
    yield _policy(chosen)
    held = chosen.point.holdout
    if held is None:
        return
    known = next((point for point in tuning.catalogue if point.words == tuning.baseline), None)
    yield _did(held, None if known is None else known.holdout, None if known is None else known.words)
    yield from _claims(tuning, held)


def weeks_text(weeks: float) -> str:
    """Write how long a part is.

    >>> weeks_text(8.857), weeks_text(1.0), weeks_text(2 / 7)
    ('8.9 weeks', '1 week', '2d')
    """
    if weeks < 1:
        return length_text(round(weeks * _WEEK))
    text = f"{weeks:.1f}".removesuffix(".0")
    return f"{text} week" if text == "1" else f"{text} weeks"


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]


def _policy(chosen: Chosen) -> str:
    alerts = {alert.severity: alert for alert in chosen.policy.alerts}
    page, ticket = alerts[RULE.severity], alerts.get("ticket")
    told = f"Page when {_when(page)}"
    return f"{told}." if ticket is None else f"{told}; open a ticket, while no page fires, when {_when(ticket)}."


def _when(alert: Alert) -> str:
    conditions = [_condition(alert, one) for one in alert.any]
    joined = " or ".join(conditions) if len(conditions) < 3 else ", or ".join(conditions)  # noqa: PLR2004 - two need no comma.
    guards = alert.guards
    least = [
        f"{count_text(guards.bad)} bad rows" if guards.bad else "",
        f"{count_text(guards.valid)} valid events" if guards.valid else "",
        f"{factor_text(guards.rate)} events per second" if guards.rate else "",
    ]
    needed = " and ".join(one for one in least if one)
    lasting = "" if alert.wait is None else f", for {alert.wait.text}"
    return f"the burn rate is {joined}{lasting}" + (f", with at least {needed}" if needed else "")


def _condition(alert: Alert, condition: Condition) -> str:
    if isinstance(condition, Pair):
        windows = f"{condition.long.text} and {condition.short.text}"
        return f"{_SIGNS[alert.op]} {factor_text(condition.factor)} over both {windows}"
    if isinstance(condition, Single):
        return f"{_SIGNS[alert.op]} {factor_text(condition.factor)} over {condition.window.text}"
    message = "a grid has conditions with factors only"
    raise TypeError(message)


def _did(own: Metrics, other: Metrics | None, name: str | None) -> str:
    """Say what the choice did on the later part, and beside it in brackets what the baseline did."""

    def beside(text: Callable[[Metrics], str], said: str = "") -> str:
        return "" if other is None else f" ({said}{text(other)})"

    def detected(one: Metrics) -> str:
        return f"{count_text(one.detected)} of {count_text(one.events)}"

    def soon(one: Metrics) -> str:
        return "not reached" if one.detection_p50 is None else time_text(Fraction(one.detection_p50))

    def weekly(one: Metrics) -> str:
        return rate_estimate(one.pages_per_week)

    def right(one: Metrics) -> str:
        return "no page" if one.precision is None else budget_text(one.precision)

    parts = [f"it detects {detected(own)} events{beside(detected, f'{name}: ')}"]
    if own.detection_p50 is not None:
        parts.append(f"half of all within {soon(own)}{beside(soon)}")
    sent = f"and sends {weekly(own)} pages a week{beside(weekly)}"
    if own.precision is not None:
        sent += f", of which {right(own)} are in events{beside(right)}"
    return f"On the {weeks_text(own.weeks)} held out {', '.join(parts)}, {sent}."


def _claims(tuning: Tuning, held: Metrics) -> Iterator[str]:
    """Say whether it is better than the baseline, or than which policies of the catalogue where there is none."""
    if tuning.baseline is None and tuning.comparisons:
        yield "google-30d does not fit these data, so the choice is held against all policies that do."
    metrics = {point.words: point.holdout for point in tuning.catalogue}
    if not any(one.improves for one in tuning.comparisons) and len(tuning.comparisons) > 1:
        yield f"No improvement over any of the {len(tuning.comparisons)} may be claimed from {weeks_text(held.weeks)}."
        return
    for one in tuning.comparisons:
        other = metrics.get(one.policy)
        if one.improves or (len(tuning.comparisons) == 1 and other is not None):
            yield _claim(one, held, other)


def _claim(one: Comparison, own: Metrics, other: Metrics | None) -> str:
    if one.improves:
        better = "; ".join(_interval(claim) for claim in one.claims if claim.better)
        return f"An improvement over {one.policy} may be claimed: {better}; and nothing is worse."
    if not one.not_worse and other is not None:
        worse = [_worse(name, own, other) for name in COMPARED if worth(own, name) < worth(other, name)]
        return f"No improvement over {one.policy} may be claimed: it is worse by {_joined(worse)}."
    return f"{_unsure(one, own)}{_needed(one)}."


def _worse(name: str, own: Metrics, other: Metrics) -> str:
    """Write both values of a metric, with so many figures that they differ."""
    values = [getattr(own, name), getattr(other, name)]
    texts = ["", ""]
    for figures in range(2, 7):
        texts = [_value(name, value, figures) for value in values]
        if texts[0] != texts[1]:
            break
    return f"{NAMES[name]} ({texts[0]} against {texts[1]})"


def _value(name: str, value: float | None, figures: int) -> str:
    if value is None:
        return "not reached" if name == "detection_p50" else UNDEFINED
    if name == "detection_p50":
        return time_text(Fraction(value))
    return f"{value * 100:.{figures}g} %" if name == "budget_unseen" else f"{value:.{figures}g}"


def _joined(names: Sequence[str]) -> str:
    *rest, last = names
    return f"{', '.join(rest)} and {last}" if rest else last


def _interval(claim: Claim) -> str:
    ends = "" if claim.low is None or claim.high is None else f" (95 %: {claim.low:+.2g} to {claim.high:+.2g})"
    return f"{NAMES[claim.metric]} {claim.difference:+.2g}{ends}"


def _unsure(one: Comparison, own: Metrics) -> str:
    if not one.enough:
        few = f"{weeks_text(own.weeks)} are fewer than the {RULE.fewest_weeks} that it takes to tell"
        return f"No improvement over {one.policy} may be claimed yet: {few}"
    return f"No improvement over {one.policy} may be claimed: in {weeks_text(own.weeks)} it may be chance"


def _needed(one: Comparison) -> str:
    """Say how many weeks would do, by the metric that needs the fewest of those that look better."""
    hopes = [claim for claim in one.claims if claim.needed is not None and claim.difference * BETTER[claim.metric] > 0]
    if not hopes:
        return "; and no difference is seen that more weeks would prove"
    first = min(hopes, key=lambda claim: claim.needed or 0)
    needed = f"{count_text(first.needed or 0)} weeks"
    return f"; if the difference in {NAMES[first.metric]} ({first.difference:+.2g}) stays, some {needed} would prove it"

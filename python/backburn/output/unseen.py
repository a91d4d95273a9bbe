"""What an alert policy cannot see, in sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backburn.model.policy import Consumed, Drop, Exhausts, NoTraffic, Pair, Single
from backburn.output.lengths import factor_text, ratio_text, time_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from backburn.alerts.explain import Explanation
    from backburn.alerts.unseen import Unseen
    from backburn.model.policy import Alert, Condition

__all__ = ["sentences"]

_SHORT = 3
_NO_DATA = {
    "undefined": "no traffic fires nothing, for a window without events has no error ratio.",
    "good": "no traffic fires nothing, for a window without events counts as good.",
    "bad": "no traffic is a total outage, for a window without events counts as bad.",
    "freeze": "no traffic changes nothing, for a window without events leaves the alert as it was.",
}


def sentences(explanation: Explanation) -> list[str]:
    """Say what a policy does not see, and what its other conditions are about."""
    kinds = [one for one in explanation.unseen if one.kind not in {"guards", "quirk", "no traffic"}]
    told = [_sentence(explanation, one) for one in kinds]
    alerts = explanation.policy.alerts
    besides = [(alert, sentence) for alert in alerts for sentence in (*_others(alert), *_besides(alert))]
    if any(one.kind == "no traffic" for one in explanation.unseen):
        told += _shared([(alert, _NO_DATA[alert.no_data]) for alert in alerts if _burns(alert)], len(alerts))
    return [*told, *_shared(besides)]


def _sentence(explanation: Explanation, one: Unseen) -> str:
    match one.kind:
        case "nothing":
            return (
                f"Nothing can fire: a total outage burns at {factor_text(one.burn_rate)} at this target, "
                "and no condition is below that."
            )
        case "slow burn":
            return _slow_burn(explanation, one)
        case "short outage":
            how = "up to" if _op(explanation, one) == "gt" else "less than"
            return (
                f"A total outage of {how} {time_text(one.length)}, {ratio_text(one.share, _SHORT)} of the budget, "
                "fires nothing."
            )
        case "unreachable":
            return (
                f"{one.alert}: {one.condition} can never be true: a total outage burns at "
                f"{factor_text(one.burn_rate)} at this target."
            )
        case "slow reset":
            return (
                f"{one.alert}: {one.condition} looks at one window, so that it goes on for {time_text(one.length)} "
                "after a total outage."
            )
        case _:
            return f"It is evaluated every {time_text(one.length)}, which may add as much to each of the times."


def _slow_burn(explanation: Explanation, one: Unseen) -> str:
    how = "up to" if _op(explanation, one) == "gt" else "less than"
    ratio, rate, period = ratio_text(one.error_ratio), factor_text(one.burn_rate), explanation.period.text
    over = [
        condition.words
        for alert in explanation.alerts
        for condition in alert.conditions
        if condition.kind in {"consumed", "exhausts_within"}
    ]
    but = f" but {', '.join(over)}" if over else ""
    head = f"Errors of {how} {ratio}, a burn rate of {rate}, fire nothing{but}, however long they last:"
    share, length = ratio_text(one.share, _SHORT), time_text(one.length)
    if one.share == 1:
        return f"{head} they spend all of the budget of {period} in {length}."
    if one.share is not None and one.share < 1:
        return f"{head} they spend {share} of the budget of {period}, and would exhaust it in {length}."
    return f"{head} they exhaust the budget of {period} in {length}, and spend {share} of it."


def _op(explanation: Explanation, one: Unseen) -> str:
    return next(alert.op for alert in explanation.policy.alerts if alert.name == one.alert)


def _burns(alert: Alert) -> bool:
    return any(isinstance(condition, (Pair, Single)) for condition in alert.any)


def _shared(pairs: Sequence[tuple[Alert, str]], everyone: int = 0) -> list[str]:
    """Say what holds for several alerts once; what holds for `everyone` names none."""
    found: dict[str, list[str]] = {}
    for alert, sentence in pairs:
        found.setdefault(sentence, []).append(alert.name)
    return [
        f"{sentence[:1].upper()}{sentence[1:]}" if len(names) == everyone else f"{', '.join(names)}: {sentence}"
        for sentence, names in found.items()
    ]


def _others(alert: Alert) -> Iterator[str]:
    """Say what those conditions are about that compare no burn rate."""
    for condition in alert.any:
        about = _about(condition)
        if about is not None:
            yield about


def _about(condition: Condition) -> str | None:
    match condition:
        case Consumed(share=share, op=op):
            how = "more than" if op == "gt" else "at least"
            return f"fires once {how} {ratio_text(share)} of the budget is gone, however fast it went."
        case Exhausts(within=within):
            return f"fires once the budget is gone, or is expected to be within {within.text}."
        case Drop(share=share, within=within):
            return (
                f"fires when the traffic of {within.text} is at least {ratio_text(share)} below the median of "
                "the same time in the last four weeks, whatever fails."
            )
        case NoTraffic(length=length):
            return f"fires when there was no valid event for {length.text}."
        case _:
            return None


def _besides(alert: Alert) -> Iterator[str]:
    """Say what else delays an alert or changes its numbers."""
    guards = alert.guards
    least = [
        f"{guards.bad:,} bad rows" if guards.bad is not None else "",
        f"{guards.valid:,} valid events" if guards.valid is not None else "",
        f"{factor_text(guards.rate)} events per second" if guards.rate is not None else "",
    ]
    needed = [one for one in least if one]
    if needed:
        yield f"fires later or never where its long window holds less than {' or '.join(needed)}."
    if alert.quirk == "rounded":
        yield "compares the burn rate rounded to one decimal, so that a little above is not enough."
    elif alert.quirk == "traffic-weighted":
        yield "weighs the burn rate by how busy the window is; the numbers are those of even traffic."
    if alert.inhibited_by:
        yield f"nobody is told while {', '.join(alert.inhibited_by)} fires."

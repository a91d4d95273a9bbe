"""Lints of promises at the traffic that was seen: what a window can hold, and what so many events can tell."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import ceil
from typing import TYPE_CHECKING

from backburn import _rust
from backburn.lint.saying import about
from backburn.model.sli import Latency
from backburn.units import percent_text, share_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from decimal import Decimal

    from backburn.model.finding import Finding
    from backburn.model.spec import Objective, Spec

__all__ = ["Flow", "of_flows", "of_windows"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow:
    """How many valid events of a series a whole window holds at the traffic seen, and the target that they are held to.

    `independent` is how many independent events these are worth, fewer than `events` where rows of a sample stand for
    others.
    """

    series: Mapping[str, str | None]
    target: Decimal
    events: Fraction
    independent: Fraction


def of_flows(spec: Spec, objective: Objective, window: str, flows: Sequence[Flow]) -> Iterator[Finding]:
    """Find the series of which a window holds too few events, and name the one with the fewest."""
    small = [flow for flow in flows if (1 - Fraction(flow.target)) * flow.events < 1]
    if small:
        worst = min(small, key=lambda flow: flow.events)
        allowed = ceil(1 / (1 - Fraction(worst.target)))
        message = (
            f"objective {objective.name!r}: at the traffic seen, {window} holds {_many(worst.events)}{_of(worst)}, and "
            f"{percent_text(1 - worst.target)} of them is less than one: a single bad event breaks the promise; "
            f"{allowed:,} events would allow one{_others(small, flows)}"
        )
        yield about("BB207", spec, objective, message)
    if isinstance(objective.sli, Latency):
        # Even if every request is fast: a promise that not even this can keep for sure asks too much of the window.
        needed = {target: _rust.events_needed(share_text(target)) for target in {flow.target for flow in flows}}
        few = [flow for flow in flows if (least := needed[flow.target]) is None or flow.independent < least]
        if few:
            worst = min(few, key=lambda flow: flow.independent)
            least = needed[worst.target]
            wanted = f"{least:,} are needed" if least is not None else "no number is enough"
            message = (
                f"objective {objective.name!r}: at the traffic seen, {window} holds {_many(worst.independent)}"
                f"{_of(worst)}, too few to tell whether {percent_text(worst.target)} are fast enough: {wanted} at "
                f"95% confidence, even if none is slow{_others(few, flows)}"
            )
            yield about("BB208", spec, objective, message)


def of_windows(spec: Spec, objective: Objective, windows: Sequence[str], data: str) -> Finding:
    """Say which windows the data do not fill; `data` tells how long these are."""
    *before, last = windows
    named = f"the windows {', '.join(before)} and {last} are" if before else f"the window {last} is"
    return about("BB405", spec, objective, f"objective {objective.name!r}: {named} longer than the data, {data}")


def _many(events: Fraction) -> str:
    """Write how many events are expected; a part of one does not happen, so it is cut off."""
    whole = events.numerator // events.denominator
    if not whole:
        return "less than one event"
    about_ = "" if events == whole else "about "
    return f"{about_}{whole:,} {'event' if whole == 1 else 'events'}"


def _of(flow: Flow) -> str:
    values = (f"{label}={'null' if value is None else value}" for label, value in flow.series.items())
    named = ", ".join(values)
    return f" of {named}" if named else ""


def _others(concerned: Sequence[Flow], flows: Sequence[Flow]) -> str:
    return f" (so it is with {len(concerned):,} of {len(flows):,} series)" if len(flows) > 1 else ""

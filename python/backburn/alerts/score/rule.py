"""The rule by which alerts are scored: decided before any data are seen, the same for all that are compared."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from backburn.engine.times import length_text

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["RULE", "Rule"]

_MINUTE = 60_000_000
_HOUR = 60 * _MINUTE


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """Lengths are in microseconds, hours are those of the day in the document's zone.

    Alerts of severity `severity` that follow each other by at most `regroup` in one service are one page. A page
    belongs to an event if it begins at most `grace` after its end. A policy that fires in a share of `noisy` or more of
    the time outside of events is noisy; one whose page lasts a share of `permanent` or more of the period fires
    permanently. A shift with more than `busy` pages is too busy; a page flaps if it begins within `flapping` of the end
    of the one before.

    Computed events: a step scores `bad - times * (1 - T) * valid`, summed up and never below 0; an event begins with
    the first positive step and ends with the peak, is over after `quiet` without a new one, and counts if the peak
    reaches `share` of the budget of a period.
    """

    severity: str = "page"
    regroup: int = 5 * _MINUTE
    grace: int = 30 * _MINUTE
    noisy: Fraction = Fraction(1, 10)
    permanent: Fraction = Fraction(9, 10)
    night: tuple[int, int] = (22, 6)
    shifts: tuple[int, int] = (8, 20)
    busy: int = 2
    flapping: int = 60 * _MINUTE
    times: Fraction = Fraction(2)
    share: Fraction = Fraction(1, 50)
    quiet: int = 60 * _MINUTE
    draws: int = 1_000
    fewest_weeks: int = 8

    def words(self, zone: str) -> Iterator[str]:
        """Say it, sentence by sentence.

        >>> next(RULE.words("UTC"))
        'a page is the alerts of severity page of one service, merged over gaps of up to 5m'
        """
        grace, gap = length_text(self.grace), length_text(self.regroup)
        night, shifts = ([f"{hour:02}:00" for hour in hours] for hours in (self.night, self.shifts))
        yield f"a page is the alerts of severity {self.severity} of one service, merged over gaps of up to {gap}"
        yield f"a page is true if it begins between the start of an event and {grace} after its end"
        yield "an event is detected by the first such page"
        yield f"noisy: fires in {float(self.noisy):.0%} or more of the ticks outside of events and {grace} after them"
        yield f"nights are {night[0]} to {night[1]}, shifts begin at {shifts[0]} and {shifts[1]}, {zone}"
        yield (
            f"computed events: failures beyond {float(self.times):g} times the allowed rate, summed up, that reach "
            f"{float(self.share):.0%} of a period's budget, over after {length_text(self.quiet)} without a new peak; "
            "this favours burn-rate rules"
        )

    def to_dict(self, zone: str) -> dict[str, object]:
        """As in the envelope: lengths in seconds."""
        return {
            "severity": self.severity,
            "group_by": ["service"],
            "regroup": self.regroup / 1e6,
            "grace": self.grace / 1e6,
            "noisy": float(self.noisy),
            "permanent": float(self.permanent),
            "night": [f"{hour:02}:00" for hour in self.night],
            "shifts": [f"{hour:02}:00" for hour in self.shifts],
            "timezone": zone,
            "computed": {"times": float(self.times), "share": float(self.share), "quiet": self.quiet / 1e6},
        }


RULE = Rule()

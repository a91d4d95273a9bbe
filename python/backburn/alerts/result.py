"""What alert policies would have done: alerts, per policy, objective and series."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from backburn.alerts import tables
from backburn.alerts.score.rule import RULE
from backburn.engine.envelope import SCHEMA_VERSION, envelope
from backburn.engine.times import rfc3339
from backburn.evaluation.table import Tabular

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from backburn.alerts.score.result import Score, Truth
    from backburn.alerts.score.scoring import Scoring
    from backburn.alerts.ticks import Ticks
    from backburn.evaluation.provenance import Data, Note, SpecIdentity
    from backburn.evaluation.result import WindowSpan
    from backburn.evaluation.table import Column

__all__ = ["AlertState", "Around", "Backtest", "FiredAlert", "Peak", "Replay"]

AlertState = Literal["inactive", "pending", "firing", "keeping"]
"""What an alert is at a tick: `keeping` fires too, because it was true a moment ago (`keep_firing_for`)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Peak:
    """How high a condition stood at most from when it became true until the alert ended.

    `condition` is in words, with the level that it is compared with; `level` and `peak` are burn rates, or shares of a
    budget, and None where there is no such number.
    """

    condition: str
    level: float | None
    peak: float | None

    @property
    def times(self) -> float:
        """How many times its level it reached; 0 where that is unknown."""
        return 0.0 if self.peak is None or not self.level else self.peak / self.level

    def to_dict(self) -> dict[str, Any]:
        """As in the envelope."""
        return {"condition": self.condition, "level": self.level, "peak": self.peak}


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """The error budget around an alert, in shares of it, signed and never clamped.

    `before` and `after` are what is left in the objective's own window when the alert begins and when it ends. `during`
    is what failed in between, as a share of the budget B of the policy's period: B = (1 - T) * V * P / D with V the
    valid events of all data and D the time that they cover.
    """

    before: float | None
    during: float | None
    after: float | None

    def to_dict(self) -> dict[str, Any]:
        """As in the envelope."""
        return {"before": self.before, "during": self.during, "after": self.after}


@dataclass(frozen=True, slots=True, kw_only=True)
class FiredAlert:
    """A maximal run of ticks at which an alert fires: `[start, end)`, and `end` is None where the data end first.

    `active` is when its condition became true, which `for` makes earlier. `told` is when somebody hears of it: later
    than `start`, or None, where other alerts inhibit it. One that begins in the `warm_up`, before the longest window of
    all policies is full, knows less than it would have known.
    """

    alert: str
    severity: str
    active: datetime
    start: datetime
    end: datetime | None
    told: datetime | None
    warm_up: bool
    peaks: tuple[Peak, ...]
    bad: int
    valid: int
    budget: Around

    @property
    def highest(self) -> Peak:
        """The condition that stood highest above its level."""
        return max(self.peaks, key=lambda peak: peak.times)

    def to_dict(self) -> dict[str, Any]:
        """As in the envelope."""
        return {
            "alert": self.alert,
            "severity": self.severity,
            "active": rfc3339(self.active),
            "start": rfc3339(self.start),
            "end": None if self.end is None else rfc3339(self.end),
            "told": None if self.told is None else rfc3339(self.told),
            "warm_up": self.warm_up,
            "peak": self.highest.peak,
            "condition": self.highest.condition,
            "conditions": [peak.to_dict() for peak in self.peaks],
            "bad": self.bad,
            "valid": self.valid,
            "budget": self.budget.to_dict(),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Replay:
    """What one policy did on one series of an objective; `severities` are those of its alerts, in order."""

    policy: str
    service: str | None
    objective: str
    series: Mapping[str, str | None]
    window: WindowSpan
    severities: Mapping[str, str]
    alerts: tuple[FiredAlert, ...]

    @property
    def told(self) -> tuple[FiredAlert, ...]:
        """The alerts of which somebody hears."""
        return tuple(one for one in self.alerts if one.told is not None)

    def to_dict(self) -> dict[str, Any]:
        """As in the envelope."""
        return {
            "service": self.service,
            "objective": self.objective,
            "series": dict(self.series),
            "window": self.window.to_dict(),
            "policy": self.policy,
            "alerts": [one.to_dict() for one in self.alerts],
        }


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Backtest(Tabular):
    """What alert policies would have done on recorded traffic, tick by tick and exactly.

    A replay per policy, objective and series, in this order, and a table of a row for each alert. `ticks` is the table
    of the states and burn rates behind them.
    """

    schema_version: int = field(default=SCHEMA_VERSION, init=False)
    command: Literal["backtest"] = field(default="backtest", init=False)
    version: str
    specs: tuple[SpecIdentity, ...]
    data: Data
    policies: tuple[str, ...]
    replays: tuple[Replay, ...]
    notes: tuple[Note, ...]
    ticks: Ticks = field(compare=False)
    scoring: Scoring = field(compare=False)

    @property
    def alerts(self) -> tuple[FiredAlert, ...]:
        """Every alert of every replay."""
        return tuple(alert for replay in self.replays for alert in replay.alerts)

    @property
    def scores(self) -> tuple[Score, ...]:
        """How good each policy was, on each objective and on the union of all: worked out when it is asked for."""
        return self.scoring.scores

    def score(self, policy: str, objective: str | None = None, truth: Truth | None = None) -> Score | None:
        """Give the score of a policy on an objective, or on the union of all where there are several.

        Labels are the truth where there are any, unless another is asked for.
        """
        among = [one for one in self.scores if one.policy == policy and one.truth == (truth or self.scoring.truths[0])]
        if objective is None and len(among) == 1:
            return among[0]
        return next((one for one in among if one.objective == objective), None)

    def of(self, policy: str) -> tuple[Replay, ...]:
        """Give the replays of one policy."""
        return tuple(replay for replay in self.replays if replay.policy == policy)

    def to_dict(self) -> dict[str, Any]:
        """Give the JSON envelope, a result for each policy, objective and series."""
        told = envelope(
            self.command,
            specs=[spec.to_dict() for spec in self.specs],
            data=self.data.to_dict(),
            results=[self._result(replay) for replay in self.replays],
            notes=[note.to_dict() for note in self.notes],
        )
        scores = [score.to_dict() for score in self.scores]
        return {**told, "scores": scores, "scored_by": RULE.to_dict(self.scoring.zone)}

    def _result(self, replay: Replay) -> dict[str, Any]:
        score = self.score(replay.policy, replay.objective)
        return {**replay.to_dict(), "score": None if score is None else score.to_dict()}

    def columns(self) -> tuple[Column, ...]:
        """Name the columns of the table of alerts."""
        return tables.columns(self)

    def records(self) -> list[dict[str, Any]]:
        """Give a row for each alert."""
        return list(tables.records(self))

    def __repr__(self) -> str:
        names = ", ".join(spec.name for spec in self.specs)
        return f"Backtest({names}: policies=[{', '.join(self.policies)}], alerts={len(self.alerts)})"

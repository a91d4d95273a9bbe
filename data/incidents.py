"""Made-up incidents: what goes wrong, where, when and how badly, with the labels that a team would have written."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from traffic import MINUTES_A_DAY

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from numpy.typing import NDArray
    from traffic import Service

SHAPES = ("outage", "slow-burn", "latency-step", "flapping", "low-traffic-noise")
LABEL_COLUMNS = ("id", "kind", "service", "start", "end", "severity", "class", "source")

_SEVERITY = {
    "outage": "page",
    "slow-burn": "ticket",
    "latency-step": "page",
    "flapping": "page",
    "low-traffic-noise": "none",
}
_ERROR_RATIO = {"outage": 0.9, "slow-burn": 0.02, "flapping": 0.6, "low-traffic-noise": 0.2}
_LATENCY_STEP_SHARE = 0.004
_LATENCY_FACTOR = 5.0
_INCIDENT_PART = 0.45  # Of a service's bad requests; the rest are the background that no one is woken for.
_QUIET_HOURS = (1, 5)


@dataclass(frozen=True, kw_only=True)
class Incident:
    """Whole minutes `[start, end)` from the first day's midnight in which one service does badly."""

    number: int
    service: int
    shape: str
    start: int
    end: int

    def label(self, services: list[Service], first: datetime) -> tuple[str, ...]:
        """The row of `incidents.csv`, in the grammar's shape."""
        from datetime import timedelta

        start, end = (
            (first + timedelta(minutes=minute)).strftime("%Y-%m-%dT%H:%M:%SZ") for minute in (self.start, self.end)
        )
        name = services[self.service].name
        return (f"INC-{self.number:04}", "incident", name, start, end, _SEVERITY[self.shape], self.shape, "generator")


def make_incidents(services: list[Service], days: int, seed: int) -> list[Incident]:
    """Every shape at least once, about one incident a service and fortnight, never two at once on one service."""
    rng = np.random.default_rng([seed, 2])
    count = max(len(SHAPES), round(len(services) * days / 14))
    order = [int(service) for _ in range(count // len(services) + 1) for service in rng.permutation(len(services))]
    planned = [(order[i], SHAPES[i % len(SHAPES)]) for i in range(count)]
    # Noise needs thin traffic: a handful of errors that make a frightful ratio.
    thin = range(len(services) * 3 // 4, len(services))
    planned = [
        (int(rng.choice(thin)) if shape == "low-traffic-noise" and len(thin) else service, shape)
        for service, shape in planned
    ]
    on_service = np.bincount([service for service, _ in planned], minlength=len(services))
    taken = np.zeros((len(services), days * MINUTES_A_DAY), dtype=bool)
    incidents = []
    for service, shape in planned:
        share = services[service].error_share * _INCIDENT_PART / on_service[service]
        length = _length(shape, share, days)
        start = _free_start(rng, taken[service], length, shape, days)
        if start is None:
            continue
        taken[service, start : start + length] = True
        incidents.append((start, start + length, service, shape))
    return [
        Incident(number=number, service=service, shape=shape, start=start, end=end)
        for number, (start, end, service, shape) in enumerate(sorted(incidents), start=1)
    ]


def _length(shape: str, bad_share: float, days: int) -> int:
    """Minutes that spend `bad_share` of the span's requests at the shape's error ratio, were traffic even."""
    minutes = days * MINUTES_A_DAY
    if shape == "latency-step":
        return max(10, round(minutes * _LATENCY_STEP_SHARE))
    if shape == "low-traffic-noise":
        return max(5, min(20, round(minutes * bad_share / _ERROR_RATIO[shape])))
    spent = minutes * bad_share / _ERROR_RATIO[shape]
    return max(3, min(round(2 * spent if shape == "flapping" else spent), minutes // 4))


def _free_start(rng: np.random.Generator, taken: NDArray[np.bool_], length: int, shape: str, days: int) -> int | None:
    """A start that leaves an hour to the service's other incidents; None where none was found."""
    for _ in range(50):
        if shape == "low-traffic-noise":
            start = int(rng.integers(days)) * MINUTES_A_DAY + int(rng.integers(*_QUIET_HOURS)) * 60
        else:
            start = int(rng.integers(max(1, len(taken) - length)))
        if start + length <= len(taken) and not taken[max(0, start - 60) : start + length + 60].any():
            return start
    return None


def error_ratios(services: list[Service], incidents: list[Incident], rate: NDArray[np.float64]) -> NDArray[np.float64]:
    """The probability of a server error, by service and minute.

    The background is what the incidents leave of the service's `error_share`, so that the whole span comes out at that
    share, except where incidents alone spend more.
    """
    ratio = np.zeros_like(rate)
    for incident in incidents:
        for start, end in _broken_minutes(incident):
            ratio[incident.service, start:end] = _ERROR_RATIO.get(incident.shape, 0.0)
    for number, service in enumerate(services):
        own = rate[number] / rate[number].sum()
        calm = ratio[number] == 0.0
        background = (service.error_share - float(own @ ratio[number])) / float(own[calm].sum())
        ratio[number, calm] = max(background, service.error_share * 0.1)
    return ratio


def latency_factors(incidents: list[Incident], shape: tuple[int, ...]) -> NDArray[np.float64]:
    """What latencies are multiplied by, by service and minute."""
    factor = np.ones(shape)
    for incident in incidents:
        if incident.shape == "latency-step":
            factor[incident.service, incident.start : incident.end] = _LATENCY_FACTOR
    return factor


def _broken_minutes(incident: Incident) -> Iterator[tuple[int, int]]:
    """The minutes of an incident that have errors: all of them, but for one that flaps in spells of three."""
    if incident.shape == "flapping":
        for start in range(incident.start, incident.end, 6):
            yield start, min(start + 3, incident.end)
    elif incident.shape != "latency-step":
        yield incident.start, incident.end

"""The world that the rows of one run are drawn from."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, cached_property
from typing import TYPE_CHECKING

import numpy as np
from incidents import Incident, error_ratios, latency_factors, make_incidents
from traffic import LATENCY_THRESHOLD_MS, Service, make_services, rates, share_below

if TYPE_CHECKING:
    from datetime import datetime

    from numpy.typing import NDArray

ROUTE_SLOTS = 1024


@dataclass(frozen=True, kw_only=True)
class World:
    """Everything that the rows are drawn from; what it holds follows from these five numbers."""

    rows: int
    days: int
    services: int
    seed: int
    first: datetime

    @cached_property
    def fleet(self) -> list[Service]:
        """The services, the busiest first."""
        return make_services(self.services, self.seed)

    @cached_property
    def incidents(self) -> list[Incident]:
        """What goes wrong."""
        return make_incidents(self.fleet, self.days, self.seed)

    @cached_property
    def rate(self) -> NDArray[np.float64]:
        """How requests spread over services and minutes."""
        return rates(self.fleet, self.days, self.first.weekday())

    @cached_property
    def errors(self) -> NDArray[np.float64]:
        """The probability of a server error by service and minute."""
        return error_ratios(self.fleet, self.incidents, self.rate)

    @cached_property
    def slowness(self) -> NDArray[np.float64]:
        """The factor on latencies by service and minute."""
        return latency_factors(self.incidents, self.rate.shape)

    @cached_property
    def hourly_rows(self) -> NDArray[np.int64]:
        """Rows of each hour: the expected ones, rounded so that they add up to `rows` exactly."""
        share = self.rate.reshape(self.services, -1, 60).sum(axis=(0, 2))
        edges = np.rint(np.cumsum(share / share.sum()) * self.rows).astype(np.int64)
        edges[-1] = self.rows
        counts: NDArray[np.int64] = np.diff(edges, prepend=0)
        return counts

    @cached_property
    def routes(self) -> list[str]:
        """Every route of every service."""
        return [route for service in self.fleet for route in service.routes]

    @cached_property
    def route_slots(self) -> NDArray[np.int16]:
        """For each service a table of route numbers, each as often as its weight says: a cheap weighted draw."""
        slots, offset = np.empty((self.services, ROUTE_SLOTS), dtype=np.int16), 0
        for number, service in enumerate(self.fleet):
            edges = np.cumsum(service.route_weights) * ROUTE_SLOTS
            slots[number] = offset + np.searchsorted(edges[:-1], np.arange(ROUTE_SLOTS), side="right")
            offset += len(service.routes)
        return slots

    @cached_property
    def log_medians(self) -> NDArray[np.float64]:
        """The logarithm of each route's median latency in milliseconds."""
        medians: NDArray[np.float64] = np.array([m for service in self.fleet for m in service.route_medians])
        logarithms: NDArray[np.float64] = np.log(medians)
        return logarithms

    @cached_property
    def sigmas(self) -> NDArray[np.float64]:
        """The spread of each service's latencies."""
        return np.array([service.sigma for service in self.fleet])

    def expected_shares(self, number: int) -> tuple[float, float]:
        """The share of good and of fast requests that a service's rows are drawn with."""
        service = self.fleet[number]
        own = self.rate[number] / self.rate[number].sum()
        fast = 0.0
        # The slots are what routes are drawn from, so their frequencies, not the weights they approximate, tell.
        routes, slots = np.unique(self.route_slots[number], return_counts=True)
        medians = np.exp(self.log_medians[routes])
        for factor in np.unique(self.slowness[number]):
            share = share_below(LATENCY_THRESHOLD_MS, slots / ROUTE_SLOTS, medians * factor, service.sigma)
            fast += share * float(own[self.slowness[number] == factor].sum())
        return 1.0 - float(own @ self.errors[number]), fast


@cache
def resident(world: World) -> World:
    """The equal world that this process already holds, so that a task that arrives with a copy builds nothing twice."""
    return world

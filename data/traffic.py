"""Made-up services: how much traffic each has and when, on which routes, how fast, and how well it is meant to do."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

MINUTES_A_DAY = 1440
AVAILABILITY_TARGET = 0.999
LATENCY_TARGET = 0.95
LATENCY_THRESHOLD_MS = 300.0

# fmt: off
_NAMES = (
    "search", "catalog", "checkout", "payments", "session", "cart", "images", "pricing", "login", "recommendations",
    "orders", "inventory", "profile", "shipping", "reviews", "notifications", "refunds", "invoices", "exports", "admin",
    "vouchers", "wishlist", "geocoder", "translations",
)
# fmt: on
_ERRING, _SLOW = 3, 4  # Which of every five and seven services breaks a promise.
_ROUTES = ("", "/{id}", "/{id}/items", "/{id}/items/{item}", "/bulk", "/{id}/history", "/suggest", "/export")


@dataclass(frozen=True, kw_only=True)
class Service:
    """One service. Shares are of its requests; `error_share` and `fast_share` are what it is built to reach."""

    name: str
    weight: float
    peak_hour: float
    swing: float
    weekend: float
    error_share: float
    fast_share: float
    sigma: float
    routes: tuple[str, ...] = field(repr=False)
    route_weights: tuple[float, ...] = field(repr=False)
    route_medians: tuple[float, ...] = field(repr=False)

    @property
    def meets_availability(self) -> bool:
        """Whether it is meant to keep its availability promise."""
        return 1 - self.error_share >= AVAILABILITY_TARGET

    @property
    def meets_latency(self) -> bool:
        """Whether it is meant to keep its latency promise."""
        return self.fast_share >= LATENCY_TARGET


def make_services(count: int, seed: int) -> list[Service]:
    """Make `count` services, the busiest first; weights follow Zipf's law.

    Every fifth breaks its availability promise and every seventh its latency promise, clearly enough that chance does
    not decide it on any but the thinnest traffic.
    """
    rng = np.random.default_rng([seed, 1])
    weights = 1.0 / np.arange(1, count + 1) ** 1.1
    weights /= weights.sum()
    return [_make_service(rng, number, float(weight)) for number, weight in enumerate(weights)]


def _make_service(rng: np.random.Generator, number: int, weight: float) -> Service:
    base = _NAMES[number % len(_NAMES)]
    name = base if number < len(_NAMES) else f"{base}-{number // len(_NAMES) + 1}"
    error_share = rng.uniform(0.0025, 0.004) if number % 5 == _ERRING else rng.uniform(0.00025, 0.00045)
    fast_share = rng.uniform(0.90, 0.93) if number % 7 == _SLOW else rng.uniform(0.972, 0.988)
    sigma = rng.uniform(0.5, 0.8)
    routes = _ROUTES[: rng.integers(3, len(_ROUTES) + 1)]
    route_weights: NDArray[np.float64] = np.array([rank**-1.3 for rank in range(1, len(routes) + 1)])
    route_weights /= route_weights.sum()
    factors: NDArray[np.float64] = np.exp(rng.normal(0.0, 0.35, len(routes)))
    median = _median_for(fast_share, route_weights, factors, sigma)
    return Service(
        name=name,
        weight=weight,
        peak_hour=rng.uniform(11.0, 17.0),
        swing=rng.uniform(0.35, 0.75),
        weekend=rng.uniform(0.45, 1.15),
        error_share=float(error_share),
        fast_share=float(fast_share),
        sigma=float(sigma),
        routes=tuple(f"/{name}{tail}" for tail in routes),
        route_weights=tuple(route_weights.tolist()),
        route_medians=tuple((median * factors).tolist()),
    )


def share_below(threshold: float, weights: NDArray[np.float64], medians: NDArray[np.float64], sigma: float) -> float:
    """The share of a mixture of log-normal latencies below `threshold`."""
    points = np.log(threshold / medians) / sigma
    return float(sum(w * 0.5 * (1.0 + math.erf(p / math.sqrt(2.0))) for w, p in zip(weights, points, strict=True)))


def _median_for(share: float, weights: NDArray[np.float64], factors: NDArray[np.float64], sigma: float) -> float:
    """The median that puts `share` of the mixture below the threshold, by bisection."""
    low, high = 0.1, 10_000.0
    for _ in range(80):
        middle = math.sqrt(low * high)
        if share_below(LATENCY_THRESHOLD_MS, weights, middle * factors, sigma) > share:
            low = middle
        else:
            high = middle
    return low


def rates(services: list[Service], days: int, first_weekday: int) -> NDArray[np.float64]:
    """The probability that a request falls on a service's minute: an array of services by minutes that sums to 1."""
    minute = np.arange(days * MINUTES_A_DAY)
    hour = (minute % MINUTES_A_DAY) / 60.0
    weekend = ((minute // MINUTES_A_DAY + first_weekday) % 7) >= 5  # noqa: PLR2004 - Saturday is day 5.
    rows = []
    for service in services:
        angle = 2.0 * math.pi * (hour - service.peak_hour) / 24.0
        shape = 1.0 + service.swing * np.cos(angle) + 0.15 * np.cos(2.0 * angle)
        shape *= np.where(weekend, service.weekend, 1.0)
        rows.append(service.weight * shape / shape.sum())
    return np.array(rows)

"""What a policy must keep to be chosen, or what its mistakes cost."""

from __future__ import annotations

import re
from dataclasses import dataclass, fields
from fractions import Fraction
from typing import TYPE_CHECKING

from backburn.alerts.arguments import share_of
from backburn.errors import UsageError
from backburn.units import Duration

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from backburn.alerts.arguments import Share
    from backburn.alerts.tuning.metrics import Metrics

__all__ = ["Cost", "Limit", "cost_of", "limits_of"]

_ITEM = re.compile(r"\s*([a-z_]+)\s*=\s*([0-9]+(?:\.[0-9]+)?)\s*", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """One limit: what it is called, the metric that it is on, and its value; `most` is whether it is an upper one."""

    name: str
    metric: str
    value: float
    text: str
    most: bool

    def kept(self, metrics: Metrics) -> bool:
        """Whether a policy keeps it; a metric that is undefined does not."""
        value: float | None = getattr(metrics, self.metric)
        return value is not None and (value <= self.value if self.most else value >= self.value)

    def __str__(self) -> str:
        return f"{self.name} {self.text}"


def limits_of(
    max_pages_per_week: float | str | None,
    min_recall: Share | None,
    min_precision: Share | None,
    detect_within: str | None,
) -> tuple[Limit, ...]:
    """Read the limits that are asked for.

    >>> [str(limit) for limit in limits_of(2, "90%", None, "10m")]
    ['max_pages_per_week 2', 'min_recall 90%', 'detect_within 10m']

    Raises:
        UsageError: one is not a number, a share or a length.
    """
    return tuple(_limits(max_pages_per_week, min_recall, min_precision, detect_within))


def _limits(
    pages: float | str | None, recall: Share | None, precision: Share | None, within: str | None
) -> Iterator[Limit]:
    if pages is not None:
        try:
            most = float(pages)
        except ValueError:
            most = -1
        if not most >= 0:
            message = f"max_pages_per_week: '{pages}' is not a number of pages"
            raise UsageError(message, "write a number that is not negative, as in 2 or 0.5", value=str(pages))
        yield Limit(name="max_pages_per_week", metric="pages_per_week", value=most, text=f"{most:g}", most=True)
    for name, metric, asked in (("min_recall", "recall", recall), ("min_precision", "precision", precision)):
        if asked is not None:
            least = float(share_of(asked, name))
            yield Limit(
                name=name,
                metric=metric,
                value=least,
                text=f"{least:.10g}" if least == 0 else _percent(least),
                most=False,
            )
    if within is not None:
        try:
            length = Duration.parse(within)
        except ValueError as error:
            raise UsageError(f"detect_within: {error}", value=within) from error
        seconds = length.microseconds / 1e6
        yield Limit(name="detect_within", metric="detection_p90", value=seconds, text=length.text, most=True)


def _percent(share: float) -> str:
    return f"{share * 100:.10g}%"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What mistakes cost, in a unit of one's own.

    Each false page, each event that nobody was paged about, each budget of a period that was spent before pages or in
    missed events, and each hour from the start of an event to its page.
    """

    false_page: float = 0.0
    missed: float = 0.0
    budget: float = 0.0
    hour: float = 0.0

    def of(self, metrics: Metrics) -> float:
        """Add up what a policy costs in a week."""
        mistakes = (
            self.false_page * metrics.false_pages
            + self.missed * (metrics.events - metrics.detected)
            + self.budget * (metrics.budget_before_sum + metrics.budget_lost)
            + self.hour * metrics.detection_sum / 3600
        )
        return mistakes / metrics.weeks if metrics.weeks else 0.0

    def __str__(self) -> str:
        told = {one.name: getattr(self, one.name) for one in fields(self)}
        return ", ".join(f"{name} {value:g}" for name, value in told.items() if value)


def cost_of(asked: str | Mapping[str, float] | Cost | None) -> Cost | None:
    """Read a cost model.

    >>> str(cost_of("false_page=1,missed=20"))
    'false_page 1, missed 20'

    Raises:
        UsageError: a name or a number is unknown.
    """
    if asked is None or isinstance(asked, Cost):
        return asked
    known = [one.name for one in fields(Cost)]
    if isinstance(asked, str):
        items = {}
        for part in asked.split(","):
            match = _ITEM.fullmatch(part)
            if match is None:
                raise UsageError(
                    f"cost: '{part.strip()}' is no price", "write them as in false_page=1,missed=20", value=asked
                )
            items[match.group(1)] = float(Fraction(match.group(2)))
    else:
        items = dict(asked)
    for name in items:
        if name not in known:
            raise UsageError(f"cost: there is no '{name}'", f"choose among {', '.join(known)}", value=name)
    return Cost(**items)

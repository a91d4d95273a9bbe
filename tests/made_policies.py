"""Policies of one page, and a promise of 99.9 % whose events a Prometheus counts."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

from made_logs import document, objective

from backburn.document import from_dict
from backburn.model.policy import Alert, AlertPolicy, Pair
from backburn.units import Duration

if TYPE_CHECKING:
    from backburn.model.spec import Spec


def length(text: str) -> Duration:
    return Duration.parse(text)


PAIR = Pair(long=length("1h"), short=length("5m"), factor=Fraction("14.4"))
PAGE = Alert(name="page", severity="page", any=(PAIR,))
COUNTED = {"bad": 'http_requests_total{code=~"5.."}', "valid": "http_requests_total"}


def policy(*alerts: Alert, **words: Any) -> AlertPolicy:
    return AlertPolicy(name="mine", alerts=alerts, **words)


def spec(**words: Any) -> Spec:
    return from_dict(
        document(objectives=[objective(**{"target": "99.9%", "window": "30d", "prometheus": COUNTED, **words})])
    )

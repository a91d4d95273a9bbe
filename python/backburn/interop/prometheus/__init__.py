"""Rules for Prometheus that fire when a backtest says so, and the tests that prove it."""

from __future__ import annotations

from backburn.interop.prometheus.rules import PolicyOf, rules
from backburn.interop.prometheus.shapes import Alerting, Group, Recording, Rules

__all__ = ["Alerting", "Group", "PolicyOf", "Recording", "Rules", "rules"]

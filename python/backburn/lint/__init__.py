"""What can be said about a promise before anybody judges it: without its data, and at the traffic that they show."""

from __future__ import annotations

from backburn.lint.alerts import of_policies, of_warm_up
from backburn.lint.codes import CODES, Code
from backburn.lint.promises import lint
from backburn.lint.saying import about, heard, remedy
from backburn.lint.traffic import Flow, of_flows, of_windows

__all__ = [
    "CODES",
    "Code",
    "Flow",
    "about",
    "heard",
    "lint",
    "of_flows",
    "of_policies",
    "of_warm_up",
    "of_windows",
    "remedy",
]

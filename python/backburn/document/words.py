"""The nearest word, the words whose features do not exist yet, and the words that other tools use."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

__all__ = ["FOREIGN", "NOT_YET", "listed", "nearest", "suggestion"]


def nearest(word: str, words: Iterable[str]) -> str | None:
    """The word that was probably meant.

    >>> nearest("Avilability", ["availability", "latency"])
    'availability'
    """
    folded = {known.lower(): known for known in words}
    close = get_close_matches(word.lower().replace("-", "_"), folded, n=1, cutoff=0.6)
    close = close or get_close_matches(word.lower(), folded, n=1, cutoff=0.6)
    return folded[close[0]] if close else None


def suggestion(word: str, words: Iterable[str]) -> str:
    """The remedy for a word that is not one of `words`."""
    words = tuple(words)
    close = nearest(word, words)
    return f"did you mean {close!r}?" if close else f"use {listed(words)}"


def listed(words: Iterable[str]) -> str:
    """Words as people list them.

    >>> listed(["a", "b", "c"])
    'a, b or c'
    """
    *most, last = words
    return f"{', '.join(most)} or {last}" if most else last


_SLICES = "write budgeting: {method: time-slices, slice: 1m}"

# Shape -> word -> remedy: words of the grammar whose features do not exist yet.
NOT_YET: Mapping[str, Mapping[str, str]] = {
    "objective": {
        "composite": "give each part an objective of its own",
    },
}

_WINDOW = "write window: 30d"
_SLI = "write sli: {kind: availability}, or another kind"
_THRESHOLD = "write threshold: 300ms"
_ALERTS = "write alert_policy: google-30d, or another policy"
_DEPENDS = "write dependencies: [{service: ..., target: ..., kind: hard}], on the document"

# Shape -> word -> remedy: words of OpenSLO, of common templates and of neighbouring places.
FOREIGN: Mapping[str, Mapping[str, str]] = {
    "document": {
        "spec": "documents are flat: move its fields one level up",
        "service": "write metadata: {service: ...}",
        "name": "write metadata: {name: ...}",
        "owner": "write metadata: {owner: ...}",
        "team": "write metadata: {owner: ...}",
        "version": "write metadata: {version: ...}",
        "labels": "write metadata: {labels: {...}}",
        "slos": "write objectives: [...]",
        "slo": "write objectives: [...]",
        "slis": "give each objective its sli",
        "sli": "give each objective its sli",
        "indicator": "give each objective its sli",
        "indicatorRef": "give each objective its sli",
        "target": "give each objective its target",
        "window": "give each objective its window",
        "timeWindow": "give each objective its window, as in window: 30d",
        "time_window": "give each objective its window, as in window: 30d",
        "budgetingMethod": f"{_SLICES}, on the objective",
        "budgeting": "write it on each objective",
        "alertPolicies": _ALERTS,
        "alerting": _ALERTS,
        "alerts": _ALERTS,
        "slo_dependency": _DEPENDS,
        "slo_dependencies": _DEPENDS,
        "depends_on": _DEPENDS,
        "data": "write source: {data: [...]}",
        "columns": "write source: {columns: {...}}",
        "where": "write source: {where: ...}",
        "exclude": "write source: {exclude: [...]}",
        "by": "write source: {by: [...]}",
        "step": "write source: {step: ...}",
        "datasource": "write source: {data: [...]}",
        "sources": "write source: {data: [...]}",
        "error_budget": "leave it out: the budget follows from the target",
    },
    "metadata": {
        "team": "write owner",
        "displayName": "write title",
        "display_name": "write title",
        "annotations": "write labels",
        "tags": "write labels",
    },
    "source": {
        "path": "write data: [...]",
        "paths": "write data: [...]",
        "files": "write data: [...]",
        "file": "write data: [...]",
        "logs": "write data: [...]",
        "timestamp": "write columns: {timestamp: ...}",
        "status": "write columns: {status: ...}",
        "duration": "write columns: {duration: ...}",
        "latency": "write columns: {duration: ...}",
        "timezone": "write columns: {timestamp: {column: ..., timezone: ...}}",
        "marks": "write columns: {timestamp: {column: ..., marks: start}}",
        "unit": "write columns: {duration: {column: ..., unit: ms}}",
        "filter": "write where: a SQL expression",
        "valid": "write where here, or valid in an sli",
        "exclusions": "write exclude: [{when: ..., reason: ...}]",
        "group_by": "write by: [...]",
        "groupBy": "write by: [...]",
        "interval": "write step: 1m",
        "resolution": "write step: 1m",
        "type": "leave it out, or write format",
    },
    "objective": {
        "displayName": "write title",
        "display_name": "write title",
        "timeWindow": _WINDOW,
        "time_window": _WINDOW,
        "timeWindows": _WINDOW,
        "period": _WINDOW,
        "rolling": _WINDOW,
        "days": _WINDOW,
        "indicator": _SLI,
        "indicatorRef": _SLI,
        "kind": _SLI,
        "type": _SLI,
        "ratioMetric": "write sli: {kind: ratio, good: a SQL expression}",
        "ratioMetrics": "write sli: {kind: ratio, good: a SQL expression}",
        "thresholdMetric": "write sli: {kind: latency, threshold: 300ms}",
        "threshold": "write it in the sli: {kind: latency, threshold: 300ms}",
        "unparsable": "write it in the sli",
        "good": "write it in the sli: {kind: ratio, good: ...}",
        "bad": "write it in the sli: {kind: ratio, bad: ...}",
        "valid": "write it in the sli",
        "exclude": "write it in the sli",
        "exclusions": "write exclude: [{when: ..., reason: ...}] in the sli",
        "dependencies": _DEPENDS,
        "goal": "write target: 99.9%",
        "objective": "write target: 99.9%",
        "slo": "write target: 99.9%",
        "targetPercent": "write target: 99.9%",
        "error_budget": "leave it out: the budget follows from the target",
        "budgetingMethod": _SLICES,
        "timeSliceTarget": "write budgeting: {method: time-slices, slice: 1m, slice_target: 95%}",
        "timeSliceWindow": _SLICES,
        "alertPolicies": _ALERTS,
        "alerting": _ALERTS,
        "alerts": _ALERTS,
        "slo_dependency": _DEPENDS,
        "slo_dependencies": _DEPENDS,
        "depends_on": _DEPENDS,
        "group_by": "write by: [...]",
        "id": "write name",
    },
    "sli": {
        "type": "write kind",
        "percentile": "write it in the target: p95 < 300ms",
        "quantile": "write it in the target: p95 < 300ms",
        "max_latency": _THRESHOLD,
        "threshold_ms": _THRESHOLD,
        "max": _THRESHOLD,
        "below": _THRESHOLD,
        "target": "write it beside the sli, not in it",
        "window": "write it beside the sli, not in it",
        "success": "write good: a SQL expression",
        "good_events": "write good: a SQL expression",
        "numerator": "write good: a SQL expression",
        "bad_events": "write bad: a SQL expression",
        "total": "write valid: a SQL expression, or leave it out: every row counts",
        "total_events": "write valid: a SQL expression, or leave it out: every row counts",
        "denominator": "write valid: a SQL expression, or leave it out: every row counts",
        "where": "write valid",
        "filter": "write valid",
        "query": "write good or bad: a SQL expression",
        "exclusions": "write exclude: [{when: ..., reason: ...}]",
        "counter": "write good: {counter: ...} and valid: {counter: ...}",
    },
    "also": {"budgeting": "write it on the objective: its windows share it"},
    "budgeting": {
        "timeSliceTarget": "write slice_target",
        "timeSliceWindow": "write slice",
        "target": "write slice_target",
        "window": "write slice",
        "length": "write slice",
        "type": "write method",
    },
    "alert": {
        "alert": "write name",
        "expr": "write any: [{long: 1h, short: 5m, factor: 14.4}]",
        "conditions": "write any: [...]",
        "condition": "write any: [...]",
        "labels": "write severity",
        "comparator": "write op: gt, or gte",
        "pending": "write for",
        "keepFiringFor": "write keep_firing_for",
        "inhibits": "write inhibited_by on the other alert",
    },
    "condition": {
        "threshold": "write factor, budget or error_ratio",
        "burn_rate": "write factor",
        "burnRate": "write factor",
        "longWindow": "write long",
        "shortWindow": "write short",
        "long_window": "write long",
        "short_window": "write short",
        "for": "write it on the alert",
        "op": "write it on the alert",
        "severity": "write it on the alert",
    },
    "policy": {
        "window": "write period",
        "name": "write metadata: {name: ...}",
        "conditions": "write alerts: [{name: page, severity: page, any: [...]}]",
        "any": "write it in an alert: alerts: [{name: page, severity: page, any: [...]}]",
        "spec": "documents are flat: move its fields one level up",
    },
    "grid": {
        "name": "write metadata: {name: ...}",
        "window": "write windows: [{window: ...}]",
        "long": "write windows: [{long: ..., short: ...}]",
        "short": "write windows: [{long: ..., short: ...}]",
        "factor": "write factors",
        "target": "write targets",
        "spec": "documents are flat: move its fields one level up",
    },
    "grid windows": {"factor": "write factors beside windows", "for": "write it beside windows"},
    "range": {
        "start": "write from",
        "end": "write to",
        "until": "write to",
        "step": "write steps: how many there are",
        "count": "write steps",
    },
    "exclude": {"where": "write when", "if": "write when", "why": "write reason", "because": "write reason"},
    "exclusion": {
        "match": "write series",
        "why": "write reason",
        "because": "write reason",
        "from": "write start",
        "to": "write end",
    },
    "calendar": {"zone": "write timezone", "tz": "write timezone", "period": "write which", "month": "write which"},
    "prometheus": {
        "total": "write valid: the selector of all events",
        "good": "write bad: the selector of bad events",
        "labels": "write by: [...]",
    },
    "timestamp": {"name": "write column", "tz": "write timezone", "zone": "write timezone"},
}

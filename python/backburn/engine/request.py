"""What the core is asked to count: a Spec as the request's JSON, with a fingerprint for each indicator."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any, assert_never

from backburn.errors import SpecError, UsageError
from backburn.model.columns import DurationColumn, Timestamp
from backburn.model.sli import Availability, Counters, Latency, Ratio
from backburn.units import Duration, share_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from backburn.model.sli import Exclude, Predicate, Sli
    from backburn.model.spec import Objective, Spec

__all__ = ["digest", "fingerprints", "request", "with_overrides"]

_DIGITS = 16


def with_overrides(
    spec: Spec, *, by: Sequence[str] | str | None = None, step: str | None = None, format: str | None = None
) -> Spec:
    """Give the spec another `by`, `step` or `format`; a new `by` is also that of every objective."""
    source = spec.source
    objectives = spec.objectives
    if by is not None:
        labels = tuple(label.strip() for label in by.split(",")) if isinstance(by, str) else tuple(by)
        labels = tuple(label for label in labels if label)
        if len(set(labels)) < len(labels):
            raise UsageError(f"by: a column is named twice in '{','.join(labels)}'", "name each column once")
        source = replace(source, by=labels)
        objectives = tuple(replace(objective, by=None) for objective in objectives)
    if step is not None:
        source = replace(source, step=_step(step))
    if format is not None:
        source = replace(source, format=format)
    return replace(spec, source=source, objectives=objectives)


def _step(text: object) -> Duration:
    if not isinstance(text, str):
        raise UsageError(f"step: {text!r} is not a text", "write a duration such as 5m", value=repr(text))
    try:
        step = Duration.parse(text)
        _ = step.microseconds
    except ValueError as error:
        raise UsageError(f"step: {error}", value=text) from error
    return step


def request(
    spec: Spec, *, start: int | None = None, end: int | None = None, histogram: tuple[int, int] | None = None
) -> dict[str, Any]:
    """Write the request for everything that a spec promises, over `[start, end)` in microseconds.

    `histogram` is the step in microseconds and the scale with which durations are kept; None does without.
    """
    source = spec.source
    prints = fingerprints(spec)
    return {
        "format": source.format,
        **_roles(spec),
        "where": _located(source.where),
        "exclude": [_exclude(one) for one in source.exclude],
        "by": list(source.by),
        "routes": list(source.routes),
        "step": source.step.microseconds,
        "start": start,
        "end": end,
        "histogram": None if histogram is None else {"step": histogram[0], "scale": histogram[1]},
        "indicators": [
            {
                "name": objective.name,
                "fingerprint": prints[objective.name],
                "valid": _located(_scope(objective.sli)),
                "exclude": [_exclude(one) for one in objective.sli.exclude],
                "sli": _sli(objective.sli, source.max_gap),
            }
            for objective in spec.objectives
        ],
    }


def fingerprints(spec: Spec) -> dict[str, str]:
    """Name what each objective counts: equal fingerprints may be merged, other ones never.

    They hold whatever changes a count, and neither names, targets, windows nor prose.
    """
    return {objective.name: digest(_counted(spec, objective)) for objective in spec.objectives}


def digest(value: object) -> str:
    """Give the first 16 hexadecimal digits of SHA-256 over canonical JSON.

    >>> digest({"b": 1, "a": [2]}) == digest({"a": [2], "b": 1})
    True
    """
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:_DIGITS]


def _counted(spec: Spec, objective: Objective) -> dict[str, Any]:
    source, sli, roles = spec.source, objective.sli, _roles(spec)
    excludes = (*source.exclude, *sli.exclude)
    predicates = [source.where, _scope(sli), *(one.when for one in excludes)]
    if isinstance(sli, Ratio):
        predicates += [sli.good, sli.bad]
    names = {*source.by, *_names(predicate for predicate in predicates if predicate is not None)}
    if isinstance(sli, Availability):
        names.add("status")
    if isinstance(sli, Latency):
        names.add(sli.column)
    if isinstance(sli, Counters):
        names.update(counter.column for counter in (sli.good, sli.bad, sli.valid) if counter is not None)
    if roles["timestamp"]["marks"] == "start":
        names.add("duration")
    return {
        "timestamp": _without(roles["timestamp"], "written"),
        "roles": {name: _without(roles[name], "written") for name in ("status", "duration") if name in names},
        "count": roles["count"],
        "aliases": {name: alias for name, alias in roles["aliases"].items() if name in names},
        "where": _text(source.where),
        "exclude": [{"when": one.when.text, "reason": one.reason} for one in excludes],
        "by": list(source.by),
        "routes": list(source.routes),
        "step": source.step.microseconds,
        "valid": _text(_scope(sli)),
        "sli": _sli(sli, source.max_gap, located=False),
    }


def _names(predicates: Iterable[Predicate]) -> set[str]:
    """Name the columns that predicates use; only definitions that are used are part of a fingerprint."""
    from backburn import _rust

    names: set[str] = set()
    for predicate in predicates:
        try:
            names.update(_rust.check_predicate(predicate.text))
        except SpecError as error:
            raise _placed(error, predicate) from error
    return names


def _placed(error: SpecError, predicate: Predicate) -> SpecError:
    """Move an error within a predicate's text to its place in the document."""
    at = predicate.location
    if at is None:
        return error
    column = at.column + max((error.column or 1) - 1, 0)
    return SpecError(error.message, error.remedy, at.file, at.line, column, at.path, error.value)


def _roles(spec: Spec) -> dict[str, Any]:
    columns = spec.source.columns
    timestamp = columns.timestamp or Timestamp()
    duration = columns.duration or DurationColumn()
    count = columns.count
    return {
        "timestamp": {
            "column": timestamp.column,
            "format": timestamp.format,
            "unit": timestamp.unit,
            "timezone": timestamp.timezone,
            "marks": timestamp.marks,
            "written": columns.timestamp is not None,
        },
        "status": {"column": columns.status or "status", "written": columns.status is not None},
        "duration": {"column": duration.column, "unit": duration.unit, "written": columns.duration is not None},
        "count": None if count is None else {"column": count.column, "constant": count.constant, "means": count.means},
        "aliases": {name: {"column": one.column, "unit": one.unit} for name, one in columns.aliases.items()},
    }


def _scope(sli: Sli) -> Predicate | None:
    """Give the predicate that tells which rows an objective is about; what counters say is about events."""
    return None if isinstance(sli, Counters) else sli.valid


def _sli(sli: Sli, max_gap: Duration, *, located: bool = True) -> dict[str, Any]:
    match sli:
        case Availability():
            return {"kind": "availability"}
        case Latency():
            threshold = share_text(sli.threshold.seconds)
            return {"kind": "latency", "column": sli.column, "threshold": threshold, "strict": sli.strict}
        case Ratio():
            write = _located if located else _text
            return {"kind": "ratio", "good": write(sli.good), "bad": write(sli.bad)}
        case Counters():
            good, bad = (None if one is None else one.column for one in (sli.good, sli.bad))
            gap = max_gap.microseconds
            return {"kind": "counters", "good": good, "bad": bad, "valid": sli.valid.column, "max_gap": gap}
        case _:
            assert_never(sli)


def _text(predicate: Predicate | None) -> str | None:
    return None if predicate is None else predicate.text


def _located(predicate: Predicate | None) -> dict[str, Any] | None:
    if predicate is None:
        return None
    at = predicate.location
    place = None if at is None else {"file": at.file, "line": at.line, "column": at.column, "path": at.path}
    return {"text": predicate.text, "at": place}


def _exclude(exclude: Exclude) -> dict[str, Any]:
    return {"when": _located(exclude.when), "reason": exclude.reason}


def _without(mapping: dict[str, Any], key: str) -> dict[str, Any]:
    return {name: value for name, value in mapping.items() if name != key}

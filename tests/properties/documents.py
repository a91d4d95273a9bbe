"""The oracle's specification as the document that says the same."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from oracle.spec import Availability, Calendar, Fixed, LastEvents, Latency, Ratio

if TYPE_CHECKING:
    from fractions import Fraction

    from oracle.spec import Exclude, Objective, Spec, Window

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def document(spec: Spec) -> dict[str, Any]:
    """The document for `backburn.evaluate`."""
    source: dict[str, Any] = {
        "columns": columns(spec),
        "by": list(spec.by),
        "step": length(spec.step),
        "max_rejected": "100%",
        "gaps": spec.gaps,
    }
    if spec.where is not None:
        source["where"] = spec.where.sql()
    if spec.exclude:
        source["exclude"] = [forgiven(exclude) for exclude in spec.exclude]
    if spec.unknown:
        source["unknown"] = [{"start": moment(start), "end": moment(end)} for start, end in spec.unknown]
    made: dict[str, Any] = {
        "apiVersion": "backburn/v1",
        "kind": "ServiceLevelObjectives",
        "metadata": {"name": "random", "service": "shop"},
        "source": source,
        "min_coverage": share(spec.min_coverage),
        "objectives": [objective(one) for one in spec.objectives],
    }
    if spec.exclusions:
        made["exclusions"] = [
            {
                "start": moment(one.start),
                "end": moment(one.end),
                "reason": one.reason,
                **({"series": dict(one.series)} if one.series else {}),
            }
            for one in spec.exclusions
        ]
    if spec.burn:
        made["report"] = {"burn": [length(burn) for burn in spec.burn]}
    return made


def columns(spec: Spec) -> dict[str, Any]:
    """Roles and aliases."""
    made: dict[str, Any] = {
        "timestamp": {"column": spec.names["timestamp"], "marks": spec.marks},
        "status": spec.names["status"],
        "duration": {"column": spec.names["duration"], "unit": spec.duration_unit},
    }
    if spec.count is not None:
        made["count"] = {"column": spec.count, "means": "aggregated"}
    return made


def objective(one: Objective) -> dict[str, Any]:
    """One objective."""
    target = share(one.target)
    if isinstance(one.sli, Latency) and one.sli.strict:
        # "p95 < 300ms" is the one spelling that means strictly below.
        target = f"p{share(one.target * 100)} < {one.sli.threshold:f}s"
    made: dict[str, Any] = {"name": one.name, "sli": indicator(one), "target": target, "window": window(one.window)}
    if one.also:
        made["also"] = [{"window": window(other), "target": share(goal)} for other, goal in one.also]
    if one.by is not None:
        made["by"] = list(one.by)
    if one.slices is not None:
        rule = one.slices
        made["budgeting"] = {
            "method": "ratio-time-slices" if rule.ratio else "time-slices",
            "slice": length(rule.length),
            "min_events": str(rule.min_events),
            **({} if rule.target is None else {"slice_target": share(rule.target)}),
        }
    if one.no_data != "undefined":
        made["no_data"] = one.no_data
    return made


def indicator(one: Objective) -> dict[str, Any]:
    """The indicator of an objective."""
    sli: dict[str, Any]
    match one.sli:
        case Availability():
            sli = {"kind": "availability"}
        case Latency(threshold=threshold):
            sli = {"kind": "latency", "column": one.sli.column}
            if not one.sli.strict:
                sli["threshold"] = f"{threshold:f}s"
        case Ratio(good=good, predicate=predicate):
            sli = {"kind": "ratio", "good" if good else "bad": predicate.sql()}
    sli["unparsable"] = one.unparsable
    if one.valid is not None:
        sli["valid"] = one.valid.sql()
    if one.exclude:
        sli["exclude"] = [forgiven(exclude) for exclude in one.exclude]
    return sli


def forgiven(exclude: Exclude) -> dict[str, str]:
    """An exclude."""
    return {"when": exclude.when.sql(), "reason": exclude.reason}


def window(one: Window) -> str | dict[str, Any]:
    """A window as a document writes it."""
    match one:
        case Calendar():
            written = {"calendar": one.unit, "timezone": one.zone}
            return {**written, "which": "previous"} if one.previous else written
        case LastEvents():
            return {"events": one.events}
        case Fixed():
            return {"start": moment(one.start), "end": moment(one.end)}
        case int():
            return length(one)
        case _:
            return one


def length(micros: int) -> str:
    """A duration as a document writes it."""
    return f"{micros}us"


def moment(micros: int) -> str:
    """A time as a document writes it."""
    return (EPOCH + timedelta(microseconds=micros)).isoformat().replace("+00:00", "Z")


def share(fraction: Fraction) -> str:
    """A share whose decimal ends, in full."""
    exact = Decimal(fraction.numerator) / Decimal(fraction.denominator)
    return format(exact, "f")

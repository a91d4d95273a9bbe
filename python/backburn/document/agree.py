"""Whether the parts of a document agree with each other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backburn.document.budgeting import check_budgeting
from backburn.document.fields import Text
from backburn.document.node import Scalar, Table, child_path
from backburn.document.operands import check_operands, check_readings
from backburn.document.sli import LatencySli, RatioSli
from backburn.document.steps import check_steps
from backburn.document.words import listed, suggestion
from backburn.lint.codes import CODES
from backburn.model.window import Fixed, Rolling
from backburn.units import percent_text

if TYPE_CHECKING:
    from collections.abc import Iterable

    from backburn.document.notes import Notes
    from backburn.document.objectives import (
        AlsoEntry,
        DocumentShape,
        ExclusionEntry,
        MetadataShape,
        ObjectiveShape,
        OverrideEntry,
    )
    from backburn.document.source import SourceShape, UnknownSpan
    from backburn.model.window import Window

__all__ = ["check_agreement"]


def check_agreement(document: DocumentShape, notes: Notes) -> None:
    """Note what contradicts, what refers to nothing and what is there twice."""
    source = document.source
    by = _labels(source)
    if source is not None:
        _check_source(source, by, notes)
        check_readings(source, (objective.sli for objective in document.objectives), notes)
    if document.metadata is not None:
        _check_service(document.metadata, source, by, notes)
    for objective in document.objectives:
        _check_indicator(objective, notes)
        if isinstance(objective.sli, RatioSli):
            check_operands(objective.sli, notes)
        _check_windows(objective, notes)
        check_budgeting(objective, notes)
        _check_labels(objective, by, notes)
    for exclusion in document.exclusions:
        _check_span(exclusion, "exclusion", notes)
        series = exclusion.node.get("series")
        if isinstance(series, Table):
            _check_known((key for key, _ in series), by, "source.by", notes)
    names = [objective.name for objective in document.objectives if objective.name is not None]
    _check_unique(names, "objective", notes)
    _check_ignore(document, [name.text for name in names], notes)
    check_steps(document, notes)


def _labels(source: SourceShape | None) -> list[str]:
    return [] if source is None else [label.text for label in source.by if label is not None]


def _check_service(metadata: MetadataShape, source: SourceShape | None, by: list[str], notes: Notes) -> None:
    node = metadata.node
    if metadata.service is not None and "service" in by and source is not None:
        label = next(label for label in source.by if label is not None and label.text == "service")
        message = f"the service is both {metadata.service.text!r} and a column"
        notes.about("BB111", label.node, message, "keep metadata.service or the column, not both")
    if "service" not in node and "service" not in by:
        place, path = node.place, child_path(node.path, "service")
        remedy = "write it, or make service a column of source.by"
        notes.say("BB108", place, path, "'service' is missing", remedy)
    elif "service" not in node and "name" not in node:
        remedy = "write it: the services are a column, so nothing else names the document"
        notes.say("BB108", node.place, child_path(node.path, "name"), "'name' is missing", remedy)


def _check_source(source: SourceShape, by: list[str], notes: Notes) -> None:
    _check_unique([label for label in source.by if label is not None], "label", notes)
    expect = source.node.get("expect")
    if isinstance(expect, Table):
        _check_known((key for key, _ in expect), by, "source.by", notes)
    columns = source.columns
    if columns is not None and source.count is not None and "count" in columns.node:
        node = source.node.key("count")
        notes.about("BB111", node or source.node, "the count is written twice", "keep columns.count")
    if columns is not None and columns.timestamp is not None and not isinstance(columns.timestamp, Text):
        stamp = columns.timestamp
        if stamp.format is not None and stamp.unit is not None:
            message = "the timestamp has both a format, for text, and a unit, for numbers"
            notes.about("BB111", stamp.node, message, "keep the one that fits the column")
    routes = source.node.key("routes")
    if routes is not None and "route" not in by:
        notes.about("BB112", routes, "routes name the label 'route', which source.by does not have", "add it to by")
    if routes is not None and columns is not None and "route" in columns.aliases:
        key = columns.node.key("route")
        notes.about(
            "BB111", key or columns.node, "'route' is both an alias and the label of routes", "rename the alias"
        )
    for span in source.unknown:
        _check_span(span, "span", notes)


def _check_span(span: UnknownSpan | ExclusionEntry, noun: str, notes: Notes) -> None:
    if span.start is not None and span.end is not None and span.start >= span.end:
        notes.about("BB106", span.node, f"the {noun} ends before it starts", "write start before end")


def _check_indicator(objective: ObjectiveShape, notes: Notes) -> None:
    sli, target = objective.sli, objective.target
    percentile = target is not None and target.threshold is not None
    at = objective.node.get("target") or objective.node
    if percentile and sli is not None and not isinstance(sli, LatencySli):
        notes.about("BB111", at, f"a percentile needs kind: latency, not {sli.kind}", "write a share such as 99.9%")
    if isinstance(sli, LatencySli):
        written = sli.node.key("threshold")
        if percentile and written is not None:
            remedy = "keep threshold with a share as the target, or the percentile alone"
            notes.about("BB111", at, "the threshold is written twice, here and in the sli", remedy)
        elif written is None and target is not None and not percentile:
            path = child_path(sli.node.path, "threshold")
            remedy = "write threshold: 300ms, or a target such as p95 < 300ms"
            notes.say("BB108", sli.node.place, path, "'threshold' is missing", remedy)
        if sli.column is not None and sli.column.text in {"timestamp", "status", "count"}:
            message = f"{sli.column.text!r} is not a duration"
            notes.about("BB112", sli.column.node, message, "name the role duration, an alias or a column")


def _check_windows(objective: ObjectiveShape, notes: Notes) -> None:
    seen: set[object] = {_same(objective.window)} if objective.window is not None else set()
    for also in objective.also:
        at = also.node.get("window") or also.node
        if also.window is not None and _same(also.window) in seen:
            message = f"the window {also.window.text} is judged already"
            notes.about("BB113", at, message, "keep each window once")
        if also.window is not None:
            seen.add(_same(also.window))
    others: tuple[AlsoEntry | OverrideEntry, ...] = (*objective.also, *objective.overrides)
    for other in others:
        if other.target is not None and other.target.threshold is not None:
            at = other.node.get("target") or other.node
            message = "a threshold belongs to the objective: it changes what is counted"
            notes.about("BB111", at, message, f"write the share: {percent_text(other.target.share)}")


def _same(window: Window) -> object:
    """What makes two windows the same: 60m is 1h, and a span is one however its edges are written."""
    match window:
        case Rolling():
            return window.length.seconds
        case Fixed():
            return window.span
        case _:
            return window


def _check_labels(objective: ObjectiveShape, by: list[str], notes: Notes) -> None:
    own = [label for label in objective.by if label is not None]
    _check_known((label.node for label in own), by, "source.by", notes)
    _check_unique(own, "label", notes)
    for override in objective.overrides:
        if not any(word in override.node for word in ("target", "no_data", "alert_policy")):
            path = child_path(override.node.path, "target")
            notes.say(
                "BB108",
                override.node.place,
                path,
                "'target' is missing",
                "write target: 99.9%, or no_data: good, or alert_policy: google-30d",
            )
        match = override.node.get("match")
        if not isinstance(match, Table):
            continue
        if not match.entries:
            notes.about("BB106", match, "the match is empty", "name a label, as in match: {service: batch-*}")
        labels, where = by, "source.by"
        if "by" in objective.node:
            labels, where = [label.text for label in own], "the objective's by"
        _check_known((key for key, _ in match), labels, where, notes)


def _check_known(nodes: Iterable[Scalar], words: list[str], where: str, notes: Notes) -> None:
    for node in nodes:
        if node.text not in words:
            remedy = suggestion(node.text, words) if words else f"add it to {where}"
            notes.about("BB112", node, f"{node.text!r} is not a label of {where}", remedy)


def _check_unique(texts: Iterable[Text], noun: str, notes: Notes) -> None:
    seen: dict[str, Scalar] = {}
    for text in texts:
        if text.text in seen:
            line = seen[text.text].place.line
            first = f"; the first stands on line {line}" if line is not None and line != text.node.place.line else ""
            notes.about("BB113", text.node, f"the {noun} {text.text!r} is there twice{first}", "keep one, or rename it")
        else:
            seen[text.text] = text.node


def _check_ignore(document: DocumentShape, names: list[str], notes: Notes) -> None:
    lints = [code for code in CODES if not code.startswith("BB1")]
    for entry in document.ignore:
        code, objective = entry.code, entry.objective
        if code is not None and code.text in CODES and code.text not in lints:
            notes.about("BB112", code.node, f"{code.text} is an error and cannot be ignored", "mend it")
        elif code is not None and code.text not in lints:
            notes.about("BB112", code.node, f"unknown code {code.text!r}", f"use {listed(lints)}")
        if objective is not None and objective.text not in names:
            remedy = suggestion(objective.text, names) if names else None
            notes.about("BB112", objective.node, f"no objective is called {objective.text!r}", remedy)

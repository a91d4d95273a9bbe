"""`backtest`: what alert policies would have done on recorded traffic."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backburn.alerts import asking
from backburn.alerts.policies import choose
from backburn.alerts.replaying import Group, grouped, replays
from backburn.alerts.result import Backtest
from backburn.alerts.score.noticing import about_labels, labels_for
from backburn.alerts.score.scoring import Scoring
from backburn.alerts.ticks import Ticks
from backburn.engine import counting, request
from backburn.engine.rejecting import check_one
from backburn.engine.times import length_text
from backburn.evaluation import lasting, rolling
from backburn.evaluation.identity import identity, together
from backburn.evaluation.outlook import LOOKBACK
from backburn.evaluation.provenance import Note
from backburn.evaluation.specs import as_specs
from backburn.evaluation.ticking import Asking, part_of

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Iterator, Sequence
    from datetime import datetime

    from backburn.alerts.policies import Chosen, PolicyArgument
    from backburn.engine.data import DataArgument
    from backburn.evaluation.specs import SpecArgument
    from backburn.evaluation.ticking import Part
    from backburn.events import LabelsArgument
    from backburn.model.policy import AlertPolicy
    from backburn.model.spec import Spec

    Progress = Callable[[int, int, int], None]

__all__ = ["backtest"]


def backtest(
    spec: SpecArgument | Sequence[Spec],
    data: DataArgument | Sequence[DataArgument] | None = None,
    *,
    policy: PolicyArgument | Sequence[PolicyArgument] | None = None,
    every: str | None = None,
    start: str | datetime | None = None,
    end: str | datetime | None = None,
    by: Sequence[str] | str | None = None,
    step: str | None = None,
    labels: LabelsArgument | None = None,
    format: str | None = None,
    threads: int | None = None,
    rejects: str | os.PathLike[str] | None = None,
    progress: Progress | None = None,
) -> Backtest:
    r"""Replay alert policies tick by tick: which alerts would have fired, when, how high, and at what budget.

    Each tick is an evaluation, which knows exactly the events before it. An alert is true where one of its conditions
    is; it fires once it was true for its `for`, as in Prometheus. Burn rates are compared as integers, so that a tie is
    a tie. Alerts that begin before the longest window is full are marked: they know less than they would have known.

    >>> import pathlib, tempfile
    >>> log = pathlib.Path(tempfile.mkdtemp()) / "requests.csv"
    >>> rows = [f"2025-10-01T00:{minute:02}:00Z,{503 if 10 <= minute < 20 else 200}" for minute in range(60)]
    >>> _ = log.write_text("\n".join(["timestamp,status", *rows]) + "\n")
    >>> spec = {
    ...     "apiVersion": "backburn/v1",
    ...     "kind": "ServiceLevelObjectives",
    ...     "metadata": {"service": "shop"},
    ...     "objectives": [
    ...         {"name": "availability", "sli": {"kind": "availability"}, "target": "99%", "window": "1d"}
    ...     ],
    ... }
    >>> policy = {"alerts": [{"name": "page", "severity": "page", "any": [{"window": "5m", "factor": 50}]}]}
    >>> (alert,) = backtest(spec, log, policy=policy).alerts
    >>> f"{alert.start:%H:%M} to {alert.end:%H:%M}, {alert.highest.peak:g} times too fast"
    '00:13 to 00:23, 100 times too fast'

    Args:
        spec: a path (a file or a directory), a dict, a Spec, or a list of Specs.
        data: as of `evaluate`.
        policy: the name of a policy of the catalogue (`google-30d`), `all` of them, the path of a document, a mapping,
            an AlertPolicy, or a list of these, all of which are replayed on every series; those that the documents name
            unless given.
        every: the time between two ticks, whole steps; what each policy says unless given, and else a step.
        start: the first moment to read (RFC 3339 text or a zoned datetime, on a step).
        end: the moment after the last one to read.
        by: the labels of a series, in place of `source.by`.
        step: the width of a cell, in place of `source.step`.
        labels: incidents that people wrote down (a CSV or JSON file, or a list of mappings with `start` and `end`), by
            which alerts are scored beside those that are computed from the counts.
        format: the format of the logs, in place of `source.format`.
        threads: how many threads read and compute; as many as there are processors unless given.
        rejects: a file (.csv or .ndjson) that takes every record which cannot be used, with its place and the reason.
        progress: called with (parts done, parts in all, rows read) now and then.

    Raises:
        UsageError: an argument is wrong, no policy is named, or a length is no whole number of steps.
        SpecError: a document is.
        DataError: the data cannot be read, or too much of it cannot be used.
    """
    from backburn import _rust

    specs = [request.with_overrides(one, by=by, step=step, format=format) for one in as_specs(spec)]
    check_one(specs, rejects)
    chosen = choose(policy, specs)
    told_of = labels_for(labels, specs)
    parts: list[Part] = []
    groups: list[Group] = []
    workers = threads or counting.default_threads()
    for one in specs:
        # Durations are judged as rows are counted, and no alert asks for their percentiles.
        reading = counting.prepare(
            lasting.keeping(one, ()),
            data,
            start=start,
            end=end,
            threads=threads,
            progress=progress,
            rejects=rejects,
            histogram_step=None,
        )
        counted = counting.read(reading)
        for distance, policies in _paces(one, chosen, every).items():
            windows = [length for named in _fitted(one, chosen, policies) for length in named.windows()]
            asked = Asking(every=distance, windows=windows, columns=(rolling.BUDGET,), several=len(specs) > 1)
            parts.append(part_of(one, counted, asked))
            groups += grouped(one, parts[-1], chosen, policies)
    outcomes = _rust.backtest([group.item() for group in groups], workers)
    longest = max((_longest(group.policy) for group in groups), default=0)
    told = [one for group, outcome in zip(groups, outcomes, strict=True) for one in replays(group, outcome, longest)]
    order = {named.name: place for place, named in enumerate(chosen.policies)}
    told.sort(key=lambda one: order[one.replay.policy])
    return Backtest(
        version=_rust.__version__,
        specs=tuple(identity(one) for one in specs),
        data=together([part.data for part in parts]),
        policies=tuple(order),
        replays=tuple(one.replay for one in told),
        notes=tuple(
            dict.fromkeys(
                [
                    *(note for part in parts for note in part.notes),
                    *_about(chosen, specs),
                    *_about_warm_up(groups, longest),
                    *about_labels(told_of, groups),
                ]
            )
        ),
        ticks=Ticks(courses=tuple(one.course for one in told), threads=workers),
        scoring=Scoring(groups, outcomes, told_of, longest, workers),
    )


def _paces(spec: Spec, chosen: Chosen, every: str | None) -> dict[int, list[AlertPolicy]]:
    """Group the policies by how far their ticks lie apart."""
    paces: dict[int, list[AlertPolicy]] = {}
    for policy in chosen.policies:
        own = None if policy.every is None else policy.every.text
        paces.setdefault(rolling.every_of(spec, every or own), []).append(policy)
    return paces


def _fitted(spec: Spec, chosen: Chosen, policies: Sequence[AlertPolicy]) -> Iterator[AlertPolicy]:
    """Give the policies as they are for the objectives of a document, whose steps their lengths must fit."""
    for objective in spec.objectives:
        for policy in policies:
            fitted = chosen.fitted(policy, objective)
            asking.check(fitted, spec.source.step.microseconds)
            yield fitted


def _longest(policy: AlertPolicy) -> int:
    """Give the longest time that a policy looks back, beyond the window of the budget."""
    ahead = LOOKBACK if policy.looks_ahead else 0
    return max([ahead, *(length.microseconds for length in policy.windows())])


def _about(chosen: Chosen, specs: Sequence[Spec]) -> Iterator[Note]:
    """Say of which objectives policies of the catalogue are left out."""
    for spec in specs:
        for objective in spec.objectives:
            for policy in chosen.policies:
                if chosen.leaves_out(policy, objective):
                    message = f"'{policy.name}' asks what is to come, and is left out of '{objective.name}'"
                    yield Note(code="BB301", message=f"{message}, whose window is {objective.window.text}")


def _about_warm_up(groups: Sequence[Group], longest: int) -> Iterator[Note]:
    """Say that data are shorter than the longest window, so that no alert knows all that it would have known."""
    for first, last, every in dict.fromkeys(group.track.span for group in groups):
        if longest > (lasted := last - first + every):
            message = f"the longest window, {length_text(longest)}, is longer than the data, {length_text(lasted)}"
            yield Note(code="BB307", message=f"{message}: every alert begins in the warm-up")

"""`tune`: which alert policy to run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backburn.alerts.arguments import share_of
from backburn.alerts.grids import DEFAULT, load_grid
from backburn.alerts.policies import ALL, Chosen, choose
from backburn.alerts.replaying import grouped
from backburn.alerts.score.noticing import about_labels, labels_for
from backburn.alerts.score.rule import RULE
from backburn.alerts.tuning.deciding import Asked, decide
from backburn.alerts.tuning.factors import with_factors
from backburn.alerts.tuning.field import Field
from backburn.alerts.tuning.fitting import check_grid, check_targets, comparable, longest_of, trimmed
from backburn.alerts.tuning.holding import split
from backburn.alerts.tuning.limits import cost_of, limits_of
from backburn.alerts.tuning.result import Half, Tuning
from backburn.alerts.tuning.size import check_size
from backburn.engine import counting, request
from backburn.engine.rejecting import check_one
from backburn.errors import UsageError
from backburn.evaluation import lasting, rolling
from backburn.evaluation.identity import identity, together
from backburn.evaluation.specs import as_specs
from backburn.evaluation.ticking import Asking, part_of
from backburn.model.policy import AlertPolicy

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime

    from backburn.alerts.arguments import Share
    from backburn.alerts.grids import GridArgument
    from backburn.alerts.replaying import Group
    from backburn.alerts.tuning.limits import Cost
    from backburn.engine.data import DataArgument
    from backburn.evaluation.specs import SpecArgument
    from backburn.evaluation.ticking import Part
    from backburn.events import LabelsArgument
    from backburn.model.spec import Spec

    Progress = Callable[[int, int, int], None]

__all__ = ["tune"]


def tune(
    spec: SpecArgument | Sequence[Spec],
    data: DataArgument | Sequence[DataArgument] | None = None,
    *,
    grid: GridArgument = DEFAULT,
    labels: LabelsArgument | None = None,
    train: Share = "70%",
    max_pages_per_week: float | str | None = None,
    min_recall: Share | None = None,
    min_precision: Share | None = None,
    detect_within: str | None = None,
    cost: str | Mapping[str, float] | Cost | None = None,
    every: str | None = None,
    start: str | datetime | None = None,
    end: str | datetime | None = None,
    by: Sequence[str] | str | None = None,
    step: str | None = None,
    format: str | None = None,
    threads: int | None = None,
    rejects: str | os.PathLike[str] | None = None,
    force: bool = False,
    progress: Progress | None = None,
) -> Tuning:
    r"""Try every alert policy of a grid on recorded traffic, choose one, and hold it against traffic it has not seen.

    All factors of a pair of windows are tried in one pass. Policies are chosen on the earlier part and scored once on
    the later one, beside those of the catalogue. Events are the labels if there are any, and else what the counts tell.

    >>> import pathlib, tempfile
    >>> log = pathlib.Path(tempfile.mkdtemp()) / "requests.csv"
    >>> rows = ["timestamp,status,n"]
    >>> for hour in range(24 * 21):
    ...     for minute in range(0, 60, 10):
    ...         day, of_day = divmod(hour, 24)
    ...         moment = f"2025-10-{day + 1:02}T{of_day:02}:{minute:02}:00Z"
    ...         failing = 300 if hour % 40 == 30 and minute < 40 else 0
    ...         rows += [f"{moment},200,{1000 - failing}", f"{moment},503,{failing}"][: 1 + (failing > 0)]
    >>> _ = log.write_text("\n".join(rows) + "\n")
    >>> spec = {
    ...     "apiVersion": "backburn/v1",
    ...     "kind": "ServiceLevelObjectives",
    ...     "metadata": {"service": "shop"},
    ...     "source": {"count": "n", "step": "10m"},
    ...     "objectives": [
    ...         {"name": "availability", "sli": {"kind": "availability"}, "target": "99%", "window": "7d"}
    ...     ],
    ... }
    >>> windows = [{"long": "1h", "short": "10m"}, {"window": "20m"}]
    >>> grid = {"windows": windows, "factors": [2, 6, 14], "for": ["0s", "10m"]}
    >>> found = tune(spec, log, grid=grid)
    >>> found.tried, found.train.events, found.chosen.point.holdout.recall
    (30, 9, 1.0)

    Args:
        spec: a path (a file or a directory), a dict, a Spec, or a list of Specs.
        data: as of `evaluate`.
        grid: the path of a document of kind AlertPolicyGrid, a mapping, or `default`, which comes with the program.
        labels: incidents that people wrote down, as of `backtest`.
        train: the share of the time that policies are chosen on; the split is at the nearest local midnight.
        max_pages_per_week: more pages than this a policy must not send.
        min_recall: the share of events that it must detect.
        min_precision: the share of its pages that must belong to an event.
        detect_within: nine of ten events must be detected within this.
        cost: what mistakes cost (`false_page=1,missed=20,budget=10,hour=2`): the cheapest policy is chosen.
        every: the time between two ticks, whole steps; a step unless given.
        start: the first moment to read (RFC 3339 text or a zoned datetime, on a step).
        end: the moment after the last one to read.
        by: the labels of a series, in place of `source.by`.
        step: the width of a cell, in place of `source.step`.
        format: the format of the logs, in place of `source.format`.
        threads: how many threads read and compute; as many as there are processors unless given.
        rejects: a file (.csv or .ndjson) that takes every record which cannot be used, with its place and the reason.
        force: whether a grid is tried that would take long.
        progress: called with (parts done, parts in all, rows read) now and then.

    Raises:
        UsageError: an argument is wrong, the grid is too large, or a length is no whole number of steps.
        SpecError: a document is.
        DataError: the data cannot be read, or too much of it cannot be used.
    """
    from backburn import _rust

    specs = [request.with_overrides(one, by=by, step=step, format=format) for one in as_specs(spec)]
    check_one(specs, rejects)
    limits, price = limits_of(max_pages_per_week, min_recall, min_precision, detect_within), cost_of(cost)
    share = share_of(train, "train")
    if not 0 < share < 1:
        raise UsageError(
            f"train: {train} leaves nothing to hold out", "choose a share between 0 and 100%", value=str(train)
        )
    tried = load_grid(grid)
    catalogue = choose(ALL, specs)
    told_of = labels_for(labels, specs)
    workers = threads or counting.default_threads()
    counted = []
    for one in specs:
        check_grid(one, tried)
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
        counted.append(counting.read(reading))
    length = max(facts["end"] - facts["start"] for facts in map(counting.facts, counted))
    tried, notes = trimmed(tried, length)
    known = comparable(catalogue, specs, longest_of(tried, ()))
    parts: list[Part] = []
    groups: list[Group] = []
    for one, rollup in zip(specs, counted, strict=True):
        empty = AlertPolicy(name=tried.name, alerts=(), period=tried.period)
        windows = [length for pair in tried.windows for length in pair if length is not None]
        asking = Asking(
            every=rolling.every_of(one, every), windows=windows, columns=(rolling.BUDGET,), several=len(specs) > 1
        )
        parts.append(part_of(one, rollup, asking))
        groups += grouped(one, parts[-1], Chosen(policies=(empty,), asked=True), [empty])
    field = Field(
        groups=tuple(groups),
        longest=longest_of(tried, known),
        labels=None if told_of is None else told_of.labels,
        threads=workers,
    )
    check_targets(tried, field)
    tried = with_factors(tried, field)
    check_size(tried, field, force=force)
    halves = split(field.span, share, specs[0].timezone, RULE.grace, groups[0].track.span[2])
    decided = decide(field, halves, tried, known, Asked(limits=limits, cost=price), progress)
    return Tuning(
        version=_rust.__version__,
        specs=tuple(identity(one) for one in specs),
        data=together([part.data for part in parts]),
        grid=tried.name,
        truth=field.truth,
        train=Half(start=halves.train[0], end=halves.train[1], events=decided.train.events, weeks=decided.train.weeks),
        holdout=Half(
            start=halves.holdout[0],
            end=halves.holdout[1],
            events=decided.holdout.events,
            weeks=decided.holdout.weeks,
        ),
        zone=specs[0].timezone,
        notes=tuple(
            dict.fromkeys([*(note for part in parts for note in part.notes), *notes, *about_labels(told_of, groups)])
        ),
        **decided.told,
    )

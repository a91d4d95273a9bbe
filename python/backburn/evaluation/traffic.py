"""What lint finds in a promise once its rows are counted: how many events its windows would hold."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from backburn.engine import counting
from backburn.engine.times import from_micros, length_text, rfc3339, to_micros
from backburn.evaluation import exclusions, series, windows
from backburn.evaluation.bench import Bench
from backburn.evaluation.rejects import check_rejects, check_rows, data_of, rejects_of
from backburn.lint import Flow, about, heard, of_flows, of_warm_up, of_windows
from backburn.model.sli import Latency
from backburn.model.window import Everything, LastEvents, Rolling
from backburn.units import share_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from backburn._rust import Tally
    from backburn.engine.data import DataArgument
    from backburn.evaluation.series import Labels
    from backburn.evaluation.windows import Placed
    from backburn.model.finding import Finding
    from backburn.model.spec import Objective, Spec

    Seen = tuple[Labels, Tally, int]
    """A series, what was counted of it in all of the time for which there are logs, and how long that is."""

__all__ = ["of_traffic"]


def of_traffic(
    spec: Spec,
    data: DataArgument | Sequence[DataArgument],
    progress: Callable[[int, int, int], None] | None = None,
) -> list[Finding]:
    """Count the rows, and find what a document promises that the traffic does not bear.

    Raises:
        DataError: the data cannot be read, or too much of it cannot be used.
    """
    counted = counting.count(spec, data, progress=progress)
    facts = counting.facts(counted)
    read = data_of(facts)
    check_rows(read)
    check_rejects(spec, read, {one["name"]: rejects_of(one["unknown"]) for one in facts["indicators"]})
    step = spec.source.step.microseconds
    tick = (facts["end"] // step + 1) * step
    bench = Bench(spec=spec, rollup=counted, tick=tick, first=facts["start"], last=facts["end"], window=None)
    found = ((objective.name, finding) for objective in spec.objectives for finding in _of_objective(bench, objective))
    return heard(spec, found)


def _of_objective(bench: Bench, objective: Objective) -> Iterator[Finding]:
    spec = bench.spec
    placed = [windows.place(one, spec, bench.tick, bench.begin) for one in windows.promises(spec, objective, None)]
    first, last = (rfc3339(from_micros(edge)) for edge in (bench.begin, bench.after))
    span = f"which last {length_text(bench.after - bench.begin)} ({first} to {last})"
    if longer := [_named(one) for one in placed if _longer(one, bench)]:
        yield of_windows(spec, objective, longer, span)
    yield from of_warm_up(spec, objective, bench.after - bench.begin, span)
    seen = list(_seen(bench, objective))
    if not seen:
        yield about("BB408", spec, objective, f"objective {objective.name!r}: no row is in its scope")
    if objective.slices is not None:
        # One event spends no share of a budget of slices that follows from how many events there are.
        return
    for one in placed:
        flows = [flow for each in seen if (flow := _flow(spec, objective, one, each)) is not None]
        yield from of_flows(spec, objective, _named(one), flows)


def _seen(bench: Bench, objective: Objective) -> Iterator[Seen]:
    """Count every series in the time for which there are logs, without what exclusions leave out."""
    spec = bench.spec
    by = series.labels_of(objective, spec.source)
    covered = bench.covered(objective)
    asked, lengths = [], []
    for key in series.ordered(bench.rollup.series(objective.name, by)):
        left_out = exclusions.applying(spec, dict(zip(by, key, strict=True)))
        cut = exclusions.widened(left_out, spec.source.step.microseconds)
        pieces = [piece for span in covered for piece in exclusions.pieces(span, cut)]
        asked.append((key, [pieces]))
        lengths.append(windows.length(pieces))
    counted = bench.rollup.tallies_of(objective.name, by, asked)
    for (key, _), (tally,), length in zip(asked, counted, lengths, strict=True):
        yield dict(zip(by, key, strict=True)), tally, length


def _flow(spec: Spec, objective: Objective, placed: Placed, seen: Seen) -> Flow | None:
    """Scale what was counted to a whole window; None where nothing was, of which nothing follows."""
    labels, tally, length = seen
    promise = placed.promise
    target = series.target_of(objective, labels) if promise.budget else promise.target
    unparsable = objective.sli.unparsable
    valid = tally.judge(share_text(target), unparsable).valid
    if not valid or not length:
        return None
    window = promise.window
    if isinstance(window, LastEvents):
        events = Fraction(window.events)
    elif isinstance(window, Everything):
        events = Fraction(valid)
    else:
        events = Fraction(valid * _whole(placed), length)
    return Flow(series=labels, target=target, events=events, independent=events * _worth(spec, objective, tally, valid))


def _worth(spec: Spec, objective: Objective, tally: Tally, valid: int) -> Fraction:
    """Say how many independent events one event is worth: one, and less where rows of a sample stand for others."""
    count = spec.source.columns.count
    if count is None or count.means != "sampled" or not isinstance(objective.sli, Latency):
        return Fraction(1)
    sure = tally.confidence(share_text(objective.target), objective.sli.unparsable, sampled=True)
    return Fraction(1) if sure is None else Fraction(sure.events) / valid


def _longer(placed: Placed, bench: Bench) -> bool:
    """Whether the data do not fill a window: it is longer than they are, or begins before them."""
    window = placed.promise.window
    if isinstance(window, (Everything, LastEvents)):
        return False
    return _whole(placed) > bench.after - bench.begin or placed.span[0] < bench.begin


def _whole(placed: Placed) -> int:
    """Give the length of a window, and of a running period what is still to come too."""
    window, period = placed.promise.window, placed.period
    if isinstance(window, Rolling) or period is None:
        return windows.length([placed.span])
    return to_micros(period.end, "end") - to_micros(period.start, "start")


def _named(placed: Placed) -> str:
    text, period = placed.promise.window.text, placed.period
    return text if period is None or period.name == text else f"{text} ({period.name})"

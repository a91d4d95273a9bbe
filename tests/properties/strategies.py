"""Random logs and promises, with all that logs do to people: nulls, NaN, odd codes, silences, edges, disorder."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st
from oracle.condition import Among, Between, Compare, Holds, IsNull, Like
from oracle.predicate import Both, Either, Expression, Literal, Not
from oracle.spec import (
    Availability,
    Calendar,
    Exclude,
    Exclusion,
    Fixed,
    LastEvents,
    Latency,
    Objective,
    Ratio,
    Slices,
    Spec,
)
from oracle.value import Answer, Case, Coalesce, Column, Constant
from properties.values import OPERATORS, questions

if TYPE_CHECKING:
    from hypothesis.strategies import DrawFn, SearchStrategy
    from oracle.rows import Row
    from oracle.spec import Window

SECOND, MINUTE, HOUR = 1_000_000, 60_000_000, 3_600_000_000
NAMES = {"timestamp": "ts", "status": "code", "duration": "took"}
BASES = (1_761_436_800_000_000, 0)  # A day of October 2025, and the epoch, so that times before it occur.
STEPS = (SECOND // 2, SECOND, 7 * SECOND, MINUTE, 5 * MINUTE, HOUR)

ZONES = (None, "eu", "us", "", "Zürich, \"old\" 'town'")
HOSTS = (None, "a", "b")
CODES = (None, 200, 204, 302, 404, 429, 499, 500, 503, 599, 600, 99, 100, 0, -1)
TOOK = (None, 0.0, -0.0, 0.1, 0.3, 299.999, 300.0, 300.001, 1e9, float("nan"), float("inf"), -1.0)
WEIGHTS = (None, 0, -3, 1, 2, 7, 4_294_967_295)
PATHS = (None, "/", "/pay", "/health/live", "/a_b%c", "/PAY", "it's\nhere")
SIZES = (None, 0, 1, -5, 100, 2**40)
TRUTHS = (None, True, False)
REASONS = ("Rate limit", "Probes", 'Ours, "not" theirs')
TARGETS = ("0.5", "0.9", "0.99", "0.999", "0.9999", "0.75")


@st.composite
def times(draw: DrawFn, base: int, step: int) -> int:
    """Moments in a few hours around `base`, mostly at the edges of steps and in clusters with silences between."""
    cluster = draw(st.sampled_from((-3, 0, 1, 2, 7))) * HOUR
    offset = draw(st.integers(-5, 5)) * step + draw(st.one_of(st.sampled_from((-1, 0, 1)), st.integers(0, step - 1)))
    return base + cluster + offset


@st.composite
def rows(draw: DrawFn, base: int, step: int, most: int = 30) -> list[Row]:
    """A log: rows in any order, some twice."""
    row = st.fixed_dictionaries(
        {
            "ts": st.one_of(times(base, step), times(base, step), times(base, step), st.none()),
            "code": st.sampled_from(CODES),
            "took": st.one_of(st.sampled_from(TOOK), st.floats(0.0, 1000.0).map(lambda value: round(value, 3))),
            "n": st.sampled_from(WEIGHTS),
            "zone": st.sampled_from(ZONES),
            "host": st.sampled_from(HOSTS),
            "size": st.sampled_from(SIZES),
            "success": st.sampled_from(TRUTHS),
            "path": st.sampled_from(PATHS),
        }
    )
    found: list[Any] = draw(st.lists(row, min_size=1, max_size=most))
    again: list[Any] = draw(st.lists(st.sampled_from(found), max_size=3))
    # Numbered, so that no two files of one log have equal content: those would be one source.
    return [{"number": number, **dict(sorted(row.items()))} for number, row in enumerate([*found, *again])]


def numbers(column: str) -> SearchStrategy[Literal]:
    """Literals to compare a column of numbers with."""
    if column == "duration":
        decimals = st.decimals(Decimal(-1), Decimal(1000), places=3)
        return st.one_of(decimals, st.sampled_from([Decimal("0.3"), Decimal(300), Decimal("0.1"), Decimal(0)]))
    edges: list[Literal] = [200, 429, 499, 500, Decimal("499.5"), 99999, 0, -1, 100, 2**40]
    return st.one_of(st.sampled_from(edges), st.integers(-2, 600))


ANSWERS: tuple[Literal, ...] = ("true", "false", True, False)
SIMPLE: SearchStrategy[Expression] = st.one_of(
    *(
        st.one_of(
            st.builds(Compare, st.just(Column(column)), OPERATORS, numbers(column).map(Constant)),
            st.builds(
                Among,
                st.just(Column(column)),
                st.lists(numbers(column), min_size=1, max_size=3).map(tuple),
                st.booleans(),
            ),
            st.builds(
                Between,
                st.just(Column(column)),
                numbers(column).map(Constant),
                numbers(column).map(Constant),
                st.booleans(),
            ),
        )
        for column in ("status", "duration", "size")
    ),
    st.builds(
        Compare,
        st.just(Column("success")),
        st.sampled_from(("=", "<>")),
        st.sampled_from(ANSWERS).map(Constant),
    ),
    *(
        st.one_of(
            st.builds(
                Compare,
                st.just(Column(column)),
                st.sampled_from(("=", "<>", "<", ">=")),
                st.sampled_from(texts).map(Constant),
            ),
            st.builds(
                Among, st.just(Column(column)), st.lists(st.sampled_from(texts), min_size=1).map(tuple), st.booleans()
            ),
        )
        for column, texts in (
            ("path", [text for text in PATHS if text is not None]),
            ("zone", [text for text in ZONES if text is not None]),
        )
    ),
    st.builds(
        Like,
        st.just(Column("path")),
        st.sampled_from(("/%", "%pay", "/_", "%", "", "_a%", "/a_b%c", "%'s_h%")),
        st.booleans(),
    ),
    st.builds(
        IsNull,
        st.sampled_from(("status", "duration", "size", "success", "path", "zone")).map(Column),
        st.booleans(),
    ),
)


LEAVES = st.one_of(SIMPLE, questions(SIMPLE))


def combined(parts: SearchStrategy[Expression]) -> SearchStrategy[Expression]:
    """Larger expressions from smaller ones."""
    return st.one_of(
        st.builds(Not, parts),
        st.builds(Both, parts, parts),
        st.builds(Either, parts, parts),
        st.builds(Case, parts, st.builds(Answer, parts), st.builds(Answer, parts)).map(Holds),
        st.builds(Coalesce, st.tuples(st.builds(Answer, parts), st.builds(Answer, parts))).map(Holds),
    )


PREDICATES: SearchStrategy[Expression] = st.recursive(LEAVES, combined, max_leaves=4)


def maybe(strategy: SearchStrategy[Any]) -> SearchStrategy[Any]:
    """Mostly nothing, so that rows get through to what follows."""
    return st.one_of(st.none(), st.none(), strategy)


@st.composite
def excludes(draw: DrawFn) -> tuple[Exclude, ...]:
    """Up to two reasons to forgive."""
    reasons = draw(st.lists(st.sampled_from(REASONS), unique=True, max_size=2))
    return tuple(Exclude(when=draw(PREDICATES), reason=reason) for reason in reasons)


@st.composite
def slis(draw: DrawFn) -> Availability | Latency | Ratio:
    """Any SLI."""
    threshold = draw(st.sampled_from(("0.3", "0.0001", "0.299999", "1", "0.0003")))
    return draw(
        st.one_of(
            st.just(Availability()),
            st.builds(
                Latency,
                threshold=st.just(Decimal(threshold)),
                strict=st.booleans(),
                column=st.just("duration"),
                unit=st.just("ms"),
            ),
            st.builds(Ratio, predicate=PREDICATES, good=st.booleans()),
        )
    )


CIVIL = ("UTC", "Europe/Berlin", "America/New_York", "America/Sao_Paulo")
"""Zones whose offsets are whole hours, which every step but that of seven seconds divides."""


def windows(step: int, tick: int, unit: int) -> SearchStrategy[Window]:
    """Whole units, from one to more than the log, everything, or another kind of window near `tick`."""
    counts = st.sampled_from((1, 2, 3, 10, 500, 30_000)).map(lambda count: count * unit)
    edges = st.lists(st.integers(-3000, 3000), min_size=2, max_size=2, unique=True).map(sorted)
    fixed = edges.map(lambda pair: Fixed(start=tick + pair[0] * step, end=tick + pair[1] * step))
    events = st.builds(LastEvents, events=st.sampled_from((1, 2, 5, 20, 4_294_967_296)))
    units = st.sampled_from(("day", "week", "month", "quarter", "year"))
    civil = st.builds(Calendar, unit=units, zone=st.sampled_from(CIVIL), previous=st.booleans())
    return st.one_of(st.just("all"), counts, counts, fixed, events, *([civil] if HOUR % step == 0 else []))


@st.composite
def budgets(draw: DrawFn, step: int) -> Slices:
    """Slices of time that divide ten steps."""
    ratio = draw(st.booleans())
    targets = st.one_of(st.none(), st.sampled_from(TARGETS).map(Fraction))
    return Slices(
        length=step * draw(st.sampled_from((1, 2, 5))),
        ratio=ratio,
        target=None if ratio else draw(targets),
        min_events=draw(st.sampled_from((1, 1, 2, 5))),
    )


@st.composite
def objectives(draw: DrawFn, name: str, step: int, tick: int, by: tuple[str, ...], *, sliced: bool) -> Objective:
    """A promise."""
    slices = draw(maybe(budgets(step))) if sliced else None
    one = windows(step, tick, step)
    if slices is not None:
        # A rolling window is a whole number of slices, and no slice has a number of events.
        one = windows(step, tick, 10 * step).filter(lambda drawn: not isinstance(drawn, LastEvents))
    window = draw(one)
    own = draw(excludes())
    own = tuple(Exclude(when=one.when, reason=f"{one.reason} (own)") for one in own)
    others = draw(st.lists(one.filter(lambda other: other != window), max_size=1))
    return Objective(
        name=name,
        sli=draw(slis()),
        unparsable=draw(st.sampled_from(("reject", "exclude", "bad"))),
        target=Fraction(draw(st.sampled_from(TARGETS))),
        window=window,
        also=tuple((other, Fraction(draw(st.sampled_from(TARGETS)))) for other in others),
        by=draw(st.one_of(st.none(), st.sampled_from([by[:count] for count in range(len(by) + 1)]))),
        valid=draw(maybe(PREDICATES)),
        exclude=own,
        no_data=draw(st.sampled_from(("undefined", "undefined", "good", "bad"))),
        slices=slices,
    )


@st.composite
def exclusions(draw: DrawFn, base: int, by: tuple[str, ...]) -> tuple[Exclusion, ...]:
    """Up to two spans that do not count, for all series or some."""
    made = []
    for reason in draw(st.lists(st.sampled_from(REASONS), unique=True, max_size=2)):
        start = base + draw(st.integers(-4 * HOUR, 8 * HOUR))
        series = {label: draw(st.sampled_from(("a", "eu", "*", "e*"))) for label in by if draw(st.booleans())}
        length = draw(st.sampled_from((1, MINUTE, HOUR, 20 * HOUR)))
        made.append(Exclusion(start=start, end=start + length, reason=reason, series=series))
    return tuple(made)


@st.composite
def specs(draw: DrawFn, base: int, step: int, *, sliced: bool = False) -> Spec:
    """Promises about the logs of `rows`; where they may be `sliced`, some budgets count slices of time."""
    by = draw(st.sampled_from(((), ("zone",), ("host", "zone"))))
    start, end = draw(maybe(st.integers(-500, 0))), draw(maybe(st.integers(1, 500)))
    tick = base - base % step
    holes = draw(st.lists(st.tuples(st.integers(-4 * HOUR, 4 * HOUR), st.integers(1, HOUR)), max_size=2))
    promises = tuple(
        draw(objectives(f"o{number}", step, tick, by, sliced=sliced)) for number in range(draw(st.integers(1, 2)))
    )
    unit = 10 * step if any(one.slices is not None for one in promises) else step
    return Spec(
        objectives=promises,
        step=step,
        names=NAMES,
        marks=draw(st.sampled_from(("end", "end", "start"))),
        count=draw(st.sampled_from((None, None, "n"))),
        where=draw(maybe(PREDICATES)),
        exclude=draw(excludes()),
        by=by,
        start=None if start is None else tick + start * step,
        end=None if end is None else tick + end * step,
        at=draw(maybe(st.integers(-300, 600).map(lambda count: tick + count * step))),
        gaps=draw(st.sampled_from(("unknown", "quiet"))),
        unknown=tuple((base + offset, base + offset + length) for offset, length in holes),
        min_coverage=Fraction(draw(st.sampled_from(("0.8", "0.1", "1", "0.0001")))),
        exclusions=draw(exclusions(base, by)),
        burn=tuple(
            count * unit for count in draw(st.lists(st.sampled_from((1, 5, 60, 4000)), unique=True, max_size=2))
        ),
    )


@st.composite
def cases(draw: DrawFn, *, sliced: bool = False) -> tuple[list[list[Row]], Spec]:
    """Sources with rows, and promises about them."""
    base, step = draw(st.sampled_from(BASES)), draw(st.sampled_from(STEPS))
    log = draw(rows(base, step))
    return split(draw, log), draw(specs(base, step, sliced=sliced))


def split(draw: DrawFn, log: list[Row]) -> list[list[Row]]:
    """The log in up to three files, none of them empty."""
    cuts = sorted(draw(st.sets(st.integers(1, max(1, len(log) - 1)), max_size=2)))
    edges = [0, *(cut for cut in cuts if cut < len(log)), len(log)]
    return [log[start:end] for start, end in pairwise(edges)]

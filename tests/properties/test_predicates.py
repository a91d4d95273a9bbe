"""Random predicates over columns of every type are true, false and null in the rows in which DuckDB's are."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple

import pyarrow as pa
from hypothesis import event, given
from hypothesis import strategies as st
from oracle.predicate import literal_sql
from properties.oracle_sql import connected

import backburn

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

WORDS = (
    None,
    "",
    "GrÖße",
    "ß",
    "İstanbul",
    "Σας",
    "e\u0301",
    "日本語",
    "/api/v2",
    "/API",
    "a_b%c",
    "it's",
    "two\nlines",
)
SMALL = (None, -7, -1, 0, 1, 2, 3, 100)
COLUMNS: dict[str, tuple[Any, str, SearchStrategy[Any]]] = {
    "tiny": (pa.int8(), "INTEGER", st.sampled_from(SMALL)),
    "short": (pa.uint16(), "INTEGER", st.sampled_from((None, 0, 1, 2, 200, 65_535))),
    "big": (pa.int64(), "BIGINT", st.sampled_from((None, 0, -1, 2**53 + 1, -(2**53) - 1, 2**62))),
    "price": (pa.decimal128(9, 2), "DECIMAL(9, 2)", st.none() | st.decimals(-20, 20, places=2)),
    "single": (pa.float32(), "FLOAT", st.none() | st.sampled_from((0.0, -0.5, 0.1, 0.3, 1.0, 2.5, 300.0))),
    "double": (pa.float64(), "DOUBLE", st.none() | st.sampled_from((0.0, -0.5, 0.1, 0.3, 1.0, 2.5, 299.999))),
    "flag": (pa.bool_(), "BOOLEAN", st.sampled_from((None, True, False))),
    "word": (pa.dictionary(pa.int8(), pa.string()), "VARCHAR", st.sampled_from(WORDS)),
    "name": (pa.large_string(), "VARCHAR", st.sampled_from(WORDS)),
}
OPERATORS = ("=", "<>", "!=", "<", "<=", ">", ">=")
PATTERNS = (
    "^/",
    "[a-z]$",
    r"\d",
    r"\w\W",
    r"\bv",
    "(?i)gröSSe|API",
    "^.$",
    "^.{3}$",
    r"[^\s/]",
    "ß|日",
    "(?s)o.l",
    "^$",
    r"\.",
)
LIKES = ("/%", "%ß%", "_", "%A%", "İ%", "Σ%", "E_", "", "%'S", "A!_B!%C")


class Exact(NamedTuple):
    """A whole number or a decimal."""

    sql: str


class Inexact(NamedTuple):
    """A float."""

    sql: str


class Words(NamedTuple):
    """A text."""

    sql: str


Number = Exact | Inexact


def literals() -> SearchStrategy[str]:
    """Numbers as they are written."""
    return st.one_of(st.integers(-20, 20).map(str), st.sampled_from(("0.5", "-2.25", "0.1", "0.30", "100")))


def worked(left: Number, sign: str, right: Number | str) -> Number:
    """What arithmetic gives; a literal takes the type of the number beside it."""
    text = f"({left.sql} {sign} {right if isinstance(right, str) else right.sql})"
    is_exact = isinstance(left, Exact) and not isinstance(right, Inexact) and sign != "/"
    return Exact(text) if is_exact else Inexact(text)


def chosen(when: str, one: Number, other: Number, *, first: bool) -> Number:
    """The first number that is not null, or one of two."""
    text = f"coalesce({one.sql}, {other.sql})" if first else f"CASE WHEN {when} THEN {one.sql} ELSE {other.sql} END"
    return Exact(text) if isinstance(one, Exact) and isinstance(other, Exact) else Inexact(text)


def numbers(text: SearchStrategy[Words]) -> SearchStrategy[Number]:
    """Numbers of every type."""
    leaves: SearchStrategy[Number] = st.one_of(
        st.sampled_from(("tiny", "short", "price")).map(Exact),
        st.sampled_from(("single", "double")).map(Inexact),
        st.builds(lambda sign, literal: Exact(f"(big {sign} {literal})"), st.sampled_from("+-%"), literals()),
        text.map(lambda words: Exact(f"length({words.sql})")),
    )

    def larger(parts: SearchStrategy[Number]) -> SearchStrategy[Number]:
        narrow = parts.filter(lambda number: "big" not in number.sql)
        return st.one_of(
            st.builds(worked, narrow, st.sampled_from("+-*/%"), narrow | literals()),
            st.builds(worked, parts, st.sampled_from("+-/%"), literals()),
            parts.map(lambda number: type(number)(f"(- {number.sql})")),
            st.builds(chosen, st.sampled_from(("flag", "tiny > 0")), parts, parts, first=st.booleans()),
        )

    return st.recursive(leaves, larger, max_leaves=3)


def texts() -> SearchStrategy[Words]:
    """Texts of every layout."""
    words = [word for word in WORDS if word is not None]
    constants = st.sampled_from(words).map(lambda word: Words(literal_sql(word)))

    def larger(parts: SearchStrategy[Words]) -> SearchStrategy[Words]:
        either = parts | constants
        return st.one_of(
            parts.map(lambda text: Words(f"lower({text.sql})")),
            parts.map(lambda text: Words(f"upper({text.sql})")),
            st.builds(lambda text, start: Words(f"substr({text.sql}, {start})"), parts, st.integers(-6, 6)),
            st.builds(
                lambda text, start, length: Words(f"substr({text.sql}, {start}, {length})"),
                parts,
                st.sampled_from(("tiny", "short", "2", "-3", "0")),
                st.sampled_from(("tiny", "3", "-2", "0")),
            ),
            st.builds(lambda one, other: Words(f"coalesce({one.sql}, {other.sql})"), parts, either),
            st.builds(lambda one, other: Words(f"CASE tiny WHEN 1 THEN {one.sql} ELSE {other.sql} END"), parts, either),
        )

    return st.recursive(st.sampled_from(("word", "name")).map(Words), larger, max_leaves=3)


def questions() -> SearchStrategy[str]:
    """Conditions on values. A float meets only floats and literals: an exact number beside one is compared exactly."""
    text, number = texts(), numbers(texts())
    exact = number.filter(lambda one: isinstance(one, Exact))
    inexact = number.filter(lambda one: isinstance(one, Inexact))
    operator, negated = st.sampled_from(OPERATORS), st.sampled_from(("", "NOT "))
    word = st.sampled_from([literal_sql(word) for word in WORDS if word is not None])
    return st.one_of(
        st.builds("{0.sql} {1} {2.sql}".format, exact, operator, exact),
        st.builds("{0.sql} {1} {2.sql}".format, inexact, operator, inexact),
        st.builds("{0.sql} {1} {2}".format, number, operator, literals()),
        st.builds("{0} {1} {2.sql}".format, literals(), operator, number),
        st.builds("{0.sql} {1}IN ({2}, {3})".format, number, negated, literals(), literals()),
        st.builds("{0.sql} {1}BETWEEN {2} AND {3}".format, number, negated, literals(), literals()),
        st.builds("{0.sql} IS {1}NULL".format, number | text, negated),
        st.builds("{0.sql} {1} {2.sql}".format, text, operator, text),
        st.builds("{0.sql} {1}IN ({2}, {3})".format, text, negated, word, word),
        st.builds("{0.sql} {1}LIKE {2}".format, text, negated, st.sampled_from(LIKES).map(literal_sql)),
        st.builds("{0.sql} {1}ILIKE {2} ESCAPE '!'".format, text, negated, st.sampled_from(LIKES).map(literal_sql)),
        st.builds("starts_with({0.sql}, {1.sql})".format, text, text),
        st.builds("regexp_like({0.sql}, {1})".format, text, st.sampled_from(PATTERNS).map(literal_sql)),
        st.sampled_from(
            ("flag", "flag = 'true'", "flag <> FALSE", "coalesce(flag, FALSE)", "(word = 'ß') IS NOT TRUE")
        ),
    )


PREDICATES: SearchStrategy[str] = st.recursive(
    questions(),
    lambda parts: st.one_of(
        parts.map("NOT ({})".format),
        st.builds("({}) AND ({})".format, parts, parts),
        st.builds("({}) OR ({})".format, parts, parts),
        st.builds("CASE WHEN {} THEN {} ELSE {} END".format, parts, parts, parts),
        st.builds("CASE WHEN {} THEN {} END".format, parts, parts),
        st.builds("coalesce({}, {})".format, parts, parts),
    ),
    max_leaves=3,
)


def engines(rows: list[dict[str, Any]], predicate: str) -> list[bool | None]:
    """What the engine says of each row."""
    columns: dict[str, Any] = {
        name: pa.array([row[name] for row in rows], kind) for name, (kind, _, _) in COLUMNS.items()
    }
    first = datetime(2026, 6, 1, tzinfo=UTC)
    columns["at"] = pa.array([first + timedelta(seconds=number) for number in range(len(rows))])
    columns["number"] = pa.array([str(number) for number in range(len(rows))])
    document = {
        "apiVersion": "backburn/v1",
        "kind": "ServiceLevelObjectives",
        "metadata": {"name": "random", "service": "shop"},
        "source": {"columns": {"timestamp": "at"}, "by": ["number"]},
        "objectives": [
            {
                "name": "ratio",
                "sli": {"kind": "ratio", "good": predicate, "unparsable": "exclude"},
                "target": "50%",
                "window": "all",
            }
        ],
    }
    found: list[bool | None] = [None] * len(rows)
    for result in backburn.evaluate(document, pa.table(columns)).to_dict()["results"]:
        if result["good"] + result["bad"]:
            found[int(result["series"]["number"])] = result["good"] == 1
    return found


def duckdbs(rows: list[dict[str, Any]], predicate: str) -> list[bool | None]:
    """What DuckDB says of each row."""
    with connected() as connection:
        columns = ", ".join(f"{name} {kind}" for name, (_, kind, _) in COLUMNS.items())
        connection.execute(f"CREATE TABLE log (number INTEGER, {columns})")
        values: list[list[Any]] = [[number, *(row[name] for name in COLUMNS)] for number, row in enumerate(rows)]
        connection.executemany(f"INSERT INTO log VALUES ({', '.join('?' * (len(COLUMNS) + 1))})", values)  # noqa: S608
        found = connection.execute(f"SELECT ({predicate}) FROM log ORDER BY number").fetchall()  # noqa: S608
    return [truth for (truth,) in found]


@given(
    rows=st.lists(
        st.fixed_dictionaries({name: values for name, (_, _, values) in COLUMNS.items()}), min_size=1, max_size=12
    ),
    predicate=PREDICATES,
)
def test_every_row_is_what_duckdb_says(rows: list[dict[str, Any]], predicate: str) -> None:
    expected = duckdbs(rows, predicate)
    event(f"{len(set(expected))} answers")
    assert engines(rows, predicate) == expected


def test_the_examples_that_were_found_by_hand() -> None:
    row: dict[str, Any] = dict.fromkeys(COLUMNS) | {"tiny": 1, "word": "İSTANBUL", "price": Decimal("0.30")}
    for predicate, truth in (
        ("lower(word) = 'istanbul'", True),
        ("length(lower(word)) = 8", True),
        ("price / 0 IS NULL AND tiny % 0 IS NULL", True),
        ("- 5 % 3 = -2", True),
        ("substr(word, -3, -2) = 'AN'", True),
        ("CASE name WHEN NULL THEN TRUE ELSE FALSE END", False),
        ("price * price = 0.09", True),
        ("single + 1 > 0", None),
    ):
        assert (predicate, engines([row], predicate), duckdbs([row], predicate)) == (predicate, [truth], [truth])

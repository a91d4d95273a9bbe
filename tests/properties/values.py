"""Random values that are worked out of a row, and conditions on them."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from hypothesis import strategies as st
from oracle.condition import Among, Between, Compare, IsNull, Like, RegexpLike, StartsWith
from oracle.value import (
    Arithmetic,
    Case,
    Cased,
    Coalesce,
    Column,
    Constant,
    Length,
    Match,
    Minus,
    Operand,
    Substr,
)

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy
    from oracle.predicate import Expression, Literal

OPERATORS = st.sampled_from(("=", "<>", "<", "<=", ">", ">="))
TEXTS = ("", "/", "/pay", "/PAY", "eu", "EU", "none", "Zü", "it's")
PATTERNS = ("^/", "pay$", "[A-Z]", r"\d", "^.$", "(a|b)", "(?i)PAY", "ü", r"\w\b", "^$")
LIKES = ("/%", "%PAY", "_U", "%", "", "ZÜ%", "%'S_H%")


def texts(conditions: SearchStrategy[Expression]) -> SearchStrategy[Operand]:
    """Texts of the columns `path` and `zone`."""
    columns: SearchStrategy[Operand] = st.builds(Column, st.sampled_from(("path", "zone")))

    def larger(parts: SearchStrategy[Operand]) -> SearchStrategy[Operand]:
        constants = st.builds(Constant, st.sampled_from(TEXTS))
        return st.one_of(
            st.builds(Cased, parts, st.sampled_from(("lower", "upper"))),
            st.builds(Substr, parts, st.integers(-6, 6), st.one_of(st.none(), st.integers(-3, 5))),
            st.builds(Coalesce, st.tuples(parts, st.one_of(parts, constants))),
            st.builds(Case, conditions, parts, st.one_of(st.none(), parts, constants)),
            st.builds(Match, st.just(Column("status")), st.sampled_from((200, 404, 503)), parts, parts),
        )

    return st.recursive(columns, larger, max_leaves=3)


def literals() -> SearchStrategy[Literal]:
    """Numbers to calculate with: small enough for products to stay within every engine's widths."""
    return st.one_of(st.integers(-100, 100), st.sampled_from((Decimal("0.5"), Decimal("-2.25"), Decimal("0.1"))))


def numbers(conditions: SearchStrategy[Expression]) -> SearchStrategy[Operand]:
    """Numbers of `status` and `size`, and lengths of texts; `size` never alone: in a CSV that is text."""
    constants: SearchStrategy[Operand] = st.builds(Constant, literals())
    sizes: SearchStrategy[Operand] = st.just(Column("size"))
    signs = st.sampled_from("+-*/%")
    leaves: SearchStrategy[Operand] = st.one_of(
        st.just(Column("status")),
        st.builds(Length, texts(conditions)),
        st.builds(Arithmetic, sizes, signs, constants),
        st.builds(Arithmetic, constants, st.sampled_from("+-/%"), sizes),
        st.builds(Coalesce, st.tuples(sizes, constants)),
        st.builds(Minus, sizes),
    )

    def larger(parts: SearchStrategy[Operand]) -> SearchStrategy[Operand]:
        return st.one_of(
            st.builds(Arithmetic, parts, signs, constants),
            st.builds(Arithmetic, parts, st.sampled_from("+-"), parts),
            st.builds(Minus, parts),
            st.builds(Case, conditions, parts, st.one_of(st.none(), parts, constants)),
        )

    return st.recursive(leaves, larger, max_leaves=2)


def questions(conditions: SearchStrategy[Expression]) -> SearchStrategy[Expression]:
    """Conditions on values that are worked out."""
    text, number = texts(conditions), numbers(conditions)
    edges = st.one_of(st.integers(-600, 600), st.sampled_from((Decimal("0.5"), Decimal("40.4"), 2**40 + 1)))
    limits = st.builds(Constant, edges)
    words = st.builds(Constant, st.sampled_from(TEXTS))
    return st.one_of(
        st.builds(Compare, number, OPERATORS, limits),
        st.builds(Compare, limits, OPERATORS, number),
        st.builds(Among, number, st.lists(edges, min_size=1, max_size=3).map(tuple), st.booleans()),
        st.builds(Between, number, limits, limits, st.booleans()),
        st.builds(IsNull, st.one_of(number, text), st.booleans()),
        st.builds(Compare, text, OPERATORS, st.one_of(text, words)),
        st.builds(Among, text, st.lists(st.sampled_from(TEXTS), min_size=1).map(tuple), st.booleans()),
        st.builds(Like, text, st.sampled_from(LIKES), st.booleans(), st.booleans()),
        st.builds(StartsWith, text, st.one_of(text, words)),
        st.builds(RegexpLike, text, st.sampled_from(PATTERNS)),
    )

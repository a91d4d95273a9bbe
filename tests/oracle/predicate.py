"""Boolean expressions under SQL's three-valued logic: what they say about one row, and how they are written in SQL."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping

Value = int | Fraction | float | str | bool | None
Literal = int | Decimal | str | bool
Truth = bool | None


class Expression(Protocol):
    """Anything that is true, false or unknown of a row."""

    def evaluate(self, row: Mapping[str, Value]) -> Truth:
        """What it says about a row."""

    def sql(self) -> str:
        """As SQL."""


def compare(value: Value, operator: str, literal: Literal | Fraction | float) -> Truth:
    """`value operator literal`, where the literal may also be another value of the same type; unknown for a null.

    A literal takes its column's type: beside a float it is the nearest float, beside a truth the text 'true' is one.
    Whole numbers are compared exactly. NaN equals nothing and is neither below nor above anything.
    """
    if value is None:
        return None
    left: Any = value
    right: Any = literal
    if isinstance(value, bool) and isinstance(literal, str):
        right = {"true": True, "false": False}[literal]
    elif isinstance(value, float):
        right = float(literal)
    elif isinstance(value, int | Fraction) and not isinstance(value, bool):
        left, right = Fraction(value), Fraction(literal)
    answers: dict[str, bool] = {
        "=": left == right,
        "<>": left != right,
        "<": left < right,
        "<=": left <= right,
        ">": left > right,
        ">=": left >= right,
    }
    return answers[operator]


def negation(truth: Truth) -> Truth:
    """NOT: unknown stays unknown."""
    return None if truth is None else not truth


def conjunction(left: Truth, right: Truth) -> Truth:
    """AND: false beside anything is false, else unknown beside anything is unknown."""
    if left is False or right is False:
        return False
    return None if left is None or right is None else True


def disjunction(left: Truth, right: Truth) -> Truth:
    """OR, by de Morgan."""
    return negation(conjunction(negation(left), negation(right)))


@dataclass(frozen=True)
class Compare:
    """`column operator literal`."""

    column: str
    operator: str
    literal: Literal

    def evaluate(self, row: Mapping[str, Value]) -> Truth:
        """What it says about a row."""
        return compare(row[self.column], self.operator, self.literal)

    def sql(self) -> str:
        """As SQL."""
        return f"{self.column} {self.operator} {literal_sql(self.literal)}"


@dataclass(frozen=True)
class Among:
    """`column [NOT] IN (literals)`: equal to any of them."""

    column: str
    literals: tuple[Literal, ...]
    negated: bool = False

    def evaluate(self, row: Mapping[str, Value]) -> Truth:
        """What it says about a row."""
        truth: Truth = False
        for literal in self.literals:
            truth = disjunction(truth, compare(row[self.column], "=", literal))
        return negation(truth) if self.negated else truth

    def sql(self) -> str:
        """As SQL."""
        word = "NOT IN" if self.negated else "IN"
        return f"{self.column} {word} ({', '.join(map(literal_sql, self.literals))})"


@dataclass(frozen=True)
class Between:
    """`column [NOT] BETWEEN low AND high`: at least `low` and at most `high`."""

    column: str
    low: Literal
    high: Literal
    negated: bool = False

    def evaluate(self, row: Mapping[str, Value]) -> Truth:
        """What it says about a row."""
        value = row[self.column]
        truth = conjunction(compare(value, ">=", self.low), compare(value, "<=", self.high))
        return negation(truth) if self.negated else truth

    def sql(self) -> str:
        """As SQL."""
        word = "NOT BETWEEN" if self.negated else "BETWEEN"
        return f"{self.column} {word} {literal_sql(self.low)} AND {literal_sql(self.high)}"


@dataclass(frozen=True)
class IsNull:
    """`column IS [NOT] NULL`: never unknown."""

    column: str
    negated: bool = False

    def evaluate(self, row: Mapping[str, Value]) -> Truth:
        """What it says about a row."""
        return (row[self.column] is None) != self.negated

    def sql(self) -> str:
        """As SQL."""
        return f"{self.column} IS {'NOT ' if self.negated else ''}NULL"


@dataclass(frozen=True)
class Like:
    """`column [NOT] LIKE pattern`: `%` is any text, `_` any one character, everything else itself."""

    column: str
    pattern: str
    negated: bool = False

    def evaluate(self, row: Mapping[str, Value]) -> Truth:
        """What it says about a row."""
        value = row[self.column]
        if value is None:
            return None
        wild = {"%": ".*", "_": "."}
        expression = "".join(wild.get(letter, re.escape(letter)) for letter in self.pattern)
        truth = re.fullmatch(expression, str(value), re.DOTALL) is not None
        return truth != self.negated

    def sql(self) -> str:
        """As SQL."""
        return f"{self.column} {'NOT ' if self.negated else ''}LIKE {literal_sql(self.pattern)}"


@dataclass(frozen=True)
class Not:
    """`NOT operand`."""

    operand: Expression

    def evaluate(self, row: Mapping[str, Value]) -> Truth:
        """What it says about a row."""
        return negation(self.operand.evaluate(row))

    def sql(self) -> str:
        """As SQL."""
        return f"NOT ({self.operand.sql()})"


@dataclass(frozen=True)
class Both:
    """`left AND right`."""

    left: Expression
    right: Expression

    def evaluate(self, row: Mapping[str, Value]) -> Truth:
        """What it says about a row."""
        return conjunction(self.left.evaluate(row), self.right.evaluate(row))

    def sql(self) -> str:
        """As SQL."""
        return f"({self.left.sql()}) AND ({self.right.sql()})"


@dataclass(frozen=True)
class Either:
    """`left OR right`."""

    left: Expression
    right: Expression

    def evaluate(self, row: Mapping[str, Value]) -> Truth:
        """What it says about a row."""
        return disjunction(self.left.evaluate(row), self.right.evaluate(row))

    def sql(self) -> str:
        """As SQL."""
        return f"({self.left.sql()}) OR ({self.right.sql()})"


def literal_sql(literal: Literal) -> str:
    """A literal as SQL writes it; a quote inside text is doubled."""
    if isinstance(literal, bool):
        return "TRUE" if literal else "FALSE"
    if isinstance(literal, str):
        return "'" + literal.replace("'", "''") + "'"
    return format(literal, "f") if isinstance(literal, Decimal) else str(literal)

"""Boolean expressions under SQL's three-valued logic: what they say about one row, and how they are written in SQL."""

from __future__ import annotations

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

"""Values that are worked out of a row, under SQL's rules: numbers, texts and choices.

Whole numbers and decimals are exact, as fractions; a quotient is a float, and so is everything beside one. By zero
there is no quotient and no remainder.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Protocol

from oracle.predicate import Literal, compare, literal_sql

if TYPE_CHECKING:
    from collections.abc import Mapping

    from oracle.predicate import Expression, Value

Number = int | Fraction | float


class Operand(Protocol):
    """Anything that has a value in every row."""

    @property
    def is_float(self) -> bool:
        """Whether its numbers are floats, in every row."""

    def evaluate(self, row: Mapping[str, Value]) -> Value:
        """Its value in a row; None is null."""

    def sql(self) -> str:
        """As SQL."""


class Plain:
    """Without floats."""

    is_float = False


def chosen(value: Value, *, is_float: bool) -> Value:
    """One of several values, as the type of all of them."""
    return float(value) if is_float and value is not None and not isinstance(value, str) else value


@dataclass(frozen=True)
class Column(Plain):
    """A column, though not one of floats."""

    name: str

    def evaluate(self, row: Mapping[str, Value]) -> Value:
        """Its value in a row."""
        return row[self.name]

    def sql(self) -> str:
        """As SQL."""
        return self.name


@dataclass(frozen=True)
class Constant(Plain):
    """A literal."""

    literal: Literal

    def evaluate(self, row: Mapping[str, Value]) -> Value:  # noqa: ARG002 - the same in every row.
        """Its value; a decimal as a fraction."""
        is_plain = isinstance(self.literal, bool | str)
        return self.literal if is_plain else Fraction(self.literal)  # type: ignore[return-value]

    def sql(self) -> str:
        """As SQL."""
        return literal_sql(self.literal)


def calculate(left: Number, sign: str, right: Number) -> Number | None:
    """`left sign right`."""
    if sign == "/" or isinstance(left, float) or isinstance(right, float):
        left, right = float(left), float(right)
    if sign in "/%" and right == 0:
        return None
    if sign in "+-":
        return left + (right if sign == "+" else -right)
    if sign in "*/":
        return left * right if sign == "*" else left / right
    if isinstance(left, float):
        return math.fmod(left, right)
    return left - right * math.trunc(Fraction(left) / Fraction(right))


@dataclass(frozen=True)
class Arithmetic:
    """`left sign right`, null where either is."""

    left: Operand
    sign: str
    right: Operand

    @property
    def is_float(self) -> bool:
        """A quotient is one, and what stands beside one becomes one."""
        return self.sign == "/" or self.left.is_float or self.right.is_float

    def evaluate(self, row: Mapping[str, Value]) -> Value:
        """Its value in a row."""
        left, right = self.left.evaluate(row), self.right.evaluate(row)
        if left is None or right is None or isinstance(left, str) or isinstance(right, str):
            return None
        return calculate(left, self.sign, right)

    def sql(self) -> str:
        """As SQL."""
        return f"({self.left.sql()} {self.sign} {self.right.sql()})"


@dataclass(frozen=True)
class Minus:
    """`-number`."""

    number: Operand

    @property
    def is_float(self) -> bool:
        """As its number is."""
        return self.number.is_float

    def evaluate(self, row: Mapping[str, Value]) -> Value:
        """Its value in a row."""
        number = self.number.evaluate(row)
        return None if number is None or isinstance(number, str) else -number

    def sql(self) -> str:
        """As SQL."""
        return f"(- ({self.number.sql()}))"


@dataclass(frozen=True)
class Length(Plain):
    """`length(text)`, in code points."""

    text: Operand

    def evaluate(self, row: Mapping[str, Value]) -> Value:
        """Its value in a row."""
        text = self.text.evaluate(row)
        return None if text is None else len(str(text))

    def sql(self) -> str:
        """As SQL."""
        return f"length({self.text.sql()})"


@dataclass(frozen=True)
class Cased(Plain):
    """`lower(text)` or `upper(text)`, letter by letter."""

    text: Operand
    function: str

    def evaluate(self, row: Mapping[str, Value]) -> Value:
        """Its value in a row."""
        text = self.text.evaluate(row)
        if text is None:
            return None
        return str(text).lower() if self.function == "lower" else str(text).replace("ß", "ẞ").upper()

    def sql(self) -> str:
        """As SQL."""
        return f"{self.function}({self.text.sql()})"


@dataclass(frozen=True)
class Substr(Plain):
    """`substr(text, start, length)`: a negative start counts from the end, and a negative length goes back."""

    text: Operand
    start: int
    length: int | None = None

    def evaluate(self, row: Mapping[str, Value]) -> Value:
        """Its value in a row."""
        text = self.text.evaluate(row)
        if text is None:
            return None
        letters = str(text)
        first = self.start - 1 if self.start >= 0 else len(letters) + self.start
        last = len(letters) if self.length is None else first + self.length
        if self.length is not None and self.length < 0:
            first, last = last, first
        return letters[max(first, 0) : max(last, 0)]

    def sql(self) -> str:
        """As SQL."""
        length = "" if self.length is None else f", {self.length}"
        return f"substr({self.text.sql()}, {self.start}{length})"


@dataclass(frozen=True)
class Coalesce:
    """`coalesce(values)`: the first that is not null."""

    values: tuple[Operand, ...]

    @property
    def is_float(self) -> bool:
        """All are, if one is."""
        return any(value.is_float for value in self.values)

    def evaluate(self, row: Mapping[str, Value]) -> Value:
        """Its value in a row."""
        first = next((value for one in self.values if (value := one.evaluate(row)) is not None), None)
        return chosen(first, is_float=self.is_float)

    def sql(self) -> str:
        """As SQL."""
        return f"coalesce({', '.join(value.sql() for value in self.values)})"


@dataclass(frozen=True)
class Case:
    """`CASE WHEN condition THEN value ELSE value END`; unknown is not true, and without ELSE there is null."""

    when: Expression
    then: Operand
    otherwise: Operand | None = None

    @property
    def is_float(self) -> bool:
        """Both are, if one is."""
        return any(value is not None and value.is_float for value in (self.then, self.otherwise))

    def evaluate(self, row: Mapping[str, Value]) -> Value:
        """Its value in a row."""
        value = self.then if self.when.evaluate(row) else self.otherwise
        return None if value is None else chosen(value.evaluate(row), is_float=self.is_float)

    def sql(self) -> str:
        """As SQL."""
        otherwise = "" if self.otherwise is None else f" ELSE {self.otherwise.sql()}"
        return f"CASE WHEN {self.when.sql()} THEN {self.then.sql()}{otherwise} END"


@dataclass(frozen=True)
class Match(Plain):
    """`CASE subject WHEN literal THEN text ELSE text END`."""

    subject: Operand
    literal: Literal
    then: Operand
    otherwise: Operand

    def evaluate(self, row: Mapping[str, Value]) -> Value:
        """Its value in a row."""
        same = compare(self.subject.evaluate(row), "=", self.literal)
        return (self.then if same else self.otherwise).evaluate(row)

    def sql(self) -> str:
        """As SQL."""
        literal = literal_sql(self.literal)
        return f"CASE {self.subject.sql()} WHEN {literal} THEN {self.then.sql()} ELSE {self.otherwise.sql()} END"


@dataclass(frozen=True)
class Answer(Plain):
    """A condition as a value, for CASE and coalesce to choose."""

    condition: Expression

    def evaluate(self, row: Mapping[str, Value]) -> Value:
        """Its value in a row."""
        return self.condition.evaluate(row)

    def sql(self) -> str:
        """As SQL."""
        return self.condition.sql()

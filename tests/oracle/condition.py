"""Conditions on values, of a column or worked out, under SQL's three-valued logic."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from oracle.predicate import Literal, Truth, compare, conjunction, disjunction, literal_sql, negation
from oracle.value import Constant, Operand

if TYPE_CHECKING:
    from collections.abc import Mapping

    from oracle.predicate import Value

FLIPPED = {"=": "=", "<>": "<>", "<": ">", "<=": ">=", ">": "<", ">=": "<="}


@dataclass(frozen=True)
class Holds:
    """A value of truth as a condition: a CASE or coalesce of conditions."""

    value: Operand

    def evaluate(self, row: Mapping[str, Value]) -> Truth:
        """What it says about a row."""
        truth = self.value.evaluate(row)
        return truth if isinstance(truth, bool) else None

    def sql(self) -> str:
        """As SQL."""
        return self.value.sql()


@dataclass(frozen=True)
class Compare:
    """`left operator right`; a literal takes the type of the other side."""

    left: Operand
    operator: str
    right: Operand

    def evaluate(self, row: Mapping[str, Value]) -> Truth:
        """What it says about a row."""
        left, right = self.left.evaluate(row), self.right.evaluate(row)
        if isinstance(self.left, Constant):
            return compare(right, FLIPPED[self.operator], self.left.literal)
        if isinstance(self.right, Constant):
            return compare(left, self.operator, self.right.literal)
        return None if right is None else compare(left, self.operator, right)

    def sql(self) -> str:
        """As SQL."""
        return f"{self.left.sql()} {self.operator} {self.right.sql()}"


@dataclass(frozen=True)
class Among:
    """`value [NOT] IN (literals)`: equal to any of them."""

    value: Operand
    literals: tuple[Literal, ...]
    negated: bool = False

    def evaluate(self, row: Mapping[str, Value]) -> Truth:
        """What it says about a row."""
        truth: Truth = False
        for literal in self.literals:
            truth = disjunction(truth, compare(self.value.evaluate(row), "=", literal))
        return negation(truth) if self.negated else truth

    def sql(self) -> str:
        """As SQL."""
        word = "NOT IN" if self.negated else "IN"
        return f"{self.value.sql()} {word} ({', '.join(map(literal_sql, self.literals))})"


@dataclass(frozen=True)
class Between:
    """`value [NOT] BETWEEN low AND high`: at least `low` and at most `high`."""

    value: Operand
    low: Operand
    high: Operand
    negated: bool = False

    def evaluate(self, row: Mapping[str, Value]) -> Truth:
        """What it says about a row."""
        low, high = Compare(self.value, ">=", self.low), Compare(self.value, "<=", self.high)
        truth = conjunction(low.evaluate(row), high.evaluate(row))
        return negation(truth) if self.negated else truth

    def sql(self) -> str:
        """As SQL."""
        word = "NOT BETWEEN" if self.negated else "BETWEEN"
        return f"{self.value.sql()} {word} {self.low.sql()} AND {self.high.sql()}"


@dataclass(frozen=True)
class IsNull:
    """`value IS [NOT] NULL`: never unknown."""

    value: Operand
    negated: bool = False

    def evaluate(self, row: Mapping[str, Value]) -> Truth:
        """What it says about a row."""
        return (self.value.evaluate(row) is None) != self.negated

    def sql(self) -> str:
        """As SQL."""
        return f"{self.value.sql()} IS {'NOT ' if self.negated else ''}NULL"


@dataclass(frozen=True)
class Like:
    """`text [NOT] LIKE pattern`: `%` is any text, `_` any one character, everything else itself.

    `folded` is `ILIKE`, which does not tell capitals apart.
    """

    text: Operand
    pattern: str
    negated: bool = False
    folded: bool = False

    def evaluate(self, row: Mapping[str, Value]) -> Truth:
        """What it says about a row."""
        value = self.text.evaluate(row)
        if value is None:
            return None
        text, pattern = str(value), self.pattern
        if self.folded:
            text, pattern = text.lower(), pattern.lower()
        wild = {"%": ".*", "_": "."}
        expression = "".join(wild.get(letter, re.escape(letter)) for letter in pattern)
        return (re.fullmatch(expression, text, re.DOTALL) is not None) != self.negated

    def sql(self) -> str:
        """As SQL."""
        word = f"{'NOT ' if self.negated else ''}{'ILIKE' if self.folded else 'LIKE'}"
        return f"{self.text.sql()} {word} {literal_sql(self.pattern)}"


@dataclass(frozen=True)
class StartsWith:
    """`starts_with(text, head)`."""

    text: Operand
    head: Operand

    def evaluate(self, row: Mapping[str, Value]) -> Truth:
        """What it says about a row."""
        text, head = self.text.evaluate(row), self.head.evaluate(row)
        return None if text is None or head is None else str(text).startswith(str(head))

    def sql(self) -> str:
        """As SQL."""
        return f"starts_with({self.text.sql()}, {self.head.sql()})"


@dataclass(frozen=True)
class RegexpLike:
    """`regexp_like(text, pattern)`: a match anywhere, with classes of ASCII."""

    text: Operand
    pattern: str

    def evaluate(self, row: Mapping[str, Value]) -> Truth:
        """What it says about a row."""
        text = self.text.evaluate(row)
        # Python's `$` also stands before a last line end.
        pattern = re.sub(r"\$$", r"\\Z", self.pattern)
        return None if text is None else re.search(pattern, str(text), re.ASCII) is not None

    def sql(self) -> str:
        """As SQL."""
        return f"regexp_like({self.text.sql()}, {literal_sql(self.pattern)})"

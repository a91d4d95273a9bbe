"""A guess with its reason, and how columns are looked up by name and by what they hold."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from backburn.engine.inspection import InspectedFile
    from backburn.model.columns import TimeUnit

__all__ = ["SECONDS", "Guess", "by_word", "clock_of", "known_of", "listed", "number_of", "values_of", "word_of"]

_NAMED = 20
SECONDS: dict[TimeUnit, float] = {"s": 1.0, "ms": 1e-3, "us": 1e-6, "ns": 1e-9}
_EPOCHS: tuple[tuple[float, TimeUnit], ...] = ((1e11, "s"), (1e14, "ms"), (1e17, "us"), (float("inf"), "ns"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Guess:
    """A column for a role, how it is read, and the reason in words; `good` is the value of a flag that is good."""

    column: str
    why: str
    good: str = "true"
    unit: TimeUnit | None = None
    format: str | None = None
    timezone: str | None = None
    marks: Literal["start", "end"] = "end"


def word_of(name: str) -> str:
    """Leave out of a name what makers of logs disagree about: `Response_Time` is the word `responsetime`."""
    return re.sub(r"[^a-z0-9]", "", name.lower())


def by_word(names: Sequence[str]) -> dict[str, str]:
    """Tell which name a word means: the first that is this word, else the first that ends with it behind a dot."""
    last = {word_of(name.rpartition(".")[2]): name for name in reversed(names)}
    return last | {word_of(name): name for name in reversed(names)}


def known_of(names: Sequence[str], known: Sequence[str]) -> Iterable[str]:
    """Sort those of the names that are known by how well they are."""
    words = by_word(names)
    return (words[word] for word in known if word in words)


def listed(names: Sequence[str]) -> str:
    """Name columns to choose from, as many as a person reads."""
    more = f" and {len(names) - _NAMED} more, which `backburn inspect` lists" if len(names) > _NAMED else ""
    return ", ".join(names[:_NAMED]) + more


def values_of(file: InspectedFile, column: str) -> list[str]:
    """Give what the first rows hold in a column, without what stands for nothing."""
    found = (row.get(column) for row in file.first)
    return [value for value in found if value is not None and value not in {"", "-"}]


def number_of(text: str | None) -> float | None:
    """Read a number; nothing where it is none."""
    try:
        return float(text) if text is not None else None
    except ValueError:
        return None


def clock_of(moment: float) -> TimeUnit:
    """Tell what a time counts since 1970."""
    return next(unit for bound, unit in _EPOCHS if moment < bound)

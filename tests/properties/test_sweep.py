"""A sweep tells of every policy of a grid what its replay tells, and what the oracle does."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from hypothesis import event, given
from made_fields import field_of
from properties.scored import document, log
from properties.swept import expected, tried

from backburn.alerts.score.rule import RULE
from backburn.alerts.tuning.holding import split

if TYPE_CHECKING:
    from fractions import Fraction

    from properties.swept import Tried

    from backburn.alerts.tuning.field import Field, Stage
    from backburn.alerts.tuning.metrics import Metrics
    from backburn.alerts.tuning.swept import Swept

BUDGETS = ("budget_before_sum", "budget_lost")
LOOKED = 2
"""So many policies of each part are held against the oracle."""


def differing(found: Metrics, other: dict[str, Any], by: float = 1e-9) -> dict[str, Any]:
    """What is not the same, by its name; budgets are added up in parts of 2^-32."""

    def same(name: str, one: float | None, two: float | Fraction | None) -> bool:
        if one is None or two is None:
            return one is two
        if name in BUDGETS:
            return abs(one - float(two)) <= by * max(1.0, abs(float(two)), found.events)
        return abs(one - float(two)) <= 1e-12 * abs(one)

    pairs = {name: (value, other[name]) for name, value in asdict(found).items()}
    return {name: pair for name, pair in pairs.items() if not same(name, *pair)}


def stages(field: Field, share: Fraction) -> dict[str, tuple[Stage, Any]]:
    """All that is scored, and its two parts, each without the events of which the other may know."""
    halves = split(field.span, share, field.groups[0].zone, RULE.grace, field.groups[0].track.span[2])

    def none(_: tuple[int, int]) -> bool:
        return False

    asked = {
        "all": (field.span, none),
        "train": (halves.train, halves.drops),
        "holdout": (halves.holdout, halves.drops),
    }
    return {name: (field.stage(*of), of) for name, of in asked.items()}


def replayed(stage: Stage, swept: Swept) -> list[Metrics]:
    """Every policy of the grid, each replayed as an alert of its own."""
    grid, target = swept.grid, stage.field.target
    rows = range(len(swept))
    return stage.alone([swept.candidate(row).alert(grid, target, name=f"a{row}", severity="page") for row in rows])


@given(tried())
def test_a_sweep_tells_what_replays_and_the_oracle_tell(one: Tried) -> None:
    case, grid = one.case, one.grid
    labels = list(case.labels) or None
    field = field_of(document(case), log(case), grid, labels=labels, every=f"{case.every * case.step}m")
    for name, (stage, of) in stages(field, one.share).items():
        swept = stage.sweep(grid)
        assert len(swept) == grid.policies
        for row, alone in enumerate(replayed(stage, swept)):
            assert differing(swept.metrics(row), asdict(alone)) == {}, (name, swept.candidate(row))
        for row in {(one.looked + more * 7919) % len(swept) for more in range(LOOKED)}:
            candidate = swept.candidate(row)
            assert differing(swept.metrics(row), expected(one, candidate, *of)) == {}, (name, candidate)
            told = swept.metrics(row)
            event(f"{name}: {'some' if told.detected else 'none'} of {'some' if told.events else 'no'} events")

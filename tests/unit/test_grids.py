"""Grids of alert policies: what their lists hold, how factors are spread, and where a grid is found."""

from __future__ import annotations

import json
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator  # type: ignore[import-untyped] # Its stubs are a package of their own.

import backburn
import backburn.document
from backburn.alerts.grids import default_text, load_grid
from backburn.document import catalogue, schema
from backburn.document.node import Items, Node, Scalar
from backburn.document.notes import Notes
from backburn.document.scales import SCALES, Scale, spread
from backburn.document.yaml import compose
from backburn.errors import SpecError, UsageError
from backburn.model.policy import Guards
from backburn.units import Duration

if TYPE_CHECKING:
    from backburn.model.grid import AlertPolicyGrid

PUBLISHED = Path(backburn.document.__file__).parents[1] / "schemas" / "alert-policy-grid.schema.json"

GRID = """
apiVersion: backburn/v1
kind: AlertPolicyGrid
metadata: {name: mine, source: "https://example.com/grid", title: Ours, rationale: {why: tried}}
period: 28d
windows: [{long: 6h, short: 30m}, {window: 10m}]
factors: [14.4, 1, 6x]
for: [0s, 2m, 90s]
min_bad: [0, 3]
min_valid: 100
min_rate: [0, 30/m]
targets: [99.9%, 0.9995]
op: gte
no_data: freeze
"""
SMALL: dict[str, Any] = {"windows": [{"long": "1h", "short": "5m"}], "factors": [6]}


def length(text: str) -> Duration:
    return Duration.parse(text)


def written(folder: Path, *texts: str) -> Path:
    path = folder / "grid.yaml"
    path.write_text("---\n".join(texts), encoding="utf-8")
    return path


def small(**words: Any) -> AlertPolicyGrid:
    return load_grid({**SMALL, **words})


def complaints(**words: Any) -> list[str]:
    """Give what is said about a grid, each with its code and its path."""
    with pytest.raises(SpecError) as raised:
        small(**words)
    return [f"{one.code} {one.path}: {one.message}; {one.remedy}" for one in raised.value.findings]


def plain(node: Node) -> Any:
    match node:
        case Scalar():
            return node.text
        case Items():
            return [plain(item) for item in node.items]
        case _:
            return {key.text: plain(value) for key, value in node}


def test_a_grid_holds_what_its_document_says(tmp_path: Path) -> None:
    grid = load_grid(written(tmp_path, GRID))
    assert (grid.name, grid.title, grid.source) == ("mine", "Ours", "https://example.com/grid")
    assert grid.prose == {"rationale.why": "tried"}
    assert grid.period == length("28d")
    assert grid.windows == ((length("6h"), length("30m")), (length("10m"), None))
    assert grid.factors == (Fraction(1), Fraction(6), Fraction("14.4"))
    assert grid.waits == (None, length("2m"), length("90s"))
    half = Fraction(1, 2)
    assert grid.guards == (
        Guards(valid=100),
        Guards(valid=100, rate=half),
        Guards(bad=3, valid=100),
        Guards(bad=3, valid=100, rate=half),
    )
    assert grid.targets == (Decimal("0.999"), Decimal("0.9995"))
    assert (grid.op, grid.no_data) == ("gte", "freeze")
    assert grid.location is not None
    assert (grid.location.file, grid.location.line) == (str(tmp_path / "grid.yaml"), 2)
    assert grid.policies == 2 * 3 * 3 * 4 * 2


def test_what_is_left_out_of_a_grid_is_the_usual() -> None:
    grid = small()
    assert (grid.name, grid.period, grid.op, grid.no_data) == ("inline", length("30d"), "gt", "undefined")
    assert (grid.waits, grid.guards, grid.targets, grid.location) == ((None,), (Guards(),), None, None)
    assert grid.policies == 1


def test_a_value_stands_for_a_list_of_one() -> None:
    many = small(**{"for": ["2m"]}, min_bad=[3], min_valid=[10], min_rate=["1/s"])
    assert small(**{"for": "2m"}, min_bad=3, min_valid=10, min_rate="1/s") == many
    assert many.guards == (Guards(bad=3, valid=10, rate=Fraction(1)),)


def test_all_factors_are_so_many_as_the_data_tell_apart() -> None:
    grid = small(factors="all")
    assert (grid.factors, grid.policies) == (None, None)


@pytest.mark.parametrize(
    ("words", "factors"),
    [
        ({"from": 1, "to": 100, "steps": 3}, ["1", "10", "100"]),
        ({"from": 1, "to": 100, "steps": 5, "scale": "log"}, ["1", "3.162", "10", "31.62", "100"]),
        ({"from": "0.12345", "to": "12.34567", "steps": 3}, ["0.12345", "1.235", "12.34567"]),
        ({"from": 1, "to": "1.001", "steps": 100}, ["1", "1.001"]),
        ({"from": 1, "to": 100, "steps": 2}, ["1", "100"]),
        ({"from": 1, "to": 10, "steps": 4, "scale": "linear"}, ["1", "4", "7", "10"]),
        ({"from": 1, "to": 2, "steps": 4, "scale": "linear"}, ["1", "1.3333", "1.6667", "2"]),
        ({"from": 1000, "to": 1001, "steps": 3, "scale": "linear"}, ["1000", "1000.5", "1001"]),
    ],
)
def test_a_range_of_factors_reads_well(words: dict[str, object], factors: list[str]) -> None:
    assert small(factors=words).factors == tuple(Fraction(factor) for factor in factors)


@pytest.mark.parametrize(("middle", "rounded"), [("1.0025", "1.002"), ("1.0045", "1.004"), ("1.0055", "1.006")])
def test_a_number_in_the_middle_of_two_that_read_well_goes_to_the_even_one(middle: str, rounded: str) -> None:
    for wide in (2, 100, 1000):
        factors = spread(Fraction(middle) / wide, Fraction(middle) * wide, 3, "log")
        assert factors[1] == Fraction(rounded), wide


def test_the_longest_range_has_as_many_factors_as_four_digits_can_tell() -> None:
    factors = small(factors={"from": 1, "to": 10, "steps": 100_000}).factors
    assert factors is not None
    # From 1 on all the thousandths are reached, for 9,000 of them are far fewer than the steps.
    assert factors == tuple(Fraction(number, 1000) for number in range(1000, 10_001))
    linear = small(factors={"from": 1, "to": 10, "steps": 100_000, "scale": "linear"}).factors
    assert linear is not None
    assert len(set(linear)) == 100_000


@given(
    st.fractions(min_value=Fraction(1, 1000), max_value=1000, max_denominator=1000),
    st.fractions(min_value=Fraction(1, 1000), max_value=1000, max_denominator=1000),
    st.integers(min_value=2, max_value=60),
    st.sampled_from(SCALES),
)
def test_a_range_rises_from_its_first_to_its_last_and_stays_near_the_scale(
    first: Fraction, distance: Fraction, steps: int, scale: Scale
) -> None:
    last = first + distance
    factors = spread(first, last, steps, scale)
    assert (factors[0], factors[-1]) == (first, last)
    assert all(before < after for before, after in pairwise(factors))
    if scale == "linear":
        assert len(factors) == steps
        step = distance / (steps - 1)
        assert all(abs(factor - (first + place * step)) <= step / 1000 for place, factor in enumerate(factors))
    else:
        exact = [float(first) * float(last / first) ** (place / (steps - 1)) for place in range(steps)]
        assert len(factors) <= steps
        near = 0.00051
        assert all(min(abs(float(factor) / one - 1) for one in exact) <= near for factor in factors)
        assert all(min(abs(float(factor) / one - 1) for factor in factors) <= near for one in exact)


def test_the_default_grid_is_that_of_the_book_and_its_neighbours() -> None:
    grid = load_grid("default")
    pairs = [(long.text, None if short is None else short.text) for long, short in grid.windows]
    lengths = [window.text for window in catalogue.read("workbook-6-windows").burns()]
    assert set(zip(lengths[::2], lengths[1::2], strict=True)) <= set(pairs)
    assert pairs[-2:] == [("10m", None), ("1h", None)]
    assert grid.factors is not None
    assert (len(grid.factors), grid.factors[0], grid.factors[-1]) == (50, Fraction(1), Fraction(100))
    assert [None if wait is None else wait.text for wait in grid.waits] == [None, "2m", "5m", "10m", "15m"]
    assert grid.policies == 8 * 50 * 5
    assert load_grid("default") is grid
    assert load_grid(grid) is grid


def test_a_grid_that_is_not_there_is_told_with_the_nearest(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="there is no grid 'defualt'; did you mean 'default'"):
        load_grid("defualt")
    with pytest.raises(UsageError, match="there is no grid 'google-30d'; name a file with kind: AlertPolicyGrid"):
        load_grid("google-30d")
    with pytest.raises(SpecError, match=r"missing\.yaml: no such file"):
        load_grid(tmp_path / "missing.yaml")


def test_a_file_holds_one_grid(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="holds 2 grids of alert policies; name a file with one"):
        load_grid(written(tmp_path, GRID, GRID.replace("mine", "other")))
    with pytest.raises(UsageError, match="holds no grid of alert policies"):
        load_grid(written(tmp_path, catalogue.text("google-30d")))
    assert load_grid(str(written(tmp_path, catalogue.text("google-30d"), GRID))).name == "mine"


def test_a_grid_beside_objectives_is_read_over_and_judged(tmp_path: Path) -> None:
    spec = "apiVersion: backburn/v1\nkind: ServiceLevelObjectives\nmetadata: {service: shop, owner: sre}\nobjectives:\n"
    spec += "  - {name: up, sli: {kind: availability}, target: 99%, window: all}\n"
    both = written(tmp_path, spec, GRID)
    assert backburn.load_spec(both).name == "shop"
    assert backburn.validate(both) == []
    assert backburn.validate(written(tmp_path, GRID)) == []
    found = backburn.validate(written(tmp_path, spec, GRID.replace("{window: 10m}", "{windw: 10m}")))
    assert [(one.code, one.path, one.remedy) for one in found] == [
        ("BB103", "windows[1].windw", "did you mean 'window'?")
    ]


def test_a_mapping_that_names_its_kind_is_a_whole_document() -> None:
    whole = {"apiVersion": "backburn/v1", "kind": "AlertPolicyGrid", "metadata": {"name": "mine"}}
    assert small(**whole).name == "mine"
    assert complaints(kind="AlertPolicyGrid") == [
        "BB108 apiVersion: 'apiVersion' is missing; write apiVersion: backburn/v1",
        "BB108 metadata: 'metadata' is missing; write metadata: {name: my-grid}",
    ]
    assert complaints(**{**whole, "kind": "AlertPolicy"}) == [
        "BB106 kind: unknown word 'AlertPolicy'; did you mean 'AlertPolicyGrid'?"
    ]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ({"windows": []}, ["BB105 windows: the list is empty; write windows: [{long: 1h, short: 5m}]"]),
        (
            {"windows": [{"window": "1h"}, {"window": "60m"}]},
            ["BB113 windows[1]: these windows are those of windows[0] too; keep one of the two"],
        ),
        (
            {"windows": [{"long": "5m", "short": "1h"}]},
            [
                (
                    "BB106 windows[0].short: the short window 1h is not shorter than the long one 5m; "
                    "write one of about a twelfth of the long one"
                )
            ],
        ),
        (
            {"windows": [{"long": "1h", "short": "60m"}]},
            [
                (
                    "BB106 windows[0].short: the short window 60m is not shorter than the long one 1h; "
                    "write one of about a twelfth of the long one"
                )
            ],
        ),
        (
            {"windows": [{"long": "1h", "short": "5m"}, {"long": "1h", "shrot": "5m"}]},
            ["BB103 windows[1].shrot: unknown field 'shrot'; did you mean 'short'?"],
        ),
        (
            {"windows": [{"long": "1h"}, {"short": "5m"}, {"window": "1h", "short": "5m"}, {}]},
            [
                "BB108 windows[0].short: 'short' is missing; write short: 5m, or window in place of long",
                "BB108 windows[1].long: 'long' is missing; write long: 1h",
                (
                    "BB111 windows[2].short: 'short' stands beside 'window', which is a single one; "
                    "write long and short, or window alone"
                ),
                "BB105 windows[3]: there is no window in it; write {long: 1h, short: 5m}, or {window: 1h}",
            ],
        ),
        (
            {"windows": [{"long": "1h", "short": "5 min"}]},
            ["BB106 windows[0].short: '5 min' is not a duration; write 5m"],
        ),
        ({"factors": [0]}, ["BB106 factors[0]: a factor of 0 is always passed; write one above 0"]),
        (
            {"factors": [-1]},
            ["BB106 factors[0]: '-1' is not a burn rate; write how many times faster than allowed, as in 14.4"],
        ),
        ({"factors": []}, ["BB105 factors: the list is empty; write factors: [1, 3, 6, 14.4]"]),
        (
            {"factors": {"from": 6, "to": 6, "steps": 2}},
            ["BB106 factors.to: the range of factors begins at '6' and ends at '6'; write a 'to' that is above 'from'"],
        ),
        (
            {"factors": {"from": 1, "to": 6, "steps": 1}},
            ["BB106 factors.steps: '1' is not a number of steps; write a whole number from 2 to 100000"],
        ),
        (
            {"factors": {"from": 1, "to": 6, "steps": 100_001}},
            ["BB106 factors.steps: '100001' is not a number of steps; write a whole number from 2 to 100000"],
        ),
        (
            {"factors": {"from": 1, "to": 6, "steps": 3, "scale": "lin"}},
            ["BB106 factors.scale: unknown word 'lin'; did you mean 'linear'?"],
        ),
        ({"factors": {"from": 1, "to": 6}}, ["BB108 factors.steps: 'steps' is missing; write steps: 50"]),
        ({"for": []}, ["BB105 for: the list is empty; write for: [0s, 2m]"]),
        ({"for": ["2m", "120s"]}, ["BB113 for[1]: '120s' is in the list already, as '2m'; keep one of the two"]),
        ({"for": ["0s", "0s"]}, ["BB113 for[1]: '0s' is in the list already; keep one of the two"]),
        ({"for": {"long": "1h"}}, ["BB105 for: expected a value, found a mapping; write for: [0s, 2m]"]),
        ({"min_bad": [1, [2]]}, ["BB105 min_bad[1]: expected a value, found a list; write min_bad: [0, 3]"]),
        ({"targets": "99%"}, ["BB105 targets: expected a list, found '99%'; write targets: [99%, 99.9%]"]),
        ({"targets": [1]}, ["BB106 targets[0]: a target of 1 leaves no error budget; write less, such as 99.99%"]),
        ({"targets": [0]}, ["BB106 targets[0]: a target of 0 promises nothing; write more, such as 99%"]),
        (
            {"targets": ["p95 < 1s"]},
            [
                (
                    "BB106 targets[0]: 'p95 < 1s' holds a threshold, which is the indicator's; "
                    "write the share alone, as in 95%"
                )
            ],
        ),
        ({"spec": {}}, ["BB103 spec: unknown field 'spec'; documents are flat: move its fields one level up"]),
    ],
)
def test_what_no_grid_can_hold_is_told_with_its_remedy(words: dict[str, Any], said: list[str]) -> None:
    assert complaints(**words) == said


def test_every_error_is_told_at_once_with_its_line(tmp_path: Path) -> None:
    wrong = GRID.replace("28d", "28").replace("6x]", "0]").replace("90s", "2m").replace("0.9995", "100%")
    with pytest.raises(SpecError) as raised:
        load_grid(written(tmp_path, wrong.replace("op: gte", "op: ge")))
    assert [(one.line, one.path) for one in raised.value.findings] == [
        (5, "period"),
        (7, "factors[2]"),
        (8, "for[2]"),
        (12, "targets[1]"),
        (13, "op"),
    ]


def test_the_published_schema_is_current() -> None:
    text = json.dumps(schema("AlertPolicyGrid"), indent=2, ensure_ascii=False) + "\n"
    assert PUBLISHED.read_text(encoding="utf-8") == text, "write backburn.document.schema('AlertPolicyGrid') to it"


def test_the_schema_takes_grids_and_refuses_what_we_refuse() -> None:
    Draft202012Validator.check_schema(schema("AlertPolicyGrid"))
    validator = Draft202012Validator(schema("AlertPolicyGrid"))
    for text in (GRID, default_text()):
        (node,) = compose(text, "grid.yaml", Notes())
        assert not list(validator.iter_errors(plain(node)))
    good = {"apiVersion": "backburn/v1", "kind": "AlertPolicyGrid", "metadata": {"name": "mine"}, **SMALL}
    right: list[dict[str, Any]] = [
        {},
        {"factors": "all"},
        {"factors": {"from": 1, "to": 6.5, "steps": 3}},
        {"min_bad": [0, 3], "min_rate": [0, "1/s"], "for": "0s", "targets": [0.99, "99.9%"]},
    ]
    for change in right:
        assert validator.is_valid({**good, **change}), change
        load_grid({**good, **change})
    wrong: list[dict[str, Any]] = [
        {"windows": []},
        {"windows": [{"long": "1 h"}]},
        {"windows": [{"longer": "1h"}]},
        {"factors": []},
        {"factors": [0]},
        {"factors": 6},
        {"factors": "al"},
        {"factors": {"from": 1, "to": 6}},
        {"factors": {"from": 1, "to": 6, "steps": 1}},
        {"factors": {"from": 1, "to": 6, "steps": 3, "scale": "square"}},
        {"for": []},
        {"min_bad": -1},
        {"min_rate": 10},
        {"targets": "99%"},
        {"targets": [1]},
        {"op": "ge"},
        {"spec": {}},
    ]
    for change in wrong:
        assert not validator.is_valid({**good, **change}), change
        with pytest.raises(SpecError):
            load_grid({**good, **change})

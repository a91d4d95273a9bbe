"""Pictures of tuning: which points there are, where words stand, and what chance would have found."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import combinations
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st
from made_tuning import GRID, SPEC, START, traffic, write

import backburn
from backburn.cli.program import program
from backburn.plot.places import Spot, placed
from backburn.plot.policies import CHOICE, FRONT, KNOWN
from backburn.plot.tune import chart

if TYPE_CHECKING:
    from pathlib import Path

    from backburn import Tuning

pytest.importorskip("altair")
pytest.importorskip("vl_convert")


def tuned(weeks: float = 5, **asked: Any) -> Tuning:
    rows, labels = traffic(weeks)
    data = {name: [row[name] for row in rows] for name in rows[0]}
    data["timestamp"] = [datetime.fromisoformat(moment) for moment in data["timestamp"]]
    return backburn.tune(SPEC, data, grid=GRID, labels=labels, **asked)


@pytest.fixture(scope="module")
def found() -> Tuning:
    return tuned()


def layers(made: dict[str, Any], panel: int, mark: str) -> list[dict[str, Any]]:
    """The layers of a panel with a mark, with their records."""
    whole = made["vconcat"][panel]
    told = [layer for layer in whole["layer"] if layer["mark"]["type"] == mark]
    found = []
    for layer in told:
        data = layer.get("data") or whole["data"]
        found.append(layer | {"records": made["datasets"][data["name"]] if "name" in data else data["values"]})
    return found


def points(made: dict[str, Any], panel: int) -> list[dict[str, Any]]:
    first, *others = layers(made, panel, "point")
    # Two layers share the points, those with a time to detection and those without.
    assert all(other["records"] == first["records"] for other in others)
    filters = [layer["transform"][0]["filter"] for layer in (first, *others)]
    assert sorted(filters) == ["!isValid(datum.seconds)", "isValid(datum.seconds)"]
    return list(first["records"])


def words(made: dict[str, Any], panel: int) -> list[str]:
    told = layers(made, panel, "text")
    return [record["words"] for layer in told if "fill" in layer["encoding"] for record in layer["records"]]


def test_the_front_the_choice_and_the_catalogue_are_points(found: Tuning) -> None:
    made = chart(found)
    assert found.chosen is not None
    earlier, later = points(made, 0), points(made, 1)
    choice = found.chosen.point
    front = [point for point in found.front if point.words != choice.words]
    assert [one["policies"] for one in earlier if one["kind"] == FRONT] == [point.words for point in front]
    assert FRONT not in {one["kind"] for one in later}
    for told, metrics in ((earlier, choice.train), (later, choice.holdout)):
        assert metrics is not None
        (one,) = (one for one in told if one["kind"] == CHOICE)
        assert (one["pages"], one["recall"]) == (metrics.pages_per_week, metrics.recall)
        assert one["size"] > max(other["size"] for other in told if other is not one)
        assert told[-1] is one, "the choice lies on top"
        known = ", ".join(other["policies"] for other in told if other["kind"] == KNOWN).split(", ")
        assert sorted(known) == sorted(point.words for point in found.catalogue)
    titles = [panel["title"]["text"] for panel in made["vconcat"]]
    assert titles == ["The earlier part, on which policies were chosen", "The later part, held out"]
    assert made["title"]["text"] == "shop"


def test_policies_at_the_same_place_share_their_words(found: Tuning) -> None:
    (first, *_) = found.catalogue
    same = [replace(first, words=name) for name in ("google-30d", "a", "b", "c", "d")]
    later = replace(first, words="e", train=replace(first.train, detection_p50=86_400.0))
    noisy = replace(first, words="f", train=replace(first.train, noisy=True, true_pages=first.train.true_pages + 7))
    made = chart(replace(found, catalogue=(*same, later, noisy)))
    told = [one for one in words(made, 0) if not one.startswith("the choice")]
    assert sorted(told) == ["f (noisy)", "google-30d, a, b and 3 more"]
    # What is sooner lies on top of what is later, and each has a point.
    known = [one["policies"] for one in points(made, 0) if one["kind"] == KNOWN]
    assert known == ["e", "google-30d, a, b, c, d", "f"]


def test_the_line_is_the_most_recall_with_no_more_pages(found: Tuning) -> None:
    (line,) = layers(chart(found), 0, "line")
    corners = [(one["pages"], one["recall"]) for one in line["records"]]
    known = [(point.train.pages_per_week, point.train.recall) for point in found.front]
    for pages, recall in known:
        assert max(high for at, high in corners if at <= pages) >= recall
    assert set(corners) <= set(known)
    assert corners == sorted(corners)
    assert [recall for _, recall in corners] == sorted({recall for _, recall in corners})
    assert not layers(chart(found), 1, "line")


def test_chance_stands_where_the_choice_does(found: Tuning) -> None:
    made = chart(found)
    assert found.chosen is not None
    chance = found.chosen.score.random
    assert chance is not None
    (bar,) = (one for one in layers(made, 1, "rule") if "high" in one["records"][0])
    (tick,) = layers(made, 1, "tick")
    (one,) = bar["records"]
    assert found.chosen.point.holdout is not None
    assert one["pages"] == found.chosen.point.holdout.pages_per_week
    assert (one["low"], one["recall"], one["high"]) == (chance.recall.low, chance.recall.value, chance.recall.high)
    assert tick["records"] == bar["records"]
    assert any(told.startswith("by chance ") for told in words(made, 1))
    assert not layers(made, 0, "tick")


@pytest.mark.parametrize(
    ("pages", "kind"),
    [((10, 20, 40), "linear"), ((1, 20, 400), "log"), ((0, 20, 400), "symlog"), ((0, 0, 0), "linear")],
)
def test_the_axis_of_pages_is_as_wide_as_they_are(found: Tuning, pages: tuple[int, ...], kind: str) -> None:
    (first, *_) = found.catalogue

    def with_pages(count: int) -> Any:
        did = replace(first.train, true_pages=count, false_pages=0, unsure_pages=0)
        return replace(first, words=f"p{count}", train=did, holdout=did)

    made = chart(replace(found, chosen=None, front=(), catalogue=tuple(map(with_pages, pages))))
    scales = [panel["layer"][0]["encoding"]["x"]["scale"] for panel in made["vconcat"]]
    assert [scale["type"] for scale in scales] == [kind, kind]
    foot, top = scales[0]["domain"]
    assert all(foot <= one["pages"] <= top for one in points(made, 0))
    assert scales[0]["domain"] == scales[1]["domain"]


def test_nothing_chosen_still_gives_a_picture(tmp_path: Path) -> None:
    for few in (tuned(1.2), tuned(max_pages_per_week=0.1, min_recall="90%"), tuned(1, train="90%")):
        assert few.chosen is None
        made = chart(few)
        assert json.loads(json.dumps(made, allow_nan=False)) == made
        assert few.reason is not None
        assert few.reason[1:] in made["title"]["subtitle"][1]
        assert made["vconcat"][0]["title"]["text"] == "The earlier part"
        assert CHOICE not in {one["kind"] for panel in (0, 1) for one in points(made, panel)}
        backburn.draw(few, tmp_path / "a.svg")
        assert "pages a week" in (tmp_path / "a.svg").read_text(encoding="utf-8")


def test_pictures_are_written(found: Tuning, tmp_path: Path) -> None:
    for ending, begins in ((".html", b"<!DOCTYPE html>"), (".svg", b"<svg"), (".png", b"\x89PNG")):
        backburn.draw(found, tmp_path / f"a{ending}")
        assert (tmp_path / f"a{ending}").read_bytes().startswith(begins)
    drawing = (tmp_path / "a.svg").read_text(encoding="utf-8")
    assert found.chosen is not None
    choice = found.chosen.point.words.replace(">", "&gt;")
    for told in (
        "recall",
        "pages a week",
        "detection p50",
        "google-30d",
        "by chance",
        "held out",
        f"the choice: {choice}",
    ):
        assert told in drawing
    with pytest.raises(backburn.UsageError, match="a tuning shows no incidents"):
        backburn.draw(found, tmp_path / "a.svg", [(START, START + timedelta(hours=1), "INC-1")])


def test_the_verb_draws(tmp_path: Path) -> None:
    outcome = CliRunner().invoke(program, [*write(tmp_path), "--plot", str(tmp_path / "a.png"), "--quiet"])
    assert outcome.exit_code == 0
    assert (tmp_path / "a.png").read_bytes().startswith(b"\x89PNG")


WIDTH, HEIGHT = 400.0, 300.0
SPOTS = st.builds(
    Spot,
    across=st.floats(20, WIDTH - 20),
    up=st.floats(20, HEIGHT - 20),
    words=st.sampled_from(["", "nobl9", "sloth-28d", "workbook-5"]),
)


@given(st.lists(SPOTS, max_size=6))
def test_few_words_never_cover_each_other_and_stay_inside(spots: list[Spot]) -> None:
    found = placed(spots, WIDTH, HEIGHT)
    assert [one.words for one in found] == [spot.words for spot in spots if spot.words]
    boxes = [one.box for one in found]
    for one, other in combinations(boxes, 2):
        wide = min(one[2], other[2]) - max(one[0], other[0])
        high = min(one[3], other[3]) - max(one[1], other[1])
        assert wide <= 1e-9 or high <= 1e-9
    assert all(left >= 0 and right <= WIDTH and low >= 0 and high <= HEIGHT for left, low, right, high in boxes)


def test_words_in_a_crowd_are_all_there() -> None:
    spots = [Spot(across=200, up=150, words=f"policy-{number}") for number in range(20)]
    assert len(placed(spots, WIDTH, HEIGHT)) == 20
    alone = placed([Spot(across=380, up=150, words="a long name of a policy")], WIDTH, HEIGHT)
    assert [one.align for one in alone] == ["right"]


def test_zones_of_titles_are_told(found: Tuning) -> None:
    begins = datetime.fromtimestamp(found.train.start / 1e6, UTC)
    assert chart(found)["vconcat"][0]["title"]["subtitle"].startswith(f"{begins:%Y-%m-%d %H:%M} to ")

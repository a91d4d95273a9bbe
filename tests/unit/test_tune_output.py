"""What a person sees of a tuned policy: sentences, tables, rows, and files."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner
from made_tuning import SPEC, START, write

import backburn
from backburn.alerts.tuning.claims import Claim, Comparison
from backburn.cli.program import program
from backburn.output import Look, render
from backburn.output.choice import sentences
from backburn.output.tune import MOST, answer

if TYPE_CHECKING:
    from pathlib import Path

    from backburn import Tuning


def run(*words: str) -> Any:
    return CliRunner().invoke(program, list(words))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("tune")
    write(made)
    return made


def tuned(folder: Path, **asked: Any) -> Tuning:
    place = {"grid": str(folder / "grid.yaml"), "labels": str(folder / "labels.csv")}
    return backburn.tune(SPEC, str(folder / "log.csv"), **(place | asked))


@pytest.fixture(scope="module")
def found(folder: Path) -> Tuning:
    return tuned(folder)


def shown(found: Tuning, form: str = "table", width: int | None = None) -> str:
    return render(answer(found), form, Look(width=width))


def block(text: str, title: str) -> list[str]:
    """Give the lines of the table under a title."""
    return text[text.index(title) :].split("\n\n")[1].splitlines()


def test_the_page_begins_with_the_choice_and_how_it_did(found: Tuning) -> None:
    policy, did, claim = sentences(found)
    assert found.chosen is not None
    own = found.chosen.point.holdout
    known = next(point.holdout for point in found.catalogue if point.words == "google-30d")
    assert own is not None
    assert known is not None
    assert policy.startswith("Page when the burn rate is above ")
    assert f"detects {own.detected} of {own.events} events (google-30d: {known.detected} of {known.events})" in did
    assert claim.startswith("No improvement over google-30d may be claimed yet: ")
    assert "are fewer than the 8 that it takes to tell" in claim
    page = shown(found)
    assert page.index(policy) < page.index(did) < page.index(claim) < page.index("Held out")


def test_the_choice_is_told_in_plain_words(found: Tuning) -> None:
    assert found.chosen is not None
    point = replace(found.chosen.point, words="other")
    document = {
        "apiVersion": "backburn/v1",
        "kind": "AlertPolicy",
        "metadata": {"name": "mine"},
        "alerts": [
            {
                "name": "page",
                "severity": "page",
                "op": "gte",
                "for": "2m",
                "min_bad": 3,
                "any": [{"long": "1h", "short": "5m", "factor": 14.4}, {"window": "10m", "factor": 20}],
            },
            {"name": "ticket", "severity": "ticket", "any": [{"window": "3d", "factor": 1}]},
        ],
    }
    policy = backburn.load_policy(document)
    first, *_ = sentences(replace(found, chosen=replace(found.chosen, policy=policy, point=point)))
    assert first == (
        "Page when the burn rate is at least 14.4 over both 1h and 5m or at least 20 over 10m, for 2m, with at least "
        "3 bad rows; open a ticket, while no page fires, when the burn rate is above 1 over 3d."
    )


def claimed(found: Tuning, *claims: Claim, enough: bool = True, not_worse: bool = True) -> str:
    one = Comparison(policy="google-30d", claims=claims, not_worse=not_worse, enough=enough)
    return list(sentences(replace(found, comparisons=(one,))))[-1]


def claim(
    difference: float, low: float | None, high: float | None, needed: int | None, metric: str = "recall"
) -> Claim:
    return Claim(metric=metric, difference=difference, low=low, high=high, needed=needed)


def test_an_improvement_is_claimed_with_its_interval(found: Tuning) -> None:
    assert claimed(found, claim(0.25, 0.1, 0.4, 9), claim(0.1, -0.1, 0.3, 40, "precision")) == (
        "An improvement over google-30d may be claimed: recall +0.25 (95 %: +0.1 to +0.4); and nothing is worse."
    )


def test_what_is_not_sure_says_how_many_weeks_would_do(found: Tuning) -> None:
    unsure = claimed(found, claim(0.25, -0.1, 0.6, 31), claim(-0.5, -1, 0.1, 12, "precision"))
    assert "it may be chance" in unsure
    # Weeks that would prove something worse are no hope.
    assert unsure.endswith("if the difference in recall (+0.25) stays, some 31 weeks would prove it.")
    few = claimed(found, claim(0.25, None, None, 1_240), enough=False)
    assert "are fewer than the 8 that it takes to tell" in few
    assert few.endswith("some 1,240 weeks would prove it.")
    fewer_pages = claimed(found, claim(-1.5, -4, 0.5, 16, "pages_per_week"))
    assert fewer_pages.endswith("if the difference in pages a week (-1.5) stays, some 16 weeks would prove it.")
    assert claimed(found, claim(-0.1, -1, 0.1, 12)).endswith("no difference is seen that more weeks would prove.")


def test_what_is_worse_is_named_with_both_values(found: Tuning) -> None:
    assert found.chosen is not None
    held = found.chosen.point.holdout
    assert held is not None
    known = tuple(
        replace(point, holdout=replace(held, budget_lost=held.budget_lost - 1e-4 * held.events, detection_p50=None))
        if point.words == "google-30d"
        else point
        for point in found.catalogue
    )
    told = claimed(replace(found, catalogue=known), claim(0.25, 0.1, 0.4, 9), not_worse=False)
    assert told.startswith("No improvement over google-30d may be claimed: it is worse by spent unseen (")
    own, other = told.split("(", 1)[1].removesuffix(").").split(" against ")
    assert own != other


def test_without_the_baseline_only_what_is_better_is_named(found: Tuning) -> None:
    better = Comparison(policy="nobl9", claims=(claim(0.25, 0.1, 0.4, 9),), not_worse=True, enough=True)
    other = Comparison(policy="elastic", claims=(), not_worse=False, enough=True)
    told = list(sentences(replace(found, baseline=None, comparisons=(other, better))))
    assert told[-2] == "google-30d does not fit these data, so the choice is held against all policies that do."
    assert told[-1].startswith("An improvement over nobl9 may be claimed")
    told = list(sentences(replace(found, baseline=None, comparisons=(other, other))))
    assert told[-1].startswith("No improvement over any of the 2 may be claimed from ")


def test_policies_stand_side_by_side_on_both_parts(found: Tuning) -> None:
    page = shown(found)
    held, earlier = block(page, "Held out, the choice"), block(page, "On the earlier part, where")
    names = [line.split("  ")[0] for line in held]
    assert names[1:3] == ["the choice", "google-30d"]
    assert names == [line.split("  ")[0] for line in earlier]
    # Every policy of the catalogue is told of, if only as one that did the same.
    assert all(point.words in page for point in found.catalogue)
    assert "the same as google-30d, on both parts: " in page
    assert found.chosen is not None
    did = found.chosen.point.train
    assert f"{did.detected} of {did.events}" in earlier[1]
    assert block(page, "One step away in the grid")[1].endswith("the choice")
    assert "by chance: the same pages at other times" in page
    assert "a page is the alerts of severity page of one service" in page


def test_a_long_front_is_thinned_and_keeps_its_ends_and_the_choice(found: Tuning) -> None:
    (first, *_) = found.front
    assert found.chosen is not None
    long = [replace(first, words=f"1h > {number}") for number in range(40)]
    long[5] = replace(first, words=found.chosen.point.words)
    page = shown(replace(found, front=tuple(long)))
    rows = block(page, "The front on the earlier part")[1:]
    assert f"{MOST} of its 40" in page
    assert len(rows) == MOST
    assert rows[0].startswith("1h > 0 ")
    assert rows[-1].startswith("1h > 39 ")
    assert [row.endswith("the choice") for row in rows].count(True) == 1


def test_a_page_fits_a_hundred_columns(found: Tuning) -> None:
    assert max(map(len, shown(found, width=100).splitlines())) <= 100


def test_few_events_cannot_choose(folder: Path) -> None:
    few = tuned(folder, end=(START + timedelta(days=8)).isoformat())
    page = shown(few)
    assert few.chosen is None
    assert "The data cannot choose: the " in page
    assert "events that are needed" in page
    assert "Page when" not in page
    assert page.rstrip().splitlines()[-1].startswith("Nothing was chosen")


def test_limits_that_nothing_keeps_say_which_one_binds(folder: Path) -> None:
    none = tuned(folder, max_pages_per_week=0.1, min_recall="90%")
    page = shown(none)
    assert "No policy keeps the limits." in page
    assert "asked for: max_pages_per_week 0.1, min_recall 90%" in page
    assert "max_pages_per_week 0.1: with min_recall 90% the nearest has pages_per_week" in page
    # What is known of others is shown all the same.
    assert "google-30d" in page
    assert "The front on the earlier part" in page


def test_rows_are_the_front_the_choice_and_the_catalogue(found: Tuning, tmp_path: Path) -> None:
    rows = list(csv.DictReader(io.StringIO(shown(found, "csv"))))
    assert found.chosen is not None
    choice = found.chosen.point.words
    front, catalogue = ([point.words for point in of] for of in (found.front, found.catalogue))
    between = [] if choice in front else [choice]
    assert [row["policy"] for row in rows] == [*front, *between, *catalogue]
    assert [row["policy"] for row in rows if row["chosen"] == "true"] == [choice]
    assert {row["kind"] for row in rows} >= {"front", "catalogue"}
    held = {row["policy"]: row["holdout_recall"] for row in rows}
    assert held["google-30d"] != ""
    assert held[choice] != ""
    assert all(held[words] == "" for words in front if words != choice)
    table = found.to_pyarrow()
    assert table.num_rows == len(rows)
    assert table.column_names == list(rows[0])
    assert json.loads(shown(found, "json")) == found.to_dict()
    lines = b"".join(answer(found).pieces["ndjson"]()).splitlines()
    assert [json.loads(line)["policy"] for line in lines] == [row["policy"] for row in rows]
    answer(found).files["parquet"](str(tmp_path / "a.parquet"))
    import pyarrow.parquet as pq

    assert pq.read_table(tmp_path / "a.parquet").equals(table)


def test_markdown_has_the_same_tables(found: Tuning) -> None:
    page = shown(found, "md")
    assert "| policy | detected | recall | precision | pages a week | detection p50 | spent unseen |" in page
    assert "| the choice | " in page


def test_the_verb_saves_a_policy_that_can_be_run(tmp_path: Path) -> None:
    words = write(tmp_path)
    saved = tmp_path / "policy.yaml"
    outcome = run(*words, "--train", "60%", "--save-policy", str(saved), "--quiet")
    assert outcome.exit_code == 0
    assert "Page when the burn rate is above " in outcome.stdout
    policy = backburn.load_policy(str(saved))
    replayed = backburn.backtest(SPEC, str(tmp_path / "log.csv"), policy=policy, labels=str(tmp_path / "labels.csv"))
    assert replayed.alerts
    assert policy.name == "tuned-availability"
    assert saved.read_text(encoding="utf-8").startswith("# Chosen for shop ")


def test_the_verb_writes_no_policy_where_nothing_was_chosen(tmp_path: Path) -> None:
    words = write(tmp_path, weeks=1)
    saved = tmp_path / "policy.yaml"
    outcome = run(*words, "--save-policy", str(saved))
    assert outcome.exit_code == 2
    assert "The data cannot choose: " in outcome.stdout
    assert "error: there is no policy to save: the data cannot choose: " in outcome.stderr
    assert not saved.exists()


def test_the_verb_writes_rows_and_refuses_wrong_files_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    words = write(tmp_path, weeks=1)
    assert run(*words, "-o", str(tmp_path / "a.parquet"), "--quiet").exit_code == 0
    assert (tmp_path / "a.parquet").read_bytes().startswith(b"PAR1")
    assert run(*words, "-o", str(tmp_path / "a.ndjson"), "--quiet").exit_code == 0
    lines = (tmp_path / "a.ndjson").read_text(encoding="utf-8").splitlines()
    assert {json.loads(line)["chosen"] for line in lines} == {False}
    assert "google-30d" in {json.loads(line)["policy"] for line in lines}

    def never(*_: Any, **__: Any) -> None:
        raise AssertionError("nothing is to be computed")

    monkeypatch.setattr("backburn.tune", never)
    for option, message in (("--plot", "names no picture"), ("-o", "names no format")):
        refused = run(*words, option, str(tmp_path / "a.pdf"))
        assert refused.exit_code == 2
        assert message in refused.stderr

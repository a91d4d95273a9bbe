"""Labels of incidents: what a file may hold, and where a label holds."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from made_labels import BY, DAY, EMPTY, HEAD, HOUR, MIDNIGHT, ROW, SPAN, read, rows, said, written

from backburn.events import Label, Labels, applies

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path


def test_every_column_of_a_label_is_read() -> None:
    row = {
        "id": "INC-1",
        "kind": "outage",
        "service": "shop",
        "route": "/pay",
        "start": "2025-10-15T02:00:00+02:00",
        "end": "2025-10-15T01:00:00.000001Z",
        "severity": "page",
        "class": "slow-burn",
        "source": "postmortem",
        "objective": "latency-p95",
    }
    found = read([row])
    assert found.labels == (
        Label(
            id="INC-1",
            kind="incident",
            start=MIDNIGHT,
            end=MIDNIGHT + HOUR + 1,
            where={"service": "shop", "route": "/pay"},
            objective="latency-p95",
            severity="page",
            category="slow-burn",
            source="postmortem",
        ),
    )
    assert (found.labels[0].line, found.left_out, found.notes, found.name) == (1, {}, (), "labels")


def test_what_is_empty_holds_for_everything() -> None:
    columns = ("id", "kind", "service", "route", "severity", "class", "source", "objective")
    empty = read(rows(dict.fromkeys(columns, " "), dict.fromkeys(columns), {}, {"service": float("nan")})).labels
    assert empty == (Label(start=MIDNIGHT, end=MIDNIGHT + HOUR),) * 4


def month() -> list[dict[str, str]]:
    """Twenty-four labels as a team would have written them, in the zones of three offices."""
    zones = [UTC, timezone(timedelta(hours=2)), timezone(-timedelta(hours=7, minutes=30))]
    return [
        {
            "id": f"INC-{number:02}",
            "kind": ("incident", "fault", "outage", "unsure")[number % 4],
            "service": ("shop", "payments", "")[number % 3],
            "start": (DAY + timedelta(hours=30 * number)).astimezone(zones[number % 3]).isoformat(),
            "end": (DAY + timedelta(hours=30 * number, minutes=45)).astimezone(zones[(number + 1) % 3]).isoformat(),
            "severity": "page",
            "class": 'outage, "total"\nand long' if number == 7 else "slow-burn",
            "source": "postmortem",
        }
        for number in range(24)
    ]


def as_csv(labels: Sequence[Mapping[str, str]], end: str = "\n") -> str:
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, HEAD.split(","), lineterminator=end)
    writer.writeheader()
    writer.writerows(labels)
    return text.getvalue()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("incidents.csv", as_csv(month())),
        ("INCIDENTS.CSV", as_csv(month(), "\r\n")),
        ("incidents.csv", "\ufeff" + as_csv(month(), "\r\n")),
        ("incidents.csv", as_csv(month(), "\n\n") + "\n,,,,,,,\n\n"),
        ("incidents.csv", as_csv(month()).replace("shop", "  shop\t")),
        ("incidents.json", json.dumps(month())),
        ("incidents.json", "\ufeff" + json.dumps({"labels": month()}, indent=2)),
        ("incidents.ndjson", "\n".join(json.dumps(label) for label in month())),
        ("incidents.jsonl", "\r\n\r\n".join(json.dumps(label) for label in month()) + "\r\n"),
    ],
    ids=["csv", "crlf", "mark", "blank-lines", "blanks", "json", "under-labels", "ndjson", "jsonl"],
)
def test_a_month_reads_alike_in_every_form(name: str, content: str, tmp_path: Path) -> None:
    path = written(tmp_path, content, name)
    found = read(path)
    assert found.name == str(path)
    assert found.labels == read(month()).labels
    assert [label.start for label in found.labels] == [MIDNIGHT + 30 * HOUR * number for number in range(24)]
    assert {label.end - label.start for label in found.labels} == {HOUR * 3 // 4}
    assert [label.kind for label in found.labels] == ["incident", "incident", "incident", "unsure"] * 6
    assert [label.where for label in found.labels] == [{"service": "shop"}, {"service": "payments"}, {}] * 8
    assert found.labels[7].category == 'outage, "total"\nand long'


def test_a_label_knows_its_line_behind_values_of_several_lines(tmp_path: Path) -> None:
    lines = [label.line for label in read(written(tmp_path, as_csv(month(), "\r\n"))).labels]
    assert lines == [*range(2, 10), *range(11, 27)]
    assert [label.line for label in read(month()).labels] == list(range(1, 25))
    assert [label.line for label in read(written(tmp_path, f"\n{json.dumps(SPAN)}\n", "a.ndjson")).labels] == [2]


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("2025-10-15T00:00:00Z", 0),
        ("2025-10-15 00:00z", 0),
        ("2025-10-14t20:00:00.5-04:00", 500_000),
        ("2025-10-15T05:45:00.000001+05:45", 1),
        (datetime(2025, 10, 15, 2, tzinfo=timezone(timedelta(hours=2))), 0),
    ],
)
def test_a_time_says_its_zone(written: object, expected: int) -> None:
    (label,) = read(rows({"start": written})).labels
    assert label.start == MIDNIGHT + expected


def test_columns_and_commas_without_anything_are_no_matter(tmp_path: Path) -> None:
    text = "start,,end,,\n2025-10-15T00:00:00Z,,2025-10-15T01:00:00Z,,,,\n"
    assert read(written(tmp_path, text)).labels == (Label(start=MIDNIGHT, end=MIDNIGHT + HOUR),)


@pytest.mark.parametrize("by", [(), ("service",), BY])
def test_a_column_like_no_other_is_left_out_with_a_note(by: tuple[str, ...]) -> None:
    words = ("title", "state", "impact", "duration", "url", "team")
    row = dict.fromkeys((*HEAD.split(",")[5:], "id", "service", "route", "objective")) | dict.fromkeys(words, "x")
    found = read(rows(row), (*by, "route"))
    assert len(found.labels) == 1
    assert found.notes == tuple(
        f"the column {word!r} is left out: no document tells series apart by it" for word in words
    )


def test_a_label_of_series_named_as_a_word_of_incidents_is_never_asked_for() -> None:
    found = read(rows({"class": "slow-burn"}), ("service", "class", "severity"))
    assert (found.labels[0].where, found.labels[0].category) == ({}, "slow-burn")
    assert found.notes == (
        "the column 'class' tells of the incident, and its labels hold for every 'class' of the series",
    )


def test_deploys_and_maintenance_are_counted_and_left_out() -> None:
    others: list[dict[str, object]] = [
        {"id": 1, "kind": "deploy", "start": "2025-10-15", "end": ""},
        {"kind": "maintenance"},
        {"kind": "deploy"},
    ]
    found = read(rows({"id": 1}, *others))
    assert len(found.labels) == 1
    assert found.left_out == {"deploy": 2, "maintenance": 1}
    assert found.notes == ("3 rows (2 of kind deploy, 1 of kind maintenance) left out: only incidents are scored",)


def test_spans_of_which_nobody_knows_are_no_incidents() -> None:
    found = read(rows({"kind": "unsure"}))
    assert [label.kind for label in found.labels] == ["unsure"]
    assert found.notes == ("no label is an incident: there is nothing that could be detected",)


def test_overlapping_labels_are_allowed_and_ids_may_be_missing() -> None:
    assert len(read(rows({}, {}, {"id": "a"}, {"id": "b"})).labels) == 4


def test_values_that_are_no_text_are_read_as_they_are_written(tmp_path: Path) -> None:
    values = {"id": 7, "service": True, "route": Decimal("1.50"), "severity": 2.5, "class": DAY.date()}
    (label,) = read(rows(values)).labels
    assert (label.id, label.where, label.severity, label.category) == (
        "7",
        {"service": "true", "route": "1.50"},
        "2.5",
        "2025-10-15",
    )
    (label,) = read(written(tmp_path, f'[{ROW[:-1]}, "service": 1.50, "route": false}}]', "a.json")).labels
    assert label.where == {"service": "1.50", "route": "false"}


def test_rows_of_a_frame_are_labels() -> None:
    pandas = pytest.importorskip("pandas")
    times = pandas.to_datetime(["2025-10-15T02:00:00+02:00", "2025-10-15T03:00:00+02:00"])
    frame = pandas.DataFrame({"service": ["shop", None], "start": times[0], "end": [times[1], pandas.NaT]})
    records = frame.to_dict("records")
    assert read(records[:1]).labels == (Label(start=MIDNIGHT, end=MIDNIGHT + HOUR, where={"service": "shop"}),)
    assert said(records) == [
        "[1].end: the label has no end; write when it ended; for one that goes on, the end of the data"
    ]


def test_labels_that_were_read_before_are_looked_at_again() -> None:
    before = read(rows({"objective": "availability"}))
    assert read(before) is before
    assert said(before, objectives=("available",)) == [
        "labels labels[0].objective: no document has an objective 'availability'; did you mean 'available'?"
    ]
    assert said(Labels(labels=())) == [f"labels: there is no label in it; {EMPTY}"]


@pytest.mark.parametrize(
    ("where", "objective", "series", "expected"),
    [
        ({}, None, {}, True),
        ({}, None, {"service": "shop", "route": None}, True),
        ({"service": "shop"}, None, {"service": "shop", "route": "/pay"}, True),
        ({"service": "shop"}, None, {"service": "payments", "route": "/pay"}, False),
        ({"service": "shop"}, None, {"service": "Shop"}, False),
        ({"service": "shop"}, None, {"service": None}, False),
        ({"service": "shop", "route": "/pay"}, None, {"service": "shop", "route": "/pay"}, True),
        ({"service": "shop", "route": "/pay"}, None, {"service": "shop", "route": "/cart"}, False),
        ({"service": "shop", "route": "/pay"}, None, {"service": "payments", "route": "/pay"}, False),
        ({"service": "shop", "route": "/pay"}, None, {"service": "shop"}, True),
        ({"service": "shop", "route": "/pay"}, None, {"service": "payments"}, False),
        ({"service": "shop", "route": "/pay"}, None, {}, True),
        ({"service": "shop"}, "availability", {"service": "shop"}, True),
        ({"service": "shop"}, "latency-p95", {"service": "shop"}, False),
        ({"service": "payments"}, "availability", {"service": "shop"}, False),
    ],
)
def test_a_label_applies_where_its_columns_and_objective_agree(
    where: dict[str, str], objective: str | None, series: dict[str, str | None], expected: object
) -> None:
    label = Label(start=0, end=1, where=where, objective=objective)
    assert applies(label, series, "availability") is expected


def test_labels_cannot_be_changed() -> None:
    found = read(month())
    with pytest.raises(AttributeError):
        found.labels[0].start = 0  # type: ignore[misc]
    with pytest.raises(AttributeError):
        found.labels = ()  # type: ignore[misc]

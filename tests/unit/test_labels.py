"""Labels of incidents: what a file may hold, what is said about one that is wrong, and where a label holds."""

from __future__ import annotations

import csv
import io
import json
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backburn.errors import DataAccessError, DataNotFoundError, SpecError, UsageError
from backburn.events import Label, Labels, applies, read_labels

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

BY = ("service", "route")
OBJECTIVES = ("availability", "latency-p95")
HOUR = 3_600_000_000
DAY = datetime(2025, 10, 15, tzinfo=UTC)
MIDNIGHT = 1_760_486_400_000_000
"""The beginning of 2025-10-15 in UTC."""
HEAD = "id,kind,service,start,end,severity,class,source"
SPAN = {"start": "2025-10-15T00:00:00Z", "end": "2025-10-15T01:00:00Z"}


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    def to(content: str | bytes, name: str = "incidents.csv") -> Path:
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return to


def read(asked: Any, by: Sequence[str] = BY, objectives: Sequence[str] = OBJECTIVES) -> Labels:
    return read_labels(asked, by, objectives)


def rows(*changes: Mapping[str, object]) -> list[dict[str, object]]:
    return [{**SPAN, **change} for change in changes]


def said(asked: Any, by: Sequence[str] = BY, objectives: Sequence[str] = OBJECTIVES) -> list[str]:
    """What is wrong, each finding without the name of the folder."""
    with pytest.raises(SpecError) as raised:
        read(asked, by, objectives)
    folder = f"{asked.parent}/" if hasattr(asked, "parent") else ""
    return [str(finding).replace(folder, "") if folder else str(finding) for finding in raised.value.findings]


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
def test_a_month_reads_alike_in_every_form(name: str, content: str, write: Callable[..., Path]) -> None:
    path = write(content, name)
    found = read(path)
    assert found.name == str(path)
    assert found.labels == read(month()).labels
    assert [label.start for label in found.labels] == [MIDNIGHT + 30 * HOUR * number for number in range(24)]
    assert {label.end - label.start for label in found.labels} == {HOUR * 3 // 4}
    assert [label.kind for label in found.labels] == ["incident", "incident", "incident", "unsure"] * 6
    assert [label.where for label in found.labels] == [{"service": "shop"}, {"service": "payments"}, {}] * 8
    assert found.labels[7].category == 'outage, "total"\nand long'


def test_a_label_knows_its_line_behind_values_of_several_lines(write: Callable[..., Path]) -> None:
    lines = [label.line for label in read(write(as_csv(month(), "\r\n"))).labels]
    assert lines == [*range(2, 10), *range(11, 27)]
    assert [label.line for label in read(month()).labels] == list(range(1, 25))
    assert [label.line for label in read(write(f"\n{json.dumps(SPAN)}\n", "a.ndjson")).labels] == [2]


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


ZONE = "add Z for UTC or an offset such as +01:00"
FORM = "write a date, a time and a zone, as in 2025-10-26T02:30:00Z"
KINDS = "use incident, fault, outage, unsure, deploy or maintenance"
EMPTY = "write a row for each incident; without one there is nothing to score"
ONE = "write text; what holds for several is a label for each"
HEADING = "name the columns in the first line, as in id,kind,service,start,end"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"start": "2025-10-15T00:00:00"}, f"start: '2025-10-15T00:00:00' names no zone; {ZONE}"),
        ({"end": "yesterday"}, f"end: 'yesterday' is not a time; {FORM}"),
        ({"end": 1760490000}, f"end: '1760490000' is not a time; {FORM}"),
        ({"end": date(2025, 10, 16)}, f"end: '2025-10-16' is not a time; {FORM}"),
        ({"end": "2025-10-15T25:00:00Z"}, "end: '2025-10-15T25:00:00Z' is not a time: hour must be in 0..23; "),
        ({"end": "2025-10-15T00:30:00.1234567Z"}, "has more than six digits behind the point; cut it to microseconds"),
        ({"start": DAY.replace(tzinfo=None)}, "start: datetime.datetime(2025, 10, 15, 0, 0) names no zone; give it a"),
        ({"start": ""}, "start: the label has no start; write when it began, as in 2025-10-26T02:30:00Z"),
        ({"end": None}, "end: the label has no end; write when it ended; for one that goes on, the end of the data"),
        (
            {"end": SPAN["start"]},
            "end: the end '2025-10-15T00:00:00Z' is not after the start '2025-10-15T00:00:00Z'; write start before end",
        ),
        ({"end": "2025-10-15T01:00:00+02:00"}, "is not after the start"),
        ({"kind": "outtage"}, "kind: unknown kind 'outtage'; did you mean 'outage'?"),
        ({"kind": "xyz"}, f"kind: unknown kind 'xyz'; {KINDS}"),
        ({"kind": "deplyo", "end": ""}, "kind: unknown kind 'deplyo'; did you mean 'deploy'?"),
        ({"objective": "latency"}, "objective: no document has an objective 'latency'; did you mean 'latency-p95'?"),
        ({"objective": "x"}, "objective: no document has an objective 'x'; use availability or latency-p95"),
        ({"service": ["a", "b"]}, f"service: expected a value, found a list; {ONE}"),
        ({"start": {"at": 1}}, f"start: expected a value, found a mapping; {ONE}"),
        ({"servce": "shop"}, "servce: unknown column 'servce'; did you mean 'service'? if not, give it another name"),
        ({"Route": "/pay"}, "Route: unknown column 'Route'; did you mean 'route'? if not, give it another name"),
        ({"type": "deploy"}, "type: unknown column 'type'; did you mean 'kind'? if not, give it another name"),
        ({7: "x"}, "the key 7 is no text; name the columns by words"),
    ],
    ids=str,
)
def test_what_is_wrong_is_said_with_its_place_and_remedy(change: dict[str, object], message: str) -> None:
    (finding,) = said(rows({}, change))
    assert finding.startswith("[1]")
    assert message in finding


def test_without_objectives_none_can_be_named() -> None:
    (finding,) = said(rows({"objective": "x"}), objectives=())
    assert finding == "[0].objective: no document has an objective 'x'; leave it empty, for any objective"


def test_all_errors_of_a_file_are_told_at_once_in_the_order_of_its_lines(write: Callable[..., Path]) -> None:
    text = (
        f"{HEAD},owner_team\n"
        "1,incident,shop,2025-10-15T00:00:00,2025-10-15T01:00:00Z,,,,\n"
        "2,outage,shop,2025-10-15T00:00:00Z,,,,,\n"
        '3,deply,shop,2025-10-15T00:00:00Z,2025-10-15T01:00:00Z,,"a,\nb",,\n'
        "1,,shop,2025-10-15T03:00:00Z,2025-10-15T02:00:00Z,,,,\n"
        "5,,shop,2025-10-15T03:00:00Z\n"
    )
    assert said(write(text)) == [
        f"incidents.csv:2 start: '2025-10-15T00:00:00' names no zone; {ZONE}",
        "incidents.csv:3 end: the label has no end; write when it ended; for one that goes on, the end of the data",
        "incidents.csv:4 kind: unknown kind 'deply'; did you mean 'deploy'?",
        "incidents.csv:6 id: the id '1' is that of line 2 too; give each label an id of its own",
        (
            "incidents.csv:6 end: the end '2025-10-15T02:00:00Z' is not after the start '2025-10-15T03:00:00Z'; "
            "write start before end"
        ),
        (
            "incidents.csv:7: the row has 4 values, and there are 9 columns; "
            "give each column its value or an empty one, and quote values that contain a comma"
        ),
    ]


ROW = '{"start": "2025-10-15T00:00:00Z", "end": "2025-10-15T01:00:00Z"}'
MEND = "mend it there, or name a file that ends as its content does"


@pytest.mark.parametrize(
    ("name", "content", "findings"),
    [
        ("a.csv", "", [f"a.csv:1: there is no label in it; {EMPTY}"]),
        ("a.csv", "\r\n \r\n", [f"a.csv:1: there is no label in it; {EMPTY}"]),
        ("a.csv", HEAD, [f"a.csv:1: there is no label in it; {EMPTY}"]),
        ("a.json", "[]", [f"a.json: there is no label in it; {EMPTY}"]),
        ("a.json", '{"labels": []}', [f"a.json: there is no label in it; {EMPTY}"]),
        ("a.ndjson", "\n", [f"a.ndjson: there is no label in it; {EMPTY}"]),
        ("a.json", "", [f"a.json:1:1: the text is not JSON: expecting value; {MEND}"]),
        ("a.json", '[\n{"start": 1,}]', ["a.json:2:13: the text is not JSON: "]),
        ("a.json", "[" * 100_000, [f"a.json: the text is not JSON: it is nested too deeply; {MEND}"]),
        ("a.json", '[{"start": NaN}]', [f"a.json: the text is not JSON: NaN is no value of JSON; {MEND}"]),
        ("a.json", f"{ROW}\n{ROW}", [f"a.json:2:1: the text is not JSON: extra data; {MEND}"]),
        ("a.json", ROW, ["a.json: expected a list of labels, found a mapping; write a list of objects"]),
        ("a.json", '{"labels": 3}', ["a.json labels: expected a list of labels, found the text '3'; write a list"]),
        (
            "a.json",
            f'{{"labels": [{ROW}, 1, null]}}',
            [
                "a.json labels[1]: expected an object with start and end, found the text '1'; write {start:",
                "a.json labels[2]: expected an object with start and end, found nothing; write {start:",
            ],
        ),
        (
            "a.json",
            ROW.join(("[", ', {"id": 1, "id": 2}]')),
            [
                "a.json [1].id: 'id' is written twice; keep one of the two",
                "a.json [1].start: the label has no start; ",
                "a.json [1].end: the label has no end; ",
            ],
        ),
        (
            "a.json",
            '[{"id": 1, "service": "shop"}]',
            [
                "a.json start: there is no column 'start'; give each label one, as in start: 2025-10-26T02:30:00Z",
                "a.json end: there is no column 'end'; give each label one, as in end: 2025-10-26T02:30:00Z",
            ],
        ),
        ("a.json", "[{}]", ["a.json start: there is no column 'start'; ", "a.json end: there is no column 'end'; "]),
        (
            "a.ndjson",
            f"{ROW}\n{ROW},\n[]\n",
            [
                "a.ndjson:2:65: the text is not JSON: extra data; ",
                "a.ndjson:3: expected an object with start and end, found a list; write {start: ..., end: ...}",
            ],
        ),
        (
            "a.csv",
            "id,begin,end\n1,2025-10-15T00:00:00Z,\n",
            [
                "a.csv:1 begin: unknown column 'begin'; did you mean 'start'? if not, give it another name",
                "a.csv:2 end: the label has no end; write when it ended",
            ],
        ),
        (
            "a.csv",
            "INC-1,shop\nINC-2,shop\n",
            [
                f"a.csv:1 start: there is no column 'start'; {HEADING}",
                f"a.csv:1 end: there is no column 'end'; {HEADING}",
            ],
        ),
        ("a.csv", "start,end,start\n", ["a.csv:1 start: the column 'start' is written twice; keep one of the two"]),
        ("a.csv", "start;end\n1;2\n", ["a.csv:1: the columns are separated by semicolons; separate them by commas"]),
        ("a.csv", "start\tend\n1\t2\n", ["a.csv:1: the columns are separated by tabs; separate them by commas"]),
        (
            "a.csv",
            'start,end,class\n2025-10-15T00:00:00Z,2025-10-15T01:00:00Z,x\n,,"lost\n1,2,3\n',
            ["a.csv:3: the row that begins here is not CSV: unexpected end of data; close each quote"],
        ),
        (
            "a.csv",
            "start,,end\n2025-10-15T00:00:00Z,x,2025-10-15T01:00:00Z\n",
            ["a.csv:2: column 2 has the value 'x' and no name; name the column in the first line"],
        ),
        (
            "a.csv",
            "start,end\n2025-10-15T00:00:00Z,2025-10-15T01:00:00Z,shop\n",
            ["a.csv:2: the row has 3 values, and there are 2 columns; give each column its value"],
        ),
        (
            "a.csv",
            b"start,end,class\n2025-10-15T00:00:00Z,2025-10-15T01:00:00Z,gest\xf6rt\n",
            ["a.csv:2: the byte 0xf6 is not UTF-8 text; save the file as UTF-8"],
        ),
        ("a.json", "[]".encode("utf-16"), ["a.json:1: the byte 0xff is not UTF-8 text; save the file as UTF-8"]),
    ],
)
def test_a_file_that_is_wrong_is_answered(
    name: str, content: str | bytes, findings: list[str], write: Callable[..., Path]
) -> None:
    found = said(write(content, name))
    assert len(found) == len(findings)
    for finding, expected in zip(found, findings, strict=True):
        assert finding.startswith(expected)


def test_columns_and_commas_without_anything_are_no_matter(write: Callable[..., Path]) -> None:
    text = "start,,end,,\n2025-10-15T00:00:00Z,,2025-10-15T01:00:00Z,,,,\n"
    assert read(write(text)).labels == (Label(start=MIDNIGHT, end=MIDNIGHT + HOUR),)


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


def test_a_file_of_deploys_alone_gives_nothing_to_score() -> None:
    assert said(rows({"kind": "deploy"})) == [f"there is no incident in it, only 1 row (1 of kind deploy); {EMPTY}"]


def test_spans_of_which_nobody_knows_are_no_incidents() -> None:
    found = read(rows({"kind": "unsure"}))
    assert [label.kind for label in found.labels] == ["unsure"]
    assert found.notes == ("no label is an incident: there is nothing that could be detected",)


def test_overlapping_labels_are_allowed_and_ids_may_be_missing() -> None:
    assert len(read(rows({}, {}, {"id": "a"}, {"id": "b"})).labels) == 4


def test_values_that_are_no_text_are_read_as_they_are_written(write: Callable[..., Path]) -> None:
    values = {"id": 7, "service": True, "route": Decimal("1.50"), "severity": 2.5, "class": DAY.date()}
    (label,) = read(rows(values)).labels
    assert (label.id, label.where, label.severity, label.category) == (
        "7",
        {"service": "true", "route": "1.50"},
        "2.5",
        "2025-10-15",
    )
    (label,) = read(write(f'[{ROW[:-1]}, "service": 1.50, "route": false}}]', "a.json")).labels
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
    ("asked", "message"),
    [
        (7, "labels of type builtins.int cannot be read; give the path of a file, a list of mappings, or Labels"),
        (b"a.csv", "labels of type builtins.bytes cannot be read"),
        ("incidents.txt", "'incidents.txt' does not end as a file of labels does; name a file that ends with .csv, "),
        ("", "'' does not end as a file of labels does"),
        ("incidents.csv.gz", "'incidents.csv.gz' does not end as a file of labels does"),
    ],
)
def test_what_holds_no_labels_is_refused(asked: object, message: str) -> None:
    with pytest.raises(UsageError) as raised:
        read(asked)
    assert str(raised.value).startswith(message)


def test_a_file_that_cannot_be_opened_is_named(tmp_path: Path) -> None:
    missing = tmp_path / "incidents.csv"
    with pytest.raises(DataNotFoundError, match="no such file or directory; check the path of the labels") as raised:
        read(missing)
    assert (raised.value.file, isinstance(raised.value, FileNotFoundError)) == (str(missing), True)
    missing.mkdir()
    with pytest.raises(DataAccessError, match="is a directory; name a file that lists the incidents"):
        read(missing)
    with pytest.raises(DataAccessError, match="the path cannot be used"):
        read("a\0.csv")


def test_a_log_is_no_file_of_labels(tmp_path: Path) -> None:
    path = tmp_path / "access.csv"
    with path.open("wb") as file:
        file.truncate(64 * 2**20 + 1)
    assert said(path) == [
        "access.csv: the file is larger than 64 MiB, and so no file of labels; name the file that lists the incidents"
    ]


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


PIECES = st.sampled_from([*HEAD.split(","), *SPAN.values(), *'",;\n\r\t[]{}: \0', "labels", "NaN", "\ufeff", "ü"])


@pytest.mark.parametrize("name", ["a.csv", "a.json", "a.ndjson"])
@given(content=st.one_of(st.lists(PIECES).map(lambda pieces: "".join(pieces).encode()), st.binary()))
def test_whatever_a_file_holds_is_read_or_answered(
    name: str, content: bytes, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.getbasetemp() / name
    path.write_bytes(content)
    with suppress(SpecError):
        assert read(path).labels


values = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=3), st.binary(max_size=2))


@given(st.lists(st.dictionaries(st.sampled_from([*HEAD.split(","), "route", "x"]), values | st.lists(values))))
def test_whatever_a_list_holds_is_read_or_answered(labels: list[dict[str, object]]) -> None:
    with pytest.raises(SpecError) as raised:
        read(labels)
    assert raised.value.findings

"""What is said about labels of incidents that are wrong."""

from __future__ import annotations

from contextlib import suppress
from datetime import date
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_labels import DAY, EMPTY, HEAD, ROW, SPAN, read, rows, said, written

from backburn.errors import DataAccessError, DataNotFoundError, SpecError, UsageError

if TYPE_CHECKING:
    from pathlib import Path

ZONE = "add Z for UTC or an offset such as +01:00"
FORM = "write a date, a time and a zone, as in 2025-10-26T02:30:00Z"
KINDS = "use incident, fault, outage, unsure, deploy or maintenance"
ONE = "write text; what holds for several is a label for each"
HEADING = "name the columns in the first line, as in id,kind,service,start,end"
MEND = "mend it there, or name a file that ends as its content does"


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


def test_all_errors_of_a_file_are_told_at_once_in_the_order_of_its_lines(tmp_path: Path) -> None:
    text = (
        f"{HEAD},owner_team\n"
        "1,incident,shop,2025-10-15T00:00:00,2025-10-15T01:00:00Z,,,,\n"
        "2,outage,shop,2025-10-15T00:00:00Z,,,,,\n"
        '3,deply,shop,2025-10-15T00:00:00Z,2025-10-15T01:00:00Z,,"a,\nb",,\n'
        "1,,shop,2025-10-15T03:00:00Z,2025-10-15T02:00:00Z,,,,\n"
        "5,,shop,2025-10-15T03:00:00Z\n"
    )
    assert said(written(tmp_path, text)) == [
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
def test_a_file_that_is_wrong_is_answered(name: str, content: str | bytes, findings: list[str], tmp_path: Path) -> None:
    found = said(written(tmp_path, content, name))
    assert len(found) == len(findings)
    for finding, expected in zip(found, findings, strict=True):
        assert finding.startswith(expected)


def test_a_file_of_deploys_alone_gives_nothing_to_score() -> None:
    assert said(rows({"kind": "deploy"})) == [f"there is no incident in it, only 1 row (1 of kind deploy); {EMPTY}"]


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

from __future__ import annotations

import json
from typing import Any

import pytest
from made_logs import document, objective

import backburn
from backburn.document import from_dict
from backburn.engine.request import fingerprints, request, with_overrides


def fingerprint(**changes: Any) -> str:
    return fingerprints(from_dict(document(**changes)))["availability"]


def of_sli(**sli: Any) -> str:
    return fingerprint(objectives=[objective(sli=sli)])


def test_a_request_says_all_that_the_core_needs() -> None:
    source = {
        "columns": {
            "timestamp": {"column": "t", "unit": "ms", "marks": "start"},
            "duration": {"column": "took", "unit": "s"},
            "upstream": {"column": "up", "unit": "ms"},
        },
        "where": "path <> '/health'",
        "exclude": [{"when": "status = 429", "reason": "Rate limit"}],
        "by": ["zone"],
        "step": "5m",
    }
    sli = {"kind": "latency", "column": "upstream", "threshold": "300ms", "valid": "status < 500"}
    spec = from_dict(document(source=source, objectives=[objective(name="fast", sli=sli)]))
    asked = request(spec, start=0, end=300_000_000)
    assert json.loads(json.dumps(asked)) == asked
    assert asked["timestamp"] == {
        "column": "t",
        "format": None,
        "unit": "ms",
        "timezone": None,
        "marks": "start",
        "written": True,
    }
    assert asked["status"] == {"column": "status", "written": False}
    assert asked["duration"] == {"column": "took", "unit": "s", "written": True}
    assert asked["aliases"] == {"upstream": {"column": "up", "unit": "ms"}}
    assert asked["where"]["text"] == "path <> '/health'"
    assert (asked["by"], asked["step"], asked["start"], asked["end"]) == (["zone"], 300_000_000, 0, 300_000_000)
    (indicator,) = asked["indicators"]
    assert indicator["name"] == "fast"
    assert indicator["valid"]["text"] == "status < 500"
    assert indicator["sli"] == {"kind": "latency", "column": "upstream", "threshold": "0.3", "strict": False}


@pytest.mark.parametrize(
    "changes",
    [
        {"objectives": [objective(target="99.99%")]},
        {"objectives": [objective(window="30d")]},
        {"objectives": [objective(title="Everything is up", rationale="Because")]},
        {"objectives": [objective(also=[{"window": "1h", "target": "99%"}])]},
        {"objectives": [objective(sli={"kind": "availability", "unparsable": "exclude"})]},
        {"metadata": {"service": "other", "owner": "else"}},
        {"source": {"data": ["x.parquet"]}},
        {"source": {"columns": {"status": "status"}}},
        {"source": {"columns": {"unused": {"column": "u", "unit": "s"}}}},
        {"source": {"columns": {"duration": {"column": "unused", "unit": "s"}}}},
        {"source": {"step": "60s"}},
        {"min_coverage": "10%"},
        {"report": {"burn": ["1h"]}},
    ],
    ids=str,
)
def test_what_changes_no_count_keeps_the_fingerprint(changes: dict[str, Any]) -> None:
    assert fingerprint(**changes) == fingerprint()


@pytest.mark.parametrize(
    "changes",
    [
        {"source": {"step": "5m"}},
        {"source": {"by": ["zone"]}},
        {"source": {"where": "status > 0"}},
        {"source": {"exclude": [{"when": "status = 429", "reason": "Rate limit"}]}},
        {"source": {"columns": {"status": "code"}}},
        {"source": {"columns": {"timestamp": {"column": "t"}}}},
        {"source": {"columns": {"timestamp": {"column": "timestamp", "marks": "start"}}}},
        {"source": {"columns": {"count": "n"}}},
        {"objectives": [objective(sli={"kind": "availability", "valid": "status > 0"})]},
        {"objectives": [objective(sli={"kind": "latency", "threshold": "1s"})]},
        {"objectives": [objective(sli={"kind": "ratio", "good": "status < 500"})]},
    ],
    ids=str,
)
def test_what_changes_a_count_changes_the_fingerprint(changes: dict[str, Any]) -> None:
    assert fingerprint(**changes) != fingerprint()


def test_one_threshold_has_one_fingerprint() -> None:
    assert of_sli(kind="latency", threshold="300ms") == of_sli(kind="latency", threshold="0.30s")
    assert of_sli(kind="latency", threshold="300ms") != of_sli(kind="latency", threshold="301ms")


def test_a_definition_counts_only_where_it_is_used() -> None:
    def with_alias(column: str, good: str) -> str:
        source = {"columns": {"upstream": {"column": column, "unit": "s"}}}
        return fingerprint(source=source, objectives=[objective(sli={"kind": "ratio", "good": good})])

    assert with_alias("a", "status < 500") == with_alias("b", "status < 500")
    assert with_alias("a", "upstream < 1") != with_alias("b", "upstream < 1")


def test_overrides_replace_what_the_document_says() -> None:
    written = {"source": {"by": ["zone", "app"]}, "objectives": [objective(by=["zone"])]}
    spec = from_dict(document(**written))
    changed = with_overrides(spec, by="zone, cell", step="5m", format="combined")
    assert changed.source.by == ("zone", "cell")
    assert changed.objectives[0].by is None
    assert changed.source.step.microseconds == 300_000_000
    assert changed.source.format == "combined"
    assert with_overrides(spec) == spec
    assert with_overrides(spec, by="").source.by == ()


@pytest.mark.parametrize(("option", "words"), [({"step": "a while"}, "is not a duration"), ({"by": "a,a"}, "twice")])
def test_wrong_overrides_are_explained(option: dict[str, str], words: str) -> None:
    with pytest.raises(backburn.UsageError, match=words):
        with_overrides(from_dict(document()), **option)

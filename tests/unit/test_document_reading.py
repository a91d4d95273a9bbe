"""Documents that are right reach the model as they were written."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from pathlib import Path

from backburn.document import check, from_dict, policies, read, read_text
from backburn.document.notes import Notes
from backburn.model import (
    Alias,
    Availability,
    Columns,
    Count,
    Counted,
    DurationColumn,
    Everything,
    Latency,
    Location,
    Predicate,
    Ratio,
    Rolling,
    Spec,
    TimeSpan,
    Timestamp,
)
from backburn.units import Duration

GOOD = Path(__file__).parents[1] / "cases" / "documents" / "good"

HEAD = "apiVersion: backburn/v1\nkind: ServiceLevelObjectives\nmetadata: {service: shop, owner: web}\n"
OBJECTIVES = "objectives:\n  - {name: a, sli: {kind: availability}, target: 99%, window: 30d}\n"


def payments() -> Spec:
    (spec,) = read(GOOD / "payment-api.yaml")
    return spec


def test_metadata_and_prose_stay_text() -> None:
    spec = payments()
    assert (spec.name, spec.service, spec.owner, spec.version) == (
        "payment-api",
        "payment-api",
        "payments-team",
        "2.0",
    )
    assert spec.labels == {"tier": "1"}
    assert spec.prose == {
        "links.runbook": "https://wiki.example.com/payment-api",
        "links.dashboard": "https://grafana.example.com/d/payment-api-slo",
        "review.every": "quarter",
        "review.last": "2025-10-15",
        "review.participants": "SRE, Engineering, Product",
    }
    assert spec.path == GOOD / "payment-api.yaml"
    assert spec.timezone == "UTC"
    assert spec.min_coverage == Decimal("0.8")


def test_the_source_is_read() -> None:
    source = payments().source
    assert source.data == ("logs/date=*/*.parquet",)
    assert source.columns == Columns(
        timestamp=Timestamp(column="time_local", format="%d/%b/%Y:%H:%M:%S %z", marks="end"),
        duration=DurationColumn(column="request_time", unit="s"),
        aliases={"upstream": Alias(column="upstream_response_time", unit="s")},
    )
    assert source.where == Predicate(text="path NOT LIKE '/health%'")
    assert [(one.when.text, one.reason) for one in source.exclude] == [("status = 429", "Rate limit 429s")]
    assert source.by == ("route",)
    assert source.routes == ("/pay", "/refunds/{id}", "/users/{id}/cards")
    assert source.step == Duration.parse("1m")
    assert source.max_rejected == Decimal("0.001")
    assert source.gaps == "unknown"


def test_objectives_are_read() -> None:
    availability, latency, upstream = payments().objectives
    assert availability.name == "availability"
    assert availability.title == "API Availability"
    assert availability.prose == {"rationale": "Critical payment path"}
    assert availability.sli == Availability(unparsable="bad")
    assert availability.target == Decimal("0.9995")
    assert availability.window == Rolling(length=Duration.parse("30d"))
    assert [(also.window.text, also.target) for also in availability.also] == [
        ("5m", Decimal("0.99")),
        ("1h", Decimal("0.995")),
    ]
    assert availability.by is None
    assert latency.sli == Latency(threshold=Duration.parse("300ms"))
    assert latency.target == Decimal("0.95")
    assert upstream.sli == Latency(threshold=Duration.parse("1s"), strict=True, column="upstream")
    assert upstream.target == Decimal("0.99")
    assert [length.text for length in payments().report.burn] == ["5m", "1h", "6h", "3d"]


def test_predicates_and_objectives_know_where_they_stand() -> None:
    spec = payments()
    file = str(GOOD / "payment-api.yaml")
    assert spec.source.where is not None
    assert spec.source.where.location == Location(file=file, line=10, column=10, path="source.where")
    assert spec.objectives[1].location == Location(file=file, line=24, column=5, path="objectives[1]")
    assert spec.location == Location(file=file, line=3, column=11, path="metadata")


def test_a_fleet_and_its_neighbour_are_read_from_one_file() -> None:
    fleet, search = read(GOOD / "fleet.yaml")
    assert (fleet.name, fleet.service, search.name, search.service) == ("shop-fleet", None, "search", "search")
    assert fleet.version == "3.1"
    assert fleet.labels == {"region": "NO"}
    assert fleet.timezone == "Europe/Berlin"
    assert fleet.min_coverage == Decimal("0.9")
    assert fleet.prose == {"title": "The shop", "description": "Every service behind the front door."}
    source = fleet.source
    assert source.format == "nginx-combined-time"
    assert source.columns == Columns(
        status="code", count=Count(column="n", means="sampled"), aliases={"service": Alias(column="host")}
    )
    assert source.expect == {"service": ("payments", "batch-1")}
    assert source.gaps == "quiet"
    assert source.unknown == (TimeSpan(start=1_761_438_600_000_000, end=1_761_451_200_000_000),)
    assert source.max_rejected == Decimal("0.01")
    assert source.step == Duration.parse("1m")
    assert fleet.ignore[0].reason == "kept while the batch moves"


def test_every_spelling_of_a_promise_is_read() -> None:
    availability, fast, median, success, errors = read(GOOD / "fleet.yaml")[0].objectives
    assert availability.target == Decimal("0.9995")
    assert availability.window == Everything()
    assert availability.by == ("service",)
    assert [(dict(one.match), one.target) for one in availability.overrides] == [
        ({"service": "payments"}, Decimal("0.9999")),
        ({"service": "batch-*"}, Decimal("0.99")),
    ]
    assert availability.sli == Availability()
    assert fast.by == ()
    assert isinstance(fast.sli, Latency)
    assert fast.sli.threshold.microseconds == 500_000
    assert fast.sli.valid == Predicate(text="method = 'GET'")
    assert fast.sli.exclude[0].when.text == "status IN (429, 503)"
    assert fast.sli.unparsable == "exclude"
    assert [(also.window, also.target) for also in fast.also] == [
        (Rolling(length=Duration.parse("1h30m")), Decimal("0.95"))
    ]
    assert fast.prose == {"links.runbook": "https://wiki.example.com/fast"}
    assert median.sli == Latency(threshold=Duration.parse("100ms"), strict=False)
    assert median.target == Decimal("0.5")
    assert success.sli == Ratio(good=Predicate(text="success = 'true'"))
    assert errors.sli == Ratio(bad=Predicate(text="level = 'ERROR'"))


def test_json_is_read_too() -> None:
    (spec,) = read(GOOD / "small.json")
    assert spec.version == "2.0"
    assert spec.objectives[0].target == Decimal("0.999")
    assert spec.source.where is not None
    assert spec.source.where.location == Location(file=str(GOOD / "small.json"), line=5, column=46, path="source.where")


def test_yaml_does_not_reinterpret_what_is_written() -> None:
    prose = "title: NO\ndescription: 12:30:00\nrationale: 2025-10-15\nlinks: {octal: 010, yes: yes, nothing: ~}\n"
    (spec,) = read_text(HEAD + prose + OBJECTIVES)
    assert spec.prose == {
        "title": "NO",
        "description": "12:30:00",
        "rationale": "2025-10-15",
        "links.octal": "010",
        "links.yes": "yes",
        "links.nothing": "~",
    }


def test_an_alias_stands_for_its_anchor() -> None:
    text = (
        HEAD
        + "objectives:\n"
        + "  - {name: a, sli: &sli {kind: availability}, target: 99%, window: 30d}\n"
        + "  - {name: b, sli: *sli, target: 99%, window: 7d}\n"
    )
    (spec,) = read_text(text)
    assert spec.objectives[0].sli == spec.objectives[1].sli


def test_the_name_of_the_count_may_stand_beside_the_columns() -> None:
    (spec,) = read_text(HEAD + "source: {count: n}\n" + OBJECTIVES)
    assert spec.source.columns.count == Count(column="n", means="aggregated")


def test_windows_line_ends_and_a_byte_order_mark_do_no_harm(tmp_path: Path) -> None:
    file = tmp_path / "slo.yaml"
    file.write_bytes(b"\xef\xbb\xbf" + (HEAD + "source:\r\n  where: a = 1\r\n" + OBJECTIVES).encode())
    (spec,) = read(file)
    assert spec.source.where is not None
    assert spec.source.where.location is not None
    assert (spec.source.where.location.line, spec.source.where.location.column) == (5, 10)


def test_a_dict_is_read_as_the_file_would_be() -> None:
    spec = from_dict(
        {
            "apiVersion": "backburn/v1",
            "kind": "ServiceLevelObjectives",
            "metadata": {"service": "shop", "version": 2.0, "labels": {"tier": 1, "live": True}},
            "source": {"where": "a = 1", "max_rejected": Decimal("0.0000001")},
            "review": {"last": date(2025, 10, 15)},
            "objectives": (
                {"name": "a", "sli": {"kind": "availability"}, "target": 0.999, "window": "30d"},
                {"name": "b", "sli": {"kind": "availability"}, "target": 1e-7, "window": "all"},
            ),
        }
    )
    assert [objective.target for objective in spec.objectives] == [Decimal("0.999"), Decimal("0.0000001")]
    assert spec.source.max_rejected == Decimal("0.0000001")
    assert spec.labels == {"tier": "1", "live": "true"}
    assert spec.version == "2.0"
    assert spec.prose == {"review.last": "2025-10-15"}
    assert spec.path is None
    assert spec.source.where == Predicate(text="a = 1", location=None)
    assert spec.source.where.location is None


def test_good_documents_have_nothing_to_say() -> None:
    assert check(GOOD / "payment-api.yaml") == []
    assert [finding.code for finding in check(GOOD / "fleet.yaml")] == ["BB201"]


def test_the_specification_in_the_readme_is_one() -> None:
    readme = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
    shown = {text.split()[3]: text for text in re.findall(r"^```yaml\n(.*?)^```$", readme, re.MULTILINE | re.DOTALL)}
    notes = Notes()
    (policy,) = policies.POLICIES.read_text(shown["AlertPolicy"], "README.md", notes)
    notes.settle()
    assert [alert.name for alert in policy.alerts] == ["page", "ticket"]
    (spec,) = read_text(shown["ServiceLevelObjectives"], "README.md")
    assert [one.name for one in spec.objectives] == ["availability", "latency", "checkout"]


def test_counters_of_prometheus_are_selectors() -> None:
    written = """
objectives:
  - name: a
    sli: {kind: availability}
    target: 99%
    window: 30d
    prometheus:
      bad: 'http_requests_total{code=~"5[0-9]{2}", job="shop"}'
      valid: http_requests_total{job="shop"}
      by: [route]
  - {name: b, sli: {kind: availability}, target: 98%, window: 30d, prometheus: {bad: e_total, valid: '{job="a"}'}}
"""
    (spec,) = read_text(HEAD + written)
    assert [objective.prometheus for objective in spec.objectives] == [
        Counted(
            bad='http_requests_total{code=~"5[0-9]{2}", job="shop"}',
            valid='http_requests_total{job="shop"}',
            by=("route",),
        ),
        Counted(bad="e_total", valid='{job="a"}'),
    ]

"""Files of exported rules: names, groups and notes."""

from __future__ import annotations

import re
from dataclasses import replace
from io import StringIO
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pytest
from made_logs import document, objective
from made_policies import COUNTED, PAGE, length, policy, spec
from ruamel.yaml import YAML

import backburn
from backburn.document import from_dict
from backburn.errors import SpecError
from backburn.interop.prometheus import Group, rules

if TYPE_CHECKING:
    from backburn.model.policy import AlertPolicy
    from backburn.model.spec import Objective, Override, Spec


def test_a_file_of_rules_reads_well() -> None:
    asked = policy(
        replace(PAGE, wait=length("2m"), keep_firing=length("90s")),
        period=length("30d"),
        source="https://sre.google/workbook/alerting-on-slos/",
    )
    promised = from_dict(
        document(
            objectives=[objective(target="99.9%", window="30d", prometheus=COUNTED, title="Shop {{front}}")],
            links={"runbook": "https://wiki.example.com/shop"},
        )
    )
    assert rules(promised, lambda *_: asked).text() == (
        """\
# Alert policy mine: https://sre.google/workbook/alerting-on-slos/
groups:
  - name: shop
    interval: 1m
    rules:
      - record: backburn:bad:increase5m
        expr: sum (increase(http_requests_total{code=~"5.."}[5m]))
        labels:
          objective: availability
          service: shop
      - record: backburn:valid:increase5m
        expr: sum (increase(http_requests_total[5m]))
        labels:
          objective: availability
          service: shop
      - record: backburn:bad:increase1h
        expr: sum (increase(http_requests_total{code=~"5.."}[1h]))
        labels:
          objective: availability
          service: shop
      - record: backburn:valid:increase1h
        expr: sum (increase(http_requests_total[1h]))
        labels:
          objective: availability
          service: shop
      - alert: ShopAvailabilityPage
        expr: |-
          backburn:bad:increase1h{objective="availability",service="shop"} / """
        """backburn:valid:increase1h{objective="availability",service="shop"} > 0.0144
          and
          backburn:bad:increase5m{objective="availability",service="shop"} / """
        """backburn:valid:increase5m{objective="availability",service="shop"} > 0.0144
        for: 2m
        keep_firing_for: 1m30s
        labels:
          severity: page
        annotations:
          summary: 'Shop {{ "{{" }}front}} of shop: page'
          description: A burn rate above 14.4 in 1h and 5m. The target is 99.9% over 30d.
          runbook_url: https://wiki.example.com/shop
"""
    )


def test_sloth_finds_its_names() -> None:
    (group,) = rules(spec(), lambda *_: policy(PAGE), naming="sloth").groups
    labels = '{sloth_id="shop-availability",sloth_service="shop",sloth_slo="availability"}'
    recorded = {rule.record: (rule.expr, rule.labels) for rule in group.recordings}
    assert recorded["slo:sli_error:ratio_rate1h"] == (
        f"backburn:bad:increase1h{labels} / backburn:valid:increase1h{labels}",
        {
            "sloth_id": "shop-availability",
            "sloth_service": "shop",
            "sloth_slo": "availability",
            "sloth_window": "1h",
        },
    )
    assert group.alerts[0].expr == (
        f"max without (sloth_window) (slo:sli_error:ratio_rate1h{labels} > 0.0144)\nand\n"
        f"max without (sloth_window) (slo:sli_error:ratio_rate5m{labels} > 0.0144)"
    )


def test_silence_has_alerts_of_its_own() -> None:
    promised = spec()
    (group,) = rules(promised, lambda *_: policy(PAGE), silence=length("10m")).groups
    assert [(rule.alert, rule.expr) for rule in group.alerts[1:]] == [
        ("ShopAvailabilityNoTraffic", 'backburn:valid:increase10m{objective="availability",service="shop"} == 0'),
        ("ShopAvailabilityAbsent", "count (http_requests_total offset 10m) unless count (http_requests_total)"),
    ]
    assert [rule.record for rule in group.recordings].count("backburn:valid:increase10m") == 1


def test_inhibition_is_told_to_alertmanager() -> None:
    ticket = replace(PAGE, name="ticket", severity="ticket", inhibited_by=("page",))
    told = rules(spec(), lambda *_: policy(PAGE, ticket))
    assert told.notes == (
        "Alert policy mine",
        "An alert is hidden behind another by Alertmanager:",
        "inhibit_rules:",
        "  - source_matchers: ['alertname=\"ShopAvailabilityPage\"']",
        "    target_matchers: ['alertname=\"ShopAvailabilityTicket\"']",
        "    equal: [objective, service]",
    )
    # As comments above the rules, which stay a document of YAML.
    assert YAML(typ="safe").load(StringIO(told.text())) == told.to_dict()


def test_a_group_is_evaluated_as_often_as_its_policy_says() -> None:
    assert rules(spec(), lambda *_: policy(PAGE, every=length("5m"))).groups[0].interval == length("5m")
    every = {"first": None, "second": length("2m")}
    both = from_dict(document(objectives=[objective(name=name) for name in every]))

    def policy_of(_spec: Spec, promise: Objective, _override: Override | None) -> AlertPolicy:
        return replace(policy(PAGE, every=every[promise.name]), name=promise.name)

    with pytest.raises(SpecError, match="'first' is evaluated every 1m and 'second' every 2m, and a group"):
        rules(both, policy_of)


def test_documents_do_not_share_what_they_record() -> None:
    with pytest.raises(SpecError, match="two objectives would be recorded as one"):
        rules([spec(), spec()], lambda *_: policy(PAGE))
    with pytest.raises(SpecError, match="no objective has an alert policy; name one with --policy"):
        rules(spec(), lambda *_: None)
    one, other = (from_dict(document(metadata={"service": "shop", "name": name})) for name in ("one", "other"))
    other = replace(other, objectives=(replace(other.objectives[0], name="other"),))
    assert [group.name for group in rules([one, other], lambda *_: policy(PAGE)).groups] == ["one", "other"]


def test_a_label_that_tells_objectives_apart_cannot_be_one_of_series() -> None:
    taken = document(objectives=[objective(prometheus={**COUNTED, "by": ["objective"]})])
    with pytest.raises(SpecError, match="the rules need the label 'objective', which its series have"):
        rules(from_dict(taken), lambda *_: policy(PAGE))
    services = document(metadata={"name": "fleet"}, source={"by": ["service"]})
    (group,) = rules(from_dict(services), lambda *_: policy(PAGE)).groups
    assert group.name == "fleet"
    assert group.recordings[0].labels == {"objective": "availability", "document": "fleet"}


LABELS = ["zone", "zone-2", "2nd", "__x", "objective", "null", "service", "ü"]
NAMES = ["a.b", "a-b", "a_b", "z"]


def test_counters_are_called_as_they_are_exported() -> None:
    told = document(
        metadata={"name": "fleet"}, source={"by": LABELS}, objectives=[objective(name=name) for name in NAMES]
    )
    row = {label: [f"value of {number}"] for number, label in enumerate(LABELS)}
    table = pa.table({"timestamp": ["2025-10-01T00:00:00Z"], "status": [503], **row})
    constant = {"service": "shop", "zone": "eu"}
    text = b"".join(backburn.export("openmetrics", backburn.rollup(told, table), labels=constant)).decode()
    (group,) = rules(from_dict(told), lambda *_: policy(PAGE), labels=constant).groups
    for name in NAMES:
        counters = group.counters[name]
        for selector in (counters.bad[0], counters.valid[0]):
            start, inside = selector.removesuffix("}").split("{")
            (found,) = [
                line for line in text.splitlines() if line.startswith(selector[:-1]) and line.endswith(" 1 1759276860")
            ]
            assert found.startswith(f"{start}{{{inside},")
            values = dict(re.findall(r'(\w+)="(value of \d)"', found))
            assert values == {counters.labels[label]: row[label][0] for label in LABELS}
            assert counters.by == (*values, "null")


def test_what_does_not_tell_counts_as_the_document_says() -> None:
    def grown(**words: Any) -> Group:
        told = document(objectives=[objective(sli={"kind": "availability", **words})])
        (group,) = rules(from_dict(told), lambda *_: policy(PAGE)).groups
        return group

    valid = 'increase(backburn_availability_valid_total{objective="availability"}[5m])'
    unknown = 'increase(backburn_availability_unknown_total{objective="availability"}[5m])'
    assert grown(unparsable="exclude").recordings[1].expr == f"sum ({valid})"
    assert grown().recordings[1].expr == (
        f'sum (\n  {valid}\n  or\n  label_replace({unknown}, "_also", "yes", "", "")\n)'
    )

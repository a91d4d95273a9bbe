"""What lint finds in promises that are allowed, and how a finding is silenced."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from backburn.document import read_text
from backburn.lint import CODES, lint
from backburn.model import Override, Spec
from backburn.model.budgeting import Slices
from backburn.units import Duration

DOCUMENT = """\
apiVersion: backburn/v1
kind: ServiceLevelObjectives
metadata: {name: fleet, owner: web}
source: {by: [service]}
objectives:
  - {name: a, sli: {kind: availability}, target: 99%, window: 30d}
  - {name: b, sli: {kind: availability}, target: 99.9%, window: 30d}
  - {name: c, sli: {kind: availability}, target: 99.9%, window: 7d}
  - {name: d, by: [], sli: {kind: availability}, target: 99.9%, window: 30d}
"""


def spec_of(text: str) -> Spec:
    (spec,) = read_text(text, "slo.yaml")
    return spec


def found(spec: Spec) -> list[str]:
    return [f"{finding.code} {finding}" for finding in lint(spec)]


TWICE = (
    "BB202 slo.yaml:7:5 objectives[1]: objective 'b' counts the same events as 'a', over the same window; "
    "keep the one with the stricter target, or tell their indicators apart"
)


def test_two_promises_about_the_same_events_are_found() -> None:
    assert found(spec_of(DOCUMENT)) == [TWICE]


def test_a_promise_about_slices_is_none_about_events() -> None:
    spec = spec_of(DOCUMENT)
    slices = Slices(method="time-slices", length=Duration.parse("1h"), target=None, min_events=1)
    first, *others = spec.objectives
    assert found(replace(spec, objectives=(replace(first, slices=slices), *others))) == []


def test_a_promise_without_an_owner_is_found() -> None:
    text = DOCUMENT.replace(", owner: web", "")
    assert found(spec_of(text)) == [
        "BB201 slo.yaml:3:11 metadata: nobody owns 'fleet'; write metadata.owner, so that a breach finds its team",
        TWICE,
    ]


@pytest.mark.parametrize("who", ["", "objective: b, "])
def test_a_finding_is_silenced_with_its_reason(who: str) -> None:
    assert found(spec_of(DOCUMENT + f"ignore: [{{code: BB202, {who}reason: on purpose}}]\n")) == []


def test_a_finding_about_another_objective_is_not_silenced() -> None:
    assert found(spec_of(DOCUMENT + "ignore: [{code: BB202, objective: a, reason: on purpose}]\n")) == [TWICE]


@pytest.mark.parametrize(
    ("earlier", "later", "covered"),
    [
        ({"service": "*"}, {"service": "pay"}, True),
        ({"service": "b*"}, {"service": "batch-*"}, True),
        ({"service": "batch-*"}, {"service": "b*"}, False),
        ({"service": "batch-?"}, {"service": "batch-*"}, False),
        ({"service": "batch-?"}, {"service": "batch-1"}, True),
        ({"service": "batch-?"}, {"service": "batch-?"}, True),
        ({"service": "pay"}, {"service": "pay", "route": "/x"}, True),
        ({"service": "pay", "route": "/x"}, {"service": "pay"}, False),
        ({"route": "*"}, {"service": "pay"}, False),
    ],
)
def test_an_override_that_another_hides_is_found(
    earlier: dict[str, str], later: dict[str, str], *, covered: bool
) -> None:
    spec = spec_of(DOCUMENT)
    overrides = tuple(Override(match=match, target=Decimal("0.9")) for match in (earlier, later))
    objective = replace(spec.objectives[0], overrides=overrides)
    codes = [finding.code for finding in lint(replace(spec, objectives=(objective,)))]
    assert codes == (["BB203"] if covered else [])


def test_a_spec_from_a_dict_is_linted_without_a_place() -> None:
    spec = replace(spec_of(DOCUMENT), location=None, owner=None, objectives=())
    assert [str(finding) for finding in lint(spec)] == [
        "metadata: nobody owns 'fleet'; write metadata.owner, so that a breach finds its team"
    ]


def test_every_code_has_a_sentence_and_a_remedy() -> None:
    for name, code in CODES.items():
        assert name == code.code
        assert code.sentence.endswith(".")
        assert code.remedy.endswith(".")


PROMISE = """\
apiVersion: backburn/v1
kind: ServiceLevelObjectives
metadata: {service: shop, owner: web}
objectives:
  - name: up
    sli: {kind: availability}
    target: 99.95%
    window: 30d
"""


def test_hard_dependencies_cap_a_promise() -> None:
    hard = "dependencies: [{service: auth, target: 99.99%, kind: hard}, {service: db, target: 99.95%, kind: hard}]\n"
    assert found(spec_of(PROMISE + hard)) == [
        (
            "BB204 slo.yaml:5:5 objectives[0]: objective 'up' promises 99.95%, and its hard dependencies allow "
            "99.940005% at most: auth (99.99%), db (99.95%); lower the target, or make the dependency soft"
        )
    ]
    assert found(spec_of(PROMISE + hard.replace("99.95%, kind: hard", "99.95%, kind: soft"))) == []
    assert found(spec_of(PROMISE.replace("99.95%", "99.940005%") + hard)) == []


@pytest.mark.parametrize(
    ("sla", "words"),
    [
        (
            "99.97%",
            "less than its SLA of 99.97%: the SLA is broken 8.64 minutes of outage in 30d before the objective is",
        ),
        ("99.95%", "as its SLA does: the buffer is 0 minutes"),
        ("99.94%", None),
    ],
)
def test_an_objective_is_stricter_than_its_agreement(sla: str, words: str | None) -> None:
    messages = found(spec_of(f"{PROMISE}    sla: {{target: {sla}, window: {{calendar: month, timezone: UTC}}}}\n"))
    assert len(messages) == (words is not None)
    assert words is None or (words in messages[0] and messages[0].startswith("BB205 "))


@pytest.mark.parametrize(("more", "codes"), [("", ["BB206"]), ("timezone: UTC\n", [])])
def test_a_calendar_has_a_zone(more: str, codes: list[str]) -> None:
    calendar = PROMISE.replace("30d", "{calendar: month}") + more
    assert [message.split()[0] for message in found(spec_of(calendar))] == codes
    assert found(spec_of(calendar.replace("calendar: month", "calendar: month, timezone: Europe/Berlin"))) == []

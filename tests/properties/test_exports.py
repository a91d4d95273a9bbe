"""A rollup that is exported as counters and read back is the same rollup, whatever was counted."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hypothesis import event, given
from hypothesis import strategies as st
from properties.documents import document, moment
from properties.files import as_read, write
from properties.strategies import cases

import backburn

if TYPE_CHECKING:
    from oracle.rows import Row
    from oracle.spec import Spec

# `--label` may be called like a label of the series; what it holds is anybody's.
labels = st.dictionaries(
    st.sampled_from(["service", "region", "host", "zone", "a"]),
    st.text(st.sampled_from('x"\\\n ,=}{é'), min_size=1, max_size=4),
    max_size=2,
)


def without_quantiles(made: dict[str, Any]) -> dict[str, Any]:
    """Counters hold no durations, so none are kept."""
    return made | {"report": made.get("report", {}) | {"quantiles": []}}


@given(case=cases(), labels=labels, threads=st.integers(1, 2))
def test_what_is_exported_and_read_back_is_the_same(
    case: tuple[list[list[Row]], Spec], labels: dict[str, str], threads: int
) -> None:
    sources, spec = case
    with tempfile.TemporaryDirectory() as folder:
        paths = [
            write(
                [as_read(row, "plain") for row in rows], Path(folder) / f"{number}.parquet", schema="plain", row_group=9
            )
            for number, rows in enumerate(sources)
        ]
        start, end = (None if edge is None else moment(edge) for edge in (spec.start, spec.end))
        rollup = backburn.rollup(without_quantiles(document(spec)), paths, start=start, end=end, threads=threads)
        exported = Path(folder) / "rollup.om"
        backburn.export("openmetrics", rollup, labels=labels).save(exported)
        assert backburn.Rollup.load(str(exported)) == rollup
    facts = json.loads(rollup.facts())["indicators"]
    event(f"{bool(facts[0]['reasons'])} reasons, {facts[0]['weighted']} weights")


names = st.text(st.sampled_from('ab"\\\n,=} é\t'), max_size=4)


@given(
    rows=st.lists(
        st.tuples(st.integers(0, 40), st.none() | names, st.none() | names, st.sampled_from([200, 503, 404, None])),
        min_size=1,
        max_size=25,
    ),
    by=st.sampled_from([["null"], ["reason", "objective"], ["1st", "_1st"], ["a b", "a-b"], ["__x", "service"]]),
)
def test_no_value_and_no_name_of_a_label_is_too_strange(
    rows: list[tuple[int, str | None, str | None, int | None]], by: list[str]
) -> None:
    one = {"sli": {"kind": "availability"}, "target": "99%", "window": "1d"}
    spec = {
        "apiVersion": "backburn/v1",
        "kind": "ServiceLevelObjectives",
        "metadata": {"name": "shop", **({} if "service" in by else {"service": "shop"})},
        "source": {"by": by, "step": "1.5s", "exclude": [{"when": "status = 404", "reason": 'a "b"\\n'}]},
        "objectives": [{"name": "a.b", **one}, {"name": "a-b", **one}],
    }
    columns: dict[str, list[Any]] = {
        "timestamp": [f"2026-06-01T10:00:{row[0]:02}Z" for row in rows],
        "status": [row[3] for row in rows],
        **{name: [row[1 + at] for row in rows] for at, name in enumerate(by)},
    }
    rollup = backburn.rollup(spec, columns)
    with tempfile.TemporaryDirectory() as folder:
        backburn.export("openmetrics", rollup, labels={"label_1st": "x", "a_b": "y"}).save(f"{folder}/rollup.om")
        assert backburn.Rollup.load(f"{folder}/rollup.om") == rollup

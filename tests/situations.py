"""Six situations in which somebody looks at a table: what happened, as logs and documents of transcripts.

`breached`: an outage of twenty minutes on the last day of seven. `month`: a month of which half is still to come.
`few`: too few requests to tell. `empty`: a service that nobody called, and one that was never seen. `missing`: half of
the last day's logs are not there. `slices`: a quiet night's outage, which is few requests and much time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from made_logs import write_log

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = ["make"]

_HOUR, _DAY = 60, 1_440
"""In minutes, as the times of made rows are."""

_DOCUMENT = """\
apiVersion: backburn/v1
kind: ServiceLevelObjectives
metadata: {{{metadata}, owner: shop-team}}
source:
  data: [{name}.parquet]
  columns: {{duration: {{column: duration_ms, unit: ms}}}}
{source}objectives:
  - {{name: availability, sli: {{kind: availability}}, target: {target}, window: {window}{more}}}
{last}"""


def make(folder: Path) -> None:
    """Write `NAME.yaml` and `NAME.parquet` for each situation."""
    folder.mkdir()
    _breached(folder)
    _month(folder)
    _few(folder)
    _empty(folder)
    _missing(folder)
    _slices(folder)


def _write(folder: Path, name: str, rows: Iterator[dict[str, Any]], **words: str) -> None:
    filled = {"metadata": "service: checkout", "source": "", "target": "99.9%", "window": "7d", "more": "", "last": ""}
    (folder / f"{name}.yaml").write_text(_DOCUMENT.format(name=name, **filled | words), encoding="utf-8")
    write_log(folder / f"{name}.parquet", rows)


def _every(minutes: int, begin: int, end: int, **more: Any) -> Iterator[dict[str, Any]]:
    """A request every so many minutes."""
    yield from ({"at": at, **more} for at in range(begin, end, minutes))


def _breached(folder: Path) -> None:
    outage = range(6 * _DAY + 20 * _HOUR, 6 * _DAY + 20 * _HOUR + 20)

    def rows() -> Iterator[dict[str, Any]]:
        for at in range(7 * _DAY):
            down = at in outage
            yield {"at": at, "route": "/pay", "status": 503 if down else 200, "duration_ms": 900.0 if down else 80.0}
            yield {"at": at, "route": "/cart", "status": 500 if at == _DAY else 200, "duration_ms": 40.0}

    _write(
        folder,
        "breached",
        rows(),
        source="  by: [route]\n",
        more=", also: [{window: 1h, target: 99%}]",
        last="  - {name: fast, sli: {kind: latency}, target: p95 < 300ms, window: 7d}\n"
        "report: {burn: [5m, 1h, 6h, 3d]}\n",
    )


def _month(folder: Path) -> None:
    def rows() -> Iterator[dict[str, Any]]:
        for at in range(-_DAY, 15 * _DAY):
            yield {"at": at, "status": 502 if 9 * _DAY <= at < 9 * _DAY + 12 else 200}

    _write(
        folder,
        "month",
        rows(),
        target="99.95%",
        window="{calendar: month}",
        last="timezone: Europe/Berlin\nreport: {burn: [1h, 1d]}\n",
    )


def _few(folder: Path) -> None:
    def rows() -> Iterator[dict[str, Any]]:
        yield from _every(20, 0, 2 * _DAY)
        yield {"at": 2 * _DAY - 1}

    _write(
        folder,
        "few",
        rows(),
        window="2d",
        last="  - {name: fast, sli: {kind: latency}, target: p99 < 300ms, window: 2d}\n",
    )


def _empty(folder: Path) -> None:
    def rows() -> Iterator[dict[str, Any]]:
        yield from _every(1, 0, 2 * _DAY, service="pay")
        yield from _every(1, 0, 12 * _HOUR, service="refunds")

    _write(
        folder,
        "empty",
        rows(),
        metadata="name: shop",
        source="  by: [service]\n  expect: {service: [pay, refunds, vouchers]}\n",
        window="1d",
        last="report: {burn: [1h]}\n",
    )


def _missing(folder: Path) -> None:
    def rows() -> Iterator[dict[str, Any]]:
        yield from _every(1, 0, _DAY + 4 * _HOUR)
        yield from _every(1, _DAY + 16 * _HOUR, 2 * _DAY)

    _write(
        folder,
        "missing",
        rows(),
        window="1d",
        more=", also: [{window: 7d, target: 99%}, {window: 1h, target: 99%}]",
        last="report: {burn: [1h, 6h]}\n",
    )


def _slices(folder: Path) -> None:
    outage = range(6 * _DAY + 2 * _HOUR, 6 * _DAY + 2 * _HOUR + 20)

    def rows() -> Iterator[dict[str, Any]]:
        for at in range(7 * _DAY):
            by_day = 8 * _HOUR <= at % _DAY < 20 * _HOUR
            yield from ({"at": at, "status": 503 if at in outage else 200} for _ in range(5 if by_day else 1))

    _write(
        folder,
        "slices",
        rows(),
        last="  - {name: steady, sli: {kind: availability}, target: 99.9%, window: 7d, "
        "budgeting: {method: time-slices, slice: 5m, slice_target: 95%}}\n",
    )

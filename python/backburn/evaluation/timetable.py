"""Timelines: a row per objective, series and tick, computed when somebody takes them."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from itertools import islice
from pathlib import PurePath
from typing import TYPE_CHECKING, Any, Literal

from backburn.engine.envelope import SCHEMA_VERSION, envelope
from backburn.engine.times import rfc3339
from backburn.errors import UsageError
from backburn.evaluation.rolling import BUDGET, percentiles

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from decimal import Decimal

    import pandas as pd  # type: ignore[import-untyped]  # Its stubs are a package of their own.
    import polars as pl
    import pyarrow as pa

    from backburn import _rust
    from backburn.evaluation.provenance import Data, Note, SpecIdentity

__all__ = ["Timeline", "Track"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Track:
    """The rows of one objective: a number of ticks for each of its series.

    `by` are the labels that tell the series apart, `labels` those that have a column because of it. `span` are the
    first and the last tick and the time between two, in microseconds. `keys` and `targets` are those of each series, in
    order; `window` is that of the budget, which counts slices of time if it is `sliced`. `unit` is what percentiles and
    the `threshold` are counted in, if any are.
    """

    service: str | None
    objective: str
    by: tuple[str, ...]
    labels: tuple[str, ...]
    series: int
    ticks: int
    span: tuple[int, int, int] = field(repr=False)
    keys: tuple[tuple[str | None, ...], ...] = field(repr=False)
    targets: tuple[Decimal, ...] = field(repr=False)
    window: str
    sliced: bool = False
    unit: str | None = None
    threshold: float | None = None

    @property
    def rows(self) -> int:
        """How many there are."""
        return self.series * self.ticks


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Timeline:
    """What happened in rolling windows before each tick, per objective and series.

    A table with a row for each objective, series and tick, in this order: `tick` (UTC), `objective`, a column per
    label, and for each window W, called as it was written, `valid_W` and `bad_W` (events), `sli_W` (a share) and
    `burn_W` (how many times faster than allowed the budget was spent); the last two are null without valid events, but
    for a burn rate that `no_data` gives. `budget_remaining` is the share of the budget that is left in the objective's
    own window, negative when overspent, and null without valid events. `p95_W` is in the unit of the column of
    durations, which its field's metadata name; it is null for objectives that judge none, and where an edge of the
    window falls inside of a histogram. Time that exclusions leave out does not count.
    A row knows exactly the events before its tick. Several documents are told apart by a column `service`.

    The table may be larger than memory: it is computed anew, batch by batch, whenever somebody takes it.
    """

    schema_version: int = field(default=SCHEMA_VERSION, init=False)
    command: Literal["timeline"] = field(default="timeline", init=False)
    version: str
    specs: tuple[SpecIdentity, ...]
    data: Data
    windows: tuple[str, ...]
    columns: tuple[str, ...]
    tracks: tuple[Track, ...]
    notes: tuple[Note, ...]
    stream: _rust.Timeline = field(compare=False)
    made: Callable[[Sequence[str]], _rust.Timeline] = field(compare=False)

    @property
    def rows(self) -> int:
        """How many rows the table has."""
        return sum(track.rows for track in self.tracks)

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        return self.stream.__arrow_c_stream__(requested_schema)

    def to_pyarrow(self) -> pa.Table:
        """Give the whole table as a `pyarrow.Table` (pyarrow has to be installed)."""
        import pyarrow as pa

        return pa.RecordBatchReader.from_stream(self).read_all()

    def to_polars(self) -> pl.DataFrame:
        """Give the whole table as a `polars.DataFrame` (Polars has to be installed)."""
        import polars as pl

        return pl.DataFrame(self)

    def to_pandas(self) -> pd.DataFrame:
        """Give the whole table as a `pandas.DataFrame` (pandas and pyarrow have to be installed)."""
        import pandas as pd
        import pyarrow as pa

        types = {pa.uint64(): pd.UInt64Dtype(), pa.float64(): pd.Float64Dtype()}
        return self.to_pyarrow().to_pandas(types_mapper=types.get)

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the whole table to a file, whole or not at all, and never all of it in memory.

        The file's ending says how: `.parquet`, `.csv` or `.ndjson` (an object for each row, as in `to_dict`).

        Raises:
            UsageError: it is another ending.
            DataError: the file cannot be written.
        """
        name = os.fspath(path)
        match PurePath(name).suffix.lower():
            case ".parquet":
                self.stream.save(name)
            case ".csv":
                self.stream.save_text(name)
            case ".ndjson" | ".jsonl":
                self.stream.save_text(name, [track.service for track in self.tracks])
            case ending:
                remedy = "name a file that ends with .parquet, .csv or .ndjson"
                raise UsageError(f"a timeline is not written as '{ending}'", remedy, value=name)

    def around(self) -> dict[str, Any]:
        """Give the JSON envelope without its results."""
        return envelope(
            self.command,
            specs=[spec.to_dict() for spec in self.specs],
            data=self.data.to_dict(),
            results=[],
            notes=[note.to_dict() for note in self.notes],
        )

    def to_dict(self) -> dict[str, Any]:
        """Give the JSON envelope, a result for each row (pyarrow has to be installed); mind how many there are."""
        return self.around() | {"results": list(self._results())}

    def _results(self) -> Iterator[dict[str, Any]]:
        table = self.to_pyarrow()
        names = dict.fromkeys(name for track in self.tracks for name in track.labels)
        labels = dict(zip(names, table.column_names[2:], strict=False))
        rows = (row for batch in table.to_batches() for row in batch.to_pylist())
        for track in self.tracks:
            for row in islice(rows, track.rows):
                label = {name: row[labels[name]] for name in track.by}
                told = {one: self._told(one, row) for one in self.columns}
                service = track.service if track.service is not None else label.get("service")
                identified = {"service": service, "objective": track.objective, "series": label}
                unit = {"unit": track.unit} if percentiles(self.columns) else {}
                yield {**identified, **unit, "tick": rfc3339(row["tick"]), **told}

    def _told(self, column: str, row: dict[str, Any]) -> Any:  # noqa: ANN401 - a value of the envelope.
        if column == BUDGET:
            return row[column]
        return {window: row[f"{column}_{window}"] for window in self.windows}

    def __repr__(self) -> str:
        names = ", ".join(spec.name for spec in self.specs)
        return f"Timeline({names}: rows={self.rows}, windows=[{', '.join(self.windows)}])"

"""What every alert was at every tick, and the burn rates that it saw: made when somebody takes it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from decimal import Decimal

    import pyarrow as pa

    from backburn import _rust
    from backburn.evaluation.timetable import Track
    from backburn.model.policy import AlertPolicy
    from backburn.units import Duration

    Changes = Sequence[tuple[int, str]]

__all__ = ["Course", "Ticks"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """One series of an objective under one policy: `changes` are when each of its alerts became what.

    `place` is the series' among those of the track, `asked` what the core is asked about this series alone; `windows`
    are those that the policy names.
    """

    policy: AlertPolicy
    track: Track
    place: int
    labels: Mapping[str, str | None]
    asked: Any
    windows: tuple[Duration, ...]
    changes: tuple[Changes, ...]

    @property
    def rows(self) -> int:
        """How many there are: one per alert and tick."""
        return self.track.ticks * len(self.policy.alerts)

    @property
    def target(self) -> Decimal:
        """What was promised of the series."""
        return self.track.targets[self.place]

    def told(self, columns: Sequence[str], threads: int, windows: Sequence[Duration] | None = None) -> _rust.Timeline:
        """Ask for columns of a timeline of this series, of the policy's windows unless others are named."""
        from backburn import _rust

        asked = self.windows if windows is None else windows
        return _rust.timeline([self.asked], [(one.text, one.microseconds) for one in asked], columns, threads)


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Ticks:
    """A table of a row for each policy, objective, series, alert and tick, in this order.

    `tick` (UTC), `policy`, `objective`, a column per label, `alert`, `severity`, `state` (inactive, pending, firing or
    keeping, which fires too), and for each window W that some policy names `burn_W`: how many times faster than allowed
    the budget was spent, null without valid events and where this policy does not look at W.
    """

    courses: tuple[Course, ...]
    threads: int

    @property
    def rows(self) -> int:
        """How many rows the table has."""
        return sum(course.rows for course in self.courses)

    @property
    def windows(self) -> tuple[str, ...]:
        """Every window that some policy names, as it was written."""
        return tuple(dict.fromkeys(window.text for course in self.courses for window in course.windows))

    @property
    def labels(self) -> tuple[str, ...]:
        """The labels of all series."""
        return tuple(dict.fromkeys(label for course in self.courses for label in course.labels))

    def schema(self) -> pa.Schema:
        """Give the columns."""
        import pyarrow as pa

        text = pa.dictionary(pa.int32(), pa.string())
        named = ["policy", "objective", *map(self._column, self.labels), "alert", "severity", "state"]
        fields = [("tick", pa.timestamp("us", "UTC")), *((name, text) for name in named)]
        return pa.schema([*fields, *((f"burn_{window}", pa.float64()) for window in self.windows)])

    def batches(self) -> Iterator[pa.RecordBatch]:
        """Give the rows, a batch for each alert of a series."""
        schema = self.schema()
        for course in self.courses:
            yield from self._of(course, schema)

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        import pyarrow as pa

        reader = pa.RecordBatchReader.from_batches(self.schema(), self.batches())
        stream: object = reader.__arrow_c_stream__(requested_schema)  # type: ignore[no-untyped-call]
        return stream

    def to_pyarrow(self) -> pa.Table:
        """Give the whole table as a `pyarrow.Table`."""
        import pyarrow as pa

        return pa.Table.from_batches(self.batches(), self.schema())

    def _of(self, course: Course, schema: pa.Schema) -> Iterator[pa.RecordBatch]:
        import pyarrow as pa

        burns = self._burns(course)
        rows = burns.num_rows
        none = pa.nulls(rows, pa.float64())
        seen = [
            burns[f"burn_{w}"].combine_chunks() if f"burn_{w}" in burns.column_names else none for w in self.windows
        ]
        labels = [_same(course.labels.get(label), rows) for label in self.labels]
        tick = burns["tick"].combine_chunks()
        for alert, changes in zip(course.policy.alerts, course.changes, strict=True):
            told = [_same(text, rows) for text in (course.policy.name, course.track.objective)]
            which = [_same(text, rows) for text in (alert.name, alert.severity)]
            states = _states(changes, course.track.span, rows)
            yield pa.RecordBatch.from_arrays([tick, *told, *labels, *which, states, *seen], schema=schema)

    def _burns(self, course: Course) -> pa.Table:
        import pyarrow as pa

        return pa.RecordBatchReader.from_stream(course.told(["burn"], self.threads)).read_all()

    def _column(self, label: str) -> str:
        taken = {"tick", "policy", "objective", "alert", "severity", "state", *(f"burn_{w}" for w in self.windows)}
        return f"label_{label}" if label in taken else label


def _same(text: str | None, rows: int) -> Any:  # noqa: ANN401 - an array of texts, for which pyarrow has no plain type.
    """Give the same text in each row."""
    import pyarrow as pa

    numbers = pa.nulls(rows, pa.int32()) if text is None else pa.repeat(pa.scalar(0, pa.int32()), rows)
    return pa.DictionaryArray.from_arrays(numbers, pa.array([] if text is None else [text], pa.string()))


def _states(changes: Changes, span: tuple[int, int, int], rows: int) -> Any:  # noqa: ANN401 - as `_same`.
    """Spell changes out: an alert is inactive before the first, and then what the last change made it."""
    import pyarrow as pa

    first, _, every = span
    names = ["inactive", "pending", "firing", "keeping"]
    numbers: list[int] = []
    state = 0
    for moment, became in changes:
        numbers += [state] * ((moment - first) // every - len(numbers))
        state = names.index(became)
    numbers += [state] * (rows - len(numbers))
    return pa.DictionaryArray.from_arrays(pa.array(numbers, pa.int32()), pa.array(names, pa.string()))

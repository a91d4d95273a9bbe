"""What happened as counters in OpenMetrics text."""

from __future__ import annotations

import re
from dataclasses import dataclass
from os import fspath
from typing import TYPE_CHECKING

from backburn._rust import OpenMetrics, Rollup
from backburn.errors import UsageError

if TYPE_CHECKING:
    import os
    from collections.abc import Iterator, Mapping

__all__ = ["Export", "check_labels", "openmetrics"]

_LABEL = re.compile(r"(?!__)[a-zA-Z_][a-zA-Z0-9_]*")
_OWN = ("null", "objective", "reason")


@dataclass(frozen=True, slots=True, kw_only=True)
class Export:
    """A rollup as text for another tool, made as it is taken, however often: in pieces of bytes, or as a file."""

    rollup: Rollup
    labels: tuple[tuple[str, str], ...]

    def __iter__(self) -> Iterator[bytes]:
        """Give the text in UTF-8, piece by piece."""
        return OpenMetrics(self.rollup, self.labels)

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the text to a file, whole or not at all.

        Raises:
            DataError: the file cannot be written, or the counts of a series have no sum that fits.
        """
        OpenMetrics.save(self.rollup, self.labels, fspath(path))


def openmetrics(rollup: Rollup | str | os.PathLike[str], *, labels: Mapping[str, str] | None = None) -> Export:
    r"""Give a rollup as cumulative counters in OpenMetrics text, from which Prometheus computes what `timeline` does.

    A family for each indicator and kind of count, `backburn_INDICATOR_KIND`, of which each character that is no ASCII
    letter or digit is an underscore. Kinds are good, bad and valid; unknown and excluded (by the label `reason`) of
    series that have any; and rows, badrows and squares (of weights) where rows have weights. Labels are `objective`,
    the indicator's name as it is, and those of the series; a null one is left out and named by the label `null`, for
    to Prometheus an empty value is a missing one. A label whose name is taken has the suffix `_label`.

    The sample at time t, in seconds, counts the events before t. There is one at every step: the first, which is zero,
    where the first step of the series with events begins, the last where the rollup ends. Events that do not tell are
    in `unknown` alone: where an objective is `unparsable: bad`, they belong to bad and valid too.

    What counters do not tell (sources, rejects, coverage, readings of counters) is JSON in the help of the first
    family, `backburn_rollup`, so that the text is data again: wherever a saved rollup is read, it is the one that was
    exported. Durations of requests alone are not in it, and a rollup that is read back has none.

    >>> import pathlib, tempfile
    >>> log = pathlib.Path(tempfile.mkdtemp()) / "requests.csv"
    >>> _ = log.write_text("timestamp,status\n2025-10-01T00:00:00Z,200\n2025-10-01T00:01:30Z,503\n")
    >>> spec = {
    ...     "apiVersion": "backburn/v1",
    ...     "kind": "ServiceLevelObjectives",
    ...     "metadata": {"service": "shop"},
    ...     "objectives": [
    ...         {"name": "availability", "sli": {"kind": "availability"}, "target": "99%", "window": "1d"}
    ...     ],
    ... }
    >>> import backburn
    >>> text = b"".join(openmetrics(backburn.rollup(spec, log), labels={"service": "shop"})).decode()
    >>> print(*text.splitlines()[9:12], sep="\n")
    backburn_availability_bad_total{service="shop",objective="availability"} 0 1759276800
    backburn_availability_bad_total{service="shop",objective="availability"} 0 1759276860
    backburn_availability_bad_total{service="shop",objective="availability"} 1 1759276920

    Args:
        rollup: a Rollup, or the path of a saved or exported one.
        labels: labels that every series has besides its own.

    Raises:
        UsageError: a label cannot be one.
        DataError: there is no such rollup.
    """
    check_labels(labels or {})
    counted = rollup if isinstance(rollup, Rollup) else Rollup.load(fspath(rollup))
    return Export(rollup=counted, labels=tuple((labels or {}).items()))


def check_labels(labels: Mapping[str, str]) -> None:
    """Refuse labels that counters cannot have.

    Raises:
        UsageError: a name is none, or has a meaning of its own.
    """
    for name in labels:
        if not _LABEL.fullmatch(name):
            remedy = "use letters, digits and underscores, a letter first, as in service=shop"
            raise UsageError(f"'{name}' cannot be the name of a label", remedy, value=name)
        if name in _OWN:
            raise UsageError(f"the label '{name}' has a meaning of its own", "give yours another name", value=name)

"""`validate`: what is wrong with documents, what is seldom meant, and what their traffic does not bear."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from backburn import document
from backburn.errors import SpecError
from backburn.evaluation.specs import SpecArgument, as_specs
from backburn.lint import lint

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from backburn.engine.data import DataArgument
    from backburn.model.finding import Finding

__all__ = ["validate"]


def validate(
    spec: SpecArgument,
    data: DataArgument | Sequence[DataArgument] | None = None,
    *,
    progress: Callable[[int, int, int], None] | None = None,
) -> list[Finding]:
    """List everything that is wrong, or worth knowing, in documents; an empty list is a clean bill.

    With `data` the rows of documents without errors are counted once, and it is found which promises they do not bear:
    a budget of less than one event, a percentile of too few, a window that they do not fill. What a window would hold
    is scaled exactly from the time for which there are logs.

    >>> validate({"kind": "ServiceLevelObjectives"})[0].severity
    'error'
    >>> spec = {
    ...     "apiVersion": "backburn/v1",
    ...     "kind": "ServiceLevelObjectives",
    ...     "metadata": {"service": "shop", "owner": "web"},
    ...     "objectives": [{"name": "up", "sli": {"kind": "availability"}, "target": "99.9%", "window": "all"}],
    ... }
    >>> rows = {"timestamp": ["2025-10-01T00:00:00Z"], "status": [200]}
    >>> validate(spec), [finding.code for finding in validate(spec, rows)]
    ([], ['BB207'])

    Args:
        spec: a path (a file or a directory), a dict, or a Spec.
        data: what `evaluate` takes, rollups too; None reads no row.
        progress: called with (parts done, parts in all, rows read) now and then.

    Raises:
        DataError: the data cannot be read, or too much of it cannot be used.
    """
    if isinstance(spec, (str, os.PathLike)):
        findings = list(document.check(Path(spec)))
    else:
        try:
            findings = [finding for one in as_specs(spec) for finding in lint(one)]
        except SpecError as error:
            if error.findings:
                return list(error.findings)
            raise
    if data is None or any(finding.severity == "error" for finding in findings):
        return findings
    from backburn.evaluation.traffic import of_traffic

    return [*findings, *(finding for one in as_specs(spec) for finding in of_traffic(one, data, progress))]

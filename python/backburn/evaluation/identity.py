"""Which documents were asked about, and what was read for all of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backburn.engine import request
from backburn.engine.skipped import Skipped
from backburn.evaluation.provenance import Data, SpecIdentity
from backburn.units import share_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from backburn.model.spec import Spec

__all__ = ["identity", "together"]


def identity(spec: Spec) -> SpecIdentity:
    """Name a document, with a digest of everything in it that could change a number or a verdict."""
    return SpecIdentity(name=spec.name, version=spec.version, fingerprint=_fingerprint(spec))


def together(parts: Sequence[Data]) -> Data:
    """Sum what several documents read; files that two of them share are there once."""
    distinct = list({part.files: part for part in reversed(parts)}.values())[::-1]
    starts = [part.start for part in distinct if part.start is not None]
    ends = [part.end for part in distinct if part.end is not None]
    return Data(
        files=tuple(sorted({file for part in distinct for file in part.files})),
        rows=sum(part.rows for part in distinct),
        ignored=sum(part.ignored for part in distinct),
        rejected=sum(part.rejected for part in distinct),
        rejects=tuple(reject for part in distinct for reject in part.rejects),
        skipped=Skipped(
            files=sum(part.skipped.files for part in distinct),
            row_groups=sum(part.skipped.row_groups for part in distinct),
        ),
        start=min(starts, default=None),
        end=max(ends, default=None),
    )


def _fingerprint(spec: Spec) -> str:
    """Give a digest of everything in a document that could change a number or a verdict."""
    source = spec.source
    return request.digest(
        {
            "counted": request.fingerprints(spec),
            "objectives": [
                {
                    "name": one.name,
                    "target": share_text(one.target),
                    "window": one.window.text,
                    "also": [[also.window.text, share_text(also.target)] for also in one.also],
                    "by": one.by,
                    "no_data": one.no_data,
                    "overrides": [
                        [dict(over.match), None if over.target is None else share_text(over.target), over.no_data]
                        for over in one.overrides
                    ],
                    "unparsable": one.sli.unparsable,
                }
                for one in spec.objectives
            ],
            "expect": {label: list(values) for label, values in source.expect.items()},
            "max_rejected": share_text(source.max_rejected),
            "min_coverage": share_text(spec.min_coverage),
            "gaps": [source.gaps, [[span.start, span.end] for span in source.unknown]],
            "timezone": spec.timezone,
            "exclusions": [[one.span.start, one.span.end, one.reason, dict(one.series)] for one in spec.exclusions],
            "burn": [duration.text for duration in spec.report.burn],
        }
    )

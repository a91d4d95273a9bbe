"""Which document a result is about."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backburn.engine import request
from backburn.evaluation.result import SpecIdentity
from backburn.units import share_text

if TYPE_CHECKING:
    from backburn.model.spec import Spec

__all__ = ["identity_of"]


def identity_of(spec: Spec) -> SpecIdentity:
    """Name a document, and give a digest of all in it that could change a number."""
    return SpecIdentity(name=spec.name, version=spec.version, fingerprint=_fingerprint(spec))


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
                    "overrides": [[dict(over.match), share_text(over.target)] for over in one.overrides],
                    "unparsable": one.sli.unparsable,
                }
                for one in spec.objectives
            ],
            "expect": {label: list(values) for label, values in source.expect.items()},
            "max_rejected": share_text(source.max_rejected),
            "min_coverage": share_text(spec.min_coverage),
            "gaps": [source.gaps, [[span.start, span.end] for span in source.unknown]],
            "burn": [duration.text for duration in spec.report.burn],
        }
    )

"""Specifications that `init` drafts, held to the promise of every draft."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import backburn

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["draft", "line"]


def draft(log: Path, **options: Any) -> tuple[str, backburn.Evaluation]:
    """Draft a specification beside a log, hold it to the promise of every draft, and judge the log by it."""
    path = log.parent / "slo.yaml"
    text = backburn.init(log, output=path, **options)
    path.write_text(text)
    assert backburn.validate(path) == []
    evaluation = backburn.evaluate(path)
    assert [result.reason for result in evaluation.results if result.met is None] == []
    return text, evaluation


def line(text: str, start: str) -> str:
    """The first line of a draft that begins so, without its indent."""
    return next(line.strip() for line in text.splitlines() if line.strip().startswith(start))

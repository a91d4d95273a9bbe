"""The command line: `backburn VERB ...`, one verb a file."""

from __future__ import annotations

from typing import NoReturn

__all__ = ["main"]


def main() -> NoReturn:
    """Run the command line and leave with its exit code."""
    try:
        from backburn.cli.program import program
    except KeyboardInterrupt:  # Even an interrupt in the first instant gets no traceback.
        raise SystemExit(130) from None
    program.main()
    raise SystemExit(0)

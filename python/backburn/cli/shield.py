"""Every way to end: an exit code, and for a failure a message that names the remedy instead of a traceback."""

from __future__ import annotations

import difflib
import os
import signal
import sys
import traceback
from typing import TYPE_CHECKING

import click

from backburn.cli.tell import fail, tell
from backburn.errors import BackburnError, SpecError

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["BUG", "DATA", "INTERRUPTED", "USAGE", "guarded"]

USAGE = 2
DATA = 3
BUG = 70
INTERRUPTED = 130


def guarded(run: Callable[[], object]) -> int:
    """Run a verb, which gives its exit code or None for 0, and give the code that the process ends with."""
    try:
        return _flushed(_guarded(run))
    except KeyboardInterrupt:  # A second one, while the first is being told.
        return INTERRUPTED


def _guarded(run: Callable[[], object]) -> int:
    try:
        code = run()
    except click.exceptions.Exit as leaving:
        return leaving.exit_code
    except (GeneratorExit, SystemExit):
        raise
    except BaseException as error:  # noqa: BLE001 - a panic of the core is no Exception, and is a bug all the same.
        return _failed(error)
    return code if isinstance(code, int) else 0


def _failed(error: BaseException) -> int:
    match error:
        case KeyboardInterrupt() | click.Abort():  # Among them InterruptedScanError.
            code = _interrupted()
        case click.ClickException():
            code = _misused(error)
        case BackburnError():
            code = _known(error)
        case OSError() | MemoryError():
            code = _environment(error)
        case _:
            code = _bug(error)
    return code


def _flushed(code: int) -> int:
    """Flush what is buffered now: an error at the interpreter's own exit could only be shown as noise."""
    from backburn.output.deliver import silence, trouble

    try:
        if sys.stdout is not None:
            sys.stdout.flush()
    except BrokenPipeError:
        silence()
    except OSError as error:
        silence()
        known = trouble(error, "standard output")
        fail(known.message, known.remedy)
        return code or DATA
    return code


def _interrupted() -> int:
    # Whoever asks again is already being obeyed.
    if sys.platform != "win32":
        signal.signal(signal.SIGINT, signal.SIG_IGN)
    tell("interrupted")
    return INTERRUPTED


def _misused(error: click.ClickException) -> int:
    if isinstance(error, click.exceptions.NoArgsIsHelpError):
        tell(error.message)
        return USAGE
    message = error.format_message().rstrip(".")
    context = error.ctx if isinstance(error, click.UsageError) else None
    remedy = f"run '{context.command_path if context is not None else 'backburn'} --help'"
    if isinstance(error, click.NoSuchOption):
        message = f"there is no option '{error.option_name}'"
        near = difflib.get_close_matches(error.option_name, error.possibilities or (), n=1)
        remedy = f"did you mean '{near[0]}'?" if near else remedy
    fail(message[:1].lower() + message[1:], remedy)
    return USAGE


def _known(error: BackburnError) -> int:
    if isinstance(error, SpecError) and error.findings:
        for finding in error.findings:
            fail(str(finding))
        return error.exit_code
    fail(f"{error.location}: {error.message}" if error.location else error.message, error.remedy)
    return error.exit_code


def _environment(error: OSError | MemoryError) -> int:
    """The machine refuses; what is missing here is a better message, not a traceback."""
    if os.environ.get("BACKBURN_DEBUG"):
        traceback.print_exception(error)
    if isinstance(error, MemoryError):
        fail("out of memory", "read less at once: fewer files, a shorter span, fewer labels in `by`")
        return DATA
    if isinstance(error, BrokenPipeError):
        return 0
    reason = (error.strerror or str(error)).lower()
    fail(f"'{error.filename}': {reason}" if error.filename else reason)
    return DATA


def _bug(error: BaseException) -> int:
    if os.environ.get("BACKBURN_DEBUG"):
        traceback.print_exception(error)
    if isinstance(error, ImportError):
        fail(f"this installation is incomplete: {error}", "install the package backburn anew")
        return BUG
    what = f"{type(error).__name__}: {error}".splitlines()[0] if str(error) else type(error).__name__
    fail(
        f"this is a bug in backburn: {what}",
        "please report it with the command you ran; BACKBURN_DEBUG=1 shows the traceback to add",
    )
    return BUG

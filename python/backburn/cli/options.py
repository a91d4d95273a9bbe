"""The options that verbs share, with one meaning and one text each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

import click

from backburn.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable

    from backburn.model.spec import Spec

    Function = TypeVar("Function", bound=Callable[..., Any])

__all__ = [
    "Reading",
    "Whole",
    "log_format",
    "output",
    "quiet",
    "reading",
    "reading_of",
    "rejects",
    "rows_from",
    "spec",
]

_READING = ("start", "end", "by", "step", "threads", "rejects")


class Whole(click.ParamType[int]):
    """A whole number that is at least so great."""

    name = "whole number"

    def __init__(self, least: int) -> None:
        self.least = least

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """Read the number, or say what it has to be."""
        text = str(value)
        if not (text.isascii() and text.isdecimal() and int(text) >= self.least):
            self.fail(f"'{text}' is not a whole number of at least {self.least}", param, ctx)
        return int(text)


def spec(function: Function) -> Function:
    """Take `SPEC [DATA...]`."""
    function = click.argument("data", nargs=-1)(function)
    return click.argument("spec")(function)


def quiet(function: Function) -> Function:
    """Take `--quiet`."""
    return click.option("--quiet", "-q", is_flag=True, help="No notes and no progress on standard error.")(function)


def output(function: Function) -> Function:
    """Take `--format`, `-o` and `--quiet`."""
    for option in (
        quiet,
        click.option("-o", "--output", "file", metavar="FILE", help="Write there, whole or not at all."),
        form,
    ):
        function = option(function)
    return function


def form(function: Function) -> Function:
    """Take `--format`."""
    return click.option(
        "--format",
        "format",
        metavar="F",
        help="How to print: table, json, ndjson, csv or md; else by the ending of -o, else a table.",
    )(function)


def rejects(function: Function) -> Function:
    """Take `--rejects`."""
    return click.option(
        "--rejects", metavar="FILE", help="Write every record that cannot be used there (.csv or .ndjson)."
    )(function)


def log_format(function: Function) -> Function:
    """Take `--log-format`, which no specification says yet."""
    return click.option(
        "--log-format",
        "log_format",
        metavar="FORMAT",
        help="What the logs are, where that is not plain: a name (haproxy) or a log_format or LogFormat string.",
    )(function)


def reading(function: Function) -> Function:
    """Take everything that says which rows are read, and how."""
    for option in (
        rejects,
        click.option("--threads", type=Whole(1), metavar="N", help="How many threads read."),
        click.option("--step", metavar="D", help="The width of a cell (1m), in place of source.step."),
        click.option("--by", metavar="COLS", help="One series per value of these columns (a,b), in place of by."),
        click.option("--end", metavar="T", help="Read rows before this time (2025-10-26T00:00:00Z)."),
        click.option("--start", metavar="T", help="Read rows from this time on."),
        click.option(
            "--data",
            "named",
            multiple=True,
            metavar="NAME=PATH",
            help="The rows of the document NAME, in place of its source.data; may be repeated.",
        ),
    ):
        function = option(function)
    return function


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What the options of `reading` say, in the words of the Python functions."""

    start: str | None
    end: str | None
    by: str | None
    step: str | None
    threads: int | None
    rejects: str | None

    def arguments(self) -> dict[str, Any]:
        """As keywords of `rollup` and `evaluate`."""
        return {name: getattr(self, name) for name in _READING}


def reading_of(options: dict[str, Any]) -> Reading:
    """Take the options of `reading` out of all options."""
    return Reading(**{name: options[name] for name in _READING})


def rows_from(path: str, data: tuple[str, ...], named: tuple[str, ...]) -> tuple[list[Spec], list[str] | None]:
    """Read the documents, and find out where their rows are.

    Data after the spec is every document's; `--data NAME=PATH` is that of one.
    """
    from backburn import load_specs

    specs = load_specs(path)
    if not named:
        return specs, list(data) or None
    if data:
        raise UsageError("data is given twice, after the spec and with --data", "use one of the two")
    given = _named(named)
    names = {one.name for one in specs}
    for name in given:
        if name not in names:
            known = f"the documents are {', '.join(sorted(names))}" if len(names) > 1 else f"there is {specs[0].name}"
            raise UsageError(f"--data: there is no document '{name}'", known, value=name)
    return [_fed(one, given[one.name]) if one.name in given else one for one in specs], None


def _named(named: tuple[str, ...]) -> dict[str, list[str]]:
    given: dict[str, list[str]] = {}
    for pair in named:
        name, mark, path = pair.partition("=")
        if not (name and mark and path):
            raise UsageError(f"--data: '{pair}' is not NAME=PATH", "as in --data checkout=logs/*.parquet", value=pair)
        given.setdefault(name, []).append(path)
    return given


def _fed(one: Spec, paths: list[str]) -> Spec:
    """Give the document other rows; a path on the command line starts where the command does."""
    from dataclasses import replace
    from pathlib import Path

    from backburn.engine.data import STANDARD_INPUT

    found = (STANDARD_INPUT if path == "-" else str(Path.cwd() / path) for path in paths)
    return replace(one, source=replace(one.source, data=tuple(found)))

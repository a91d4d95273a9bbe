"""`init`: a commented specification for a log, with the reason of each guess."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

from backburn import document
from backburn.draft.guess import listed
from backburn.draft.roles import roles_of
from backburn.draft.trial import SUCCESS, success_predicate, try_out
from backburn.engine.data import is_pipe
from backburn.engine.inspection import inspect
from backburn.engine.times import length_text, rfc3339
from backburn.errors import DataError, UsageError
from backburn.evaluation.percent import percent_above, percent_below
from backburn.evaluation.rejects import describe
from backburn.units import Duration

if TYPE_CHECKING:
    from collections.abc import Iterator
    from fractions import Fraction

    from backburn.draft.guess import Guess
    from backburn.draft.roles import Roles
    from backburn.draft.trial import Promise, Trial
    from backburn.engine.inspection import InspectedFile

__all__ = ["init"]

_ROWS = 200
_MOST_REJECTED = 0.2
_DEFAULT_REJECTED = 0.01
_BURNS = ("5m", "1h", "6h", "3d")
_DOCKER = frozenset({"log", "stream", "time"})
_PRESET = re.compile(r"[a-z]+(-[a-z]+)*")
_BARE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_RESERVED = frozenset({"true", "false", "yes", "no", "on", "off", "null", "y", "n"})


def init(
    log: str | os.PathLike[str],
    *,
    output: str | os.PathLike[str] | None = None,
    format: str | None = None,
    threads: int | None = None,
) -> str:
    r"""Draft a specification for a log: YAML that validates, judges this very log, and gives the reason of each guess.

    >>> import pathlib, tempfile
    >>> log = pathlib.Path(tempfile.mkdtemp()) / "requests.csv"
    >>> _ = log.write_text("timestamp,status\n2025-10-01T00:00:00Z,200\n2025-10-01T00:00:30Z,503\n")
    >>> init(log).splitlines()[0]
    '# Drafted by `backburn init`: 2 rows from 2025-10-01T00:00:00Z to 2025-10-01T00:00:30Z.'

    Args:
        log: a file, a directory or a pattern.
        output: where the text will be saved; the log is named relative to its folder.
        format: the format of the log, where it is not to be recognised by content.
        threads: how many threads read; as many as there are processors unless given.

    Raises:
        DataError: the log has no column that looks like a time, or none that tells good requests from bad ones.
    """
    name = os.fspath(log)
    if name == "-" or is_pipe(name):
        remedy = "save some of it to a file, and draft from that"
        raise UsageError("a draft reads the log several times, and a pipe gives it once", remedy, value=name)
    files = inspect(name, format=format, rows=_ROWS).files
    file = files[0]
    if file.format == "rollup":
        raise UsageError(f"{name} is a saved rollup, not a log", "draft from the logs that it was counted from")
    others = {other.format for other in files} - {file.format}
    if others:
        raise DataError(
            f"files of several formats: {', '.join(sorted({file.format, *others}))}",
            "name the logs alone, by a pattern such as 'logs/*.parquet'",
            file=name,
        )
    roles = roles_of(file)
    if roles.status is None and roles.duration is None and roles.success is None:
        names = [column.name for column in file.columns]
        if set(names) == _DOCKER:
            raise DataError(
                "every line is wrapped in JSON by Docker",
                "take the lines of the log out first: `jq -j .log FILE > app.log`",
                file=file.file,
            )
        columns = listed(names)
        raise DataError(
            "no column tells good requests from bad ones: neither a status nor a duration nor a success flag",
            f"write the specification yourself, with `sli: {{kind: ratio, good: ...}}`; the columns are: {columns}",
            file=file.file,
        )
    trial = try_out(roles, name, format, threads)
    text = "\n".join(_lines(_relative(name, output), file, roles, trial, format)) + "\n"
    document.read_text(text, "the draft")
    return text


def _relative(log: str, output: str | os.PathLike[str] | None) -> str:
    if Path(log).is_absolute() or output is None:
        return log
    return os.path.relpath(log, Path(output).parent)


def _lines(log: str, file: InspectedFile, roles: Roles, trial: Trial, format: str | None) -> Iterator[str]:
    data = trial.data
    stem = _stem(log)
    labelled = _names_services(trial.label, file)
    first, last = (rfc3339(moment) for moment in (data.start, data.end) if moment is not None)
    yield f"# Drafted by `backburn init`: {data.rows:,} rows from {first} to {last}."
    yield "# Every guess has its reason beside it; change what is wrong, then run `backburn evaluate` on this file."
    yield "apiVersion: backburn/v1"
    yield "kind: ServiceLevelObjectives"
    yield "metadata:"
    named = f"  {'name' if labelled else 'service'}: {_quoted(stem)}"
    yield f"{named}  # from the name of the log" + ("; the services are a column" if labelled else "")
    yield "  owner: your-team  # who answers for these promises"
    yield "source:"
    yield f"  data: [{json.dumps(log, ensure_ascii=False)}]{_base(log)}"
    if format is not None:
        yield f"  format: {_format(format)}  # as asked"
    elif file.format != "parquet" and _BARE.fullmatch(file.format):
        yield f"  format: {file.format}  # {file.why}"
    yield "  columns:"
    yield f"    timestamp: {_timestamp(roles.timestamp)}  # {_timestamp_why(roles.timestamp)}"
    if roles.status is not None:
        yield f"    status: {_quoted(roles.status.column)}  # {roles.status.why}"
    if roles.duration is not None:
        yield f"    duration: {_duration(roles.duration)}  # {roles.duration.why}"
    if labelled and trial.label != "service":
        yield f"    service: {_quoted(trial.label or '')}  # so that results name their service"
    if trial.label is not None:
        label = "service" if labelled else trial.label
        yield f"  by: [{_quoted(label)}]  # one series per value; there are {trial.values}"
    yield "  step: 1m  # windows begin and end on it"
    if trial.gaps() == "quiet":
        yield "  gaps: quiet  # this log is often silent for more than an hour; missing logs then look like quiet hours"
    rejected = _max_rejected(file, trial, format)
    if rejected is not None:
        reasons = _one_line(describe(data.rejects))
        rows = "row" if data.rejected == 1 else "rows"
        yield f"  max_rejected: {rejected}  # {data.rejected:,} {rows} cannot be used: {reasons}"
    yield from _objectives(roles, trial)


def _objectives(roles: Roles, trial: Trial) -> Iterator[str]:
    window, why = _window(trial)
    yield "objectives:"
    if roles.success is not None:
        predicate = json.dumps(success_predicate(roles.success), ensure_ascii=False)
        yield "  - name: success"
        yield f"    sli: {{kind: ratio, good: {predicate}}}  # {roles.success.why}"
        yield from _promise(trial.target(SUCCESS), window, why)
    if roles.status is not None:
        yield "  - name: availability"
        yield f"    sli: {{kind: availability}}  # good is a status of 100 to 499, anything else is bad{_also(roles)}"
        yield from _promise(trial.target("availability"), window, why)
    if roles.duration is not None:
        threshold = trial.threshold()
        name = f"within-{threshold.target}"
        unparsable = ", unparsable: exclude" if trial.unreadable(name) > _DEFAULT_REJECTED / 2 else ""
        yield "  - name: latency"
        yield f"    sli: {{kind: latency, threshold: {threshold.target}{unparsable}}}  # {_one_line(threshold.why)}"
        yield "    target: 95%  # so the slowest 5% are forgiven"
        yield f"    window: {window}  # {why}"
    length = trial.tick - trial.begin if window == "all" else Duration.parse(window).microseconds
    burns = [text for text in _BURNS if Duration.parse(text).microseconds <= length]
    if burns:
        yield f"report: {{burn: [{', '.join(burns)}]}}  # burn rates over these windows are shown beside the verdict"


def _also(roles: Roles) -> str:
    return "; the log's own flag may judge otherwise" if roles.success is not None else ""


def _promise(promise: Promise, window: str, why: str) -> Iterator[str]:
    yield f"    target: {promise.target}  # {_one_line(promise.why)}; what users need is yours to say"
    yield f"    window: {window}  # {why}"


def _window(trial: Trial) -> tuple[str, str]:
    window, share = trial.window()
    span = length_text(trial.tick - trial.begin)
    if window == "all":
        return window, f"the log spans {span}, too little for 80% of a longer window"
    return window, f"the longest usual window of which this log, which spans {span}, covers 80%: {percent_below(share)}"


def _max_rejected(file: InspectedFile, trial: Trial, format: str | None) -> str | None:
    """Accept what this log needs, within reason; whoever names the format has said that the rest is none of it."""
    data = trial.data
    share: Fraction = trial.rejected()
    if share <= _DEFAULT_REJECTED:
        return None
    if share > _MOST_REJECTED and format is None:
        raise DataError(
            f"{percent_below(share)} of the rows cannot be used: {describe(data.rejects)}",
            f"if it is such a log, say so by `--log-format {file.format}`, and what is no request is left out",
            file=file.file,
        )
    return percent_above(share)


def _timestamp(guess: Guess) -> str:
    fields = [f"column: {_quoted(guess.column)}"]
    fields += [f"unit: {guess.unit}"] if guess.unit is not None else []
    fields += [f"format: {json.dumps(guess.format)}"] if guess.format is not None else []
    fields += [f"timezone: {guess.timezone}"] if guess.timezone is not None else []
    fields += [f"marks: {guess.marks}"] if guess.marks != "end" else []
    return f"{{{', '.join(fields)}}}"


def _timestamp_why(guess: Guess) -> str:
    return guess.why + ("; they name no zone, so UTC is a guess" if guess.timezone is not None else "")


def _duration(guess: Guess) -> str:
    unit = f", unit: {guess.unit}" if guess.unit is not None else ""
    return f"{{column: {_quoted(guess.column)}{unit}}}"


def _stem(log: str) -> str:
    """Make a name of a file's: `logs/access.log.gz` becomes `access`."""
    name = Path(log.split("*", maxsplit=1)[0].rstrip("/")).name.split(".", maxsplit=1)[0]
    return re.sub(r"[^a-z0-9_]+", "-", name.lower()).strip("-_") or "service"


def _names_services(label: str | None, file: InspectedFile) -> bool:
    """Tell a label whose values are services, and can be called so, from any other."""
    if label is None or label == "service":
        return label is not None
    hidden = "service" in {column.name for column in file.columns} | set(file.partitions)
    return not hidden and label.lower() in {"service_name", "servicename", "service-name", "app", "application"}


def _base(log: str) -> str:
    return "" if Path(log).is_absolute() else "  # relative to this file"


def _format(name: str) -> str:
    return name if _PRESET.fullmatch(name) else _quoted(name)


def _quoted(text: str) -> str:
    return text if _BARE.fullmatch(text) and text.lower() not in _RESERVED else json.dumps(text, ensure_ascii=False)


def _one_line(text: str) -> str:
    return " ".join(text.split())

"""Lengths of time, with a hint where another tool's spelling is used."""

from __future__ import annotations

import re
from functools import partial
from typing import Annotated

from backburn.document.fields import parsed
from backburn.document.shape import Reads
from backburn.units import Duration

__all__ = ["LENGTH", "DurationField", "ThresholdField", "duration_hint", "parse_duration"]

_SHOUTED = re.compile(r"[0-9]+(?:\.[0-9]+)?(?:US|MS|S|H|D|W)")
_ISO = re.compile(r"P(?:T?)([0-9]+)([DWHMS])")
_SPOKEN = re.compile(
    r"(?:rolling )?([0-9]+) ?(second|sec|minute|min|hour|hr|day|week)s?(?: rolling)?|([0-9]+[smhdw])[ -]rolling",
    re.IGNORECASE,
)
_UNITS = {"sec": "s", "min": "m", "hr": "h"}


def duration_hint(text: str, usual: str = "s") -> str | None:
    """What was probably meant by a text that is no duration; `usual` is the unit that people have in mind."""
    if re.fullmatch(r"[0-9]+(?:\.[0-9]+)?", text):
        return f"give it a unit of us, ms, s, m, h, d or w, as in {text}{usual}"
    if _SHOUTED.fullmatch(text):
        return f"units are small letters: write {text.lower()}"
    iso = _ISO.fullmatch(text)
    if iso and (iso.group(2) != "M" or "T" in text):
        return f"write {iso.group(1)}{iso.group(2).lower()}"
    spoken = _SPOKEN.fullmatch(text)
    if spoken:
        number, unit, short = spoken.groups()
        return f"write {short.lower()}" if short else f"write {number}{_UNITS.get(unit.lower(), unit[0].lower())}"
    return None


def parse_duration(text: str, usual: str = "s") -> Duration:
    """A duration, with a hint where another tool's spelling is used."""
    try:
        duration = Duration.parse(text)
        _ = duration.microseconds
    except ValueError as error:
        hint = duration_hint(text, usual)
        if hint is None:
            raise
        message = str(error).partition("; ")[0]
        raise ValueError(f"{message}; {hint}") from None
    return duration


LENGTH = r"^([0-9]+(\.[0-9]+)?(us|ms|s|m|h|d|w))+$"
DurationField = Annotated[Duration | None, Reads(parsed(parse_duration), {"type": "string", "pattern": LENGTH})]
ThresholdField = Annotated[
    Duration | None, Reads(parsed(partial(parse_duration, usual="ms")), {"type": "string", "pattern": LENGTH})
]

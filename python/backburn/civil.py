"""Civil time: days, weeks, months, quarters and years as people in a zone live them, and when each begins.

A civil day begins at the first instant that bears its date, which is not always midnight: a zone may skip an hour at
midnight, or a whole day. Periods follow each other without a gap, so their lengths vary with the zone's clock changes.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Literal, get_args

if TYPE_CHECKING:
    from collections.abc import Callable
    from zoneinfo import ZoneInfo

__all__ = ["UNITS", "Unit", "begins", "day_of", "first_day", "name", "next_first", "parse", "zone"]

Unit = Literal["day", "week", "month", "quarter", "year"]
UNITS: tuple[Unit, ...] = get_args(Unit)

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SECOND = timedelta(seconds=1)
_MICROSECOND = timedelta(microseconds=1)
_DAY = timedelta(days=1)
_QUARTER = 3
_MONTHS = {"month": 1, "quarter": _QUARTER, "year": 12}


def zone(name: str) -> ZoneInfo:
    """Give the IANA zone of this name.

    Raises:
        ValueError: there is no such zone.
    """
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        # The core reads names in letters of either size.
        known = next((one for one in available_timezones() if one.casefold() == name.casefold()), None)
        if known is None:
            msg = f"there is no zone {name!r}"
            raise ValueError(msg) from error
        return ZoneInfo(known)


def first_day(unit: Unit, day: date) -> date:
    """Give the first day of the period that holds a day; weeks begin on Monday.

    >>> first_day("quarter", date(2025, 11, 30)), first_day("week", date(2025, 10, 15))
    (datetime.date(2025, 10, 1), datetime.date(2025, 10, 13))
    """
    if unit == "day":
        return day
    if unit == "week":
        return day - timedelta(days=day.weekday())
    months = _MONTHS[unit]
    return date(day.year, (day.month - 1) // months * months + 1, 1)


def next_first(unit: Unit, first: date) -> date:
    """Give the first day of the period that follows the one that begins on `first`.

    >>> next_first("month", date(2025, 12, 1))
    datetime.date(2026, 1, 1)

    Raises:
        OverflowError: it lies behind the year 9999.
    """
    if unit in {"day", "week"}:
        return first + (_DAY if unit == "day" else 7 * _DAY)
    months = first.year * 12 + first.month - 1 + _MONTHS[unit]
    if months // 12 > date.max.year:
        msg = "the period ends behind the year 9999"
        raise OverflowError(msg)
    return date(months // 12, months % 12 + 1, 1)


def begins(day: date, within: ZoneInfo) -> int:
    """Give the first instant that bears the date `day` or a later one, in microseconds since the epoch.

    >>> begins(date(2024, 3, 10), zone("America/New_York"))
    1710046800000000
    >>> begins(date(2018, 11, 4), zone("America/Sao_Paulo"))  # the clocks went from 0:00 to 1:00
    1541300400000000
    """
    midnight = datetime(day.year, day.month, day.day, tzinfo=within)
    instant = midnight.astimezone(UTC)
    if instant.astimezone(within).date() == day and instant.astimezone(within).time() == midnight.time():
        return (instant - _EPOCH) // _MICROSECOND
    # Midnight is skipped: the day begins where the clocks change, which lies between the two readings of midnight.
    late = instant
    early = midnight.replace(fold=1).astimezone(UTC)
    early, late = min(early, late) - _SECOND, max(early, late)
    while late - early > _SECOND:
        middle = early + (late - early) // (2 * _SECOND) * _SECOND
        if middle.astimezone(within).date() < day:
            early = middle
        else:
            late = middle
    return (late - _EPOCH) // _MICROSECOND


def day_of(micros: int, within: ZoneInfo) -> date:
    """Give the date that an instant bears.

    >>> day_of(1710046799999999, zone("America/New_York"))
    datetime.date(2024, 3, 9)
    """
    return (_EPOCH + timedelta(microseconds=micros)).astimezone(within).date()


def name(unit: Unit, first: date) -> str:
    """Name the period that begins on `first`, as :func:`parse` reads it.

    >>> [name(unit, date(2024, 4, 1)) for unit in UNITS]
    ['2024-04-01', '2024-W14', '2024-04', '2024-Q2', '2024']
    """
    match unit:
        case "day":
            return first.isoformat()
        case "week":
            year, week, _ = first.isocalendar()
            return f"{year:04}-W{week:02}"
        case "month":
            return f"{first.year:04}-{first.month:02}"
        case "quarter":
            return f"{first.year:04}-Q{(first.month - 1) // _QUARTER + 1}"
        case _:
            return f"{first.year:04}"


def _month(match: re.Match[str]) -> date:
    return date(int(match[1]), int(match[2]), 1)


_FORMS: dict[Unit, tuple[str, str, Callable[[re.Match[str]], date]]] = {
    "day": ("2026-10-15", r"(\d{4})-(\d{2})-(\d{2})", lambda m: date(int(m[1]), int(m[2]), int(m[3]))),
    "week": ("2026-W42", r"(\d{4})-W(\d{2})", lambda m: date.fromisocalendar(int(m[1]), int(m[2]), 1)),
    "month": ("2026-10", r"(\d{4})-(\d{2})", _month),
    "quarter": ("2026-Q4", r"(\d{4})-Q([1-4])", lambda m: date(int(m[1]), (int(m[2]) - 1) * _QUARTER + 1, 1)),
    "year": ("2026", r"(\d{4})", lambda m: date(int(m[1]), 1, 1)),
}


def parse(unit: Unit, text: str) -> date:
    """Read the first day of a period from its name.

    >>> parse("week", "2024-W14")
    datetime.date(2024, 4, 1)

    Raises:
        ValueError: it is not the name of such a period; the message shows one.
    """
    example, pattern, read = _FORMS[unit]
    match = re.fullmatch(pattern, text, re.ASCII)
    try:
        if match is not None:
            return read(match)
    except ValueError:
        pass
    msg = f"{text!r} is no {unit}; write one as {example}, or current or previous"
    raise ValueError(msg)

"""Moments and lengths of time between people's words and the core's microseconds."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from backburn.errors import DataError, UsageError
from backburn.units import parse_instant

__all__ = ["from_micros", "length_text", "rfc3339", "to_micros"]

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_SHOWN = 2
_UNITS = (("d", 86_400_000_000), ("h", 3_600_000_000), ("m", 60_000_000), ("s", 1_000_000), ("ms", 1_000), ("us", 1))


def to_micros(moment: object, option: str) -> int:
    """Read microseconds since the epoch from RFC 3339 text or a zoned `datetime`.

    >>> to_micros("2025-10-15T02:00:00+02:00", "at")
    1760486400000000

    Raises:
        UsageError: the moment cannot be read or does not say its zone; the message names `option`.
    """
    if isinstance(moment, str):
        try:
            return parse_instant(moment)
        except ValueError as error:
            raise UsageError(f"{option}: {error}", value=moment) from error
    if not isinstance(moment, datetime):
        remedy = "give RFC 3339 text or a zoned datetime"
        raise UsageError(f"{option}: {moment!r} is not a time", remedy, value=repr(moment))
    if moment.utcoffset() is None:
        remedy = "give it a tzinfo, for example datetime.UTC"
        raise UsageError(f"{option}: {moment!r} names no zone", remedy, value=str(moment))
    return (moment - _EPOCH) // _MICROSECOND


def from_micros(micros: int) -> datetime:
    """Give the moment as a `datetime` in UTC.

    >>> from_micros(1760486400000000).isoformat()
    '2025-10-15T00:00:00+00:00'

    Raises:
        DataError: the moment lies outside the years 1 to 9999, which happens when a number is read in a wrong unit.
    """
    try:
        return _EPOCH + timedelta(microseconds=micros)
    except OverflowError as error:
        message = f"a time of {micros} microseconds since 1970 lies outside the years 1 to 9999"
        raise DataError(message, "check the unit of the timestamp column", value=str(micros)) from error


def rfc3339(moment: datetime) -> str:
    """Write the moment as RFC 3339 text in UTC, with a fraction only where there is one.

    >>> rfc3339(from_micros(1760486400500000))
    '2025-10-15T00:00:00.500000Z'
    """
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat() + "Z"


def length_text(micros: int) -> str:
    """Write a length of time in the words of the documents, in its two greatest units.

    >>> length_text(10_800_000_000), length_text(5_400_000_000), length_text(0)
    ('3h', '1h30m', '0s')
    """
    parts: list[str] = []
    for unit, size in _UNITS:
        count, micros = divmod(micros, size)
        if count:
            parts.append(f"{count}{unit}")
        if len(parts) == _SHOWN or (parts and not count):
            break
    return "".join(parts) or "0s"

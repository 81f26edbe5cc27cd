"""Reads a provider's time. Pure."""

from datetime import UTC, datetime

_MILLISECONDS = 100_000_000_000
"""From this value on, a number is in milliseconds: as seconds it would be after the year 5000."""
_END = 253_402_300_799.0  # the last second of the year 9999


def moment(value: int | float | str | None) -> datetime | None:
    """The time since 1970 in seconds or milliseconds, as a number or in digits; None if it is neither."""
    if isinstance(value, str):
        value = int(value) if value.isascii() and value.isdigit() and len(value) <= 16 else None
    if value is None or isinstance(value, bool):
        return None
    seconds = value / 1_000 if value >= _MILLISECONDS else value
    return datetime.fromtimestamp(seconds, UTC) if 0 < seconds <= _END else None

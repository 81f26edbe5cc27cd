"""The system's clock; composition roots pass it to whatever needs the time, and tests pass their own."""

from datetime import UTC, datetime


def utc_now() -> datetime:
    """The current time, in UTC."""
    return datetime.now(UTC)

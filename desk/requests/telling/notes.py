"""What a back end says about an open request: a stage of the work, a note, or both. Pure."""

import hashlib

from backends.base import RequestStatus


def note_of(status: RequestStatus) -> str | None:
    """A digest of what is said, None if nothing is. Two that are equal say the same."""
    if status.status != "open" or not (status.stage or status.notes):
        return None
    return hashlib.sha256(f"{status.stage}\n{status.notes or ''}".encode()).hexdigest()[:32]


def news_of(status: RequestStatus) -> str:
    """The desk's message that says it."""
    return f"request_{status.stage}" if status.stage else "request_noted"

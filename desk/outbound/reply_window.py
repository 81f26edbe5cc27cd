"""Window: until when a contact may be written to, and by whom. Pure.

A provider counts from the citizen's last message. Where it refuses although we thought the window open, its word
holds until the citizen writes again.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from channels.base import Capabilities
from desk.model import Contact

# A message that leaves in the last minute arrives in the next: the provider's clock decides, not ours.
MARGIN = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class Window:
    """`open_until` and `human_until` are None where there is no end; `bounded` is false where there is no window."""

    bounded: bool
    open_until: datetime | None = None
    human_until: datetime | None = None

    def open(self, now: datetime) -> bool:
        """Whether anybody may write freely."""
        return not self.bounded or (self.open_until is not None and now < self.open_until)

    def open_to_humans(self, now: datetime) -> bool:
        """Whether an agent's own words may still go."""
        return self.open(now) or (self.human_until is not None and now < self.human_until)


def window_of(capabilities: Capabilities, contact: Contact) -> Window:
    """The contact's window on a channel of these capabilities."""
    if capabilities.reply_window_hours is None:
        return Window(False)
    wrote = contact.wrote_at
    if wrote is None:
        return Window(True)
    until = _until(wrote, capabilities.reply_window_hours, contact.window_shut_at)
    human = None
    if capabilities.human_window_hours is not None:
        human = _until(wrote, capabilities.human_window_hours, contact.human_shut_at)
    return Window(True, until, human)


def _until(wrote: datetime, hours: int, shut: datetime | None) -> datetime:
    end = wrote + timedelta(hours=hours) - MARGIN
    return min(end, shut) if shut is not None and shut >= wrote else end

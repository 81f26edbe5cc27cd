"""Window: whether a contact may be written to now, by whom, and until when. Pure; delivery and console both ask here.

A provider counts from the citizen's last message. Where it refuses although we thought the window open, its word
holds until the citizen writes again.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from channels.base import Capabilities
from desk.model import Contact, Failure

# A message that leaves in the last minute arrives in the next: the provider's clock decides, not ours.
MARGIN = timedelta(minutes=2)
TRY_AGAIN = timedelta(hours=24)
"""Who could not be reached may have charged the telephone since."""


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


@dataclass(frozen=True, slots=True)
class Reach:
    """How a contact can be written to at the time `at`. `blocked`: not at all. `away`: another app has the thread."""

    at: datetime
    window: Window
    blocked: Failure | None = None
    away: bool = False

    @property
    def open(self) -> bool:
        """Whether the reply window is open to everybody."""
        return self.window.open(self.at)

    def keeps_back(
        self, *, human: bool, takes_thread: bool = False, template: bool = False
    ) -> Failure | None:
        """Why a message of this kind may not go now, None where it may. `human`: an agent's own words."""
        if self.blocked is not None:
            return self.blocked
        if self.away and not takes_thread:
            return "thread_elsewhere"
        if template or (self.window.open_to_humans(self.at) if human else self.open):
            return None
        return "window_over"


def reach_of(capabilities: Capabilities, contact: Contact, now: datetime) -> Reach:
    """The one rule of what may be sent to a contact on a channel of these capabilities."""
    return Reach(
        now, window_of(capabilities, contact), blocked(contact, now), contact.routed_away_at is not None
    )


def blocked(contact: Contact, now: datetime) -> Failure | None:
    """Why nothing may be sent to this contact at all, be it by the bot or by a person; None where it may."""
    if contact.opted_out_at is not None:
        return "opted_out"
    if contact.unreachable_at is not None and now - contact.unreachable_at < TRY_AGAIN:
        return "unreachable"
    return None


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

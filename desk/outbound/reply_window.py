"""Reply window: whether a contact may be written to now, by whom, and until when. Pure; used by delivery and
console.

A provider counts from the citizen's last message. If it refuses a message although we consider the window
open, the window counts as closed until the citizen writes again.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from channels.base import Capabilities
from desk.model import Contact, Failure

# A message sent in the last minute may arrive too late: the provider's clock decides, not ours.
MARGIN = timedelta(minutes=2)
TRY_AGAIN = timedelta(hours=24)
"""A contact who was unreachable may have charged their telephone by then."""


@dataclass(frozen=True, slots=True)
class Window:
    """`bounded` is false if the channel has no window; an end that is None in a bounded window means
    closed."""

    bounded: bool
    open_until: datetime | None = None
    human_until: datetime | None = None

    def open(self, now: datetime) -> bool:
        """Whether both the bot and agents may write freely."""
        return not self.bounded or (self.open_until is not None and now < self.open_until)

    def open_to_humans(self, now: datetime) -> bool:
        """Whether an agent's own message may still be sent."""
        return self.open(now) or (self.human_until is not None and now < self.human_until)


@dataclass(frozen=True, slots=True)
class Reach:
    """How a contact can be written to at the time `at`. `blocked`: why not at all; `away`: another app has
    the thread."""

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
        """Why a message of this kind may not be sent now; None if it may. `human`: written by an agent."""
        if self.blocked is not None:
            return self.blocked
        if self.away and not takes_thread:
            return "thread_elsewhere"
        if template or (self.window.open_to_humans(self.at) if human else self.open):
            return None
        return "window_over"


def reach_of(capabilities: Capabilities, contact: Contact, now: datetime) -> Reach:
    """The single rule for what may be sent to a contact on a channel with these capabilities."""
    return Reach(
        now, window_of(capabilities, contact), blocked(contact, now), contact.routed_away_at is not None
    )


def blocked(contact: Contact, now: datetime) -> Failure | None:
    """Why neither the bot nor a person may send anything to this contact; None if they may."""
    if contact.opted_out_at is not None:
        return "opted_out"
    if contact.unreachable_at is not None and now - contact.unreachable_at < TRY_AGAIN:
        return "unreachable"
    return None


def window_of(capabilities: Capabilities, contact: Contact) -> Window:
    """The contact's reply window on a channel with these capabilities."""
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

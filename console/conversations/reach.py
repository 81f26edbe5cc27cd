"""Reach: what an agent must know before writing: until when, or that only a template can be sent. Pure."""

from dataclasses import dataclass
from datetime import datetime

from channels.base import Capabilities
from city import TemplateConfig
from console.deps import ConsoleDeps
from desk.model import Contact
from desk.outbound.reply_window import window_of
from desk.outbound.templates import offered


@dataclass(frozen=True, slots=True)
class Reach:
    """`state`: free, open, human, template, waits, stopped, unreachable or away. `until` is the window's end."""

    state: str
    until: datetime | None = None
    templates: tuple[TemplateConfig, ...] = ()


def reach_of(
    deps: ConsoleDeps, capabilities: Capabilities | None, contact: Contact, language: str, now: datetime
) -> Reach:
    """What applies to this contact now. Templates in the conversation's language come first."""
    if contact.opted_out_at is not None:
        return Reach("stopped", contact.opted_out_at)
    if contact.routed_away_at is not None:
        return Reach("away", contact.routed_away_at)
    if contact.unreachable_at is not None:
        return Reach("unreachable", contact.unreachable_at)
    if capabilities is None:
        return Reach("free")
    window = window_of(capabilities, contact)
    if not window.bounded:
        return Reach("free")
    if window.open(now):
        return Reach("open", window.open_until)
    if window.open_to_humans(now):
        return Reach("human", window.human_until)
    found = offered(deps.city, contact.inbox) if capabilities.templates else ()
    templates = tuple(sorted(found, key=lambda one: one.language != language))
    return Reach("template" if templates else "waits", window.open_until, templates)

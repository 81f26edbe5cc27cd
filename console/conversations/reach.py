"""What an agent must know before writing: until when, or that only a template can be sent. Pure functions."""

from dataclasses import dataclass
from datetime import datetime

from channels.base import Capabilities
from city import TemplateConfig
from console.deps import ConsoleDeps
from desk.model import Contact
from desk.outbound.reply_window import reach_of
from desk.outbound.templates import offered

ANYTHING = Capabilities(text_length=0)
"""For an inbox that is no longer in the city file: nothing is known of its windows."""


@dataclass(frozen=True, slots=True)
class Shown:
    """`state`: free, open, human, template, waits, stopped, unreachable or away. `until` is the window's
    end, or the time since which the contact has been stopped, unreachable or away."""

    state: str
    until: datetime | None = None
    templates: tuple[TemplateConfig, ...] = ()


def reach_shown(
    deps: ConsoleDeps, capabilities: Capabilities | None, contact: Contact, language: str, now: datetime
) -> Shown:
    """What applies to this contact now, by delivery's own rule. Templates in the conversation's language
    come first."""
    capabilities = capabilities or ANYTHING
    reach = reach_of(capabilities, contact, now)
    if reach.blocked == "opted_out":
        return Shown("stopped", contact.opted_out_at)
    if reach.blocked is not None:
        return Shown("unreachable", contact.unreachable_at)
    if reach.away:
        return Shown("away", contact.routed_away_at)
    if not reach.window.bounded:
        return Shown("free")
    if reach.keeps_back(human=False) is None:
        return Shown("open", reach.window.open_until)
    if reach.keeps_back(human=True) is None:
        return Shown("human", reach.window.human_until)
    found = offered(deps.city, contact.inbox) if capabilities.templates else ()
    templates = tuple(sorted(found, key=lambda one: one.language != language))
    return Shown("template" if templates else "waits", reach.window.open_until, templates)

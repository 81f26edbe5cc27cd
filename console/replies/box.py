"""The contents of the reply box: the agent's draft, scheduled messages, and the approved answers that were opened."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from console.deps import ConsoleDeps
from console.guard import Visit
from console.knowledge.answers import offer
from console.replies.canned import CannedOffers
from desk.model import Conversation
from desk.replies.canned import fill
from desk.replies.correcting import may_change
from desk.replies.used_answers import MOST
from desk.store.dialogue import conversations
from desk.store.replies import canned, corrections, drafts, macros, reminders, rules, scheduled, snoozes, tags


@dataclass(frozen=True, slots=True)
class Draft:
    """The content of the reply box: `client_id` makes sending it twice idempotent. `later_at` is local time as the
    browser gives it; `answers` were put into the text, `suggested` were looked at."""

    client_id: str
    text: str = ""
    alt: str = ""
    choices: str = ""
    asks_location: bool = False
    takes_thread: bool = False
    passes_thread: bool = False
    later_at: str = ""
    answers: tuple[str, ...] = ()
    suggested: tuple[str, ...] = ()


class ReplyBox:
    """Built once with the pages of conversations."""

    def __init__(self, deps: ConsoleDeps) -> None:
        self._deps = deps
        self._offers = CannedOffers(deps)

    async def kept(self, visit: Visit, conversation_id: UUID) -> Draft:
        """The box with what this agent has typed and not sent."""
        pool = self._deps.store.pool
        text = await drafts.get_text(pool, visit.actor.agent_id, conversation_id)
        return Draft(str(uuid4()), text or await self._of_rule(visit, conversation_id))

    async def _of_rule(self, visit: Visit, conversation_id: UUID) -> str:
        """The canned text that a rule put here, for the agent who has the conversation; empty if there is none."""
        pool = self._deps.store.pool
        name = await rules.get_draft(pool, conversation_id)
        conversation = await conversations.get_by_id(pool, conversation_id) if name else None
        canned_text = await canned.get_text(pool, name) if name else None
        if conversation is None or canned_text is None or conversation.agent_id != visit.actor.agent_id:
            return ""
        language = self._deps.catalog.supported(conversation.language)
        filled = fill(canned_text, language, await self._offers.values(visit, conversation))
        return filled.text if filled else ""

    async def values(self, visit: Visit, conversation: Conversation) -> dict[str, Any]:
        """Values for the templates of one conversation."""
        pool = self._deps.store.pool
        snoozed, until = await snoozes.get_until(pool, conversation.id)
        return {
            "snoozed": snoozed,
            "snoozed_until": until,
            "own_reminders": await reminders.list_of_conversation(
                pool, visit.actor.agent_id, conversation.id
            ),
            "corrections": await corrections.list_of_conversation(pool, conversation.id),
            "may_change": may_change,
            "answer_titles": titles_of(self._deps),
            "scheduled": await scheduled.list_replies(pool, conversation.id),
            "tags": await tags.list_of_conversation(pool, conversation.id),
            "tags_offered": await tags.list_offered(pool),
            "macros": [one for one in await macros.list_macros(pool) if one.active],
        }


def titles_of(deps: ConsoleDeps) -> dict[str, str]:
    """The title of each answer in the city's first language."""
    answers = deps.catalog.answers.items()
    return {
        name: one.texts[deps.city.language].title for name, one in answers if deps.city.language in one.texts
    }


def looked_at(field: str) -> tuple[str, ...]:
    """Ids of answers from a form's field, divided by spaces."""
    return tuple(dict.fromkeys(field[:2_000].split()))[:MOST]


def texts_of(deps: ConsoleDeps, names: Iterable[str], language: str, now: datetime) -> dict[str, str]:
    """The texts of these answers, as an agent would send them; unknown names are left out."""
    spoken = deps.catalog.supported(language)
    today = now.astimezone(deps.city.zone).date()
    return {
        name: str(offer(deps.catalog, name, spoken, today)["text"])
        for name in names
        if deps.catalog.is_given(name, today) and spoken in deps.catalog.answers[name].texts
    }

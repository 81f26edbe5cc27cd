"""Canned texts as the reply box offers them, filled in for the conversation."""

from collections.abc import Mapping
from uuid import UUID

from console.deps import ConsoleDeps
from console.guard import Visit
from desk.model import Conversation
from desk.people.access import access_contact, access_conversation
from desk.replies.canned import fill, matching, values_for
from desk.store.dialogue import understanding
from desk.store.replies import canned

MOST = 8
PREFIX = "canned:"
"""Before the id of a canned text, where answers have theirs."""


class CannedOffers:
    """Built once with the blueprint."""

    def __init__(self, deps: ConsoleDeps) -> None:
        self._deps = deps

    async def find(self, visit: Visit, query: str, conversation_id: UUID) -> list[dict[str, object]]:
        """The texts that fit `query`, as the page's script shows them. Raises AccessDenied."""
        conversation = await access_conversation(self._deps.store.pool, visit.actor, conversation_id)
        language = self._deps.catalog.supported(conversation.language)
        values = await self.values(visit, conversation)
        found = matching(await canned.list_texts(self._deps.store.pool), query, language)[:MOST]
        filled = [one for text in found if (one := fill(text, language, values))]
        return [
            {
                "id": PREFIX + one.id,
                "title": one.title,
                "text": one.text,
                "due": False,
                "missing": list(one.missing),
            }
            for one in filled
        ]

    async def values(self, visit: Visit, conversation: Conversation) -> Mapping[str, str]:
        """Variable -> value in this conversation."""
        pool = self._deps.store.pool
        contact = await access_contact(pool, visit.actor, conversation.id)
        requests = await understanding.list_requests_of_contact(pool, contact.id)
        reference = next((one.reference for one in requests if one.reference), None)
        return values_for(self._deps.catalog.facts(conversation.language), contact, reference, visit.actor)

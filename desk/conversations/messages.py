"""Speech: put what the desk, the bot or an agent says into a contact's log, with its buttons and its parcel."""

import secrets
from collections.abc import Mapping
from dataclasses import replace
from uuid import UUID, uuid4

from city import City
from desk.knowledge.catalogue import Catalog
from desk.model import Author, Composed, Conversation, Message
from desk.runtime.sanitize import sanitize_mapping, sanitize_text
from desk.store.dialogue import buttons, messages
from desk.store.pool import Executor

PULLED = frozenset({"web"})
"""Channels whose windows read the log themselves: the log is the delivery, nothing is sent."""


class MessageWriter:
    """Writes inside a transaction whose contact is locked."""

    def __init__(self, city: City, catalog: Catalog) -> None:
        self.catalog = catalog
        self._pushed = {inbox.name for inbox in city.inboxes if inbox.channel not in PULLED}

    def pushes(self, inbox: str) -> bool:
        """Whether what is said in this inbox has to be sent to a provider."""
        return inbox in self._pushed

    async def say(
        self,
        transaction: Executor,
        conversation: Conversation,
        author: Author,
        composed: Composed,
        language: str,
        *,
        agent_id: UUID | None = None,
        client_id: str | None = None,
        reply_to: UUID | None = None,
        reply_index: int | None = None,
        message_id: UUID | None = None,
        extra: Mapping[str, object] | None = None,
    ) -> Message:
        """Append one message; its buttons get opaque ids; what a provider must carry goes to the outbox.

        `extra` goes with it: `attachments`, `asks_location`, `news` or `template` (desk.model.Message)."""
        pushed = self.pushes(conversation.inbox)
        offers = {
            secrets.token_urlsafe(12): replace(offer, title=sanitize_text(offer.title))
            for offer in composed.buttons
        }
        content: dict[str, object] = sanitize_mapping(dict(extra or {}))
        if offers:
            content["buttons"] = [{"id": key, "title": offer.title} for key, offer in offers.items()]
        if composed.source:
            source = composed.source
            content["source"] = {
                "title": source.title,
                "url": source.url,
                "reviewed_on": source.reviewed_on.isoformat(),
                "stale": source.stale,
            }
        if client_id:
            content["client_id"] = client_id
        message = await messages.add_message(
            transaction,
            conversation,
            author,
            sanitize_text(composed.text),
            language,
            content=content,
            agent_id=agent_id,
            reply_to=reply_to,
            reply_index=reply_index,
            status="accepted" if pushed else "sent",
            message_id=message_id or uuid4(),
            item=pushed,
        )
        if offers:
            clean = {
                key: replace(offer, entities=sanitize_mapping(dict(offer.entities)))
                for key, offer in offers.items()
            }
            await buttons.add_buttons(transaction, conversation.id, message.id, clean)
        return message

    async def system(
        self,
        transaction: Executor,
        conversation: Conversation,
        name: str,
        variables: Mapping[str, object] | None = None,
        *,
        reply_to: UUID | None = None,
        reply_index: int | None = None,
    ) -> Message:
        """Say one of the desk's own messages in the conversation's language."""
        language = self.catalog.supported(conversation.language)
        return await self.say(
            transaction,
            conversation,
            "system",
            self.catalog.system(name, language, variables),
            language,
            reply_to=reply_to,
            reply_index=reply_index,
        )

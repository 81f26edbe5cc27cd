"""Writes messages of the desk, the bot and agents into a contact's log, with buttons and outbox items."""

import secrets
from collections.abc import Mapping
from dataclasses import replace

from city import City
from desk.knowledge.catalogue import Catalog
from desk.knowledge.report_views import report_controls, report_kept
from desk.model import Conversation, InReply, Message, NewMessage, OfferedButton
from desk.runtime.sanitize import sanitize_mapping, sanitize_text
from desk.store.dialogue import buttons, messages
from desk.store.pool import Executor

PULLED = frozenset({"web"})
"""Channels whose windows read the log themselves, so nothing has to be sent."""


class MessageWriter:
    """Writes inside the caller's transaction, which has locked the contact."""

    def __init__(self, city: City, catalog: Catalog) -> None:
        self.catalog = catalog
        self._pushed = {inbox.name for inbox in city.inboxes if inbox.channel not in PULLED}

    def pushes(self, inbox: str) -> bool:
        """Whether messages in this inbox have to be sent to a provider."""
        return inbox in self._pushed

    async def say(self, transaction: Executor, conversation: Conversation, new: NewMessage) -> Message:
        """Append one message, with opaque ids for its buttons, and an outbox item if a provider must be
        called."""
        pushed = self.pushes(conversation.inbox)
        offers = {
            secrets.token_urlsafe(12): replace(offer, title=sanitize_text(offer.title))
            for offer in new.composed.buttons
        }
        content: dict[str, object] = sanitize_mapping(dict(new.extra))
        controls: dict[str, OfferedButton] = {}
        if new.report is not None and not pushed:
            controls = report_controls(new.report, self.catalog, new.language)
            content["report"] = report_kept(new.report, controls)
        if offers:
            content["buttons"] = [{"id": key, "title": offer.title} for key, offer in offers.items()]
        if source := new.composed.source:
            content["source"] = {
                "title": source.title,
                "url": source.url,
                "reviewed_on": source.reviewed_on.isoformat(),
                "stale": source.stale,
                **({"answer": source.answer, "version": source.version} if source.answer else {}),
            }
        if new.client_id:
            content["client_id"] = new.client_id
        message = await messages.add_message(
            transaction,
            conversation,
            messages.NewRow(
                new.author,
                sanitize_text(new.composed.text),
                new.language,
                content=content,
                reply=new.reply,
                agent_id=new.agent_id,
                id=new.id,
                status="accepted" if pushed else "sent",
                priority=new.priority if pushed else None,
            ),
        )
        offers |= controls
        if offers:
            clean = {
                key: replace(offer, entities=sanitize_mapping(dict(offer.entities)))
                for key, offer in offers.items()
            }
            await buttons.add_buttons(transaction, conversation.id, message.id, clean)
        return message

    async def confirm_stop(
        self, transaction: Executor, conversation: Conversation, *, reply: InReply | None = None
    ) -> None:
        """Append the one sentence that says that the contact gets no more messages; it goes although they opted
        out. Nothing if that is the last thing we said."""
        if await messages.is_stop_confirmed(transaction, conversation.contact_id):
            return
        language = self.catalog.supported(conversation.language)
        composed = self.catalog.system("stopped", language)
        await self.say(
            transaction,
            conversation,
            NewMessage("system", composed, language, reply, extra={"confirms_stop": True}),
        )

    async def system(
        self,
        transaction: Executor,
        conversation: Conversation,
        name: str,
        variables: Mapping[str, object] | None = None,
        *,
        reply: InReply | None = None,
    ) -> Message:
        """Append one of the desk's own messages, in the conversation's language."""
        language = self.catalog.supported(conversation.language)
        composed = self.catalog.system(name, language, variables)
        return await self.say(transaction, conversation, NewMessage("system", composed, language, reply))

"""Sends news of a request also to the e-mail address or phone number that its citizen confirmed for it."""

from collections.abc import Mapping
from dataclasses import replace
from uuid import UUID

from desk.conversations.announcing import Announcer
from desk.conversations.messages import MessageWriter
from desk.model import By, Composed, NewMessage, OfferedButton
from desk.requests.telling.possession import NEWS, NO_NEWS
from desk.requests.telling.reaching import Reaching
from desk.store.dialogue import conversations
from desk.store.following import request_proofs
from desk.store.people import contacts
from desk.store.pool import Executor
from desk.store.requests import ServiceRequestRow


class NewsElsewhere:
    """Called inside the transaction of the change, after the citizen's own log was written."""

    def __init__(self, writer: MessageWriter, announcer: Announcer, reaching: Reaching) -> None:
        self._writer = writer
        self._announcer = announcer
        self._reaching = reaching

    def offer(self, row: ServiceRequestRow, inbox: str, language: str) -> Composed | None:
        """The question whether news shall also go to the contact given with the request; None if it cannot, or goes there
        anyway."""
        given = self._reaching.of(row.payload)
        if given is None or given.inbox == inbox:
            return None
        asked = self._writer.catalog.system("request_news_ask", language, {"address": given.shown})
        return Composed(asked.text, _about(asked, NEWS, row.id))

    async def send(self, transaction: Executor, row: ServiceRequestRow, news: Composed, said: str) -> None:
        """The same text as in the conversation, with a way to end it. `said` is the text for a provider's template."""
        contact_id = await request_proofs.get_news_contact(transaction, row.id)
        contact = await contacts.lock(transaction, contact_id) if contact_id else None
        if contact is None or contact.id == row.contact_id:
            return
        language = self._writer.catalog.supported(contact.language)
        there = await conversations.get_open(transaction, contact.id)
        if there is None:
            there = await conversations.add_conversation(
                transaction, contact, language, By("system", "opened")
            )
        end = self._writer.catalog.system("request_news_end", language)
        composed = Composed(f"{news.text}\n\n{end.text}", _about(end, NO_NEWS, row.id))
        values: Mapping[str, object] = {"reference": row.reference or "", "news": said}
        await self._writer.say(
            transaction, there, NewMessage("system", composed, language, extra={"news": values})
        )
        self._announcer.added(there)


def _about(asked: Composed, intent: str, id: UUID) -> tuple[OfferedButton, ...]:
    return tuple(
        replace(one, entities={"request": str(id)}) if one.intent == intent else one for one in asked.buttons
    )
